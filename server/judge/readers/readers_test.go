package readers_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/readers"
	"godrift.dev/server/observe/pins"
)

var update = flag.Bool("update", false, "write the golden parts of testdata")

// TestRead reads each archive of testdata as a repository. Lines of its comment
// that look like "selected: go1.26.2" say what is on the machine; the file want
// holds what each program takes, and where two part.
func TestRead(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			s, dir := snapshot(t, archive)
			got := []byte(show(s, dir))
			i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == "want" })
			if *update {
				if i < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					i = len(archive.Files) - 1
				}
				archive.Files[i].Data = got
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if i < 0 {
				t.Fatal("the archive has no file want; go test -update writes it")
			}
			if !bytes.Equal(archive.Files[i].Data, got) {
				t.Errorf("want\n%s\ngot\n%s", archive.Files[i].Data, got)
			}
		})
	}
}

func snapshot(t *testing.T, archive *txtar.Archive) (s *drift.Snapshot, dir string) {
	t.Helper()
	root := filepath.FromSlash("/repo")
	dir = root
	s = &drift.Snapshot{Root: root, Documents: map[string]drift.Document{}}
	for _, f := range archive.Files {
		doc := drift.Document{File: filepath.Join(root, filepath.FromSlash(f.Name)), Text: f.Data}
		format := pins.Of(f.Name)
		if format == nil {
			continue
		}
		s.Documents[doc.File] = doc
		found, _ := format.Parse(doc)
		s.Pins = append(s.Pins, found...)
		if base := filepath.Base(doc.File); base == "go.mod" || base == "go.work" {
			s.Modules = append(s.Modules, drift.Module{Dir: filepath.Dir(doc.File), File: doc.File})
		}
	}
	if work := filepath.Join(root, "go.work"); s.Documents[work].File != "" {
		for i := range s.Modules {
			s.Modules[i].Work = work
		}
	}
	for line := range strings.Lines(string(archive.Comment)) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "dir":
			dir = filepath.Join(root, value)
		case "selected":
			s.Selection.Selected, s.Selection.How = value, drift.HowLocal
		case "error":
			s.Selection.Error, s.Selection.How = value, drift.HowError
		case "decider":
			for _, p := range s.Pins {
				if string(p.Source) == value {
					s.Selection.Decider = p.Place
				}
			}
		case "mise", "goenv", "asdf":
			for v := range strings.FieldsSeq(value) {
				s.Environment.Toolchains = append(s.Environment.Toolchains, drift.Toolchain{Version: "go" + v, Origin: drift.Origin(key)})
			}
		}
	}
	for i := range s.Modules {
		s.Modules[i].Selection = s.Selection
	}
	return s, dir
}

func show(s *drift.Snapshot, dir string) string {
	var b strings.Builder
	at := func(p drift.Pin) string {
		rel, _ := filepath.Rel(s.Root, p.Place.File)
		return fmt.Sprintf("%s:%d %s", filepath.ToSlash(rel), drift.PositionOf(s.Documents[p.Place.File].Text, p.Place.Span.Start).Line, p.Raw)
	}
	for _, r := range readers.Read(s, dir) {
		fmt.Fprintf(&b, "%s: %q", r.Reader, r.Version)
		if r.Pin.Source != "" {
			fmt.Fprintf(&b, " by %s", at(r.Pin))
		}
		fmt.Fprintf(&b, "\n\t%s\n", r.Reason)
		for _, p := range r.Sees {
			fmt.Fprintf(&b, "\tsees %s\n", at(p))
		}
		for _, i := range r.Ignores {
			fmt.Fprintf(&b, "\tignores %s: it %s\n", at(i.Pin), i.Why)
		}
	}
	for _, p := range readers.Part(s, dir) {
		fmt.Fprintf(&b, "%s ≠ %s\n\t%s\n", p.A, p.B, p.Message)
	}
	return b.String()
}

// TestTaking asks for each pin of a repository who takes it.
func TestTaking(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/setup-go-file.txtar")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := snapshot(t, archive)
	got := map[string]string{}
	for _, p := range s.Pins {
		taken, edited := readers.Taking(s, p)
		got[string(p.Source)] = strings.Join(taken, "; ") + " | " + strings.Join(edited, "; ")
	}
	for source, want := range map[string]string{
		"go.mod:go":              "setup-go v3; setup-go v4, v5; setup-go v6+ | Renovate",
		"go.mod:toolchain":       "go command; setup-go v6+; golangci-lint | Renovate",
		"github:go-version-file": "setup-go v3; setup-go v4, v5; setup-go v6+ | ",
	} {
		if got[source] != want {
			t.Errorf("%s is taken by %q, want %q", source, got[source], want)
		}
	}
}

// TestList keeps the names of the programs in one order and each once, since
// they are published in documents.
func TestList(t *testing.T) {
	s := &drift.Snapshot{Root: filepath.FromSlash("/repo")}
	var names []string
	for _, r := range readers.Read(s, s.Root) {
		names = append(names, r.Reader)
		if r.Reason == "" {
			t.Errorf("%s gives no reason in an empty folder", r.Reader)
		}
	}
	want := "go command; setup-go v3; setup-go v4, v5; setup-go v6+; docker build; mise; asdf-golang; goenv; golangci-lint; Renovate; Dependabot"
	if got := strings.Join(names, "; "); got != want {
		t.Errorf("the programs are %s, want %s", got, want)
	}
	if parts := readers.Part(s, s.Root); len(parts) > 0 {
		t.Errorf("programs part in an empty folder: %v", parts)
	}
}

// FuzzWorkflow reads any text as a workflow: the search for steps and jobs ends,
// and whatever is taken stands in the text.
func FuzzWorkflow(f *testing.F) {
	archives, err := filepath.Glob("testdata/setup-go-*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if strings.HasPrefix(file.Name, ".github/") {
				f.Add(string(file.Data))
			}
		}
	}
	f.Add("jobs:\n- uses: a/setup-go@v6\n  with: {go-version: 1.25, go-version-file: go.mod}")
	f.Add("jobs: {a: {steps: [{uses: actions/setup-go@v6, with: {go-version: 1.20}}]}}")
	f.Add("- - uses: actions/setup-go@v99999\n    with:\n      go-version:\n      - 1.25\n")
	f.Fuzz(func(t *testing.T, text string) {
		archive := &txtar.Archive{Files: []txtar.File{
			{Name: "go.mod", Data: []byte("module m\n\ngo 1.25\n\ntoolchain go1.25.3\n")},
			{Name: ".github/workflows/ci.yml", Data: []byte(text)},
		}}
		s, dir := snapshot(t, archive)
		for _, r := range readers.Read(s, dir) {
			if r.Reason == "" {
				t.Errorf("%s gives no reason", r.Reader)
			}
			if p := r.Pin; p.Place.File != "" && p.Place.Span.End > len(s.Documents[p.Place.File].Text) {
				t.Errorf("%s takes %+v, which is not in the file", r.Reader, p)
			}
		}
		readers.Part(s, dir)
		for _, p := range s.Pins {
			readers.Taking(s, p)
		}
	})
}
