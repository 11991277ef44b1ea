package rules

import (
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// inconsistentVendoring is how the go command's error begins
// (cmd/go/internal/modload/vendor.go checkVendorConsistency).
const inconsistentVendoring = "go: inconsistent vendoring in "

// outOfStep reports vendor folders that are not what go.mod says, over which the go
// command stops.
func (in Input) outOfStep() []Found {
	var found []Found
	for _, s := range in.spotsOrRoot() {
		if in.owner(s) != "modules-drift" {
			continue
		}
		_, text, _ := strings.Cut(s.Selection.LoadError, inconsistentVendoring)
		dir, text, _ := strings.Cut(text, ":\n")
		text, _, _ = strings.Cut(text, "\n\n")
		f := drift.Finding{Place: s.place(), Subject: subjectVendor}
		lines := strings.Split(strings.TrimSpace(text), "\n")
		for i, line := range lines {
			mod, complaint, _ := strings.Cut(strings.TrimSpace(line), ": ")
			path, _, _ := strings.Cut(mod, "@")
			at, ok := in.vendoredAt(s, dir, path)
			switch {
			case i == maxRelated:
			case i == 0 && ok:
				f.Place = at
			case i < maxRelated && ok:
				f.Related = append(f.Related, drift.Related{Place: at, Message: drift.MaskText(drift.ClipTo(mod+" "+complaint, maxLine))})
			}
		}
		command := "go mod vendor"
		if strings.Contains(s.Selection.LoadError, "go work vendor") {
			command = "go work vendor"
		}
		more := ""
		switch n := len(lines) - 1; {
		case n == 1:
			more = " One more module is out of step."
		case n > 1:
			more = fmt.Sprintf(" %d more modules are out of step.", n)
		}
		first := drift.ClipTo(strings.TrimSpace(lines[0]), maxLine)
		f.Message = drift.MaskText(fmt.Sprintf("go build stops here: %q.%s %s writes the vendor folder anew; -mod=mod builds without it.",
			inconsistentVendoring+dir+": "+first, more, command))
		found = append(found, Found{Finding: f, Cause: s.Selection.LoadError, Brief: "the go command stops here, too"})
	}
	return found
}

// vendoredAt is the line about a module in the go.mod of a spot, in that of a module
// of its workspace, or in the list of the vendor folder.
func (in Input) vendoredAt(s spot, dir, path string) (drift.Place, bool) {
	files := []string{s.File}
	for _, use := range in.index.modules[s.Work].Uses {
		files = append(files, filepath.Join(use.Dir, "go.mod"))
	}
	for _, use := range s.Uses {
		files = append(files, filepath.Join(use.Dir, "go.mod"))
	}
	for _, file := range files {
		if at, ok := in.mention(file, path); ok {
			return at, true
		}
	}
	file := filepath.Join(dir, "vendor", "modules.txt")
	doc := in.Snapshot.Documents[file]
	if i := strings.Index("\n"+string(doc.Text), "\n# "+path+" "); i >= 0 {
		line, _, _ := strings.Cut(string(doc.Text[i:]), "\n")
		return drift.Place{File: file, Span: drift.Span{Start: i, End: i + len(line)}}, true
	}
	return drift.Place{}, false
}

// behind reports that go.mod requires less than is needed.
func (in Input) behind() []Found {
	g := &in.Snapshot.Graph
	if len(g.Behind) == 0 {
		return nil
	}
	var names []string
	f := drift.Finding{Subject: subjectGoMod, Place: in.mainPlace()}
	for i, c := range g.Behind {
		at, ok := in.mention(g.File, c.Path)
		if c.Path == "go" {
			if pin := in.goLine(g.File); pin.Source != "" {
				at, ok = pin.Place, true
			}
		}
		text := fmt.Sprintf("%s %s, but %s is needed", c.Path, c.Old, c.New)
		if c.By != "" {
			text += " (asked for by " + c.By + ")"
		}
		switch {
		case i == 0 && ok:
			f.Place, f.Value = at, c.New
		case i < maxRelated && ok:
			f.Related = append(f.Related, drift.Related{Place: at, Message: text})
		}
		if i < mostModules {
			names = append(names, text)
		}
	}
	more := ""
	if n := len(g.Behind) - len(names); n > 0 {
		more = fmt.Sprintf(", and %d more", n)
	}
	f.Message = drift.MaskText(fmt.Sprintf("%s requires %s%s. go list -m all, and builds that need the whole module graph, stop with \"go: updates to go.mod needed\"; go mod tidy updates it.",
		in.rel(g.File), strings.Join(names, "; "), more))
	return []Found{{Finding: f}}
}

// withoutSum reports what go.sum has no line for.
func (in Input) withoutSum() []Found {
	g := &in.Snapshot.Graph
	f := drift.Finding{Subject: subjectGoSum, Place: in.mainPlace()}
	lacking, sums := g.Unproven, in.rel(g.SumFile())
	switch {
	case len(g.Unproven) > 0:
		f.Message = fmt.Sprintf("%s has no line for the content of %s, which %s requires: go build stops at the first package of it with \"missing go.sum entry\". go mod tidy adds what is missing.",
			sums, someModules(g.Unproven, len(g.Unproven)), in.rel(g.File))
	case g.UnsummedCount > 0:
		lacking = g.Unsummed
		if line := in.goLine(g.File); version.Compare(name(line.Version), "go1.17") >= 0 {
			f.Severity = drift.SeverityInfo // most builds do without the whole graph
		}
		f.Message = fmt.Sprintf("%s has no line for the go.mod of %s: go list -m all, and builds that need the whole module graph, stop with \"missing go.sum entry for go.mod file\". go mod tidy adds what is missing.",
			sums, someModules(g.Unsummed, g.UnsummedCount))
	default:
		return nil
	}
	f.Message = drift.MaskText(f.Message)
	for i, mod := range lacking {
		path, _, _ := strings.Cut(mod, "@")
		at, ok := in.mention(g.File, path)
		switch {
		case ok && i == 0:
			f.Place, f.Value = at, mod
		case ok:
			f.Related = append(f.Related, drift.Related{Place: at, Message: mod + " has no line in " + sums + ", too"})
		}
	}
	return []Found{{Finding: f}}
}

// someModules names a few modules, and how many more there are.
func someModules(names []string, count int) string {
	text := strings.Join(names[:min(len(names), mostModules)], ", ")
	if more := count - mostModules; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
