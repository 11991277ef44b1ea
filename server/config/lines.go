package config

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// at puts the line before an error about the n-th table of that name (of a table
// that is there once n is -1), or about a key in it.
func at(text []byte, table string, n int, key string, err error) error {
	if line := lineOf(text, table, n, key); line > 0 {
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// lineOf finds the line of a table, or of a key in it; 0 if it is written in
// another way.
func lineOf(text []byte, table string, n int, key string) int {
	var p unstable.Parser
	p.Reset(text)
	inside, seen, line := false, 0, 0
	for p.NextExpression() {
		e := p.Expression()
		name, offset := keyOf(e)
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			inside = name == table && (n < 0 || seen == n)
			if name == table {
				seen++
			}
			if inside {
				line = lineAt(text, offset)
			}
			if inside && key == "" {
				return line
			}
			if key != "" && name == table+"."+key {
				return lineAt(text, offset)
			}
		case unstable.KeyValue:
			if inside && key != "" && (name == key || strings.HasPrefix(name, key+".")) {
				return lineAt(text, offset)
			}
		}
	}
	return line
}

// keyOf is an expression's key with dots, and where it begins.
func keyOf(e *unstable.Node) (name string, offset int) {
	offset = -1
	var parts []string
	for it := e.Key(); it.Next(); {
		part := it.Node()
		if offset < 0 {
			offset = int(part.Raw.Offset)
		}
		parts = append(parts, string(part.Data))
	}
	return strings.Join(parts, "."), offset
}

func lineAt(text []byte, offset int) int {
	if offset < 0 || offset > len(text) {
		return 0
	}
	return 1 + bytes.Count(text[:offset], []byte("\n"))
}
