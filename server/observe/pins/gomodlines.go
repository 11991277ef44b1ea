package pins

import (
	"strings"
	"unicode"
)

// token is one word of a go.mod or go.work file, with its place in the text.
type token struct {
	text       string
	start, end int
}

// statement is one line of a go.mod or go.work file that says something:
// "go 1.25", or a line of a block.
type statement struct {
	verb token
	args []token
	// block is the verb of the block the line stands in; empty at top level.
	block string
	// opens says that the line opens a block.
	opens bool
}

// value is the text of all arguments, as it stands in the file.
func (s statement) value(text string) token {
	if len(s.args) == 0 {
		return token{start: s.verb.end, end: s.verb.end}
	}
	start, end := s.args[0].start, s.args[len(s.args)-1].end
	return token{text: text[start:end], start: start, end: end}
}

// modFile is a go.mod or go.work file taken apart line by line. Unlike
// modfile.Parse, which gives up at the first error, it yields what can be read.
type modFile struct {
	text       string
	statements []statement
	// odd says that modfile.Parse may have something to complain about.
	odd bool
}

// verbs are the words a line at top level can start with, see modfile.File.add
// and modfile.WorkFile.add. The value says whether they can open a block.
var verbs = map[string]bool{
	"module": true, "go": false, "toolchain": false, "godebug": true, "require": true,
	"exclude": true, "replace": true, "retract": true, "tool": true, "ignore": true, "use": true,
}

// splitModFile reads a text with the lexical rules of modfile/read.go: words
// are separated by blanks and the characters ()[]{}, and // starts a comment.
func splitModFile(text string) *modFile {
	f := &modFile{text: text}
	block := ""
	var words []token
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		var whole bool
		words, whole = splitWords(words[:0], text, start, end)
		f.odd = f.odd || !whole
		start = end + 1
		if len(words) == 0 {
			continue
		}
		first, last := words[0].text, words[len(words)-1].text
		if block != "" {
			if first == ")" {
				f.odd = f.odd || len(words) > 1
				block = ""
				continue
			}
			f.add(statement{verb: token{start: words[0].start, end: words[0].start}, args: words, block: block})
			continue
		}
		s := statement{verb: words[0], args: words[1:]}
		if canOpen, known := verbs[first]; !known || last == "(" && !canOpen {
			f.odd = true
		}
		if len(words) > 1 && last == "(" {
			s.opens, s.args = true, words[1:len(words)-1]
			if f.closed(start) {
				block = first
			} else {
				f.odd = true
			}
		}
		f.add(s)
	}
	return f
}

// add keeps a statement; its arguments are copied, since the caller reuses them.
func (f *modFile) add(s statement) {
	verb := s.block
	if verb == "" {
		verb = s.verb.text
	}
	switch verb {
	case "require", "exclude":
		// The bulk of most files, and of no interest beyond its form.
		f.odd = f.odd || !s.opens && (len(s.args) != 2 || !strings.HasPrefix(s.args[1].text, "v"))
		return
	case "replace", "retract", "tool", "ignore":
		return
	}
	s.args = append([]token(nil), s.args...)
	f.statements = append(f.statements, s)
}

// closed reports whether a block that starts at offset from is closed before
// another one is opened: the text may be half typed.
func (f *modFile) closed(from int) bool {
	rest := f.text[min(from, len(f.text)):]
	for len(rest) > 0 {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, ")") {
			return true
		}
		line, _, _ = strings.Cut(line, "//")
		if strings.HasSuffix(strings.TrimSpace(line), "(") {
			return false
		}
	}
	return false
}

// splitWords appends the words of text[start:end], one line, to words. It
// reports whether all of it was lexically right.
func splitWords(words []token, text string, start, end int) ([]token, bool) {
	right := true
	for i := start; i < end; {
		c := text[i]
		switch {
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case c == '/' && i+1 < end && text[i+1] == '/':
			return words, right
		case isPunctuation(c):
			words = append(words, token{text: text[i : i+1], start: i, end: i + 1})
			i++
			continue
		}
		j := i
		if c == '"' || c == '`' {
			j = endOfString(text, i, end)
			if j > end {
				j, right = trimRight(text, i, end), false
			}
		} else {
			for j < end && !isPunctuation(text[j]) && text[j] > ' ' {
				if text[j] == '/' && j+1 < end && (text[j+1] == '/' || text[j+1] == '*') {
					right = right && text[j+1] == '/'
					break
				}
				right = right && text[j] < 0x7f
				j++
			}
			if j == i { // a control character, or the start of a /* comment
				right = false
				j++
			}
		}
		words = append(words, token{text: text[i:j], start: i, end: j})
		i = j
	}
	return words, right
}

func isPunctuation(c byte) bool {
	switch c {
	case '(', ')', '[', ']', '{', '}', ',':
		return true
	}
	return false
}

// endOfString returns the offset behind the string that starts at i, more than
// end if the line ends first.
func endOfString(text string, i, end int) int {
	quote := text[i]
	for j := i + 1; j < end; j++ {
		switch {
		case text[j] == quote:
			return j + 1
		case text[j] == '\\' && quote == '"':
			j++
		}
	}
	return end + 1
}

// trimRight returns the end of text[start:end] without blanks at its end.
func trimRight(text string, start, end int) int {
	return start + len(strings.TrimRight(text[start:end], " \t\r"))
}

// earlyLine finds what the go command takes for the value of key before it
// parses the file: the first line that, trimmed, starts with the key and a
// blank, up to a comment. It is GoModLookup of cmd/go/internal/gover/gomod.go,
// which sees lines inside blocks too.
func earlyLine(text, key string) (value token, ok bool) {
	for start := 0; start < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := strings.TrimSpace(text[start:end])
		rest, has := strings.CutPrefix(line, key)
		if has && rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
			from := start + strings.Index(text[start:end], line) + len(key)
			rest, _, _ = strings.Cut(rest, "//")
			from += len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
			trimmed := strings.TrimSpace(rest)
			return token{text: trimmed, start: from, end: from + len(trimmed)}, true
		}
		start = end + 1
	}
	return token{}, false
}
