package policy

import (
	"errors"
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"

	"godrift.dev/server/drift"
)

// The limits of a godrift.toml. A real one holds a few dozen lines.
const (
	maxSize  = 1 << 20
	maxNodes = 20_000
	maxDepth = 8
)

// kind is what a node of the tree is.
type kind int

const (
	table kind = iota
	array
	text
	date
	other // numbers and booleans, which no key of ours takes
)

// node is a value of the document with its place. The parser of go-toml gives
// places but no tree; its decoder gives a tree but no places.
type node struct {
	kind  kind
	key   drift.Span // the key that led here, or the header
	span  drift.Span // the value; the header for tables
	text  string
	keys  []string // of a table, in order
	table map[string]*node
	items []*node
	// header says that a [header] named this table, static that it or this
	// array was written in place, so that nothing can be added later.
	header, static bool
	// dotted says that keys such as a.b made this table: only such keys and
	// headers of tables below it can add to it.
	dotted bool
}

// tree builds the tree of a document. It stops at the first syntax error, which
// becomes a problem; what came before it stands.
type tree struct {
	file     string
	parser   unstable.Parser
	root     *node
	problems []drift.Problem
	nodes    int
	// current is the table that keys without a header go to.
	current *node
	broken  bool
}

func parseTree(doc drift.Document) *tree {
	t := &tree{file: doc.File, root: newTable(drift.Span{})}
	t.current = t.root
	if len(doc.Text) > maxSize {
		t.stop(drift.Span{}, "This file is larger than 1 MiB, so it is not read. A policy needs a few lines.")
		return t
	}
	t.parser.Reset(doc.Text)
	for !t.broken && t.parser.NextExpression() {
		t.expression(t.parser.Expression())
	}
	var syntax *unstable.ParserError
	if err := t.parser.Error(); errors.As(err, &syntax) {
		r := t.parser.Range(syntax.Highlight)
		t.stop(span(r), fmt.Sprintf("This is not TOML: %s. Everything after this place is not read.", syntax.Message))
	} else if err != nil {
		t.stop(drift.Span{}, fmt.Sprintf("This is not TOML: %v.", err))
	}
	return t
}

func newTable(key drift.Span) *node {
	return &node{kind: table, key: key, span: key, table: map[string]*node{}}
}

func span(r unstable.Range) drift.Span {
	return drift.Span{Start: int(r.Offset), End: int(r.Offset) + int(r.Length)}
}

func (t *tree) problem(at drift.Span, format string, args ...any) {
	const enough = 100
	if len(t.problems) < enough {
		t.problems = append(t.problems, drift.Problem{
			Place:   drift.Place{File: t.file, Span: at},
			Message: fmt.Sprintf(format, args...),
		})
	}
}

func (t *tree) stop(at drift.Span, message string) {
	if !t.broken {
		t.problem(at, "%s", message)
	}
	t.broken = true
}

func (t *tree) expression(e *unstable.Node) {
	switch e.Kind {
	case unstable.Table, unstable.ArrayTable:
		t.header(e)
	case unstable.KeyValue:
		t.keyValue(t.current, e, 1)
	}
}

// header opens [a.b] or [[a.b]].
func (t *tree) header(e *unstable.Node) {
	into := t.root
	keys := e.Key()
	for keys.Next() {
		name, at := string(keys.Node().Data), span(keys.Node().Raw)
		last := keys.IsLast()
		next := into.table[name]
		switch {
		case next == nil && last && e.Kind == unstable.ArrayTable:
			next = &node{kind: array, key: at, span: at}
			into.add(name, next)
		case next == nil:
			next = newTable(at)
			into.add(name, next)
		case next.static || next.kind != table && next.kind != array,
			last && e.Kind == unstable.Table && (next.kind == array || next.header || next.dotted),
			last && e.Kind == unstable.ArrayTable && next.kind == table:
			t.problem(at, "%q is already defined above; take one of the two out.", name)
			t.current = newTable(at) // what follows is read and goes nowhere
			return
		}
		if !t.count(at) {
			return
		}
		switch {
		case last && e.Kind == unstable.ArrayTable:
			item := newTable(at)
			next.items = append(next.items, item)
			next = item
		case next.kind == array:
			next = next.items[len(next.items)-1]
		}
		if last {
			next.header = true
		}
		into = next
	}
	t.current = into
}

func (n *node) add(name string, child *node) {
	n.keys = append(n.keys, name)
	n.table[name] = child
}

func (t *tree) count(at drift.Span) bool {
	t.nodes++
	if t.nodes > maxNodes {
		t.stop(at, "This file has too many entries; it is read up to here.")
		return false
	}
	return true
}

func (t *tree) keyValue(into *node, e *unstable.Node, depth int) {
	keys := e.Key()
	for keys.Next() {
		name, at := string(keys.Node().Data), span(keys.Node().Raw)
		existing := into.table[name]
		if keys.IsLast() {
			if existing != nil {
				t.problem(at, "%q is already defined above; take one of the two out.", name)
				return
			}
			if child := t.value(e.Value(), depth); child != nil {
				child.key = at
				if child.span == (drift.Span{}) {
					child.span = at
				}
				into.add(name, child)
			}
			return
		}
		if existing == nil {
			existing = newTable(at)
			existing.dotted = true
			into.add(name, existing)
		}
		if existing.kind != table || existing.static || !existing.dotted {
			t.problem(at, "%q is already defined above; take one of the two out.", name)
			return
		}
		into = existing
	}
}

func (t *tree) value(v *unstable.Node, depth int) *node {
	at := span(v.Raw)
	if depth > maxDepth {
		t.stop(at, "This is nested too deeply for a policy; the file is read up to here.")
		return nil
	}
	if !t.count(at) {
		return nil
	}
	switch v.Kind {
	case unstable.InlineTable:
		n := newTable(drift.Span{})
		for it := v.Children(); it.Next() && !t.broken; {
			if it.Node().Kind == unstable.KeyValue {
				t.keyValue(n, it.Node(), depth+1)
			}
		}
		n.static = true
		return n
	case unstable.Array:
		n := &node{kind: array, static: true}
		for it := v.Children(); it.Next() && !t.broken; {
			if it.Node().Kind == unstable.Comment {
				continue
			}
			if item := t.value(it.Node(), depth+1); item != nil {
				n.items = append(n.items, item)
			}
		}
		return n
	case unstable.String:
		return &node{kind: text, span: at, text: string(v.Data)}
	case unstable.LocalDate:
		return &node{kind: date, span: at, text: string(v.Data)}
	default:
		return &node{kind: other, span: at, text: string(v.Data)}
	}
}
