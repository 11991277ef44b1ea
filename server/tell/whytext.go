package tell

import (
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// WhyText writes which Go runs in a folder and why, for a person. With all it
// lists every variable, else only those that somebody set.
func WhyText(w io.Writer, doc WhyDocument, all bool, opts Options) error {
	t := newText(w, opts)
	t.headline(doc)
	if len(doc.Steps) > 0 {
		t.printf("\n%s\n", t.paint(t.strong, "How it comes about"))
		for i, s := range doc.Steps {
			t.step(i+1, len(doc.Steps), s)
		}
	}
	if doc.LoadError != "" {
		t.printf("\n%s\n", t.paint(t.failed, "Commands that load packages stop"))
		t.indented(clean(doc.LoadError))
	}

	t.printf("\n%s\n", t.paint(t.strong, "What is agreed upon"))
	if doc.Pinned.Version == "" {
		t.printf("  Nothing pins a Go here.\n")
	} else {
		t.printf("  %s", t.paint(t.good, clean(doc.Pinned.Version)))
		if p := doc.Pinned.Pin; p != nil {
			t.printf("  %s", t.at(Range{File: p.File, Line: p.Line, Column: p.Start + 1}))
		}
		t.printf("\n")
		if doc.Pinned.Reason != "" {
			t.indented(clean(doc.Pinned.Reason))
		}
	}

	if len(doc.Toolchains) > 0 {
		t.printf("\n%s\n", t.paint(t.strong, "Gos within reach"))
		t.gos(doc.Toolchains, doc.Selected)
	}
	t.variables(doc.Env, all, doc.Selection.How)
	if doc.EnvError != "" {
		t.printf("\n%s\n", t.paint(t.failed, "go env itself stops"))
		t.indented(clean(doc.EnvError))
	}
	return t.err
}

// headline is the answer in one line, or the error as the go command prints it.
func (t *textWriter) headline(doc WhyDocument) {
	dir := clean(doc.Dir)
	switch doc.How {
	case drift.HowNoGo:
		t.printf("%s in %s: there is none on PATH.\n", t.paint(t.failed, "No go command runs"), dir)
		return
	case drift.HowError:
		t.printf("%s in %s:\n", t.paint(t.failed, "Every go command stops"), dir)
		t.indented(clean(doc.Error))
		return
	}
	style := t.good
	verb := "runs in"
	if doc.How == drift.HowDownload {
		style, verb = t.warning, "would be downloaded and run in"
	}
	name := clean(doc.Selected)
	if name == "" {
		name, style = "An unknown Go", t.warning
	}
	t.printf("%s %s %s\n", t.paint(style, name), verb, dir)
	if doc.GOROOT != "" {
		t.printf("%s\n", t.paint(t.faint, "  from "+t.toolchain(doc.GOROOT)+t.way(doc)))
	}
}

func (t *textWriter) way(doc WhyDocument) string {
	switch doc.How {
	case drift.HowLocal:
		return ", the go on PATH itself"
	case drift.HowPath:
		return ", found on PATH by its name"
	case drift.HowModCache:
		return ", downloaded earlier"
	}
	return ""
}

func (t *textWriter) step(n, of int, s Step) {
	digits := len(strconv.Itoa(of))
	lead := fmt.Sprintf("  %*d. ", digits, n)
	lines := strings.Split(clean(strings.TrimRight(s.Text, "\n")), "\n")
	t.printf("%s%s\n", t.paint(t.frame, lead), lines[0])
	blank := strings.Repeat(" ", len(lead))
	for _, l := range lines[1:] {
		t.printf("%s%s\n", blank, l)
	}
	if s.File == "" {
		return
	}
	// Most steps name the place themselves, seen from the folder asked about.
	place := t.at(Range{File: s.File, Line: s.Line})
	if !strings.Contains(s.Text, place) && !strings.Contains(s.Text, fmt.Sprintf("%s:%d", filepath.Base(s.File), s.Line)) {
		t.printf("%s%s\n", blank, t.paint(t.faint, place))
	}
}

func (t *textWriter) indented(text string) {
	for _, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		t.printf("  %s\n", l)
	}
}

