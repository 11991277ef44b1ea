package pins

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v4"

	"godrift.dev/server/drift"
)

// surroundings are what commands in the file of a CI system can refer to.
type surroundings struct {
	// marks are what the system's own expressions begin with: ${{ or <<. next
	// finds one, resolve adds its value.
	marks   []string
	next    func(text string) (start, end int, expr string, ok bool)
	resolve lookup
	// variable adds the value of a variable of the shell that the script itself
	// does not set.
	variable lookup
	settle   func(pin *drift.Pin, t template)
}

// maxExpression is the longest expression that is looked for in a command.
const maxExpression = 512

// expressionAt is the length of the expression of the CI system that starts at
// i; 0 if there is none.
func (s *script) expressionAt(i, end int) int {
	if s.within == nil {
		return 0
	}
	text := s.doc.Text[i:min(end, i+maxExpression)]
	for _, mark := range s.within.marks {
		if bytes.HasPrefix(text, []byte(mark)) {
			if start, stop, _, ok := s.within.next(string(text)); ok && start == 0 {
				return stop
			}
		}
	}
	return 0
}

func (w *surroundings) expression(text []byte) string {
	_, _, expr, _ := w.next(string(text))
	return expr
}

// escapedBreak reports whether a text starts with an escape for a line break or
// a tab.
func escapedBreak(text []byte) bool {
	return len(text) > 1 && text[0] == '\\' && (text[1] == 'n' || text[1] == 't' || text[1] == 'r')
}

// commands reads the commands of a step: a text, or a list of texts that one
// shell runs. What refers to a variable that is not known here is left out: a
// step before may have set it.
func (c *ciFile) commands(n *yaml.Node, source, gotoolchain drift.Source, role drift.Role, within surroundings) {
	var parts []scriptPart
	c.scriptParts(n, 0, &parts)
	if len(parts) == 0 {
		return
	}
	within.settle = c.settle
	if within.variable == nil {
		within.variable = unknownVariable
	}
	buildArg := drift.SourceShellBuildArg
	if source == drift.SourceGitHubRun {
		buildArg = drift.SourceGitHubBuildArg
	}
	s := &script{doc: c.doc, role: role, within: &within, sources: scriptSources{
		variable: source, image: source, download: source, install: source, gotoolchain: gotoolchain,
		buildArg: buildArg,
	}}
	s.read(parts)
	for _, pin := range s.pins {
		c.add(pin)
	}
}

// scriptParts lists the texts of a node that can name a Go. A file in which
// aliases repeat a script over and over is read only so far.
func (c *ciFile) scriptParts(n *yaml.Node, depth int, parts *[]scriptPart) {
	if isSequence(n) && depth < 4 {
		c.items(n, func(item *yaml.Node) { c.scriptParts(item, depth+1, parts) })
		return
	}
	s, ok := c.scalar(n)
	length := s.span.End - s.span.Start
	if !ok || length == 0 || c.scripted > 4*len(c.text)+1<<16 {
		return
	}
	c.scripted += length
	if !scriptMentionsGo(c.text[s.span.Start:s.span.End]) {
		return
	}
	style := follow(n).Style
	*parts = append(*parts, scriptPart{
		Span:    s.span,
		folded:  style&yaml.LiteralStyle == 0,
		escapes: style&yaml.DoubleQuotedStyle != 0,
	})
}

// environmentOf is the lookup of variables that a system sets for its commands,
// known under a prefix in a scope.
func environmentOf(scope *ciScope, prefix string) lookup {
	return func(t *template, name string, start, end int) {
		if v := scope.find(prefix + strings.TrimPrefix(name, "env:")); v != nil {
			t.use(name, v.decl, start, end)
			return
		}
		t.use(name, nil, start, end)
	}
}
