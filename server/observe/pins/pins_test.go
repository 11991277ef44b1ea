package pins

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"godrift.dev/server/drift"
)

var update = flag.Bool("update", false, "write the expected output into testdata")

// describe prints pins and problems as people count: line:column-column.
func describe(doc drift.Document, pins []drift.Pin, problems []drift.Problem) string {
	var b strings.Builder
	for _, p := range pins {
		at := drift.PositionOf(doc.Text, p.Place.Span.Start)
		fmt.Fprintf(&b, "%d:%d-%d %s %s %q %s", at.Line, at.Column, at.Column+len(p.Raw), p.Source, p.Role, p.Raw, p.Meaning)
		if p.Version != "" {
			fmt.Fprintf(&b, " %s", p.Version)
		}
		for _, k := range slices.Sorted(maps.Keys(p.Extra)) {
			fmt.Fprintf(&b, " [%s: %s]", k, p.Extra[k])
		}
		b.WriteByte('\n')
	}
	for _, p := range problems {
		at := drift.PositionOf(doc.Text, p.Place.Span.Start)
		fmt.Fprintf(&b, "%d:%d+%d problem: %s\n", at.Line, at.Column, p.Place.Span.End-p.Place.Span.Start, p.Message)
	}
	return b.String()
}

func document(file string, content []byte) drift.Document {
	text, bom := bytes.CutPrefix(content, []byte("\xef\xbb\xbf"))
	return drift.Document{File: file, Text: text, BOM: bom}
}

// rawIs reports whether text is a pin's; what could be a password is masked in
// the word of a .go-version.
func rawIs(text string, p drift.Pin) bool {
	if at := strings.LastIndexByte(text, '@'); p.Source == drift.SourceGoVersion && at > 0 {
		return p.Raw == drift.Masked+text[at:]
	}
	return text == p.Raw
}

// sound checks what holds for every pin and problem of every file.
func sound(t *testing.T, doc drift.Document, pins []drift.Pin, problems []drift.Problem) {
	t.Helper()
	last := -1
	for _, p := range pins {
		s := p.Place.Span
		if s.Start < 0 || s.End > len(doc.Text) || s.Start > s.End || !rawIs(string(doc.Text[s.Start:s.End]), p) {
			t.Errorf("the span %v is not of %q", s, p.Raw)
		}
		if s.Start <= last {
			t.Errorf("the pin at %d does not come after the one at %d", s.Start, last)
		}
		last = s.Start
		if p.Raw == "" || p.Source == "" || p.Role == "" || p.Meaning == "" || p.Place.File != doc.File {
			t.Errorf("incomplete pin %+v", p)
		}
		if p.Role == drift.RoleDevelop && Of(doc.File) != nil && !ForPeople(doc.File) {
			t.Errorf("%s tells people which Go to develop with, and forPeople does not know: %+v", doc.File, p)
		}
		if p.Meaning == drift.MeaningInvalid && p.Extra["why"] == "" {
			t.Errorf("invalid without a reason: %+v", p)
		}
	}
	for _, p := range problems {
		s := p.Place.Span
		if s.Start < 0 || s.End > len(doc.Text) || s.Start > s.End || p.Message == "" || p.Place.File != doc.File {
			t.Errorf("problem at %v: %q", s, p.Message)
		}
	}
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			want := &txtar.Archive{Comment: a.Comment}
			for _, f := range a.Files {
				if strings.HasSuffix(f.Name, ".want") {
					continue
				}
				format := Of(f.Name)
				if format == nil {
					t.Fatalf("%s is of no format", f.Name)
				}
				doc := document(f.Name, f.Data)
				pins, problems := format.Parse(doc)
				sound(t, doc, pins, problems)
				want.Files = append(want.Files, f, txtar.File{Name: f.Name + ".want", Data: []byte(describe(doc, pins, problems))})
			}
			got := txtar.Format(want)
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			have, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, have) {
				t.Errorf("%s is not what was found (go test -update writes it):\n%s", name, got)
			}
		})
	}
}

