package pins

import (
	"path"
	"strings"
)

// dockerScope holds the variables that are set at one place of a Dockerfile: an
// ARG or ENV of the stage, or one that an earlier stage left in its image.
type dockerScope struct {
	vars   map[string]*declaration
	parent *dockerScope
	depth  int
}

// maxScopes is how many stages upon stages hand their variables on.
const maxScopes = 100

func newScope(parent *dockerScope) *dockerScope {
	s := &dockerScope{vars: map[string]*declaration{}, parent: parent}
	if parent != nil {
		s.depth = parent.depth + 1
	}
	if s.depth > maxScopes {
		s.parent = nil
	}
	return s
}

// platformScope holds the arguments that BuildKit sets for FROM lines, as they
// are where most builds run. Which stages are built may depend on them.
func platformScope() *dockerScope {
	s := newScope(nil)
	for _, kind := range []string{"BUILD", "TARGET"} {
		for _, v := range [][2]string{{"PLATFORM", "linux/amd64"}, {"OS", "linux"}, {"ARCH", "amd64"}, {"VARIANT", ""}} {
			s.vars[kind+v[0]] = &declaration{name: kind + v[0], known: true, value: literalTemplate(v[1], 0)}
		}
	}
	return s
}

func (s *dockerScope) get(name string) *declaration {
	for ; s != nil; s = s.parent {
		if d, ok := s.vars[name]; ok {
			return d
		}
	}
	return nil
}

// expander replaces variables in a part of a document.
type expander struct {
	text   string
	offset func(at int) int
	escape byte
	lookup func(name string) *declaration
	depth  int
}

// expand replaces the variables of text[start:end] and takes its quotes off,
// see github.com/moby/buildkit/frontend/dockerfile/shell.
func (e *expander) expand(start, end int) template {
	var t template
	e.into(&t, start, end)
	return t
}

func (e *expander) into(t *template, start, end int) {
	var quote byte
	for at := start; at < end; {
		switch c := e.text[at]; {
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
			at++
		case quote != 0 && c == quote:
			quote = 0
			at++
		case c == e.escape && quote != '\'':
			at++
			if at < end {
				if quote == '"' && e.text[at] != '"' && e.text[at] != '$' && e.text[at] != e.escape {
					t.literal(e.text[at-1:at], e.offset(at-1))
				}
				t.literal(e.text[at:at+1], e.offset(at))
				at++
			}
		case c == '$' && quote != '\'':
			at = e.variable(t, at, end)
		default:
			t.literal(e.text[at:at+1], e.offset(at))
			at++
		}
	}
}

// variable adds the value of the reference at at and returns where it ends.
func (e *expander) variable(t *template, at, end int) int {
	if at+1 >= end || e.text[at+1] != '{' {
		name := variableName(e.text[at+1 : end])
		if name == "" {
			t.literal("$", e.offset(at))
			return at + 1
		}
		stop := at + 1 + len(name)
		t.use(name, e.lookup(name), e.offset(at), e.offset(stop-1)+1)
		return stop
	}
	stop, ok := nestedDollar(e.text[:end], at)
	name := variableName(e.text[at+2 : end])
	if !ok || name == "" {
		t.literal(e.text[at:at+1], e.offset(at))
		return at + 1
	}
	from, to := e.offset(at), e.offset(stop-1)+1
	word := at + 2 + len(name)
	e.modified(t, name, word, stop-1, from, to)
	return stop
}

// modified adds ${name...}, whose part after the name is text[word:end].
func (e *expander) modified(t *template, name string, word, end, from, to int) {
	decl := e.lookup(name)
	set := decl != nil && decl.known
	if word >= end {
		t.use(name, decl, from, to)
		return
	}
	c := e.text[word]
	if c == ':' && word+1 < end {
		word++
		c = e.text[word]
		set = set && len(decl.value.text) > 0
	}
	e.depth++
	defer func() { e.depth-- }()
	if e.depth > maxNesting {
		t.use(name, nil, from, to)
		return
	}
	switch c {
	case '-', '=':
		if set {
			t.use(name, decl, from, to)
			return
		}
		t.inline(name, e.expand(word+1, end), from, to)
	case '+':
		if set {
			t.inline(name, e.expand(word+1, end), from, to)
		}
	case '?':
		t.use(name, decl, from, to)
	case '#', '%', '/':
		e.edited(t, name, decl, e.text[word:end], from, to)
	default:
		t.use(name, nil, from, to)
	}
}

// edited adds a value of which a pattern takes something away:
// ${GO_VERSION%.*}.
func (e *expander) edited(t *template, name string, decl *declaration, op string, from, to int) {
	if decl == nil || !decl.known || strings.IndexByte(string(decl.value.text), missingMark) >= 0 || len(decl.value.text) > 200 {
		t.use(name, nil, from, to)
		return
	}
	value := string(decl.value.text)
	cut := &declaration{name: name, known: true, at: decl.at}
	if op[0] == '/' {
		old, replacement, _ := strings.Cut(strings.TrimPrefix(op[1:], "/"), "/")
		if strings.ContainsAny(old+replacement, `*?[\$"'`) {
			t.use(name, nil, from, to)
			return
		}
		n := 1
		if strings.HasPrefix(op, "//") {
			n = -1
		}
		value = strings.Replace(value, old, replacement, n)
	} else {
		pattern := op[1:]
		greedy := pattern != "" && pattern[0] == op[0]
		if greedy {
			pattern = pattern[1:]
		}
		value = trimPattern(value, pattern, op[0] == '%', greedy)
	}
	cut.value = literalTemplate(value, 0)
	for i := range cut.value.from {
		cut.value.from[i].ref = &reference{name: name, decl: decl}
	}
	t.use(name, cut, from, to)
}

// trimPattern takes the shortest or longest part that matches a pattern off
// one end of a value.
func trimPattern(value, pattern string, suffix, greedy bool) string {
	for i := range len(value) + 1 {
		n := i
		if greedy {
			n = len(value) - i
		}
		part, rest := value[:n], value[n:]
		if suffix {
			part, rest = value[len(value)-n:], value[:len(value)-n]
		}
		if ok, err := path.Match(pattern, part); err == nil && ok {
			return rest
		}
	}
	return value
}
