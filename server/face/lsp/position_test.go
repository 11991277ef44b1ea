package lsp

import (
	"testing"
	"unicode/utf8"

	"go.lsp.dev/protocol"
	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

func at(line, character uint32) protocol.Position {
	return protocol.Position{Line: line, Character: character}
}

func TestPositions(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		offset     int
		want16     protocol.Position
		want8      protocol.Position
	}{
		{"start", "go 1.25\n", 0, at(0, 0), at(0, 0)},
		{"version", "module m\n\ngo 1.25\n", 13, at(2, 3), at(2, 3)},
		{"behind an emoji", "// 🐹 go 1.25\n", 11, at(0, 9), at(0, 11)},
		{"behind two bytes", "// é go\n", 6, at(0, 5), at(0, 6)},
		{"behind three bytes", "// 你 go\n", 7, at(0, 5), at(0, 7)},
		{"crlf", "a\r\nb\r\n", 3, at(1, 0), at(1, 0)},
		{"lone cr", "a\rb", 2, at(1, 0), at(1, 0)},
		{"end without newline", "a\nbc", 4, at(1, 2), at(1, 2)},
		{"end with newline", "a\n", 2, at(1, 0), at(1, 0)},
		{"not UTF-8", "\xff\xfe go", 3, at(0, 3), at(0, 3)},
	} {
		if got := newMapper([]byte(tc.text), utf16, false).position(tc.offset); got != tc.want16 {
			t.Errorf("%s: position in UTF-16 %v, want %v", tc.name, got, tc.want16)
		}
		if got := newMapper([]byte(tc.text), utf8bytes, false).position(tc.offset); got != tc.want8 {
			t.Errorf("%s: position in UTF-8 %v, want %v", tc.name, got, tc.want8)
		}
		for enc, p := range map[encoding]protocol.Position{utf16: tc.want16, utf8bytes: tc.want8} {
			if got := newMapper([]byte(tc.text), enc, false).offset(p); got != tc.offset {
				t.Errorf("%s: offset %d, want %d", tc.name, got, tc.offset)
			}
		}
	}
}

func TestOffsetsOutside(t *testing.T) {
	m := newMapper([]byte("ab\r\n🐹x\n"), utf16, false)
	for _, tc := range []struct {
		p    protocol.Position
		want int
	}{
		{at(0, 99), 2},             // past the end of a line: its end, before \r\n
		{at(1, 1), 4},              // inside a surrogate pair: before it
		{at(1, 2), 8},              // behind the pair
		{at(9, 0), 10},             // past the last line
		{at(0, 1<<32-1), 2},        // the largest column
		{at(1<<32-1, 1<<32-1), 10}, // the largest line
	} {
		if got := m.offset(tc.p); got != tc.want {
			t.Errorf("offset(%v) = %d, want %d", tc.p, got, tc.want)
		}
	}
}

// A client whose buffer starts with a byte order mark counts it.
func TestByteOrderMark(t *testing.T) {
	for enc, column := range map[encoding]uint32{utf16: 4, utf8bytes: 6} {
		m := newMapper([]byte("go 1.25\n"), enc, true)
		if got := m.position(3); got != at(0, column) {
			t.Errorf("position %v, want column %d", got, column)
		}
		if got := m.offset(at(0, column)); got != 3 {
			t.Errorf("offset %d, want 3", got)
		}
		if got := m.position(8); got != at(1, 0) {
			t.Errorf("the mark moved the second line: %v", got)
		}
	}
}

func TestWholeFileIsFirstLine(t *testing.T) {
	got := newMapper([]byte("module m\ngo 1.25\n"), utf16, false).rangeOf(drift.Span{})
	if want := (protocol.Range{Start: at(0, 0), End: at(0, 8)}); got != want {
		t.Errorf("range %v, want %v", got, want)
	}
}

// Every offset at the start of a character survives the way to a position and
// back, in any text and both encodings.
func TestPositionsAreInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(rapid.StringOf(rapid.RuneFrom([]rune("a \n\ré你🐹\ufeff.1"))).Draw(t, "text"))
		enc := rapid.SampledFrom([]encoding{utf16, utf8bytes}).Draw(t, "encoding")
		mark := rapid.Bool().Draw(t, "mark")
		m := newMapper(text, enc, mark)
		for i := 0; i <= len(text); i++ {
			if i < len(text) && !utf8.RuneStart(text[i]) {
				continue
			}
			if i > 0 && text[i-1] == '\r' && i < len(text) && text[i] == '\n' {
				continue // inside a line end there is no position
			}
			p := m.position(i)
			if got := m.offset(p); got != i {
				t.Fatalf("offset %d is %v, which is offset %d in %q", i, p, got, text)
			}
		}
	})
}

func FuzzPositions(f *testing.F) {
	f.Add([]byte("go 1.25\n"), uint32(0), uint32(3))
	f.Add([]byte("\xff🐹\r\n\r"), uint32(1), uint32(1<<31))
	f.Fuzz(func(t *testing.T, text []byte, line, character uint32) {
		for _, enc := range []encoding{utf16, utf8bytes} {
			for _, mark := range []bool{false, true} {
				m := newMapper(text, enc, mark)
				off := m.offset(at(line, character))
				if off < 0 || off > len(text) {
					t.Fatalf("offset %d outside of %d bytes", off, len(text))
				}
				m.position(off)
				m.rangeOf(drift.Span{Start: off, End: off - 1})
			}
		}
	})
}
