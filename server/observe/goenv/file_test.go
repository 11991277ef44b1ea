package goenv

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name, text, variable string
		want                 Setting
		missing              bool
	}{
		{name: "plain", text: "GOFLAGS=-mod=mod\n", variable: "GOFLAGS", want: Setting{"-mod=mod", 1}},
		{name: "no newline at the end", text: "A=1\nGOFLAGS=x", variable: "GOFLAGS", want: Setting{"x", 2}},
		{name: "the last of two wins", text: "GOFLAGS=a\nGOFLAGS=b\n", variable: "GOFLAGS", want: Setting{"b", 2}},
		{name: "a carriage return stays", text: "GOTOOLCHAIN=local\r\n", variable: "GOTOOLCHAIN", want: Setting{"local\r", 1}},
		{name: "quotes stay", text: "CC=\"gcc\"\n", variable: "CC", want: Setting{`"gcc"`, 1}},
		{name: "a comment stays", text: "GOTOOLCHAIN=local # why\n", variable: "GOTOOLCHAIN", want: Setting{"local # why", 1}},
		{name: "empty value", text: "GOFLAGS=\n", variable: "GOFLAGS", want: Setting{"", 1}},
		{name: "blank before the equal sign belongs to the name", text: "GOFLAGS =x\n", variable: "GOFLAGS", missing: true},
		{name: "blank before the name hides the line", text: " GOFLAGS=x\n", variable: "GOFLAGS", missing: true},
		{name: "export hides the line", text: "export GOFLAGS=x\n", variable: "GOFLAGS", missing: true},
		{name: "a byte order mark hides the line", text: "\ufeffGOFLAGS=x\n", variable: "GOFLAGS", missing: true},
		{name: "commented out", text: "# GOFLAGS=x\n", variable: "GOFLAGS", missing: true},
		{name: "no equal sign", text: "GOFLAGS\n", variable: "GOFLAGS", missing: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Parse([]byte(tt.text)).Lookup(tt.variable)
			if ok == tt.missing || got != tt.want {
				t.Errorf("Lookup(%s) = %+v, %v; want %+v, %v", tt.variable, got, ok, tt.want, !tt.missing)
			}
		})
	}
}

func TestFirst(t *testing.T) {
	f := Parse([]byte("A=1\nB=2\nA=3\nA=4\n"))
	if got, _ := f.First("A"); got != (Setting{"1", 1}) {
		t.Errorf("First(A) = %+v", got)
	}
	if got, _ := f.First("B"); got != (Setting{"2", 2}) {
		t.Errorf("First(B) = %+v", got)
	}
	var none *File
	if _, ok := none.First("A"); ok {
		t.Error("the nil file has a setting")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "=", "A=", "A=1", "A=1\r\nB=2\n", "\ufeffA=1\nA=2", "Z\n\n=\nAA==", "GOFLAGS=-x\x00\nGOFLAGS=-v",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n")
		for name, s := range Parse([]byte(text)).settings {
			if s.Line < 1 || s.Line > len(lines) || lines[s.Line-1] != name+"="+s.Value {
				t.Fatalf("%q: line %d is not %s=%s", text, s.Line, name, s.Value)
			}
			if name == "" || name[0] < 'A' || name[0] > 'Z' || strings.Contains(name, "=") {
				t.Fatalf("%q: name %q", text, name)
			}
			for _, later := range lines[s.Line:] {
				if strings.HasPrefix(later, name+"=") {
					t.Fatalf("%q: a later line for %s was passed by", text, name)
				}
			}
		}
	})
}

func FuzzSplit(f *testing.F) {
	for _, seed := range []string{"", "a b", `'a b' "c d"`, `'`, `a"b`, "''", " \t\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		words, err := drift.Words(text)
		if err != nil {
			return
		}
		for _, w := range words {
			if w == "" || strings.Contains(w, "'") && strings.Contains(w, `"`) {
				return // cannot be written again
			}
		}
		again, err := drift.Words(join(words))
		if err != nil || strings.Join(again, "\x00") != strings.Join(words, "\x00") {
			t.Fatalf("%q: %q joined and split again is %q, %v", text, words, again, err)
		}
	})
}
