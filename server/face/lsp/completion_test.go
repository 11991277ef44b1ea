package lsp

import (
	"strings"
	"testing"
)

// The cursor is at |, the text that a completion replaces is between < and >.
func TestSlotAt(t *testing.T) {
	for _, tc := range []struct{ base, text, prefix string }{
		{"go.mod", "module m\n\ngo <|>", ""},
		{"go.mod", "module m\n\ngo <1.2|>\n", ""},
		{"go.mod", "go <1.|25.0>\r\nrequire x v1.0.0\n", ""},
		{"go.mod", "toolchain <go1.2|>", "go"},
		{"go.mod", "toolchain <|>\n", "go"},
		{"go.mod", "\tgo  <1|> // comment", ""},
		{"go.mod", "go <1.25|>// comment", ""},
		{"go.tool.mod", "go <1|>", ""},
		{"go.work", "go <1.2|>\nuse .\n", ""},
		{".go-version", "<1.2|>\n", ""},
		{".go-version", "<go1.2|>\n", "go"},
		{".go-version", "<|>", ""},
		{".go-version", "\ufeff<1|>", ""},
		{".go-version", "# why\n<1.|>\n", ""},
	} {
		text := tc.text
		start := strings.Index(text, "<")
		text = strings.Replace(text, "<", "", 1)
		end := strings.Index(text, ">")
		text = strings.Replace(text, ">", "", 1)
		at := strings.Index(text, "|")
		text = strings.Replace(text, "|", "", 1)
		end-- // the cursor stood before it
		got, ok := slotAt(tc.base, []byte(text), at)
		if !ok || got.span.Start != start || got.span.End != end || got.prefix != tc.prefix {
			t.Errorf("slotAt(%s, %q) = %v, %v; want %d to %d, prefix %q", tc.base, tc.text, got, ok, start, end, tc.prefix)
		}
	}
	for _, tc := range []struct{ base, text string }{
		{"go.mod", "go|"},
		{"go.mod", "|go 1.25"},
		{"go.mod", "module go |"},
		{"go.mod", "go 1.25 |"},
		{"go.mod", "require (\n\tx |\n)"},
		{".go-version", "# 1.|"},
		{"main.go", "go |"},
		{"godrift.toml", "go |"},
	} {
		at := strings.Index(tc.text, "|")
		text := strings.Replace(tc.text, "|", "", 1)
		if got, ok := slotAt(tc.base, []byte(text), at); ok {
			t.Errorf("slotAt(%s, %q) = %v, want none", tc.base, tc.text, got)
		}
	}
}

func TestReleaseNotes(t *testing.T) {
	for v, want := range map[string]string{
		"1.24":    "https://go.dev/doc/go1.24",
		"1.24.0":  "https://go.dev/doc/go1.24",
		"1.24.3":  "https://go.dev/doc/devel/release#go1.24.3",
		"1.20":    "https://go.dev/doc/go1.20",
		"1.99":    "",
		"":        "",
		"x":       "",
		"1.24.99": "https://go.dev/doc/go1.24",
	} {
		if got := releaseNotes(v); got != want {
			t.Errorf("releaseNotes(%q) = %q, want %q", v, got, want)
		}
	}
}

func FuzzSlotAt(f *testing.F) {
	f.Add("go.mod", "go 1.25\r\n", 4)
	f.Add(".go-version", "\ufeff1", 3)
	f.Fuzz(func(t *testing.T, base, text string, at int) {
		if at < 0 || at > len(text) {
			return
		}
		if s, ok := slotAt(base, []byte(text), at); ok && (s.span.Start < 0 || s.span.Start > at || s.span.End < at || s.span.End > len(text)) {
			t.Fatalf("slot %v of %q at %d", s, text, at)
		}
	})
}
