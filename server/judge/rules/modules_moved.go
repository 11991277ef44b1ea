package rules

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// mostModules is how many modules a message names.
const mostModules = 3

// decidingModules are the variables that can make the go command take modules from other
// files.
var decidingModules = []string{"GOFLAGS", "GOWORK", "GO111MODULE"}

// movedList compares the modules with those of the accepted state, if the files that
// say which ones are wanted say the same.
func (in Input) movedList() []drift.ModuleChange {
	r, g := in.baseline(), &in.Snapshot.Graph
	if r == nil {
		return nil
	}
	was, ok := r.ModuleList()
	if said := r.Values[drift.KeyPrint+drift.PrintModFiles]; !ok || said == "" || said != g.Said || was.Print == g.Print {
		return nil
	}
	if r.Of != in.Snapshot.Environment.Of {
		// It was somebody else's environment: with other variables it was never this.
		for _, name := range decidingModules {
			if value, _, _ := r.Variable(name); value != in.variable(name).Value {
				return nil
			}
		}
	}
	return drift.DiffModules(was, g.List())
}

// modulesMoved reports that builds use other modules than were accepted.
func (in Input) modulesMoved() []Found {
	changes := in.movedList()
	since := in.since(drift.KeyPrint + drift.PrintModules)
	if len(changes) == 0 || in.held(since, drift.CauseOther) {
		return nil
	}
	// A version that moved says more than a module that came with it.
	slices.SortStableFunc(changes, func(a, b drift.ModuleChange) int { return cmp.Compare(moduleRank[a.Kind], moduleRank[b.Kind]) })
	g := &in.Snapshot.Graph
	f := drift.Finding{Subject: subjectModules, Value: g.Print, Place: in.mainPlace()}
	if at, ok := in.asksAt(changes[0]); ok {
		f.Place = at
	}
	names := make([]string, 0, mostModules)
	for _, c := range changes[:min(len(changes), mostModules)] {
		names = append(names, moduleChangeText(c))
	}
	text := strings.Join(names, ", ")
	if more := len(changes) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	are := fmt.Sprintf("%d modules are not what they were", len(changes))
	if len(changes) == 1 {
		are = "1 module is not what it was"
	}
	f.Message = fmt.Sprintf("%s when this state was accepted, though go.mod, go.sum and go.work are: %s.", are, text)
	if m, ok := in.movingVariable(); ok {
		f.Message += " " + in.movedText(m)
		f.Place = in.layerPlace(m.now.Layer)
		fixes, why := in.rollBack(m, false)
		if why != "" {
			f.Message += fmt.Sprintf(" It is not rolled back by one click: %s.", why)
		}
		f.Fixes = preferFirst(fixes)
		if slices.ContainsFunc(checkEnvDrift(in), func(other Found) bool { return other.Subject == m.name }) {
			f.Severity = drift.SeverityInfo // the cause is reported already
		}
	} else {
		if g.Scope == drift.ModulesVendored {
			f.Message += fmt.Sprintf(" %s lists them.", in.rel(g.File))
		}
		if since.Cause.Kind == drift.CauseOther {
			f.Message += fmt.Sprintf(" It was first seen on %s.", in.clock(since.Time))
		} else {
			f.Message += in.sinceText(since)
		}
	}
	f.Message += " godrift diff lists all."
	for _, c := range changes[:min(len(changes), maxRelated)] {
		if at, ok := in.asksAt(c); ok && at != f.Place {
			f.Related = append(f.Related, drift.Related{Place: at, Message: moduleChangeText(c)})
		}
	}
	return []Found{{Finding: f}}
}

var moduleRank = map[drift.ChangeKind]int{drift.ChangeChanged: 0, drift.ChangeAdded: 1, drift.ChangeRemoved: 2}

// movingVariable is the variable that is not as accepted and decides from which
// files modules are taken.
func (in Input) movingVariable() (move, bool) {
	for _, name := range decidingModules {
		if m, ok := in.changed(in.baseline(), name); ok {
			m.since = in.since(drift.EnvKey(name))
			return m, true
		}
	}
	return move{}, false
}

// moduleChangeText says what became of a module.
func moduleChangeText(c drift.ModuleChange) string {
	text := c.Path
	switch c.Kind {
	case drift.ChangeAdded:
		text += " " + c.New + " is new"
	case drift.ChangeRemoved:
		return drift.MaskText(text + " " + c.Old + " is gone")
	case drift.ChangeChanged:
		text += " " + c.Old + " → " + c.New
	}
	if c.By != "" {
		text += " (asked for by " + c.By + ")"
	}
	return drift.MaskText(text)
}

// asksAt is the line that asks for a module: in the go.mod of who asks for it, if
// that can be edited, else where a main module requires it.
func (in Input) asksAt(c drift.ModuleChange) (drift.Place, bool) {
	g := &in.Snapshot.Graph
	if path, _, ok := strings.Cut(c.By, "@"); ok {
		if m, found := g.Lookup(path); found && m.Replace != "" && !strings.Contains(m.Replace, " ") {
			dir := filepath.FromSlash(m.Replace)
			if !filepath.IsAbs(dir) {
				dir = filepath.Join(filepath.Dir(g.File), dir)
			}
			if at, ok := in.mention(filepath.Join(dir, "go.mod"), c.Path); ok {
				return at, true
			}
		}
	}
	return in.mentionAnywhere(c.Path)
}

// mentionAnywhere is the first line about a module in the files that the graph was
// made of, the nearest file first.
func (in Input) mentionAnywhere(path string) (drift.Place, bool) {
	files := slices.Clone(in.Snapshot.Graph.Files)
	slices.SortStableFunc(files, func(a, b string) int {
		return strings.Count(a, string(filepath.Separator)) - strings.Count(b, string(filepath.Separator))
	})
	for _, file := range files {
		if filepath.Ext(file) != ".mod" {
			continue
		}
		if at, ok := in.mention(file, path); ok {
			return at, true
		}
	}
	return drift.Place{}, false
}

// mention is the line of a go.mod that requires or replaces a module, without its
// comment.
func (in Input) mention(file, path string) (drift.Place, bool) {
	doc, ok := in.Snapshot.Documents[file]
	if !ok || len(doc.Text) == 0 {
		return drift.Place{}, false
	}
	start := 0
	for text := range strings.Lines(string(doc.Text)) {
		code, _, _ := strings.Cut(text, "//")
		words := strings.Fields(code)
		if len(words) > 0 && (words[0] == "require" || words[0] == "replace") {
			words = words[1:]
		}
		if len(words) > 1 && words[0] == path {
			begin := start + strings.Index(code, path)
			return drift.Place{File: file, Span: drift.Span{Start: begin, End: start + len(strings.TrimRight(code, " \t\r\n"))}}, true
		}
		start += len(text)
	}
	return drift.Place{}, false
}
