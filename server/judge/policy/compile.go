package policy

import (
	"cmp"
	"fmt"
	"go/version"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"godrift.dev/server/drift"
)

const (
	maxGlob    = 512
	maxStars   = 4
	maxPattern = 1024
)

// compiler checks the values of a decoded Config and makes them ready for use.
type compiler struct {
	tree   *tree
	policy *Policy
}

func (c *compiler) compile() {
	root := c.tree.root
	cfg := &c.policy.Config
	c.goVersion(child(root, "go"))
	c.severities(child(root, "severity"), cfg.Severity, false)
	c.distances(child(root, "distance"))
	for i, n := range items(root, "path") {
		c.path(n, cfg.Path[i])
	}
	for i, n := range items(root, "pin") {
		c.pin(n, cfg.Pin[i])
	}
	for i, n := range items(root, "allow") {
		c.allowance(n, cfg.Allow[i])
	}
	c.contract(child(root, "contract"), cfg.Contract)
	c.baseline(child(root, "baseline"), cfg.Baseline)
	c.cache(child(root, "cache"), cfg.Cache)
	slices.SortStableFunc(c.tree.problems, func(a, b drift.Problem) int {
		return cmp.Compare(a.Place.Span.Start, b.Place.Span.Start)
	})
}

func child(n *node, key string) *node {
	if n == nil || n.kind != table {
		return nil
	}
	return n.table[key]
}

func items(n *node, key string) []*node {
	if list := child(n, key); list != nil && list.kind == array {
		return list.items
	}
	return nil
}

func (c *compiler) place(at drift.Span) drift.Place {
	return drift.Place{File: c.tree.file, Span: at}
}

func (c *compiler) goVersion(n *node) {
	v := child(n, "version")
	if v == nil || v.kind != text {
		return
	}
	number := strings.TrimPrefix(v.text, "go")
	if !version.IsValid("go"+number) || strings.ContainsAny(number, "- +") || !strings.Contains(number, ".") {
		c.tree.problem(inside(v), `%q is no Go version. Write a release such as "1.25.3", or a minor such as "1.25".`, clip(v.text))
		c.policy.Config.Go.Version = ""
		return
	}
	c.policy.Config.Go.Version = number
	c.policy.GoPlace = c.place(inside(v))
}

// inside is the span of a text without its quotes.
func inside(n *node) drift.Span {
	if n.kind == text && n.span.End-n.span.Start == len(n.text)+2 {
		return drift.Span{Start: n.span.Start + 1, End: n.span.End - 1}
	}
	return n.span
}

// clip keeps a hostile value from filling a message.
func clip(s string) string {
	const enough = 80
	if len(s) > enough {
		return s[:enough] + "…"
	}
	return s
}

var severityWords = []string{"error", "warning", "info", "hint", "off"}

func (c *compiler) severityOK(n *node, value drift.Severity) bool {
	if n.kind != text {
		return false // reported by decode
	}
	if slices.Contains(severityWords, string(value)) {
		return true
	}
	c.tree.problem(inside(n), "%q is no severity; write one of %s.", clip(string(value)), strings.Join(severityWords, ", "))
	return false
}

func (c *compiler) severities(n *node, m map[string]drift.Severity, star bool) {
	if n == nil || n.kind != table {
		return
	}
	for _, code := range n.keys {
		v := n.table[code]
		if code != "*" || !star {
			c.policy.names = append(c.policy.names, Named{Code: code, Place: c.place(v.key)})
		}
		switch {
		case !c.severityOK(v, m[code]):
			delete(m, code)
		case code == ownCode && m[code] != drift.SeverityError:
			c.tree.problem(v.key, "%s cannot be switched off or lowered: it is what tells you of mistakes in this file. Take this out.", ownCode)
			delete(m, code)
		}
	}
}

func (c *compiler) distances(n *node) {
	if n == nil || n.kind != table {
		return
	}
	for _, code := range n.keys {
		entry := n.table[code]
		if code != "toolchain-drift" && code != "pin-disagrees" {
			c.tree.problem(entry.key, "%q does not look at the distance of versions; toolchain-drift and pin-disagrees do.", clip(code))
			delete(c.policy.Config.Distance, code)
			continue
		}
		d := c.policy.Config.Distance[code]
		for key, s := range map[string]*drift.Severity{"major": &d.Major, "minor": &d.Minor, "patch": &d.Patch} {
			if v := child(entry, key); v != nil && !c.severityOK(v, *s) {
				*s = ""
			}
		}
		c.policy.Config.Distance[code] = d
	}
}

// header is where an entry of a list is shown. In-line tables have no place of
// their own; their first key stands for them.
func header(n *node) drift.Span {
	if n.span != (drift.Span{}) {
		return n.span
	}
	for _, key := range n.keys {
		return n.table[key].key
	}
	return drift.Span{}
}