// TestBytes holds what does not survive in a text file.
func TestBytes(t *testing.T) {
	for _, c := range []struct{ name, file, content, want string }{
		{"crlf", "go.mod", "module m\r\n\r\ngo 1.25.1\r\n\ttoolchain  go1.25.3 \r\n", `3:4-10 go.mod:go floor "1.25.1" min 1.25.1
4:13-21 go.mod:toolchain develop "go1.25.3" exact 1.25.3
`},
		{"no newline", "go.mod", "go 1.25", "1:4-8 go.mod:go floor \"1.25\" min 1.25\n"},
		{"mark", "go.mod", "\xef\xbb\xbfgo 1.25\n", `1:4-8 go.mod:go floor "1.25" min 1.25
1:1+0 problem: the file starts with a byte order mark, which the go command does not accept: save it as UTF-8 without one
`},
		{"mark on another line", "go.mod", "module m\n\xef\xbb\xbfgo 1.25\n", "2:1+10 problem: unexpected input character '\\ufeff'\n"},
		{"zero byte", "go.mod", "go 1.25\n\x00\x01\n", `1:4-8 go.mod:go floor "1.25" min 1.25
2:1+1 problem: the file holds a zero byte: it is binary or damaged
2:1+2 problem: unexpected input character '\x00'
`},
		{"latin1", "go.mod", "// \xe9\nmodule m\ngo 1.25\n", `3:4-8 go.mod:go floor "1.25" min 1.25
1:4+1 problem: the file is not UTF-8 from here on
`},
		{"utf16", ".go-version", "\xff\xfe1\x00", `1:1-5 .go-version develop "\xff\xfe1\x00" unknown [why: no Go version can be read from this]
1:1+1 problem: the file is UTF-16: save it as UTF-8
`},
		{"goversion crlf", ".go-version", "1.22.3\r\n", "1:1-7 .go-version develop \"1.22.3\" exact 1.22.3\n"},
		{"goversion credentials", ".go-version", "u:pw@x\n", "1:1-2 .go-version develop \"u\" unknown [why: no Go version can be read from this]\n" +
			"1:3-8 .go-version develop \"***@x\" unknown [fallback: true] [why: no Go version can be read from this]\n"},
		{"goversion mark", ".go-version", "\xef\xbb\xbf1.21.10\n", "1:1-8 .go-version develop \"1.21.10\" exact 1.21.10 " +
			"[bom: columns are counted after the 3 bytes of the mark] [compat: goenv and mise keep the mark as part of the version; setup-go trims it]\n"},
		{"goversion huge", ".go-version", "1.22.3" + strings.Repeat("\n", 2000) + "1.21", `1:1-7 .go-version develop "1.22.3" exact 1.22.3
1019:1+986 problem: goenv reads the first 1,024 bytes only; what follows is ignored
`},
		{"empty", "go.work", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := document(c.file, []byte(c.content))
			pins, problems := Of(c.file).Parse(doc)
			sound(t, doc, pins, problems)
			if got := describe(doc, pins, problems); got != c.want {
				t.Errorf("got\n%swant\n%s", got, c.want)
			}
		})
	}
}

func TestHugeFile(t *testing.T) {
	text := "module m\n\nrequire (\n" + strings.Repeat("\texample.com/a v1.0.0 // indirect\n", 100_000) + ")\n\ngo 1.25.1\n"
	pins, problems := ParseGoMod(document("go.mod", []byte(text)))
	if len(pins) != 1 || pins[0].Version != "1.25.1" || len(problems) != 0 {
		t.Errorf("pins %v, problems %v", pins, problems)
	}
}

