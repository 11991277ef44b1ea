package pins

import "strings"

// hclValue is a value of an HCL file: a string with its ${...}, a name or a
// number, a list, an object. What else there is has kind 0.
type hclValue struct {
	kind  byte // '"', 'w', '[', '{' or 0
	start int  // of the text, without quotes
	end   int
	items []hclValue
	attrs []hclAttr
}

// hclAttr is name = value, or a block: type "label" { ... }.
type hclAttr struct {
	name  string
	label string
	block bool
	value hclValue
}

// hclReader reads the part of HCL that files for bake are written in, see
// https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md. Expressions
// other than literals and names are stepped over.
type hclReader struct {
	text  string
	at    int
	depth int
}

const maxHCLDepth = 50

// blank steps over blanks and comments; lines tells whether line ends count as
// blanks.
func (r *hclReader) blank(lines bool) {
	for r.at < len(r.text) {
		rest := r.text[r.at:]
		switch {
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || lines && rest[0] == '\n':
			r.at++
		case rest[0] == '#' || strings.HasPrefix(rest, "//"):
			i := strings.IndexByte(rest, '\n')
			if i < 0 {
				i = len(rest)
			}
			r.at += i
		case strings.HasPrefix(rest, "/*"):
			i := strings.Index(rest, "*/")
			if i < 0 {
				r.at = len(r.text)
				return
			}
			r.at += i + 2
		default:
			return
		}
	}
}

// peek is the next character; 0 at the end. A zero byte counts as a blank.
func (r *hclReader) peek() byte {
	if r.at >= len(r.text) {
		return 0
	}
	if c := r.text[r.at]; c != 0 {
		return c
	}
	return ' '
}

// body reads attributes and blocks up to the closing brace or the end.
func (r *hclReader) body() []hclAttr {
	var all []hclAttr
	for {
		r.blank(true)
		switch c := r.peek(); {
		case c == 0:
			return all
		case c == '}':
			r.at++
			return all
		case c == '"' || isVariableByte(c):
			all = append(all, r.attribute())
		default:
			r.at++
		}
	}
}

func (r *hclReader) attribute() hclAttr {
	a := hclAttr{name: r.word()}
	r.blank(false)
	for c := r.peek(); c == '"' || isVariableByte(c); c = r.peek() {
		a.label = r.word()
		r.blank(false)
	}
	switch r.peek() {
	case '{':
		a.block, a.value = true, r.value()
	case '=', ':':
		r.at++
		r.blank(false)
		a.value = r.expression()
	}
	return a
}

// word reads a name, quoted or not.
func (r *hclReader) word() string {
	if r.peek() == '"' {
		v := r.str()
		return r.text[v.start:v.end]
	}
	start := r.at
	for r.at < len(r.text) && (isVariableByte(r.text[r.at]) || r.text[r.at] == '-') {
		r.at++
	}
	return r.text[start:r.at]
}

func (r *hclReader) str() hclValue {
	r.at++
	v := hclValue{kind: '"', start: r.at}
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '\\':
			r.at += 2
		case c == '"' || c == '\n':
			v.end = r.at
			r.at++
			return v
		case strings.HasPrefix(r.text[r.at:], "${"):
			end, ok := nestedDollar(r.text, r.at)
			if !ok {
				r.at++
				continue
			}
			r.at = end
		default:
			r.at++
		}
	}
	r.at = len(r.text)
	v.end = r.at
	return v
}

// expression reads the value of an attribute. One that goes on after its first
// value is not one that is known here.
func (r *hclReader) expression() hclValue {
	v := r.value()
	r.blank(false)
	switch r.peek() {
	case '\n', ',', '}', ']', 0:
		return v
	}
	v = hclValue{}
	for depth := 0; r.at < len(r.text); {
		switch c := r.text[r.at]; {
		case c == '"':
			r.str()
			continue
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth == 0 && (c == '\n' || c == ',' || c == '}' || c == ']'):
			return v
		case c == ')' || c == ']' || c == '}':
			depth--
		}
		r.at++
	}
	return v
}

func (r *hclReader) value() hclValue {
	if r.depth >= maxHCLDepth {
		r.at = len(r.text)
		return hclValue{}
	}
	r.depth++
	defer func() { r.depth-- }()
	c := r.peek()
	v := hclValue{kind: c, start: r.at}
	switch {
	case c == '"':
		return r.str()
	case c == '{':
		r.at++
		v.attrs = r.body()
	case c == '[':
		r.at++
		for {
			r.blank(true)
			switch r.peek() {
			case 0:
				v.end = r.at
				return v
			case ']':
				r.at++
				v.end = r.at
				return v
			case ',':
				r.at++
				continue
			}
			before := r.at
			v.items = append(v.items, r.expression())
			if r.at == before {
				r.at++
			}
		}
	case isVariableByte(c):
		v.kind = 'w'
		for r.at < len(r.text) && (isVariableByte(r.text[r.at]) || r.text[r.at] == '.') {
			r.at++
		}
	default:
		v.kind = 0
	}
	v.end = r.at
	return v
}
