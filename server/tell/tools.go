package tell

import (
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// ToolsDocument is what "godrift tools --format json" prints.
type ToolsDocument struct {
	// Schema is "godrift/tools".
	Schema string `json:"schema"`
	// Version is the version of the schema.
	Version int `json:"version"`
	// Root is the workspace folder that the tools are held against.
	Root string `json:"root"`
	// Selected is the Go that runs in Root; empty if it stops.
	Selected string `json:"selected"`
	// Tools are sorted by name; of one name the one that a shell starts is first.
	Tools []ToolRow `json:"tools"`
	// Pins are the places in Root that say which tools to use.
	Pins []ToolPinRow `json:"pins"`
}

// ToolRow is one tool.
type ToolRow struct {
	// Name is the program's and Path its file.
	Name string `json:"name"`
	Path string `json:"path"`
	// Origin is where it was found and State what could be learnt of it.
	Origin drift.ToolOrigin `json:"origin"`
	State  drift.ToolState  `json:"state"`
	// Problem says why nothing is known about it.
	Problem string `json:"problem"`
	// First says that a shell which is asked for Name starts it.
	First bool `json:"first"`
	// Package, Module and Version say which program it is.
	Package string `json:"package"`
	Module  string `json:"module"`
	Version string `json:"version"`
	// BuiltWith is the Go that built it and XTools the release of
	// golang.org/x/tools inside it.
	BuiltWith string `json:"builtWith"`
	XTools    string `json:"xtools"`
	// Needs says what this workspace asks of it.
	Needs string `json:"needs"`
	// Watched says that the rules look at it here.
	Watched bool `json:"watched"`
	// Codes are the rules that find something about it.
	Codes []string `json:"codes"`
	// Fixes are what can be done about it.
	Fixes []FindingFix `json:"fixes"`
}

// ToolPinRow is one place that says which tool to use.
type ToolPinRow struct {
	// File is absolute and Line counts from 1.
	File string `json:"file"`
	Line int    `json:"line"`
	// Source names the kind of place, such as "go.mod:tool".
	Source string `json:"source"`
	// Name is the program's; Version is empty if the place names none.
	Name    string `json:"name"`
	Version string `json:"version"`
}

// NewTools is the document about the tools on a machine.
func NewTools(report *drift.Report, standings []drift.ToolStanding) ToolsDocument {
	s := report.Snapshot
	texts := TextsOf(s)
	doc := ToolsDocument{Schema: SchemaTools, Version: DocumentVersion, Root: s.Root, Selected: s.Selection.Selected, Tools: []ToolRow{}, Pins: []ToolPinRow{}}
	for _, st := range standings {
		t := st.Tool
		row := ToolRow{
			Name: t.Name, Path: t.Path, Origin: t.Origin, State: t.State, Problem: t.Problem, First: t.First, Package: t.Package,
			Module: t.Module, Version: t.Version, BuiltWith: t.GoVersion, XTools: t.XTools, Needs: st.Needs, Watched: st.Watched,
			Codes: append([]string{}, st.Codes...), Fixes: []FindingFix{},
		}
		seen := map[string]bool{}
		for _, f := range report.Findings {
			for _, x := range f.Fixes {
				if rebuilds(x, t.Path) && !seen[x.Title] {
					seen[x.Title] = true
					row.Fixes = append(row.Fixes, NewFindingFix(x))
				}
			}
		}
		doc.Tools = append(doc.Tools, row)
	}
	for _, p := range s.ToolPins {
		doc.Pins = append(doc.Pins, ToolPinRow{File: p.Place.File, Line: texts.Range(p.Place).Line, Source: p.Source, Name: p.Name, Version: p.Version})
	}
	return doc
}

func rebuilds(x drift.Fix, path string) bool {
	for _, a := range x.Actions {
		if a.Kind == drift.ActionRebuildTool && a.File == path {
			return true
		}
	}
	return false
}

// ToolsText is a table of the tools, for a person.
func ToolsText(w io.Writer, doc ToolsDocument, all bool, opts Options) error {
	t := newText(w, opts)
	rows := [][]cell{{{"tool", t.faint}, {"version", t.faint}, {"built with", t.faint}, {"needs", t.faint}, {"state", t.faint}, {"in", t.faint}}}
	left := 0
	for _, r := range doc.Tools {
		if !all && !r.Watched {
			left++
			continue
		}
		state, style := standing(r), t.good
		if len(r.Codes) > 0 {
			style = t.warning
		} else if !r.Watched || r.State != drift.ToolRead {
			style = t.faint
		}
		rows = append(rows, []cell{
			{clean(r.Name), t.strong},
			{clean(r.Version), t.plain},
			{clean(r.BuiltWith), t.plain},
			{clean(r.Needs), t.plain},
			{clean(state), style},
			{t.path(filepath.Dir(r.Path)), t.faint},
		})
	}
	if len(rows) > 1 {
		t.table("", rows)
	} else {
		t.printf("No tool that matters in %s was found.\n", clean(doc.Root))
	}
	t.toolLines(doc)
	for _, r := range doc.Tools {
		for _, x := range r.Fixes {
			t.printf("\n%s\n  godrift fix --apply --finding %s\n", t.paint(t.strong, clean(x.Title)), clean(x.ID))
		}
	}
	if left == 1 {
		t.printf("\nOne other tool that is not looked at here: --all lists it.\n")
	} else if left > 1 {
		t.printf("\n%d other tools that are not looked at here: --all lists them.\n", left)
	}
	return t.err
}

// toolLines lists what "go tool" builds into the build cache when it is asked for
// it: with the Go that runs, so that none of it grows old.
func (t *textWriter) toolLines(doc ToolsDocument) {
	var rows [][]cell
	for _, p := range doc.Pins {
		if p.Source == "go.mod:tool" {
			rows = append(rows, []cell{{clean(p.Name), t.strong}, {clean(p.Version), t.plain}, {t.path(p.File) + ":" + strconv.Itoa(p.Line), t.faint}})
		}
	}
	if len(rows) == 0 {
		return
	}
	t.printf("\nBuilt by go tool NAME when it is asked for")
	if doc.Selected != "" {
		t.printf(", with %s", clean(doc.Selected))
	}
	t.printf(":\n")
	t.table("  ", rows)
}

// standing says in a few words how a tool stands.
func standing(r ToolRow) string {
	var words []string
	for _, code := range r.Codes {
		switch code {
		case "tool-built-with-older-go":
			words = append(words, "built with an older Go")
		case "tool-too-old":
			words = append(words, "does not support this Go")
		case "tool-version-drift":
			words = append(words, "not the pinned version")
		}
	}
	switch {
	case len(words) > 0:
		return strings.Join(words, ", ")
	case r.Problem != "":
		return r.Problem
	case !r.Watched:
		return "not looked at here"
	}
	return "fits"
}
