package pins

import (
	"bytes"
	"slices"
	"strings"
)

// maxScriptNesting bounds how deep programs and defaults stand in one another.
const maxScriptNesting = 8

// scriptWord is one word of a command, its quotes taken off.
type scriptWord struct {
	template
	start, end int
	// assign is the length of NAME= at the start of the template, 0 if the word
	// assigns nothing.
	assign int
	// defaults are the words within ${NAME:-word} and ${NAME:=word}.
	defaults []scriptDefault
}

type scriptDefault struct {
	name  string
	value template
	at    int
}

// words reads the commands of a line, up to a comment.
func (s *script) words(start, end, depth int) {
	var line []scriptWord
	text := s.doc.Text
	for i := start; i < end; {
		c := text[i]
		switch {
		case s.expressionAt(i, end) > 0:
			w := s.word(i, end, depth)
			line = append(line, w)
			i = w.end
		case c == '#' && (i == start || separatesWords(text[i-1])):
			s.command(line)
			return
		case s.escapes && escapedBreak(text[i:end]):
			if text[i+1] != 't' {
				s.command(line)
				line = line[:0]
			}
			i += 2
		case c == ';' || c == '|' || c == '&':
			s.command(line)
			line = line[:0]
			i++
		case separatesWords(c) || c == '\\' && (i+1 == end || text[i+1] == '\r'):
			i++
		default:
			w := s.word(i, end, depth)
			line = append(line, w)
			i = max(w.end, i+1)
		}
	}
	s.command(line)
}

func separatesWords(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '\v', '\f', ';', '|', '&', '<', '>', '(', ')', '`', ',':
		return true
	}
	return false
}

// word reads one word: up to a blank, also within quotes, since a quoted text
// may hold a command.
func (s *script) word(start, end, depth int) scriptWord {
	w := scriptWord{start: start}
	text := s.doc.Text
	i := start
	for i < end {
		if n := s.expressionAt(i, end); n > 0 {
			s.within.resolve(&w.template, s.within.expression(text[i:i+n]), i, i+n)
			i += n
			continue
		}
		if separatesWords(text[i]) || s.escapes && escapedBreak(text[i:end]) {
			break
		}
		switch c := text[i]; {
		case c == '"' || c == '\'':
			i++
		case c == '\\' && i+1 < end:
			i++
			if text[i] != '"' && text[i] != '\'' {
				w.literal(string(text[i:i+1]), i)
			}
			i++
		case c == '$':
			i = s.dollar(&w.template, &w.defaults, i, end, depth)
		default:
			if c == '=' && w.assign == 0 && isName(w.text) && len(w.text) > 0 {
				w.assign = len(w.text) + 1
			}
			w.literal(string(text[i:i+1]), i)
			i++
		}
	}
	w.end = i
	return w
}

// dollar reads what starts with a dollar sign at i and returns the offset
// behind it.
func (s *script) dollar(t *template, defaults *[]scriptDefault, i, end, depth int) int {
	text := s.doc.Text
	start := i
	i++
	if s.make && i < end && text[i] == '$' { // $$NAME is the shell's $NAME
		i++
	}
	shell := !s.make || i-start == 2
	if i >= end {
		t.literal("$", start)
		return i
	}
	open := text[i]
	if open != '{' && open != '(' {
		j := i
		for j < end && isName(text[i:j+1]) {
			j++
		}
		if s.make && !shell {
			j = min(j, i+1)
		}
		if j == i {
			t.literal("$", start)
			return i
		}
		s.use(t, string(text[i:j]), start, j)
		return j
	}
	closing := matching(text[:end], i)
	if closing < 0 {
		t.literal("$", start)
		return i
	}
	inner := text[i+1 : closing]
	behind := closing + 1
	switch {
	case open == '(' && shell:
		s.useComputed(t, start, behind)
		if depth < maxScriptNesting {
			s.words(i+1, closing, depth+1)
		}
	case isName(inner):
		s.use(t, string(inner), start, behind)
	case !shell:
		s.useComputed(t, start, behind)
	default:
		s.parameter(t, defaults, i+1, closing, start, behind, depth)
	}
	return behind
}

// parameter reads the inside of ${NAME:-word}, ${NAME:=word} and the like.
func (s *script) parameter(t *template, defaults *[]scriptDefault, i, closing, start, behind, depth int) {
	text := s.doc.Text
	j := i
	for j < closing && isName(text[i:j+1]) {
		j++
	}
	name := string(text[i:j])
	operator := strings.TrimPrefix(string(text[j:min(j+2, closing)]), ":")
	if name == "" || operator == "" || operator[0] != '-' && operator[0] != '=' || depth >= maxScriptNesting {
		if name != "" && strings.HasPrefix(operator, "?") {
			s.use(t, name, start, behind)
			return
		}
		s.useComputed(t, start, behind)
		return
	}
	if text[j] == ':' {
		j++
	}
	w := s.word(j+1, closing, depth+1)
	*defaults = append(*defaults, w.defaults...)
	if len(w.text) == 0 {
		s.use(t, name, start, behind)
		return
	}
	*defaults = append(*defaults, scriptDefault{name, w.template, j + 1})
	t.inline(name, w.template, start, behind)
}

func (s *script) use(t *template, name string, start, end int) {
	decl := s.lookup(name, start)
	if decl == nil && s.within != nil && !s.computed[name] {
		s.within.variable(t, name, start, end)
		return
	}
	t.use(name, decl, start, end)
}

