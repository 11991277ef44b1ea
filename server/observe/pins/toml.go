package pins

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"

	"godrift.dev/server/drift"
)

// The limits of a TOML file that pins a Go version. A real one is a page long.
const (
	maxTOML       = 1 << 20
	maxTOMLNodes  = 20_000
	maxTOMLDepth  = 16
	maxTOMLErrors = 20
)

// tomlValue is a value of a TOML file that holds no others, with the keys that
// lead to it.
type tomlValue struct {
	// path holds all keys, those of the headers too.
	path []string
	// table numbers the table, in-line ones too, that the value stands in, so
	// that what stands beside it can be found.
	table int
	// item counts the values of an array; -1 for a value that is in none.
	item int
	// text is the value, span its place without quotes.
	text string
	span drift.Span
	// isText says that the value is text and no number, date or boolean.
	isText bool
}

// key is the last key of the value.
func (v tomlValue) key() string { return v.path[len(v.path)-1] }

// tomlReader walks a TOML file with the parser of go-toml, which gives places
// but no tree. It goes on behind an error, on the next line.
type tomlReader struct {
	doc    drift.Document
	parser unstable.Parser
	offset int // of what the parser reads
	header []string
	tables int
	nodes  int

	values   []tomlValue
	problems []drift.Problem
}

// readTOML reads a TOML file (https://toml.io/en/v1.0.0).
func readTOML(doc drift.Document) ([]tomlValue, []drift.Problem) {
	r := &tomlReader{doc: doc, problems: encodingProblems(doc)}
	if len(doc.Text) > maxTOML {
		r.problem(drift.Span{}, "the file is larger than 1 MiB, so it is not read")
		return nil, r.problems
	}
	rest := doc.Text[:len(doc.Text):len(doc.Text)]
	for range maxTOMLErrors {
		at := r.part(rest)
		if at < 0 {
			break
		}
		i := bytes.IndexByte(rest[at:], '\n')
		if i < 0 {
			break
		}
		r.offset += at + i + 1
		rest = rest[at+i+1:]
	}
	return r.values, r.problems
}

// part reads text up to the first error, whose offset it returns; -1 if there
// is none.
func (r *tomlReader) part(text []byte) int {
	r.parser.Reset(text)
	for r.parser.NextExpression() {
		e := r.parser.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			r.header = keysOf(nil, e)
			r.tables++
		case unstable.KeyValue:
			r.keyValue(r.header, r.tables, -1, e, 0)
		}
		if r.nodes > maxTOMLNodes {
			r.problem(drift.Span{}, "the file has too many entries; it is read up to a part")
			return -1
		}
	}
	var syntax *unstable.ParserError
	if !errors.As(r.parser.Error(), &syntax) {
		return -1
	}
	// The highlight is a part of text, or nothing at all.
	at := cap(text) - cap(syntax.Highlight)
	if cap(syntax.Highlight) == 0 || at < 0 || at > len(text) {
		at = len(text)
	}
	end := min(at+len(syntax.Highlight), len(text))
	if i := bytes.IndexByte(text[at:end], '\n'); i >= 0 {
		end = at + i
	}
	r.halfHeader(text, at)
	r.problem(drift.Span{Start: r.offset + at, End: r.offset + end}, fmt.Sprintf("this is not TOML: %s", syntax.Message))
	return at
}

// halfHeader takes "[tools" for a header, so that what follows is not taken for
// a part of the table above.
func (r *tomlReader) halfHeader(text []byte, at int) {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(string(text[start:]), "\n")
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "[") {
		r.header = nil
		for key := range strings.SplitSeq(strings.Trim(line, "[]"), ".") {
			r.header = append(r.header, strings.Trim(key, " \t\"'"))
		}
		r.tables++
	}
}

func (r *tomlReader) problem(at drift.Span, message string) {
	r.problems = append(r.problems, drift.Problem{Place: drift.Place{File: r.doc.File, Span: at}, Message: message})
}

// keysOf appends the keys of a header or of a key and its value to path.
func keysOf(path []string, e *unstable.Node) []string {
	path = path[:len(path):len(path)]
	for keys := e.Key(); keys.Next(); {
		path = append(path, string(keys.Node().Data))
	}
	return path
}

func (r *tomlReader) keyValue(path []string, table, item int, e *unstable.Node, depth int) {
	r.value(keysOf(path, e), table, item, e.Value(), depth)
}

func (r *tomlReader) value(path []string, table, item int, v *unstable.Node, depth int) {
	r.nodes++
	if depth > maxTOMLDepth || r.nodes > maxTOMLNodes || len(path) == 0 {
		return
	}
	switch v.Kind {
	case unstable.InlineTable:
		r.tables++
		inner := r.tables
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.KeyValue {
				r.keyValue(path, inner, item, it.Node(), depth+1)
			}
		}
	case unstable.Array:
		n := 0
		for it := v.Children(); it.Next(); {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			r.value(path, table, n, it.Node(), depth+1)
			n++
		}
	default:
		start := r.offset + int(v.Raw.Offset)
		at := drift.Span{Start: start, End: start + int(v.Raw.Length)}
		isText := v.Kind == unstable.String
		if isText {
			at = insideQuotes(r.doc.Text, at)
		}
		r.values = append(r.values, tomlValue{path: path, table: table, item: item, text: string(v.Data), span: at, isText: isText})
	}
}

// insideQuotes is the span of a TOML text without its quotes, and without the
// newline that a text in three quotes may start with.
func insideQuotes(text []byte, at drift.Span) drift.Span {
	s := string(text[at.Start:at.End])
	for _, quote := range []string{`"""`, "'''", `"`, "'"} {
		if len(s) < 2*len(quote) || !strings.HasPrefix(s, quote) || !strings.HasSuffix(s, quote) {
			continue
		}
		at.Start, at.End = at.Start+len(quote), at.End-len(quote)
		if len(quote) == 3 {
			s = string(text[at.Start:at.End])
			at.Start += len(s) - len(strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n"))
		}
		return at
	}
	return at
}
