package tell

import (
	"bytes"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// longest is how many columns of a quoted line are shown; longer ones are cut
// around the place that matters.
const longest = 160

// quote is one line of a file, ready to be shown with marks under it.
type quote struct {
	line   int
	text   string
	indent int // columns before the marks
	marks  int // columns to mark, at least 1
}

// quoteOf finds the line that a place starts on. It is false if the text is not
// at hand or the place names the file as a whole.
func quoteOf(p drift.Place, texts Texts) (quote, bool) {
	if p.File == "" || p.Span == (drift.Span{}) {
		return quote{}, false
	}
	doc, ok := texts(p.File)
	if !ok {
		return quote{}, false
	}
	text := doc.Text
	start := max(0, min(p.Span.Start, len(text)))
	from := bytes.LastIndexByte(text[:start], '\n') + 1
	to := len(text)
	if n := bytes.IndexByte(text[start:], '\n'); n >= 0 {
		to = start + n
	}
	// A carriage return belongs to the line end, unless the place is about it.
	for to > start && to > from && text[to-1] == '\r' {
		to--
	}
	end := max(start, min(p.Span.End, to))

	before, marked, after := text[from:start], text[start:end], text[end:to]
	if i := bytes.IndexByte(marked, '\n'); i >= 0 {
		marked, after = marked[:i], nil
	}
	before, marked, after = hide(before, marked, after)
	cutLeft, cutRight := false, false
	if len(before) > longest/2 {
		before, cutLeft = wholeRunes(before[len(before)-longest/2:]), true
	}
	if len(marked) > longest {
		marked, after, cutRight = marked[:longest], nil, true
	}
	if len(after) > longest/2 {
		after, cutRight = after[:longest/2], true
	}

	left := expand(string(before), 0)
	if cutLeft {
		left = "…" + left
	}
	middle := expand(string(marked), width(left))
	right := expand(string(after), width(left)+width(middle))
	if cutRight {
		right += "…"
	}
	return quote{
		line:   1 + bytes.Count(text[:start], []byte("\n")),
		text:   strings.TrimRight(left+middle+right, " "),
		indent: width(left),
		marks:  max(1, width(middle)),
	}, true
}

// hide masks what is secret in a line, a GOENV file's for example. The marks
// stay where they are as far as the text under them does.
func hide(before, marked, after []byte) (b, m, a []byte) {
	line := string(before) + string(marked) + string(after)
	shown := drift.MaskText(line)
	if name, value, ok := strings.Cut(line, "="); ok && !strings.ContainsAny(name, " \t\"'") {
		shown = name + "=" + drift.MaskText(drift.Mask(name, value))
	}
	switch {
	case shown == line:
		return before, marked, after
	case strings.HasPrefix(shown, string(before)+string(marked)):
		return before, marked, []byte(shown[len(before)+len(marked):])
	case strings.HasPrefix(shown, string(before)):
		return before, []byte(shown[len(before):]), nil
	}
	return nil, []byte(shown), nil
}

// wholeRunes drops the rest of a character that a cut went through.
func wholeRunes(b []byte) []byte {
	for i := 0; i < len(b) && i < 3; i++ {
		if b[i]&0xc0 != 0x80 {
			return b[i:]
		}
	}
	return b
}

// gutter is how wide the column of line numbers must be.
func gutter(quotes []quote) int {
	n := 1
	for _, q := range quotes {
		n = max(n, len(strconv.Itoa(q.line)))
	}
	return n
}
