package pins

import (
	"sort"
	"strings"
	"unicode"
)

// dockerInstruction is one instruction of a Dockerfile, its continuation lines
// put together and the comments between them left out.
type dockerInstruction struct {
	name  string // in capitals
	flags []dockerWord
	// args is what follows the name and the flags.
	args dockerWord
	line *dockerLine
	// bodies are the contents of the heredocs.
	bodies []dockerBody
}

// dockerBody is the content of a heredoc, lines [start, end) of the text.
type dockerBody struct{ start, end int }

// dockerLine is a logical line. Its text stands in the document in pieces.
type dockerLine struct {
	text   string
	pieces []dockerPiece
}

// dockerPiece says where the text from a byte of the logical line on stands.
type dockerPiece struct{ at, doc int }

// dockerWord is a part of a logical line.
type dockerWord struct{ start, end int }

// offset is where a byte of the logical line stands in the document.
func (l *dockerLine) offset(at int) int {
	i := sort.Search(len(l.pieces), func(i int) bool { return l.pieces[i].at > at }) - 1
	if i < 0 {
		return 0
	}
	return l.pieces[i].doc + at - l.pieces[i].at
}

func (l *dockerLine) word(w dockerWord) string { return l.text[w.start:w.end] }

// dockerLexer takes a Dockerfile apart as BuildKit does, see
// github.com/moby/buildkit/frontend/dockerfile/parser. What BuildKit refuses
// as a whole is read as far as it goes.
type dockerLexer struct {
	text   string
	at     int
	escape byte
	// directives says that parser directives may still come.
	directives bool
	// unended counts the heredocs that did not end.
	unended int
}

// maxUnended is how many heredocs without an end are looked for.
const maxUnended = 10

// lexDockerfile yields the instructions of a Dockerfile and its escape
// character.
func lexDockerfile(text string) ([]dockerInstruction, byte) {
	l := &dockerLexer{text: text, escape: '\\', directives: true}
	var all []dockerInstruction
	for l.at < len(l.text) {
		line := l.logical()
		if line == nil {
			continue
		}
		in := l.instruction(line)
		if (in.name == "RUN" || in.name == "COPY" || in.name == "ADD") && strings.Contains(line.text, "<<") && !isJSONForm(in) {
			in.bodies = l.heredocs(line.text)
		}
		all = append(all, in)
	}
	return all, l.escape
}

func isJSONForm(in dockerInstruction) bool {
	args := strings.TrimSpace(in.line.word(in.args))
	return strings.HasPrefix(args, "[") && strings.HasSuffix(args, "]") && strings.Contains(args, `"`)
}

// next is the next line of the text, without its end.
func (l *dockerLexer) next() (start, end int) {
	start = l.at
	end = len(l.text)
	if i := strings.IndexByte(l.text[start:], '\n'); i >= 0 {
		end = start + i
		l.at = end + 1
	} else {
		l.at = end
	}
	for end > start && l.text[end-1] == '\r' {
		end--
	}
	return start, end
}

// logical reads a line with those that continue it; nil for comments and empty
// lines.
func (l *dockerLexer) logical() *dockerLine {
	start, end := l.next()
	for start < end && isDockerSpace(l.text[start]) {
		start++
	}
	if l.directive(l.text[start:end]) || start < end && l.text[start] == '#' {
		return nil
	}
	end, more := l.continued(start, end)
	if !more && start == end {
		return nil
	}
	line := &dockerLine{pieces: []dockerPiece{{0, start}}}
	if !more {
		line.text = l.text[start:end]
		return line
	}
	var b strings.Builder
	b.WriteString(l.text[start:end])
	for more && l.at < len(l.text) {
		start, end := l.next()
		trimmed := strings.TrimLeftFunc(l.text[start:end], unicode.IsSpace)
		if trimmed == "" || trimmed[0] == '#' {
			continue
		}
		end, more = l.continued(start, end)
		line.pieces = append(line.pieces, dockerPiece{b.Len(), start})
		b.WriteString(l.text[start:end])
	}
	line.text = b.String()
	return line
}

