package tell

import "strings"

// markdownEscape writes what has a meaning in Markdown as itself: the characters that
// CommonMark lets a backslash take the meaning from (https://spec.commonmark.org/0.31.2/#backslash-escapes),
// as far as they have one within a line.
const markdownSpecial = "\\`*_{}[]<>()#+-!|~&$=:."

// Escape is one line of text from outside in Markdown, where it reads as itself and is
// nothing else: no link, no image, no mark-up, no HTML. A name behind an @ is nobody's:
// where a person would be told, a mark that joins words and has no width stands between.
func Escape(text string) string {
	text = Flat(text)
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == '@':
			b.WriteString("@\u2060")
			continue
		case r < 0x80 && strings.ContainsRune(markdownSpecial, r) && special(text, i, r):
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// special reports whether a character has a meaning where it stands: a full stop in the
// middle of a sentence has none, and what is escaped without need is hard to read.
func special(text string, i int, r rune) bool {
	switch r {
	case '-', '+', '=':
		return i == 0 // a list, or a line under a heading
	case '#':
		return i == 0 || text[i-1] == ' '
	case '.', ')':
		// The number of a list begins the line.
		return i > 0 && strings.Trim(text[:i], "0123456789") == "" && (i+1 == len(text) || text[i+1] == ' ')
	case '(':
		return i > 0 && text[i-1] == ']'
	case ':':
		// An address becomes a link of itself.
		return strings.HasPrefix(text[i:], "://")
	case '_':
		return true
	}
	return true
}

// Code is text from outside as code within a line.
func Code(text string) string {
	text = strings.TrimSpace(Flat(text))
	if text == "" {
		return "` `"
	}
	fence := strings.Repeat("`", 1+longestRun(text, '`'))
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun is how often a character stands in a row.
func longestRun(text string, c byte) int {
	longest, run := 0, 0
	for i := range len(text) {
		if text[i] != c {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
