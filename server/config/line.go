package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// mistake is a setting that is TOML and yet cannot be. Parse adds the line.
type mistake struct {
	table string // as in its heading: "monitor", "probe"
	item  int    // of an array of tables, from 0; 0 for a table that is there once
	key   string // empty for the table as a whole
	at    int    // of a list, from 0; -1 for the value as a whole
	err   error
}

func (m mistake) Unwrap() error { return m.err }

func (m mistake) Error() string {
	if m.key == "" {
		return fmt.Sprintf("%s: %v", m.table, m.err)
	}
	return fmt.Sprintf("%s.%s: %v", m.table, m.key, m.err)
}

// withLine says in which line a mistake stands.
func withLine(text []byte, err error) error {
	var m mistake
	if !errors.As(err, &m) {
		return err
	}
	if line := m.line(text); line > 0 {
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// line finds the line of a mistake, from 1; 0 if it cannot be told. A setting that is not
// there stands where its table begins.
func (m mistake) line(text []byte) int {
	var p unstable.Parser
	p.Reset(text)
	seen := map[string]int{}
	header, item, line := "", 0, 0
	for p.NextExpression() {
		e := p.Expression()
		words := words(e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			header = strings.Join(words, ".")
			item = seen[header]
			seen[header]++
			if item == m.item && (header == m.table || strings.HasPrefix(m.table+"."+m.key, header+".")) {
				line = lineOf(&p, e) // its own table, or the one that the setting is a table of
			}
		case unstable.KeyValue:
			name := strings.Join(words, ".")
			if header != "" {
				name = header + "." + name
			}
			if item == m.item && m.key != "" && name == m.table+"."+m.key {
				return m.within(&p, e)
			}
			if item == m.item && m.key != "" && strings.HasPrefix(m.table+"."+m.key, name+".") || header == "" && name == m.table {
				line = lineOf(&p, e) // written as one inline table
			}
		}
	}
	return line
}

// within is the line of the element of a list, or of the setting itself.
func (m mistake) within(p *unstable.Parser, e *unstable.Node) int {
	n := 0
	for it := e.Value().Children(); m.at >= 0 && it.Next(); {
		v := it.Node()
		if v.Kind == unstable.Comment {
			continue
		}
		if n == m.at {
			if v.Kind == unstable.InlineTable {
				if inner := v.Children(); inner.Next() {
					return lineOf(p, inner.Node())
				}
			}
			if v.Raw.Length > 0 {
				return p.Shape(v.Raw).Start.Line
			}
		}
		n++
	}
	return lineOf(p, e)
}

func words(e *unstable.Node) []string {
	var out []string
	for keys := e.Key(); keys.Next(); {
		out = append(out, string(keys.Node().Data))
	}
	return out
}

// lineOf is the line of the key that an expression begins with.
func lineOf(p *unstable.Parser, e *unstable.Node) int {
	if keys := e.Key(); keys.Next() {
		return p.Shape(keys.Node().Raw).Start.Line
	}
	return 0
}