func TestModuleOf(t *testing.T) {
	for text, want := range map[string]Module{
		"module example.com/m\ngo 1.25\ntoolchain go1.25.1\n":                 {"example.com/m", "1.25", "go1.25.1"},
		"module \"example.com/m\"\n":                                          {Path: "example.com/m"},
		"module (\n\texample.com/m\n)\ngo x\ntoolchain default":               {Path: "example.com/m", Toolchain: "default"},
		"module example.com/m // Deprecated: gone\nrequire (\n\tgo 1.99\n)\n": {Path: "example.com/m"},
		"module\n": {},
		"":         {},
	} {
		if got := ModuleOf(document("/w/go.mod", []byte(text))); got != want {
			t.Errorf("%q: got %+v, want %+v", text, got, want)
		}
	}
}

func TestUses(t *testing.T) {
	root := t.TempDir()
	doc := document(filepath.Join(root, "w", "go.work"), []byte("go 1.25\nuse .\nuse (\n\t./a\n\t\"./b c\" // x\n\t../up\n\t./half/\n)\nuse \"./d\nuse\n"))
	var got []string
	for _, u := range Uses(doc) {
		rel, err := filepath.Rel(root, u.Dir)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, filepath.ToSlash(rel)+"="+string(doc.Text[u.Place.Span.Start:u.Place.Span.End]))
	}
	if want := `w=. w/a=./a w/b c=./b c up=../up w/half=./half/ w/d="./d`; strings.Join(got, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, " "), want)
	}
}

func TestOf(t *testing.T) {
	for rel, want := range map[string]string{
		"go.mod": "go.mod", "a/b/go.work": "go.work", ".go-version": ".go-version",
		"go.mod/x": "", "ago.mod": "go.mod of another name", "": "",
	} {
		got := ""
		if f := Of(rel); f != nil {
			got = f.Name
		}
		if got != want {
			t.Errorf("Of(%q) = %q, want %q", rel, got, want)
		}
	}
}

func FuzzGoMod(f *testing.F)     { fuzz(f, "go.mod") }
func FuzzGoWork(f *testing.F)    { fuzz(f, "go.work") }
func FuzzGoVersion(f *testing.F) { fuzz(f, ".go-version") }

func fuzz(f *testing.F, base string) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		a, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			if filepath.Base(file.Name) == base {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("\xef\xbb\xbf\xff\x00go 1.25\r\n\"`(/*"))
	f.Fuzz(func(t *testing.T, content []byte) {
		doc := document("/w/"+base, content)
		before := bytes.Clone(doc.Text)
		pins, problems := Of(base).Parse(doc)
		sound(t, doc, pins, problems)
		for _, u := range Uses(doc) {
			if s := u.Place.Span; s.Start < 0 || s.End > len(doc.Text) || s.Start > s.End {
				t.Errorf("use at %v", s)
			}
		}
		ModuleOf(doc)
		if !bytes.Equal(before, doc.Text) {
			t.Error("the text was changed")
		}
	})
}

func BenchmarkGoMod(b *testing.B) {
	text := "module m\n\ngo 1.25.1\n\nrequire (\n" + strings.Repeat("\texample.com/module/path v1.0.0 // indirect\n", 300) + ")\n"
	doc := document("go.mod", []byte(text))
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		ParseGoMod(doc)
	}
}

// TestLinear guards against work that grows with the square of the input.
func TestLinear(t *testing.T) {
	for _, unit := range []string{"x (\n", "go 1\n", "require (\n", "(", "\"", "go (\n1\n)\n", "// x\n", "toolchain x\ngo x\n"} {
		doc := document("go.mod", []byte(strings.Repeat(unit, 200_000/len(unit))))
		start := startClock()
		pins, problems := ParseGoMod(doc)
		sound(t, doc, pins, problems)
		if took := start.stop(); took > 5*time.Second {
			t.Errorf("%d bytes of %q took %v", len(doc.Text), unit, took)
		} else {
			t.Logf("%q: %v, %d pins, %d problems", unit, took, len(pins), len(problems))
		}
	}
}
