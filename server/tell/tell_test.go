package tell_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

var update = flag.Bool("update", false, "write the golden files")

const (
	root = "/src/app"
	home = "/home/ada"
)

// at finds the place of the first occurrence of text in a document.
func at(docs map[string]drift.Document, file, text string) drift.Place {
	i := strings.Index(string(docs[file].Text), text)
	if i < 0 {
		panic(text + " is not in " + file)
	}
	return drift.Place{File: file, Span: drift.Span{Start: i, End: i + len(text)}}
}

// sample is a report with one finding of each awkward kind.
func sample() *drift.Report {
	docs := map[string]drift.Document{}
	add := func(file, text string) string {
		docs[file] = drift.Document{File: file, Text: []byte(text)}
		return file
	}
	gomod := add(root+"/go.mod", "module example.com/app\n\ngo 1.25.3 // 最新 🚀\n\ntoolchain go1.24.0\n")
	goversion := add(root+"/sub dir/.go-version", "\t\t1.24.0\r\n")
	goenv := add(home+"/.config/go/env", "GOTOOLCHAIN=local\nGOPROXY=https://ada:hunter2@proxy.example\n")
	wide := add(root+"/ümläut/go.work", "// 世界 🎉 go 1.2\ngo 1.21\x1b[31m\n\nuse ./"+strings.Repeat("x", 400)+"\n")
	bad := add(root+"/bad\xff.mod", "go \xff1.21\n")

	edit := func(place drift.Place, text string) drift.Action {
		return drift.Action{Kind: drift.ActionEdit, File: place.File, Edits: []drift.TextEdit{{Span: place.Span, New: text}}}
	}
	return &drift.Report{
		Snapshot: &drift.Snapshot{
			Root: root, Documents: docs,
			Selection: drift.Selection{
				Dir: root, Go: &drift.Toolchain{Version: "go1.26.2", GOROOT: "/usr/local/go", Executable: "/usr/local/go/bin/go", Origin: drift.OriginPath},
				Selected: "go1.26.2", GOROOT: "/usr/local/go", How: drift.HowLocal,
				Steps: []drift.Step{
					{Text: "The go on PATH is /usr/local/go/bin/go, go1.26.2."},
					{Text: "GOTOOLCHAIN=local forbids switching.", File: goenv, Line: 1, Layer: drift.LayerGOENV},
				},
			},
			Pins: []drift.Pin{
				{Source: drift.SourceGoVersion, Role: drift.RoleDevelop, Place: at(docs, goversion, "1.24.0"), Raw: "1.24.0", Meaning: drift.MeaningExact, Version: "1.24.0"},
				{Source: drift.SourceGoModGo, Role: drift.RoleFloor, Place: at(docs, gomod, "1.25.3"), Raw: "1.25.3", Meaning: drift.MeaningMin, Version: "1.25.3"},
			},
			Problems: []drift.Problem{{Place: drift.Place{File: bad}, Message: "this file is not UTF-8"}},
		},
		Pinned: drift.Pinned{
			Version: "go1.24.0", Reason: "The toolchain line counts before .go-version.",
			Pin: drift.Pin{Source: drift.SourceGoModToolchain, Role: drift.RoleDevelop, Place: at(docs, gomod, "go1.24.0"), Raw: "go1.24.0", Meaning: drift.MeaningExact, Version: "1.24.0"},
		},
		Score: 58, Drift: true,
		Burdens: []drift.Burden{
			{Worst: 0, Findings: 3, Points: 24, Fix: &drift.Fix{ID: "a2", Title: "Raise .go-version to 1.25.3", Kind: drift.FixRepair, Preferred: true}, FixPoints: 18},
			{Worst: 7, Findings: 1, Points: 9},
			{Worst: 2, Findings: 1, Points: 1, Fix: &drift.Fix{ID: "a3", Title: "Write 1.21 \x1b[31m", Kind: drift.FixRepair}, FixPoints: 1},
		},
		Usual: &drift.Usual{Median: 88, Spread: 2, Limit: 79, Low: true},
		Findings: []drift.Finding{
			{
				Code: "pin-below-floor", Severity: drift.SeverityError, Place: at(docs, goversion, "1.24.0"),
				Message: "1.24.0 is lower than what go.mod accepts. The build will fail:\ngo: go.mod requires go >= 1.25.3 (running go 1.24.0; GOTOOLCHAIN=local)",
				Related: []drift.Related{{Place: at(docs, gomod, "1.25.3"), Message: "the floor"}, {Place: drift.Place{File: "/gone"}, Message: "no text at hand"}},
				Fixes: []drift.Fix{
					{ID: "a1", Title: "Accept it", Kind: drift.FixAccept, Actions: []drift.Action{{Kind: drift.ActionEdit, File: root + "/godrift.toml", Create: true, Edits: []drift.TextEdit{{New: "x"}}}}},
					{ID: "a2", Title: "Raise .go-version to 1.25.3", Kind: drift.FixRepair, Preferred: true, Note: "changes one file", Actions: []drift.Action{edit(at(docs, goversion, "1.24.0"), "1.25.3")}},
				},
			},
			{Code: "env-leftover", Severity: drift.SeverityInfo, Message: "GOPROXY=https://ada:hunter2@proxy.example changes builds.", Place: at(docs, goenv, "GOPROXY=https://ada:h"), Subject: "GOPROXY", Value: "https://ada:hunter2@proxy.example"},
			{Code: "pin-invalid", Severity: drift.SeverityWarning, Message: "Wide text before, an escape after.", Place: at(docs, wide, "1.2\n")},
			{Code: "pin-invalid", Severity: drift.SeverityWarning, Message: "An escape \x1b[31m in the line.", Place: at(docs, wide, "1.21\x1b")},
			{Code: "pin-invalid", Severity: drift.SeverityHint, Message: "A long line.", Place: at(docs, wide, strings.Repeat("x", 300))},
			{Code: "pin-invalid", Severity: drift.SeverityError, Message: "Not UTF-8, 100%: a,b", Place: at(docs, bad, "\xff1.21")},
			{Code: "pin-invalid", Severity: drift.SeverityError, Message: "Several lines.", Place: at(docs, gomod, "go 1.25.3 // 最新 🚀\n\ntoolchain")},
			{Code: "go-missing", Severity: drift.SeverityError, Message: "There is no go on PATH."},
			{Code: "policy-invalid", Severity: drift.SeverityError, Message: "The whole file.", Place: drift.Place{File: root + "/godrift.toml"}},
		},
	}
}