// continued says whether a line goes on in the next one: its last character
// that is not blank is the escape character, and no other stands before it.
func (l *dockerLexer) continued(start, end int) (int, bool) {
	at := end
	for at > start && (l.text[at-1] == ' ' || l.text[at-1] == '\t') {
		at--
	}
	if at == start || l.text[at-1] != l.escape || at-1 > start && l.text[at-2] == l.escape {
		return end, false
	}
	return at - 1, true
}

// directive reads a parser directive: # escape=`.
func (l *dockerLexer) directive(line string) bool {
	if !l.directives {
		return false
	}
	rest, ok := strings.CutPrefix(line, "#")
	key, value, has := strings.Cut(rest, "=")
	value = strings.TrimSpace(value)
	if !ok || !has || value == "" {
		l.directives = false
		return false
	}
	switch strings.ToLower(strings.TrimSpace(key)) {
	case "syntax", "check":
		return true
	case "escape":
		if value == "`" || value == `\` {
			l.escape = value[0]
		}
		return true
	}
	l.directives = false
	return false
}

// instruction splits a logical line into name, flags and the rest.
func (l *dockerLexer) instruction(line *dockerLine) dockerInstruction {
	text := line.text
	start := 0
	for start < len(text) && isDockerSpace(text[start]) {
		start++
	}
	at := start
	for at < len(text) && !isDockerBlank(text[at]) {
		at++
	}
	in := dockerInstruction{name: strings.ToUpper(text[start:at]), line: line}
	return l.flags(in, at)
}

func (l *dockerLexer) flags(in dockerInstruction, at int) dockerInstruction {
	text := in.line.text
	for {
		for at < len(text) && isDockerSpace(text[at]) {
			at++
		}
		if !strings.HasPrefix(text[at:], "--") {
			break
		}
		start := at
		var quote byte
		for ; at < len(text) && (quote != 0 || !isDockerSpace(text[at])); at++ {
			switch c := text[at]; {
			case c == l.escape:
				at++
			case c == quote:
				quote = 0
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			}
		}
		at = min(at, len(text))
		if at-start == 2 {
			break // "--" ends the flags
		}
		in.flags = append(in.flags, dockerWord{start, at})
	}
	end := len(text)
	for at < end && isDockerSpace(text[at]) {
		at++
	}
	for end > at && isDockerSpace(text[end-1]) {
		end--
	}
	in.args = dockerWord{at, end}
	if in.name != "ONBUILD" {
		return in
	}
	// What ONBUILD announces is an instruction of its own.
	word := at
	for word < end && !isDockerBlank(text[word]) {
		word++
	}
	if name := strings.ToUpper(text[at:word]); name != "" && name != "ONBUILD" {
		in.name, in.flags = name, nil
		return l.flags(in, word)
	}
	return in
}

// heredocs finds the heredocs a line announces and steps over their contents.
// One that never ends is not one.
func (l *dockerLexer) heredocs(line string) []dockerBody {
	var bodies []dockerBody
	for _, h := range heredocNames(line) {
		if l.unended == maxUnended {
			break
		}
		before := l.at
		body := dockerBody{start: l.at, end: -1}
		for l.at < len(l.text) {
			start, end := l.next()
			text := l.text[start:end]
			if h.chomp {
				text = strings.TrimLeft(text, "\t")
			}
			if text == h.name {
				body.end = start
				break
			}
		}
		if body.end < 0 {
			l.at = before
			l.unended++
			return bodies
		}
		bodies = append(bodies, body)
	}
	return bodies
}

// dockerWords splits a text at blanks outside quotes, as ENV and ARG do.
func dockerWords(line *dockerLine, w dockerWord, escape byte) []dockerWord {
	var words []dockerWord
	text := line.text
	for at := w.start; at < w.end; {
		if isDockerSpace(text[at]) {
			at++
			continue
		}
		start := at
		var quote byte
		for ; at < w.end && (quote != 0 || !isDockerSpace(text[at])); at++ {
			switch c := text[at]; {
			case c == escape && quote != '\'':
				at++
			case quote != 0 && c == quote:
				quote = 0
			case quote == 0 && (c == '"' || c == '\''):
				quote = c
			}
		}
		at = min(at, w.end)
		words = append(words, dockerWord{start, at})
	}
	return words
}

// isDockerBlank is what separates the words of an instruction.
func isDockerBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'
}

// isDockerSpace is what is cut off around them.
func isDockerSpace(c byte) bool { return isDockerBlank(c) || c == '\n' }