// useComputed adds what a program or a function of make works out.
func (s *script) useComputed(t *template, start, end int) { t.use(computedName, nil, start, end) }

// maxBracket is how far apart the two brackets of an expansion may be.
const maxBracket = 2048

// matching finds the bracket that closes the one at i; -1 if there is none.
func matching(text []byte, i int) int {
	open, closing, depth := text[i], byte('}'), 0
	if open == '(' {
		closing = ')'
	}
	for j := i; j < len(text) && j < i+maxBracket; j++ {
		switch text[j] {
		case open:
			depth++
		case closing:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// command looks at the words of one command.
func (s *script) command(words []scriptWord) {
	if !s.collect {
		s.installs(words)
	}
	s.container = s.container || slices.ContainsFunc(words, startsContainer)
	buildArg := false
	file := false
	for _, w := range words {
		source := s.sources.variable
		if name, ok := bytes.CutPrefix(w.text, []byte("--file=")); ok && len(name) > 0 {
			s.dockerfile = w.slice(len(w.text)-len(name), len(w.text)).shown()
		} else if file {
			s.dockerfile = w.shown()
		}
		file = string(w.text) == "-f" || string(w.text) == "--file"
		rest, isArg := bytes.CutPrefix(w.text, []byte("--build-arg="))
		if isArg || buildArg {
			source = s.sources.buildArg
		}
		buildArg = string(w.text) == "--build-arg"
		if isArg {
			if i := bytes.IndexByte(rest, '='); i > 0 && isName(rest[:i]) {
				w.assign = len(w.text) - len(rest) + i + 1
				w.template = w.slice(len(w.text)-len(rest), len(w.text))
				w.assign = i + 1
			}
		}
		if w.assign > 0 && w.assign <= len(w.text) {
			s.assigned(string(w.text[:w.assign-1]), w.slice(w.assign, len(w.text)), w.from[0].start, source)
		} else if !s.collect && !s.runs(w.template) && !says(words) {
			s.download(w.template)
		}
		s.defaultsOf(w)
	}
}

// runs looks for an image. In the file of a CI system, where commands print and
// search for all kinds of texts, only commands that start containers count.
func (s *script) runs(t template) bool {
	return (s.within == nil || s.container) && s.image(t, "")
}

// startsContainer reports whether a word is a program that runs images.
func startsContainer(w scriptWord) bool {
	switch name := string(w.text); name {
	case "docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "kubectl":
		return true
	}
	return false
}

// says reports whether a command only prints its words.
func says(words []scriptWord) bool {
	return len(words) > 0 && (string(words[0].text) == "echo" || string(words[0].text) == "printf")
}

// defaultsOf looks at the defaults of variables that hold a Go version, unless
// the word as a whole was found to be a pin.
func (s *script) defaultsOf(w scriptWord) {
	for _, d := range w.defaults {
		if s.collect || !goVariable(d.name) || s.covered(d.at) {
			continue
		}
		s.variable(&declaration{name: d.name, value: d.value, at: d.at, known: true})
	}
}

// covered reports whether a pin spans an offset.
func (s *script) covered(at int) bool {
	for i := len(s.pins) - 1; i >= 0 && i >= len(s.pins)-4; i-- {
		if span := s.pins[i].Place.Span; span.Start <= at && at < span.End {
			return true
		}
	}
	return false
}

// makeAssignment reads NAME = value, also with export, override and a target in
// front (https://www.gnu.org/software/make/manual/make.html#Setting). It reports
// false if the line is something else.
func (s *script) makeAssignment(start, end int) bool {
	text := s.doc.Text[start:end]
	equals := bytes.IndexByte(text, '=')
	if equals <= 0 {
		return false
	}
	if i := bytes.IndexByte(text, '#'); i >= 0 && i < equals {
		return i == 0
	}
	left := text[:equals]
	operator := byte('=')
	for len(left) > 0 && strings.IndexByte(":?+!", left[len(left)-1]) >= 0 {
		operator = left[len(left)-1]
		left = left[:len(left)-1]
	}
	if i := bytes.LastIndexByte(left, ':'); i >= 0 && bytes.IndexByte(left[:i], '$') < 0 {
		left = left[i+1:] // a target
	}
	fields := strings.Fields(string(left))
	for len(fields) > 1 && (fields[0] == "export" || fields[0] == "override" || fields[0] == "private" || fields[0] == "define" || fields[0] == "unexport") {
		fields = fields[1:]
	}
	if len(fields) != 1 || !isName([]byte(fields[0])) {
		return false
	}
	name := fields[0]
	from := start + equals + 1
	for from < end && isBlank(s.doc.Text[from]) {
		from++
	}
	at := start + bytes.LastIndex(s.doc.Text[start:start+equals], []byte(name))
	if operator == '+' {
		return true
	}
	if operator == '!' {
		s.computed[name] = true
		return true
	}
	to := end
	for i := from; i < end; i++ {
		if s.doc.Text[i] == '#' && (i == from || s.doc.Text[i-1] != '\\') {
			to = i
			break
		}
	}
	w := s.word(from, to, 0)
	w.end = max(w.end, from)
	if rest := bytes.TrimSpace(s.doc.Text[w.end:to]); len(rest) > 0 {
		s.words(from, to, 0) // several words: a command, or flags
		if !s.collect {
			return true
		}
		s.declare(name, template{}, at)
		return true
	}
	s.assigned(name, w.template, at, s.sources.variable)
	s.defaultsOf(w)
	return true
}
