package tell

import (
	"cmp"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// brief is how many changes of one moment are shown; the rest is counted.
const brief = 6

// LogText lists moments for a person, newest first.
func LogText(w io.Writer, doc LogDocument, opts Options, in *time.Location) error {
	t := newText(w, opts)
	for i, m := range doc.Moments {
		if i > 0 {
			t.printf("\n")
		}
		t.printf("%s  %s  %s  %s\n", t.paint(t.strong, m.Time.In(in).Format(time.DateTime)), drift.ShortID(m.After),
			oneLine(m.Cause.String()), t.paint(t.faint, "("+actor(m.By)+")"))
		t.changes("  ", m.Changes, brief)
		if left := len(m.Changes) - brief; left > 0 {
			t.printf("  %s\n", t.paint(t.faint, fmt.Sprintf("and %d more: godrift diff %s %s", left, drift.ShortID(m.Before), drift.ShortID(m.After))))
		}
	}
	if len(doc.Moments) == 0 {
		t.printf("Nothing is remembered of %s that fits. godrift check remembers what it sees.\n", t.toolchain(doc.Root))
	}
	return t.err
}

// changes shows at most limit changes, in columns.
func (t *textWriter) changes(indent string, changes []Change, limit int) {
	// What follows from the rest comes last.
	changes = slices.Clone(changes)
	if len(changes) > 1 {
		// It is there for the rules; what changed with it says more.
		changes = slices.DeleteFunc(changes, func(c Change) bool { return c.Key == drift.KeyPrint+drift.PrintModFiles })
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return cmp.Compare(rank(a), rank(b)) })
	rows := make([][]cell, 0, len(changes))
	for _, c := range changes[:min(limit, len(changes))] {
		rows = append(rows, t.change(c))
	}
	t.table(indent, rows)
}

// leading are the variables that people change to get another build, in the
// order in which they are told.
var leading = []string{"GOTOOLCHAIN", "GOVERSION", "GOFLAGS", "CGO_ENABLED", "GOEXPERIMENT", "GOOS", "GOARCH", "GOWORK"}

// rank sorts changes: what is agreed and which Go runs first, then what people
// set, then what follows from it, and the score last.
func rank(c Change) int {
	switch name, variable := drift.KeyVariable(c.Key); {
	case c.Key == drift.KeyAgreed:
		return 0
	case variable && slices.Contains(leading, name):
		return 1 + slices.Index(leading, name)
	case variable && drift.Change(c).LayerOnly():
		return 60
	case variable && c.OldLayer == string(drift.LayerDefault) && c.NewLayer == string(drift.LayerDefault):
		return 50
	case c.Key == drift.KeySelected:
		return 19
	case variable:
		return 20
	case strings.HasPrefix(c.Key, drift.KeyPin):
		return 30
	case strings.HasPrefix(c.Key, drift.KeyPrint):
		return 70
	case c.Key == drift.KeyScore:
		return 80
	}
	return 40
}

// change is one change as a row: a sign, what, from what, to what, where from.
func (t *textWriter) change(c Change) []cell {
	sign, paint := "~", t.warning
	switch c.Kind {
	case drift.ChangeAdded:
		sign, paint = "+", t.good
	case drift.ChangeRemoved:
		sign, paint = "-", t.failed
	case drift.ChangeChanged:
	}
	value := t.value(c, c.New)
	if c.Kind == drift.ChangeRemoved {
		value = t.value(c, c.Old)
	} else if c.Kind == drift.ChangeChanged && c.Old != c.New {
		value = t.value(c, c.Old) + " → " + value
	}
	note := string(c.Trend)
	switch {
	case c.Secret:
		note = "the masked part changed"
	case c.OldLayer != c.NewLayer && c.Kind == drift.ChangeChanged:
		note = t.layerName(c.OldLayer) + " → " + t.layerName(c.NewLayer)
	case c.NewLayer != "" && c.Kind != drift.ChangeRemoved:
		note = t.layerName(c.NewLayer)
	}
	return []cell{{sign, paint}, {t.fact(c.Key), t.strong}, {value, t.plain}, {note, t.faint}}
}

// fact is the key of a fact in words.
func (t *textWriter) fact(key string) string {
	if name, ok := drift.KeyVariable(key); ok {
		return oneLine(name)
	}
	if file, source, n, ok := drift.ParsePinKey(key); ok {
		name := oneLine(filepath.FromSlash(file))
		if filepath.IsAbs(name) {
			name = t.toolchain(name)
		}
		switch _, what, _ := strings.Cut(string(source), ":"); what {
		case "":
		case "from":
			return fmt.Sprintf("%s FROM #%d", name, n)
		default:
			name += " " + oneLine(what)
		}
		if n > 1 {
			name = fmt.Sprintf("%s #%d", name, n)
		}
		return name
	}
	switch key {
	case drift.KeyAgreed:
		return "agreed"
	case drift.KeyScore:
		return "health"
	case drift.KeySelected:
		return "Go that runs"
	case drift.KeyGOROOT:
		return "its GOROOT"
	case drift.KeyHow:
		return "how it is chosen"
	case drift.KeyGoPath:
		return "go on PATH"
	case drift.KeyGoError:
		return "error of go"
	case drift.KeyPrint + drift.PrintGoSum:
		return "go.sum"
	case drift.KeyPrint + drift.PrintGOENV:
		return "file of go env -w"
	case drift.KeyPrint + drift.PrintModules:
		return "module graph"
	case drift.KeyPrint + drift.PrintModFiles:
		return "go.mod, go.sum or go.work"
	case drift.KeyPrint + drift.PrintGOCACHE:
		return "cache folder"
	}
	return oneLine(strings.Replace(key, ".", " ", 1))
}