var options = tell.Options{
	Dir: root, Home: home, Version: "v0.0.0-test",
	Rules: []tell.Rule{
		{Code: "pin-below-floor", Title: "A pin is below the floor", Severity: drift.SeverityError, Help: "# pin-below-floor\n"},
		{Code: "pin-floating", Title: "A pin floats", Severity: drift.SeverityOff},
	},
}

// golden compares with a file in testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s (run go test -update to accept):\n%s", file, d)
	}
}

func skipOnWindows(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the sample's file names are those of Unix")
	}
}

func whyDocument() tell.WhyDocument {
	r := sample()
	env := drift.Environment{
		Of: "cli", Host: drift.Host{GOOS: "linux", GOARCH: "amd64"}, GOENV: home + "/.config/go/env",
		Variables: []drift.Variable{
			{Name: "CGO_ENABLED", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "1"}},
			{Name: "GOFLAGS", Layer: drift.Layer{Kind: drift.LayerProcess, Value: "-mod=mod\n\t-x"}},
			{Name: "GOPROXY", Layer: drift.Layer{Kind: drift.LayerGOENV, Value: "https://ada:hunter2@proxy.example", File: home + "/.config/go/env", Line: 2}},
			{
				Name: "GOTOOLCHAIN", Layer: drift.Layer{Kind: drift.LayerProcess, Value: "local"},
				Shadowed: []drift.Layer{{Kind: drift.LayerGoEnv, Value: "auto", File: "/usr/local/go/go.env", Line: 12}},
			},
		},
		Toolchains: []drift.Toolchain{
			{Version: "go1.26.2", GOROOT: "/usr/local/go", Executable: "/usr/local/go/bin/go", Origin: drift.OriginPath},
			{Executable: home + "/.asdf/shims/go", Origin: drift.OriginAsdf, Shim: true},
		},
	}
	return tell.NewWhy(r.Snapshot.Selection, env, r.Pinned, tell.TextsOf(r.Snapshot))
}

