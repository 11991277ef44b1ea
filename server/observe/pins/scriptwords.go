package pins

import "strings"

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