// shown is how much of a value a line has room for.
const shown = 80

// value is a value for a line: short, with its folders shortened. Fingerprints
// say nothing to people.
func (t *textWriter) value(c Change, value string) string {
	switch {
	case c.Key == drift.KeyPrint+drift.PrintModules:
		hash, rest, _ := strings.Cut(oneLine(value), " ")
		return drift.ClipTo(hash, 8) + " " + rest
	case c.Key == drift.KeyPrint+drift.PrintGoSum || c.Key == drift.KeyPrint+drift.PrintGOENV || c.Key == drift.KeyPrint+drift.PrintModFiles:
		return drift.ClipTo(value, 8)
	case value == "" && strings.HasPrefix(c.Key, drift.KeyPin):
		return "(says nothing)"
	case value == "":
		return `""`
	}
	value = oneLine(value)
	if filepath.IsAbs(value) {
		value = t.toolchain(value)
	}
	return drift.ClipTo(value, shown)
}

// layerName is a layer in words, its file shortened.
func (t *textWriter) layerName(layer string) string {
	kind, file, ok := strings.Cut(layer, " ")
	switch {
	case ok:
		return t.toolchain(file)
	case kind == "":
		return "nothing"
	}
	return oneLine(kind)
}

// DiffText shows the difference of two snapshots for a person.
func DiffText(w io.Writer, doc DiffDocument, stat bool, opts Options, in *time.Location) error {
	t := newText(w, opts)
	name := func(c Compared) string {
		return fmt.Sprintf("%s (%s, %s, %s)", oneLine(c.Name), drift.ShortID(c.ID), oneLine(c.Of), c.Time.In(in).Format(time.DateTime))
	}
	if len(doc.Changes) == 0 {
		t.printf("%s and %s are the same.\n", name(doc.A), name(doc.B))
		return t.err
	}
	t.printf("%s\n", t.paint(t.faint, "from "+name(doc.A)+"\nto   "+name(doc.B)))
	if !stat {
		t.changes("", doc.Changes, len(doc.Changes))
		if len(doc.Modules) > 0 {
			t.printf("%s\n", t.paint(t.faint, "modules"))
			t.moduleChanges("", doc.Modules, len(doc.Modules))
		}
	}
	t.printf("%s\n", statLine(doc))
	return t.err
}

// statLine counts changes by what they are about.
func statLine(doc DiffDocument) string {
	groups := []struct {
		prefix, one, many string
		n                 int
	}{
		{"go.", "fact of the Go that runs", "facts of the Go that runs", 0},
		{drift.KeyEnv, "variable", "variables", 0},
		{drift.KeyPin, "pin", "pins", 0},
		{drift.KeyTool, "tool", "tools", 0},
		{drift.KeyProbe, "probe", "probes", 0},
		{drift.KeyHost, "fact of the machine", "facts of the machine", 0},
		{drift.KeyPrint, "fingerprint", "fingerprints", 0},
		{drift.KeyAgreed, "agreed Go", "agreed Gos", 0},
		{drift.KeyScore, "health", "healths", 0},
	}
	for _, c := range doc.Changes {
		for i := range groups {
			if strings.HasPrefix(c.Key, groups[i].prefix) {
				groups[i].n++
			}
		}
	}
	var parts []string
	for _, g := range groups {
		switch {
		case g.n == 1:
			parts = append(parts, "1 "+g.one)
		case g.n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", g.n, g.many))
		}
	}
	return fmt.Sprintf("%d added, %d removed, %d changed: %s", doc.Added, doc.Removed, doc.Changed, strings.Join(parts, ", "))
}

// AuditText lists deeds for a person, newest first.
func AuditText(w io.Writer, doc AuditDocument, opts Options, in *time.Location) error {
	t := newText(w, opts)
	for _, d := range doc.Deeds {
		paint := t.good
		if d.Result != drift.DeedDone {
			paint = t.failed
		}
		t.printf("%s  %s %s  %s  %s\n", t.paint(t.strong, d.Time.In(in).Format(time.DateTime)), t.paint(paint, string(d.Result)), d.Kind,
			oneLine(d.Title), t.paint(t.faint, fmt.Sprintf("(%s, %s)", actor(d.By), time.Duration(d.Milliseconds*float64(time.Millisecond)).Round(time.Millisecond))))
		if d.Note != "" {
			t.printf("  %s\n", oneLine(d.Note))
		}
		var more []string
		if d.Journal > 0 && d.Result == drift.DeedDone {
			more = append(more, fmt.Sprintf("journal %d", d.Journal))
		}
		if d.Before != "" || d.After != "" {
			more = append(more, short(d.Before)+" → "+short(d.After))
		}
		if len(more) > 0 {
			t.printf("  %s\n", t.paint(t.faint, strings.Join(more, ", ")))
		}
	}
	if len(doc.Deeds) == 0 {
		t.printf("Nothing was done in %s that fits.\n", t.toolchain(doc.Root))
	}
	return t.err
}

// short is an ID of a snapshot, or a decision, for a line.
func short(id string) string {
	switch {
	case id == "":
		return "nothing"
	case strings.Contains(id, " "):
		return oneLine(id)
	}
	return drift.ShortID(oneLine(id))
}

// actor is who did something.
func actor(a drift.Actor) string {
	if a.Name == "" {
		return string(a.Kind)
	}
	return oneLine(a.Name)
}