func render(t *testing.T, f func(io.Writer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	skipOnWindows(t)
	reports := []*drift.Report{sample()}
	clean := &drift.Report{Snapshot: &drift.Snapshot{Root: "/src/other", Selection: reports[0].Snapshot.Selection}, Score: 100}
	color := options
	color.Color = true
	pins := tell.NewPins(reports[0].Snapshot)
	why := whyDocument()
	failed := why
	failed.Selected, failed.How, failed.Error = "", drift.HowError, "go: download go1.99 for linux/amd64: toolchain not available\n"
	env := tell.EnvDocument{Schema: tell.SchemaEnv, Version: 1, Dir: root, Of: "cli", Env: why.Env, Error: "go: unknown GOOS"}
	fix := tell.FixDocument{Schema: tell.SchemaFix, Version: 1, Root: root, Fixes: []tell.PlannedFix{
		{FindingFix: tell.FindingFix{ID: "a2", Title: "Raise it", Note: "downloads 60 MB"}, Code: "pin-below-floor", Finding: "0123", Status: tell.FixPlanned, Diff: "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\t1\n+\t2\n", Commands: []string{"go env -w A=b"}},
		{FindingFix: tell.FindingFix{Title: "B"}, Code: "x", Finding: "0", Status: tell.FixApplied, Done: []string{"changed x"}, Journal: 7},
		{FindingFix: tell.FindingFix{Title: "C"}, Code: "x", Finding: "1", Status: tell.FixManual, Shell: []string{"unset GOROOT"}, Notes: []string{"A note."}, Journal: 8},
		{FindingFix: tell.FindingFix{Title: "D"}, Code: "x", Finding: "2", Status: tell.FixEditor},
		{FindingFix: tell.FindingFix{Title: "E"}, Code: "x", Finding: "3", Status: tell.FixRefused, Error: "changed in the meantime"},
	}}
	for name, f := range map[string]func(io.Writer) error{
		"check.txt":       func(w io.Writer) error { return tell.CheckText(w, reports, options) },
		"check.color.txt": func(w io.Writer) error { return tell.CheckText(w, reports, color) },
		"check.two.txt": func(w io.Writer) error {
			return tell.SummaryText(w, []*drift.Report{sample(), clean}, options)
		},
		"check.clean.txt":  func(w io.Writer) error { return tell.CheckText(w, []*drift.Report{clean}, options) },
		"check.json":       func(w io.Writer) error { return tell.JSON(w, tell.NewCheck(reports...)) },
		"check.sarif":      func(w io.Writer) error { return tell.SARIF(w, reports, options) },
		"check.github.txt": func(w io.Writer) error { return tell.GitHub(w, reports, options) },
		"check.junit.xml":  func(w io.Writer) error { return tell.JUnit(w, []*drift.Report{sample(), clean}, options) },
		"pins.json":        func(w io.Writer) error { return tell.JSON(w, pins) },
		"pins.txt":         func(w io.Writer) error { return tell.PinsText(w, pins, options) },
		"why.json":         func(w io.Writer) error { return tell.JSON(w, why) },
		"why.txt":          func(w io.Writer) error { return tell.WhyText(w, why, false, options) },
		"why.all.txt":      func(w io.Writer) error { return tell.WhyText(w, why, true, color) },
		"why.failed.txt":   func(w io.Writer) error { return tell.WhyText(w, failed, false, options) },
		"env.txt":          func(w io.Writer) error { return tell.EnvText(w, env, options) },
		"fix.txt":          func(w io.Writer) error { return tell.FixText(w, fix, options) },
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, f)
			golden(t, name, got)
			if bytes.Contains(got, []byte("hunter2")) {
				t.Error("a password is shown")
			}
			if strings.HasSuffix(name, ".txt") && !strings.Contains(name, "color") && name != "why.all.txt" && bytes.ContainsRune(got, 0x1b) {
				t.Error("an escape sequence of a file reached the output")
			}
		})
	}
}

// TestColorOnlyAdds: taking the colours away leaves the plain text.
func TestColorOnlyAdds(t *testing.T) {
	skipOnWindows(t)
	color := options
	color.Color = true
	reports := []*drift.Report{sample()}
	plain := render(t, func(w io.Writer) error { return tell.CheckText(w, reports, options) })
	painted := string(render(t, func(w io.Writer) error { return tell.CheckText(w, reports, color) }))
	var b strings.Builder
	for len(painted) > 0 {
		before, rest, found := strings.Cut(painted, "\x1b[")
		b.WriteString(before)
		if !found {
			break
		}
		_, painted, _ = strings.Cut(rest, "m")
	}
	if d := cmp.Diff(string(plain), b.String()); d != "" {
		t.Error(d)
	}
}

func TestIDs(t *testing.T) {
	r := sample()
	texts := tell.TextsOf(r.Snapshot)
	ids := tell.IDs(root, r.Findings, texts)
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			t.Errorf("two findings are named %s", id)
		}
		seen[id] = true
	}

	// Lines above do not change a name.
	file := root + "/go.mod"
	doc := r.Snapshot.Documents[file]
	const more = "// a comment\n"
	doc.Text = append([]byte(more), doc.Text...)
	r.Snapshot.Documents[file] = doc
	for i := range r.Findings {
		if r.Findings[i].Place.File == file {
			r.Findings[i].Place.Span.Start += len(more)
			r.Findings[i].Place.Span.End += len(more)
		}
	}
	if d := cmp.Diff(ids, tell.IDs(root, r.Findings, texts)); d != "" {
		t.Errorf("a comment above changed names:\n%s", d)
	}
}

