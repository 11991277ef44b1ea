package lsp

import (
	"bytes"
	"sort"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
)

// encoding is the unit in which the client counts columns.
type encoding int

// The encodings. UTF-16 is what every client understands.
const (
	utf16 encoding = iota
	utf8bytes
)

// mapper converts between byte offsets in a text and the client's positions.
// It is the only place that does.
type mapper struct {
	text  []byte
	lines []int // offset of the first byte of each line
	enc   encoding
	// mark says that the client's text starts with a byte order mark, which
	// text does not hold.
	mark bool
}

func newMapper(text []byte, enc encoding, mark bool) *mapper {
	lines := make([]int, 1, 1+bytes.Count(text, []byte("\n")))
	for i, b := range text {
		// The protocol counts \n, \r\n and a lone \r as ends of lines.
		if b == '\n' || b == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			lines = append(lines, i+1)
		}
	}
	return &mapper{text: text, lines: lines, enc: enc, mark: mark}
}

// markWidth is the width of a byte order mark in the client's units.
func (m *mapper) markWidth() int {
	switch {
	case !m.mark:
		return 0
	case m.enc == utf8bytes:
		return 3
	}
	return 1
}

// position converts a byte offset, which is clamped to the text.
func (m *mapper) position(offset int) protocol.Position {
	offset = max(0, min(offset, len(m.text)))
	line := sort.SearchInts(m.lines, offset+1) - 1
	part := m.text[m.lines[line]:offset]
	column := len(part)
	if m.enc == utf16 {
		column = utf16Len(part)
	}
	if line == 0 {
		column += m.markWidth()
	}
	return protocol.Position{Line: uint32(line), Character: uint32(column)} //nolint:gosec // both are bounded by the size of the text
}

// rangeOf converts a span. An empty span at 0 names the whole file and becomes
// its first line, so that there is something to see.
func (m *mapper) rangeOf(s drift.Span) protocol.Range {
	if s == (drift.Span{}) {
		return protocol.Range{Start: m.position(0), End: m.position(m.lineEnd(0))}
	}
	return protocol.Range{Start: m.position(s.Start), End: m.position(max(s.Start, s.End))}
}

// exact converts a span as it stands.
func (m *mapper) exact(s drift.Span) protocol.Range {
	return protocol.Range{Start: m.position(s.Start), End: m.position(max(s.Start, s.End))}
}

// lineEnd is the offset of the end of a line (from 0), its terminator left out.
func (m *mapper) lineEnd(line int) int {
	end := len(m.text)
	if line+1 < len(m.lines) {
		end = m.lines[line+1]
	}
	for end > m.lines[line] && (m.text[end-1] == '\n' || m.text[end-1] == '\r') {
		end--
	}
	return end
}

// offset converts a client's position. As the protocol demands, a column past
// the end of its line means the end of the line; a line past the end of the
// text means the end of the text.
func (m *mapper) offset(p protocol.Position) int {
	if uint64(p.Line) >= uint64(len(m.lines)) {
		return len(m.text)
	}
	line := int(p.Line)
	start, end := m.lines[line], m.lineEnd(line)
	column := int(min(uint64(p.Character), uint64(end-start)+3))
	if line == 0 {
		column = max(0, column-m.markWidth())
	}
	if m.enc == utf8bytes {
		return min(start+column, end)
	}
	i := start
	for i < end && column > 0 {
		r, n := utf8.DecodeRune(m.text[i:end])
		w := 1
		if r > 0xffff {
			w = 2
		}
		if w > column { // in the middle of a pair: before it
			break
		}
		column -= w
		i += n
	}
	return i
}

func (m *mapper) span(r protocol.Range) drift.Span {
	start, end := m.offset(r.Start), m.offset(r.End)
	return drift.Span{Start: min(start, end), End: max(start, end)}
}

// utf16Len is the number of UTF-16 units of a text. A byte that is not UTF-8
// is shown by editors as one replacement character.
func utf16Len(b []byte) int {
	n := 0
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			n++
			b = b[1:]
			continue
		}
		r, size := utf8.DecodeRune(b)
		n++
		if r > 0xffff {
			n++
		}
		b = b[size:]
	}
	return n
}
