package toolchain

import (
	"bytes"
	"strings"
	"testing"
)

func TestScan(t *testing.T) {
	tests := []struct {
		name, text, key, want string
		line                  int
		missing               bool
	}{
		{name: "plain", text: "module m\n\ngo 1.25.3\n", key: "go", want: "1.25.3", line: 3},
		{name: "no newline", text: "go 1.25", key: "go", want: "1.25", line: 1},
		{name: "CRLF", text: "module m\r\ngo 1.25\r\n", key: "go", want: "1.25", line: 2},
		{name: "tab, blanks and comment", text: "  go\t1.25  // why\n", key: "go", want: "1.25", line: 1},
		{name: "comment touching", text: "go 1.25//x\n", key: "go", want: "1.25", line: 1},
		{name: "in a block", text: "require (\n\tgo 1.99\n)\ngo 1.21\n", key: "go", want: "1.99", line: 2},
		{name: "first of two", text: "go 1.21\ngo 1.22\n", key: "go", want: "1.21", line: 1},
		{name: "commented out", text: "// go 1.30\n", key: "go", missing: true},
		{name: "quoted", text: "go \"1.25\"\n", key: "go", want: `"1.25"`, line: 1},
		{name: "block of its own", text: "toolchain (\n\tgo1.25.3\n)\n", key: "toolchain", want: "(", line: 1},
		{name: "key alone", text: "go\n", key: "go", missing: true},
		{name: "nothing but a comment", text: "go //x\n", key: "go", want: "", line: 1},
		{name: "longer word", text: "godebug default=go1.21\n", key: "go", missing: true},
		{name: "byte order mark on the line", text: "\ufeffgo 1.25\n", key: "go", missing: true},
		{name: "byte order mark elsewhere", text: "\ufeffmodule m\ngo 1.25\n", key: "go", want: "1.25", line: 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Scan([]byte(tt.text), tt.key)
			if ok == tt.missing || got.Value != tt.want || got.Line != tt.line {
				t.Fatalf("Scan = %+v, %v; want %q on line %d", got, ok, tt.want, tt.line)
			}
			text := strings.TrimPrefix(tt.text, "\ufeff")
			if ok && text[got.Span.Start:got.Span.End] != tt.want {
				t.Errorf("the span covers %q", text[got.Span.Start:got.Span.End])
			}
		})
	}
}

// lookup is cmd/go/internal/gover/gomod.go GoModLookup, word for word.
func lookup(gomod []byte, key string) string {
	for len(gomod) > 0 {
		var line []byte
		line, gomod, _ = bytes.Cut(gomod, []byte("\n"))
		line = bytes.TrimSpace(line)
		if !strings.HasPrefix(string(line), key) {
			continue
		}
		s := strings.TrimPrefix(string(line), key)
		if len(s) == 0 || (s[0] != ' ' && s[0] != '\t') {
			continue
		}
		s, _, _ = strings.Cut(s, "//")
		return strings.TrimSpace(s)
	}
	return ""
}

func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		"", "go 1.25", "\ufeffgo 1.25\n", "go\t\t1.25 //\r\n", " \u0085go 1.21\u00a0\n", "toolchain go1.25.3\ngo 1.21", "go //\ngo 1", "\xffgo 1\n\xe2\x80",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, key := range []string{"go", "toolchain"} {
			got, ok := Scan(text, key)
			if want := lookup(text, key); got.Value != want {
				t.Fatalf("%q: %s is %q, the go command says %q", text, key, got.Value, want)
			}
			if !ok {
				continue
			}
			plain := bytes.TrimPrefix(text, []byte("\ufeff"))
			if string(plain[got.Span.Start:got.Span.End]) != got.Value {
				t.Fatalf("%q: %s: the span %v does not cover %q", text, key, got.Span, got.Value)
			}
			if line := 1 + bytes.Count(plain[:got.Span.Start], []byte("\n")); line != got.Line {
				t.Fatalf("%q: %s: line %d, the span is on %d", text, key, got.Line, line)
			}
		}
	})
}
