package policy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

var (
	roleWords    = []string{"floor", "build", "ship", "test", "lint", "develop", "docs"}
	meaningWords = []string{"exact", "line", "min", "lang", "range", "setting"}
)

// pin checks one [[pin]] entry. A mistake takes the entry out: read in another
// way than was meant, it would pin what nobody pinned.
func (c *compiler) pin(n *node, entry PinEntry) {
	if n.kind != table {
		return
	}
	before := len(c.tree.problems)
	if g := child(n, "path"); g == nil {
		c.tree.problem(header(n), "This [[pin]] entry has no path, so it names no file. Add a line such as path = \"go.toolchain.rev\".")
	} else if g.kind == text {
		c.glob(g, entry.Path)
	}
	pattern, key := child(n, "pattern"), child(n, "key")
	switch {
	case pattern == nil && key == nil:
		c.tree.problem(header(n), "This [[pin]] entry does not say where the version stands. Add a line such as pattern = '^go(1\\.\\S+)$', or key = \"engines.go\".")
	case pattern != nil && key != nil:
		c.tree.problem(key.key, "This entry has both a pattern and a key; take one of them out.")
	case pattern != nil && pattern.kind == text:
		c.versionPattern(pattern, entry.Pattern)
	}
	c.oneOf(child(n, "role"), "role", roleWords)
	c.oneOf(child(n, "meaning"), "meaning", meaningWords)
	if len(c.tree.problems) > before || !pinComplete(n) {
		return
	}
	c.policy.pins = append(c.policy.pins, drift.DeclaredPin{
		Path: entry.Path, Pattern: entry.Pattern, Key: entry.Key,
		Role: cmp.Or(entry.Role, drift.RoleBuild), Meaning: drift.Meaning(entry.Meaning), Place: c.place(header(n)),
	})
}

// versionPattern checks that a pattern takes one text.
func (c *compiler) versionPattern(v *node, pattern string) {
	if len(pattern) > maxPattern {
		c.tree.problem(inside(v), "This pattern is too long; it must be shorter than %d bytes.", maxPattern)
		return
	}
	re, err := regexp.Compile("(?m)" + pattern)
	switch {
	case err != nil:
		c.tree.problem(inside(v), "This is no regular expression: %s.", regexpText(pattern, err))
	case re.NumSubexp() != 1:
		c.tree.problem(inside(v), "This pattern has %d groups in parentheses; it needs one, around the version. Write (?:…) for the others.", re.NumSubexp())
	}
}

func (c *compiler) oneOf(v *node, what string, words []string) {
	if v != nil && v.kind == text && !slices.Contains(words, v.text) {
		c.tree.problem(inside(v), "%q is no %s; write one of %s.", clip(v.text), what, strings.Join(words, ", "))
	}
}

// pinComplete refuses entries of which decode has left something out, and those
// with an empty value.
func pinComplete(n *node) bool {
	for _, key := range n.keys {
		if v := n.table[key]; v.kind != text || v.text == "" || !slices.Contains([]string{"path", "pattern", "key", "role", "meaning"}, key) {
			return false
		}
	}
	return true
}