func (c *compiler) glob(n *node, glob string) bool {
	bad := ""
	switch {
	case len(glob) > maxGlob:
		bad = "it is too long"
	case strings.Contains(glob, "{"):
		bad = "{alternatives} are not supported; write two entries"
	case strings.Count(glob, "**") > maxStars:
		bad = "it has too many **"
	case strings.HasPrefix(glob, "/") || strings.Contains(glob, `\`) || strings.HasPrefix(glob, "./"):
		bad = "write it relative to the folder of this file and with /, as in examples/**"
	case !doublestar.ValidatePattern(glob):
		bad = "a [ has no ]"
	default:
		return true
	}
	c.tree.problem(inside(n), "%q is no usable glob: %s.", clip(glob), bad)
	return false
}

func (c *compiler) path(n *node, entry PathEntry) {
	if n.kind != table {
		return
	}
	g := child(n, "glob")
	if g == nil {
		c.tree.problem(header(n), "This [[path]] entry has no glob, so it names no files. Add a line such as glob = \"examples/**\".")
	}
	if child(n, "severity") == nil {
		c.tree.problem(header(n), "This [[path]] entry has no severity, so it changes nothing. Add a line such as severity.pin-disagrees = \"off\".")
	}
	c.severities(child(n, "severity"), entry.Severity, true)
	if g != nil && g.kind == text && c.glob(g, entry.Glob) {
		c.policy.paths = append(c.policy.paths, path{entry.Glob, entry.Severity})
	}
}

func (c *compiler) allowance(n *node, entry AllowEntry) {
	if n.kind != table {
		return
	}
	before := len(c.tree.problems)
	a := &Allowance{AllowEntry: entry, Place: c.place(header(n))}
	if rule := child(n, "rule"); rule == nil {
		c.tree.problem(header(n), "This [[allow]] entry has no rule, so it allows nothing. Add a line such as rule = \"pin-disagrees\".")
	} else if rule.kind == text {
		c.policy.names = append(c.policy.names, Named{Code: entry.Rule, Place: c.place(inside(rule))})
		if entry.Rule == ownCode {
			c.tree.problem(inside(rule), "%s cannot be allowed: it is what tells you of mistakes in this file. Correct them instead.", ownCode)
		}
	}
	if strings.TrimSpace(entry.Reason) == "" {
		c.tree.problem(header(n), "This [[allow]] entry has no reason, so it does not count. Add a line reason = \"…\" for the person who reads this in a year.")
	}
	if p := child(n, "path"); p != nil && p.kind == text {
		c.glob(p, entry.Path)
	}
	if v := child(n, "pattern"); v != nil && v.kind == text {
		c.pattern(v, a)
	}
	if v := child(n, "until"); v != nil && entry.Until != "" {
		day, err := time.Parse(time.DateOnly, entry.Until)
		if err != nil {
			c.tree.problem(inside(v), "%q is no day. Write it as in until = 2026-12-31.", clip(entry.Until))
		}
		// The last day counts everywhere on Earth: no zone ends it more than
		// twelve hours after UTC does.
		a.until = day.Add(36 * time.Hour)
	}
	for _, key := range n.keys {
		if v := n.table[key]; v.kind == text && v.text == "" && key != "reason" {
			c.tree.problem(v.span, "%s is empty; fill it in or take the line out.", key)
		}
	}
	if len(c.tree.problems) == before && c.complete(n) {
		c.policy.allow = append(c.policy.allow, a)
	}
}

// complete refuses entries of which decode has left something out: with a
// condition missing they would allow more than they say.
func (c *compiler) complete(n *node) bool {
	for _, key := range n.keys {
		v := n.table[key]
		if v.kind != text && (key != "until" || v.kind != date) {
			return false
		}
		if !slices.Contains([]string{"rule", "path", "variable", "value", "pattern", "reason", "until"}, key) {
			return false
		}
	}
	return true
}

func (c *compiler) pattern(v *node, a *Allowance) {
	if a.Value != "" {
		c.tree.problem(v.key, "This entry has both a value and a pattern; take one of them out.")
	}
	if len(a.Pattern) > maxPattern {
		c.tree.problem(inside(v), "This pattern is too long; it must be shorter than %d bytes.", maxPattern)
		return
	}
	re, err := regexp.Compile(`^(?:` + a.Pattern + `)$`)
	if err != nil {
		c.tree.problem(inside(v), "This is no regular expression: %s.", regexpText(a.Pattern, err))
		return
	}
	a.pattern = re
}

// regexpText explains the error in terms of what the person wrote, not of what
// was wrapped around it.
func regexpText(pattern string, wrapped error) string {
	if _, err := regexp.Compile(pattern); err != nil {
		return strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	return strings.TrimPrefix(fmt.Sprint(wrapped), "error parsing regexp: ")
}
