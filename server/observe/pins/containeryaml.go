package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// nextShellVariable finds the first $NAME, ${NAME...} or $$ of a text, see
// [lookup]. The expression of $$ is $.
func nextShellVariable(text string) (start, end int, expr string, ok bool) {
	for at := 0; at < len(text); at++ {
		if text[at] != '$' || at+1 == len(text) {
			continue
		}
		switch next := text[at+1]; {
		case next == '$':
			return at, at + 2, "$", true
		case next == '{':
			stop, ok := nestedDollar(text, at)
			if !ok {
				continue
			}
			return at, stop, text[at+2 : stop-1], true
		case next == '_' || next >= 'a' && next <= 'z' || next >= 'A' && next <= 'Z':
			name := variableName(text[at+1:])
			return at, at + 1 + len(name), name, true
		}
	}
	return 0, 0, "", false
}

// interpolation makes a lookup of ${NAME}, ${NAME:-default} and what else
// compose knows, see https://docs.docker.com/reference/compose-file/interpolation/.
func interpolation(find func(name string) *declaration) lookup {
	var resolve func(t *template, expr string, start, end, depth int)
	resolve = func(t *template, expr string, start, end, depth int) {
		if expr == "$" {
			t.add('$', origin{start, end, nil})
			return
		}
		name := variableName(expr)
		decl := find(name)
		op := expr[len(name):]
		set := decl != nil && decl.known
		if rest, ok := strings.CutPrefix(op, ":"); ok {
			op = rest
			set = set && len(decl.value.text) > 0
		}
		word := ""
		if op != "" {
			word = op[1:]
		}
		inline := func() {
			var value template
			for depth < maxNesting {
				from, to, inner, ok := nextShellVariable(word)
				if !ok {
					break
				}
				for i := range from {
					value.add(word[i], origin{start, end, nil})
				}
				resolve(&value, inner, start, end, depth+1)
				word = word[to:]
			}
			for i := range len(word) {
				value.add(word[i], origin{start, end, nil})
			}
			t.inline(name, value, start, end)
		}
		switch {
		case op == "" || op[0] == '?':
			t.use(name, decl, start, end)
		case (op[0] == '-' || op[0] == '=') && set:
			t.use(name, decl, start, end)
		case op[0] == '-' || op[0] == '=':
			inline()
		case op[0] == '+':
			if set {
				inline()
			}
		default:
			t.use(name, nil, start, end)
		}
	}
	return func(t *template, expr string, start, end int) { resolve(t, expr, start, end, 0) }
}

// noVariables is the find of a file that declares none.
func noVariables(string) *declaration { return nil }

// pairs calls yield for each name and value of a mapping, or of a sequence of
// NAME=value.
func (c *ciFile) pairs(n *yaml.Node, resolve lookup, yield func(name string, v ciValue)) {
	c.each(n, func(key string, _, v *yaml.Node) {
		if value, ok := c.read(v, resolve); ok {
			yield(key, value)
		}
	})
	c.items(n, func(item *yaml.Node) {
		s, ok := c.scalar(item)
		if !ok {
			return
		}
		if name, v, ok := c.assigned(s, 0, resolve); ok {
			yield(name, v)
		}
	})
}

// assigned takes NAME=value apart, which begins at a byte of a scalar.
func (c *ciFile) assigned(s yamlScalar, start int, resolve lookup) (string, ciValue, bool) {
	name, value, ok := strings.Cut(s.text[start:], "=")
	if !ok || value == "" {
		return "", ciValue{}, false
	}
	from := len(s.text) - len(value)
	to := from + len(strings.TrimRight(value, " \t\r\n"))
	if to-from >= 2 && (s.text[from] == '"' || s.text[from] == '\'') && s.text[to-1] == s.text[from] {
		from, to = from+1, to-1
	}
	v := c.expand(s, from, to, resolve)
	return strings.TrimSpace(name), v, len(v.text) > 0
}

// containerSources are the sources of a file that sets variables for others.
type containerSources struct{ value, toolchain drift.Source }

// variable adds the pin of a variable that is set to a version or an image of
// Go, or of GOTOOLCHAIN. More is kept in the pin's extra.
func (c *ciFile) variable(name string, v ciValue, sources containerSources, role drift.Role, more ...string) {
	before := len(c.pins)
	switch r, isImage := readImage(v.template); {
	case name == "GOTOOLCHAIN":
		c.setting(v, sources.toolchain, role)
		return
	case isImage && (r.extra["why"] != "no tag" || imageVariable(name)):
		c.image(v, sources.value, role)
	case !goVariable(name) || strings.ContainsAny(string(v.text), "/: \t"):
		return
	default:
		if r := readVersion(v.template); v.written == "" && r.meaning == drift.MeaningUnknown {
			return
		}
		c.version(v, sources.value, role, readVersion)
	}
	for i := before; i < len(c.pins); i++ {
		pin := &c.pins[i]
		if pin.Extra["name"] == "" {
			pin.Extra = with(pin.Extra, "name", name)
		} else if pin.Extra["name"] != name {
			pin.Extra = with(pin.Extra, "arg", name)
		}
		for k := 0; k+1 < len(more); k += 2 {
			if more[k+1] != "" {
				pin.Extra = with(pin.Extra, more[k], more[k+1])
			}
		}
	}
}
