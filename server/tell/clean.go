package tell

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
)

// clean makes text from outside safe to print: a file name or a line of a
// go.mod can hold escape sequences, and marks that turn the direction of
// writing, which would show something else than what is there. Line ends and
// tabs stay.
func clean(s string) string {
	if isClean(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size == 1 || isHostile(r) {
			b.WriteRune(unicode.ReplacementChar)
		} else {
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

// Clean is text from outside, such as an error with a file name in it, safe to
// print on one line of a terminal.
func Clean(s string) string { return strings.ReplaceAll(clean(s), "\n", " ") }

// escape writes what clean takes out as JSON's escapes. Outside of its strings
// JSON has no such thing.
func escape(text []byte) []byte {
	at := bytes.IndexFunc(text, isHostile)
	if at < 0 {
		return text
	}
	out := make([]byte, 0, len(text)+len(text)/8)
	for at >= 0 {
		r, size := utf8.DecodeRune(text[at:])
		out = fmt.Appendf(append(out, text[:at]...), `\u%04x`, r)
		text = text[at+size:]
		at = bytes.IndexFunc(text, isHostile)
	}
	return append(out, text...)
}

func isClean(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7f {
			return false
		}
	}
	return true
}

func isHostile(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == '\u200e', r == '\u200f', r == '\u061c',
		r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	}
	return false
}

// tabStop is how wide a tab is at most; as in most editors and in rustc.
const tabStop = 4

// expand makes one line of text fit to be shown under a ruler: safe, and with
// blanks in place of tabs. column is where it starts.
func expand(s string, column int) string {
	s = clean(s)
	if !strings.Contains(s, "\t") {
		return s
	}
	var b strings.Builder
	for i, part := range strings.Split(s, "\t") {
		if i > 0 {
			n := tabStop - column%tabStop
			b.WriteString(strings.Repeat(" ", n))
			column += n
		}
		b.WriteString(part)
		column += width(part)
	}
	return b.String()
}

// width is the number of terminal columns that text takes, which must be clean
// and not painted.
func width(s string) int { return displaywidth.String(s) }

// OneLine is a text from outside as one line that is safe to show.
func OneLine(s string) string { return oneLine(s) }

// Flat is a text from outside on one line: line ends and tabs are blanks.
func Flat(s string) string {
	return clean(flat.Replace(s))
}

var flat = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ", "\t", " ")
