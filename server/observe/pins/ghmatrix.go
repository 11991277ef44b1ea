package pins

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// lookup resolves the expressions of a scope.
func (w *workflow) lookup(scope *ciScope) lookup {
	return func(t *template, expr string, start, end int) {
		operands, first, ok := ghOperands(expr)
		if first == "" {
			first = "expression"
		}
		if !ok {
			t.use(first, nil, start, end)
			return
		}
		for _, o := range operands {
			if o.isLiteral {
				if o.literal != "" {
					w.literal(t, o.literal, first, start, end)
					return
				}
				continue
			}
			key := o.path
			if rest, ok := strings.CutPrefix(key, "github.event.inputs."); ok {
				key = "inputs." + rest
			}
			if strings.HasPrefix(key, "inputs.") {
				key = strings.ToLower(key)
			}
			if v := scope.find(key); v != nil {
				t.use(o.path, v.decl, start, end)
				return
			}
		}
		t.use(first, nil, start, end)
	}
}

// literal adds a string literal of an expression: the default of what stands
// before it, or, alone, the version itself.
func (w *workflow) literal(t *template, text, first string, start, end int) {
	i := strings.Index(string(w.text[start:end]), text)
	if first == "expression" && i >= 0 {
		t.literal(text, start+i)
		return
	}
	t.inline(first, literalTemplate(text, start+max(i, 0)), start, end)
}

// matrix reads the axes of a matrix, and what include adds to them. What
// exclude names is no pin: it repeats values of the axes.
func (w *workflow) matrix(matrix *yaml.Node, scope *ciScope) {
	resolve := w.lookup(scope)
	var open []string
	w.each(matrix, func(axis string, _, values *yaml.Node) {
		switch {
		case axis == "exclude":
		case axis == "include":
			w.items(values, func(item *yaml.Node) { w.cell(item, "", scope, resolve, 0) })
		case isSequence(values):
			w.items(values, func(item *yaml.Node) { w.cell(item, axis, scope, resolve, 0) })
		case !w.jsonAxis(values, axis, scope):
			open = append(open, axis)
		}
	})
	for _, axis := range open {
		if v := scope.names["matrix."+axis]; v != nil {
			v.open = true
		}
	}
}

// cell reads one value of an axis; that of an object has a path.
func (w *workflow) cell(n *yaml.Node, at string, scope *ciScope, resolve lookup, depth int) {
	if isMapping(n) && depth < 4 {
		w.each(n, func(key string, _, value *yaml.Node) {
			if at != "" {
				key = at + "." + key
			}
			w.cell(value, key, scope, resolve, depth+1)
		})
		return
	}
	if at != "" {
		w.declare(scope, "matrix."+at, at, drift.SourceGitHubMatrix, n, resolve)
	}
}

// jsonAxis reads an axis that is written as fromJSON('["1.24", "1.25"]').
func (w *workflow) jsonAxis(n *yaml.Node, axis string, scope *ciScope) bool {
	s, ok := w.scalar(n)
	if !ok || !s.verbatim {
		return false
	}
	lower := strings.ToLower(s.text)
	at := strings.Index(lower, "fromjson('[")
	end := strings.Index(s.text, "]')")
	if at < 0 || end < at {
		return false
	}
	// The words between quotes are every second one.
	for i, word := range strings.Split(s.text[at:end], `"`) {
		if i%2 == 1 && word != "" {
			span := s.within(at, at+len(word))
			value := ciValue{template: literalTemplate(word, span.Start), place: span}
			w.addValue(scope, "matrix."+axis, axis, drift.SourceGitHubMatrix, value)
		}
		at += len(word) + 1
	}
	return true
}