func (t *textWriter) gos(gos []Go, selected string) {
	rows := make([][]cell, 0, len(gos))
	marked := false
	for _, g := range gos {
		version, style := clean(g.Version), t.strong
		switch {
		case g.Shim:
			version, style = "a shim", t.faint
		case version == "":
			version, style = "unknown", t.faint
		}
		mark := " "
		if !marked && !g.Shim && g.Version != "" && g.Version == selected {
			mark, style, marked = "*", t.good, true
		}
		rows = append(rows, []cell{{mark, t.good}, {version, style}, {string(g.Origin), t.faint}, {t.toolchain(g.Path), t.plain}})
	}
	t.table("  ", rows)
}

// variables lists variables with where each has its value from.
func (t *textWriter) variables(env map[string]Variable, all bool, how drift.How) {
	names := slices.Sorted(maps.Keys(env))
	var rows [][]cell
	left := 0
	for _, name := range names {
		v := env[name]
		if !all && v.Layer == drift.LayerDefault && len(v.Shadowed) == 0 {
			left++
			continue
		}
		if !all && v.Layer == drift.LayerGoEnv && len(v.Shadowed) == 0 {
			left++
			continue
		}
		if !all && drift.GivenRoot(name, how) && v.Layer == drift.LayerProcess {
			left++
			continue
		}
		rows = append(rows, t.variable(name, v)...)
	}
	if len(rows) > 0 {
		title := "Variables that somebody set"
		if all {
			title = "Variables"
		}
		t.printf("\n%s\n", t.paint(t.strong, title))
		t.table("  ", rows)
	}
	if left > 0 {
		t.printf("\n%s\n", t.paint(t.faint, "The other "+strconv.Itoa(left)+" are as the go command makes them; --all shows them."))
	}
}

// variable is a variable's row, and one for each value that it hides.
func (t *textWriter) variable(name string, v Variable) [][]cell {
	style := t.strong
	if v.Layer == drift.LayerDefault {
		style = t.plain
	}
	rows := [][]cell{{{name, style}, {oneLine(v.Value), t.plain}, {t.layer(v.Layer, v.File, v.Line), t.faint}}}
	for _, s := range v.Shadowed {
		rows = append(rows, []cell{{"", t.plain}, {oneLine(s.Value), t.faint}, {"hidden: " + t.layer(s.Layer, s.File, s.Line), t.faint}})
	}
	return rows
}

func (t *textWriter) layer(kind drift.LayerKind, file string, line int) string {
	switch {
	case file != "":
		return t.at(Range{File: file, Line: line})
	case kind == drift.LayerProcess:
		return "environment"
	}
	return string(kind)
}

// oneLine shows a value as one line, and an empty one as what it is.
func oneLine(s string) string {
	if s == "" {
		return `""`
	}
	// Line ends first: clean would make marks of unknown kind of them.
	return clean(strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s))
}

// cell is a word of a table and how it is painted.
type cell struct {
	text  string
	style style
}

// widest is where a column stops pushing the next ones to the right.
const widest = 60

// table writes rows with their columns aligned.
func (t *textWriter) table(indent string, rows [][]cell) {
	var widths []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if w := width(c.text); w <= widest {
				widths[i] = max(widths[i], w)
			}
		}
	}
	for _, row := range rows {
		line := strings.Builder{}
		line.WriteString(indent)
		for i, c := range row {
			line.WriteString(t.paint(c.style, c.text))
			if i < len(row)-1 {
				line.WriteString(strings.Repeat(" ", max(0, widths[i]-width(c.text))+2))
			}
		}
		t.printf("%s\n", strings.TrimRight(line.String(), " "))
	}
}
