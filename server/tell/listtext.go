package tell

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// PinsText lists pins, one a line, for a person.
func PinsText(w io.Writer, doc PinsDocument, opts Options) error {
	t := newText(w, opts)
	rows := make([][]cell, 0, len(doc.Pins))
	for _, p := range doc.Pins {
		style := t.strong
		if p.Meaning == drift.MeaningInvalid || p.Meaning == drift.MeaningUnknown || p.Meaning == drift.MeaningUnresolved {
			style = t.warning
		}
		rows = append(rows, []cell{
			{t.at(Range{File: p.File, Line: p.Line, Column: p.Start + 1}), t.plain},
			{oneLine(p.Raw), style},
			{string(p.Source), t.plain},
			{string(p.Role), t.faint},
			{reading(p), t.faint},
		})
	}
	t.table("", rows)
	for _, p := range doc.Problems {
		t.printf("%s %s: %s\n", t.paint(t.warning, "problem:"), t.at(Range{File: p.File, Line: p.Line}), strings.ReplaceAll(clean(p.Message), "\n", " "))
	}
	if len(doc.Pins) == 0 {
		t.printf("Nothing in %s says which Go to use.\n", clean(doc.Root))
	}
	return t.err
}

// reading says in words what the reader of a pin takes from it.
func reading(p Pin) string {
	v := clean(p.Version)
	switch p.Meaning {
	case drift.MeaningExact:
		return "exactly " + v
	case drift.MeaningMin:
		return "at least " + v
	case drift.MeaningMinEarlyScan:
		return "at least " + v + " for the go command's first look only"
	case drift.MeaningLine:
		return "the newest " + v
	case drift.MeaningDefault:
		return "never switch"
	case drift.MeaningInvalid:
		return "refused by its reader"
	case drift.MeaningUnknown, drift.MeaningUnresolved:
		return "no version can be read"
	case drift.MeaningSystem:
		return "whatever is on PATH"
	case drift.MeaningLang:
		return "language version " + v
	}
	return strings.TrimSpace(string(p.Meaning) + " " + v)
}

// EnvText lists variables with their layers, for a person. Without names it
// lists all.
func EnvText(w io.Writer, doc EnvDocument, opts Options) error {
	t := newText(w, opts)
	var rows [][]cell
	for _, name := range slices.Sorted(maps.Keys(doc.Env)) {
		rows = append(rows, t.variable(name, doc.Env[name])...)
	}
	t.table("", rows)
	if doc.Error != "" {
		t.printf("\n%s\n", t.paint(t.failed, "go env itself stops"))
		t.indented(clean(doc.Error))
	}
	return t.err
}

// EnvValues writes the values of variables, each on a line.
func EnvValues(w io.Writer, doc EnvDocument, names []string) error {
	t := newText(w, Options{})
	for _, name := range names {
		t.printf("%s\n", clean(doc.Env[name].Value))
	}
	return t.err
}

// FixText shows fixes with what each changes.
func FixText(w io.Writer, doc FixDocument, opts Options) error {
	t := newText(w, opts)
	for _, f := range doc.Fixes {
		t.printf("%s  %s\n", t.paint(t.strong, clean(f.Title)), t.paint(t.faint, "["+strings.TrimSpace(f.Code+" "+f.Finding)+"]"))
		if f.Note != "" {
			t.printf("  %s\n", clean(f.Note))
		}
		switch f.Status {
		case FixRefused:
			t.printf("  %s %s\n", t.paint(t.failed, "Not done:"), clean(f.Error))
		case FixEditor:
			t.plan(f.Diff, f.Commands)
			t.printf("  %s\n", t.paint(t.warning, "Only an editor with godrift can do this."))
		case FixApplied, FixManual:
			t.outcome(f.Done, f.Shell, f.Notes)
			if f.Journal > 0 {
				t.printf("  %s godrift undo --yes %d takes it back.\n", t.paint(t.good, "Done."), f.Journal)
			}
		case FixPlanned:
			t.plan(f.Diff, f.Commands)
			for _, n := range Folded(f.Notes) {
				t.printf("  %s\n", clean(n))
			}
		}
		t.printf("\n")
	}
	return t.err
}

// plan shows what a change would do.
func (t *textWriter) plan(diff string, commands []string) {
	t.diff(diff)
	for _, c := range commands {
		t.printf("  %s %s\n", t.paint(t.frame, "*"), clean(c))
	}
}

// outcome shows what a change did, and what is left to the person.
func (t *textWriter) outcome(done, shell, notes []string) {
	for _, d := range done {
		t.printf("  %s %s\n", t.paint(t.frame, "*"), clean(d))
	}
	if len(shell) > 0 {
		t.printf("  %s\n", t.paint(t.warning, "No program can change a running shell. Run this in it:"))
		for _, s := range shell {
			t.printf("    %s\n", s)
		}
	}
	for _, n := range Folded(notes) {
		t.printf("  %s\n", clean(n))
	}
}

// LeftAlone is what a note says of a place that an alignment does not touch.
const LeftAlone = ": left alone: "

// mostLeftAlone is how many of those are listed.
const mostLeftAlone = 5

// Folded is a list of notes of which those about places that are left alone come
// last, and no more than a few of them.
func Folded(notes []string) []string {
	var said, alone []string
	for _, n := range notes {
		if strings.Contains(n, LeftAlone) {
			alone = append(alone, n)
		} else {
			said = append(said, n)
		}
	}
	if more := len(alone) - mostLeftAlone; more > 1 {
		alone = append(alone[:mostLeftAlone], fmt.Sprintf("%d more places are left alone; --format json lists them all", more))
	}
	return append(said, alone...)
}

// diff paints a unified diff.
func (t *textWriter) diff(diff string) {
	for line := range strings.Lines(diff) {
		line = strings.TrimRight(line, "\n")
		style := t.plain
		switch {
		case strings.HasPrefix(line, "+++"), strings.HasPrefix(line, "---"):
			style = t.strong
		case strings.HasPrefix(line, "+"):
			style = t.hint
		case strings.HasPrefix(line, "-"):
			style = t.failed
		case strings.HasPrefix(line, "@@"):
			style = t.frame
		}
		t.printf("  %s\n", t.paint(style, expand(line, 2)))
	}
}

// UndoText shows what taking a fix back would change, or did.
func UndoText(w io.Writer, doc UndoDocument, opts Options) error {
	t := newText(w, opts)
	if !doc.Applied {
		t.plan(doc.Diff, doc.Commands)
		return t.err
	}
	t.outcome(doc.Done, doc.Shell, doc.Notes)
	if doc.Journal > 0 {
		t.printf("%s godrift undo --yes %d brings it back.\n", t.paint(t.good, "Taken back."), doc.Journal)
	}
	return t.err
}

// VersionText is one line.
func VersionText(w io.Writer, doc VersionDocument) error {
	line := "godrift " + doc.Godrift
	if doc.Commit != "" {
		line += " (" + doc.Commit[:min(12, len(doc.Commit))]
		if doc.Modified {
			line += ", modified"
		}
		line += ")"
	}
	_, err := io.WriteString(w, line+" "+doc.Go+" "+doc.GOOS+"/"+doc.GOARCH+", Go releases as of "+doc.Releases+"\n")
	return err
}