// What stands at the line of the module's name keeps its own when the module gets another.
func TestIDsOutliveARenamedModule(t *testing.T) {
	var names []string
	for _, line := range []string{"module example.com/a", "module example.com/a/v2 // moved"} {
		texts := tell.TextsOf(&drift.Snapshot{Documents: map[string]drift.Document{"/w/go.mod": {Text: []byte(line + "\n\ngo 1.26\n")}}})
		name := func(start, end int) string {
			place := drift.Place{File: "/w/go.mod", Span: drift.Span{Start: start, End: end}}
			return tell.IDs("/w", []drift.Finding{{Code: "env-leftover", Subject: "GOFLAGS", Place: place}}, texts)[0]
		}
		names = append(names, name(0, len(line)))
		if name(0, len(line)) == name(len(line)+2, len(line)+9) {
			t.Error("what is said of the go line has the name of what is said of none")
		}
	}
	if names[0] != names[1] {
		t.Errorf("%s became %s", names[0], names[1])
	}
}

func TestRange(t *testing.T) {
	docs := map[string]drift.Document{"/f": {Text: []byte("a\nb€c\n")}, "/empty": {}}
	texts := tell.TextsOf(&drift.Snapshot{Documents: docs})
	for _, c := range []struct {
		place drift.Place
		want  tell.Range
	}{
		{drift.Place{}, tell.Range{}},
		{drift.Place{File: "/f"}, tell.Range{File: "/f"}},
		{drift.Place{File: "/empty"}, tell.Range{File: "/empty"}},
		{drift.Place{File: "/unknown", Span: drift.Span{Start: 1, End: 2}}, tell.Range{File: "/unknown"}},
		{drift.Place{File: "/f", Span: drift.Span{Start: 3, End: 6}}, tell.Range{File: "/f", Line: 2, Column: 2, EndLine: 2, EndColumn: 5}},
		{drift.Place{File: "/f", Span: drift.Span{Start: 90, End: 99}}, tell.Range{File: "/f", Line: 3, Column: 1, EndLine: 3, EndColumn: 1}},
		{drift.Place{File: "/f", Span: drift.Span{Start: 3, End: 1}}, tell.Range{File: "/f", Line: 2, Column: 2, EndLine: 2, EndColumn: 2}},
	} {
		if got := texts.Range(c.place); got != c.want {
			t.Errorf("%+v: %+v, want %+v", c.place, got, c.want)
		}
	}
}

// TestEmptyListsAreLists: tools iterate over them without asking.
func TestEmptyListsAreLists(t *testing.T) {
	empty := &drift.Report{Snapshot: &drift.Snapshot{}}
	for _, doc := range []any{
		tell.NewCheck(empty), tell.NewPins(empty.Snapshot),
		tell.NewWhy(drift.Selection{}, drift.Environment{}, drift.Pinned{}, nil), tell.NewEnv("/", drift.Environment{}, time.Time{}),
	} {
		b, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.NewReplacer(`"go":null`, "", `"pin":null`, "").Replace(string(b))
		if strings.Contains(s, "null") {
			t.Errorf("%T: %s", doc, s)
		}
		if !strings.HasPrefix(s, `{"schema":"godrift/`) {
			t.Errorf("%T does not begin with its schema: %s", doc, s)
		}
	}
}

func TestJUnitIsXML(t *testing.T) {
	out := render(t, func(w io.Writer) error { return tell.JUnit(w, []*drift.Report{sample()}, options) })
	dec := xml.NewDecoder(bytes.NewReader(out))
	for {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestWriteErrorsAreReported(t *testing.T) {
	reports := []*drift.Report{sample()}
	for name, err := range map[string]error{
		"text":    tell.CheckText(full{}, reports, options),
		"summary": tell.SummaryText(full{}, reports, options),
		"json":    tell.JSON(full{}, tell.NewCheck(reports...)),
		"sarif":   tell.SARIF(full{}, reports, options),
		"github":  tell.GitHub(full{}, reports, options),
		"junit":   tell.JUnit(full{}, reports, options),
		"why":     tell.WhyText(full{}, whyDocument(), true, options),
		"version": tell.VersionText(full{}, tell.VersionDocument{}),
	} {
		if err == nil {
			t.Errorf("%s: no error on a full disk", name)
		}
	}
}
