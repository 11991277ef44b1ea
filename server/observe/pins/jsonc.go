package pins

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/tailscale/hujson"

	"godrift.dev/server/drift"
)

const (
	maxJSON      = 1 << 20
	maxJSONDepth = 200
)

// jsonFile is a JSON file that may have comments and trailing commas.
type jsonFile struct {
	doc      drift.Document
	root     hujson.Value
	problems []drift.Problem
}

// readJSONC parses a file. A broken one is read up to where it breaks.
func readJSONC(doc drift.Document) *jsonFile {
	f := &jsonFile{doc: doc, problems: encodingProblems(doc)}
	problem := func(at int, message string) {
		at = max(0, min(at, len(doc.Text)))
		f.problems = append(f.problems, drift.Problem{
			Place: drift.Place{File: doc.File, Span: drift.Span{Start: at, End: at}}, Message: message,
		})
	}
	if len(doc.Text) > maxJSON {
		problem(0, "the file is larger than 1 MB and was not read")
		return f
	}
	if jsonDepth(doc.Text) > maxJSONDepth {
		problem(0, fmt.Sprintf("the file nests deeper than %d and was not read", maxJSONDepth))
		return f
	}
	if len(bytes.TrimSpace(doc.Text)) == 0 {
		return f
	}
	// The parser keeps slices of what it is given, and the text is not its own.
	text := bytes.Clone(doc.Text)
	root, err := hujson.Parse(text)
	if err == nil {
		f.root = root
		return f
	}
	var line, column int
	message := strings.TrimPrefix(err.Error(), "hujson: ")
	at := 0
	if n, _ := fmt.Sscanf(message, "line %d, column %d", &line, &column); n == 2 {
		_, message, _ = strings.Cut(message, ": ")
		at = lineStart(text, line) + column - 1
	}
	problem(at, "not valid JSON: "+message)
	text = text[:min(max(at, 0), len(text))]
	whole, cut := closeJSON(text)
	if f.root, err = hujson.Parse(whole); err != nil {
		f.root, _ = hujson.Parse(cut)
	}
	return f
}

// lineStart is the offset of a line, counted from 1.
func lineStart(text []byte, line int) int {
	at := 0
	for ; line > 1; line-- {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
	}
	return at
}

// jsonScan calls yield for each bracket, comma and colon outside strings and
// comments.
func jsonScan(text []byte, yield func(at int, c byte)) {
	for at := 0; at < len(text); at++ {
		switch c := text[at]; {
		case c == '"':
			for at++; at < len(text) && text[at] != '"'; at++ {
				if text[at] == '\\' {
					at++
				}
			}
		case c == '/' && at+1 < len(text) && text[at+1] == '/':
			for at < len(text) && text[at] != '\n' {
				at++
			}
		case c == '/' && at+1 < len(text) && text[at+1] == '*':
			i := bytes.Index(text[at+2:], []byte("*/"))
			if i < 0 {
				return
			}
			at += 2 + i + 1
		case strings.IndexByte("{}[],", c) >= 0:
			yield(at, c)
		}
	}
}

func jsonDepth(text []byte) int {
	depth, deepest := 0, 0
	jsonScan(text, func(_ int, c byte) {
		switch c {
		case '{', '[':
			depth++
			deepest = max(deepest, depth)
		case '}', ']':
			depth--
		}
	})
	return deepest
}

// closeJSON closes what is open at the end of the beginning of a file; in cut,
// without what stands behind the last bracket or comma.
func closeJSON(text []byte) (whole, cut []byte) {
	var open, kept []byte
	end := 0
	jsonScan(text, func(at int, c byte) {
		switch c {
		case '{':
			open = append(open, '}')
		case '[':
			open = append(open, ']')
		case '}', ']':
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
		end = at + 1
		if c == ',' {
			end = at
		}
		kept = append(kept[:0], open...)
	})
	slices.Reverse(kept)
	return append(bytes.Clone(text), kept...), append(bytes.Clone(text[:end]), kept...)
}

// each calls yield for each member of an object.
func (f *jsonFile) each(v *hujson.Value, yield func(key string, k, v *hujson.Value)) {
	if v == nil {
		return
	}
	object, ok := v.Value.(*hujson.Object)
	if !ok {
		return
	}
	for i := range object.Members {
		m := &object.Members[i]
		if key, ok := m.Name.Value.(hujson.Literal); ok {
			yield(key.String(), &m.Name, &m.Value)
		}
	}
}

// get looks up a member; of several the last one, as JavaScript does.
func (f *jsonFile) get(v *hujson.Value, path ...string) *hujson.Value {
	for _, name := range path {
		var found *hujson.Value
		f.each(v, func(key string, _, v *hujson.Value) {
			if key == name {
				found = v
			}
		})
		if v = found; v == nil {
			return nil
		}
	}
	return v
}

// items calls yield for each element of an array.
func (f *jsonFile) items(v *hujson.Value, yield func(v *hujson.Value)) {
	if v == nil {
		return
	}
	if array, ok := v.Value.(*hujson.Array); ok {
		for i := range array.Elements {
			yield(&array.Elements[i])
		}
	}
}

// str is the text of a string and where its characters stand.
func (f *jsonFile) str(v *hujson.Value) (template, bool) {
	var t template
	if v == nil {
		return t, false
	}
	literal, ok := v.Value.(hujson.Literal)
	if !ok || literal.Kind() != '"' || len(literal) < 2 {
		return t, false
	}
	raw := string(literal[1 : len(literal)-1])
	at := v.StartOffset + 1
	for i := 0; i < len(raw); {
		if raw[i] != '\\' {
			t.literal(raw[i:i+1], at+i)
			i++
			continue
		}
		n := 2
		if i+1 < len(raw) && raw[i+1] == 'u' {
			n = 6
		}
		n = min(n, len(raw)-i)
		var decoded string
		if json.Unmarshal([]byte(`"`+raw[i:i+n]+`"`), &decoded) != nil {
			decoded = string(utf8.RuneError)
		}
		for k := range len(decoded) {
			t.add(decoded[k], origin{start: at + i, end: at + i + n})
		}
		i += n
	}
	return t, true
}

// text is the text of a string; empty for anything else.
func (f *jsonFile) text(v *hujson.Value) string {
	t, _ := f.str(v)
	return string(t.text)
}
