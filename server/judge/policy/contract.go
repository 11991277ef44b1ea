package policy

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// Term is one thing that a contract asks for.
type Term struct {
	// Variable is the name of the variable; empty for the range of Go releases.
	Variable string
	// Value is what the variable must be, or, if Forbidden, what it must not be;
	// an empty forbidden value stands for every one.
	Value     string
	Forbidden bool
	// Range are the Go releases of which one must run, if Variable is empty.
	Range Range
	// ByHand says why no fix may bring this about: a person decides it. It is
	// empty if a fix may.
	ByHand string
	// Place is where it stands.
	Place drift.Place
}

// Refusal is something that a contract asks for and cannot have.
type Refusal struct {
	Variable, Value string
	// Runs says that the value names a program, which every build would run.
	Runs  bool
	Place drift.Place
}

// terms are the valid terms of a contract: for every system under "", and for
// one system under its GOOS.
type terms map[string][]Term

// Contract lists what the contract asks for on a system, in a fixed order: the
// Go, what is required, what is forbidden.
func (p *Policy) Contract(goos string) []Term {
	var out []Term
	at := map[string]int{}
	for _, list := range [][]Term{p.terms[""], p.terms[goos]} {
		for _, t := range list {
			key := t.Variable
			if t.Forbidden {
				key += "!" + t.Value
			}
			if i, ok := at[key]; ok {
				out[i] = t
				continue
			}
			at[key] = len(out)
			out = append(out, t)
		}
	}
	// What one system requires is not forbidden there.
	out = slices.DeleteFunc(out, func(t Term) bool {
		return t.Forbidden && slices.ContainsFunc(p.terms[goos], func(own Term) bool {
			return own.Variable == t.Variable && !own.Forbidden && (t.Value == "" || t.Value == own.Value)
		})
	})
	rank := func(t Term) int {
		switch {
		case t.Variable == "":
			return 0
		case !t.Forbidden:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b Term) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Variable, b.Variable), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// systems are the values of GOOS on which a go command can run.
var systems = []string{
	"aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "linux", "netbsd", "openbsd", "plan9", "solaris", "windows",
}

func (c *compiler) contract(n *node, cfg Contract) {
	c.policy.terms = terms{}
	c.clauses(n, "", ContractPart{Go: cfg.Go, Require: cfg.Require, Forbid: cfg.Forbid})
	parts := child(n, "os")
	if parts == nil || parts.kind != table {
		return
	}
	for _, goos := range parts.keys {
		part := parts.table[goos]
		if !slices.Contains(systems, goos) {
			text := "%q is no operating system that a go command runs on; the names are those of GOOS, such as linux, darwin and windows."
			if near := Nearest(goos, systems); near != "" {
				text += ` Did you mean "` + near + `"?`
			}
			c.tree.problem(part.key, text, clip(goos))
			continue
		}
		c.clauses(part, goos, cfg.OS[goos])
	}
}

// clauses reads the contract for every system, or for one.
func (c *compiler) clauses(n *node, goos string, part ContractPart) {
	add := func(t Term, at *node) {
		t.Place = c.place(inside(at))
		c.policy.terms[goos] = append(c.policy.terms[goos], t)
	}
	var within Range // that counts here; the zero one holds for every Go
	for _, t := range c.policy.terms[""] {
		if t.Variable == "" {
			within = t.Range
		}
	}
	if v := child(n, "go"); v != nil && v.kind == text {
		r, err := ParseRange(part.Go)
		if err != nil {
			c.tree.problem(inside(v), `%q is no range of Go releases: %v. Write it as in ">=1.25.3 <1.27", or "1.25" for all of its patches.`, clip(part.Go), err)
		} else {
			within = r
			add(Term{Range: r}, v)
		}
	}
	if require := child(n, "require"); require != nil && require.kind == table {
		for _, name := range slices.Sorted(maps.Keys(part.Require)) {
			v := require.table[name]
			if v.kind != text {
				continue
			}
			if no := refused(name, v.text); no != "" {
				c.tree.problem(v.key, "%s", no)
				c.policy.Refused = append(c.policy.Refused, Refusal{
					Variable: clip(name), Value: clip(v.text), Runs: runsProgram(name, v.text), Place: c.place(inside(v)),
				})
				continue
			}
			if name == "GOTOOLCHAIN" {
				if no := refusedToolchain(v.text, within); no != "" {
					c.tree.problem(inside(v), "%s", no)
					continue
				}
			}
			t := Term{Variable: name, Value: v.text, ByHand: byHand(name, v.text, false)}
			add(t, v)
		}
	}
	for i, v := range items(n, "forbid") {
		if v.kind != text {
			continue
		}
		name, value, _ := strings.Cut(part.Forbid[i], "=")
		if !variableName().MatchString(name) {
			c.tree.problem(inside(v), `%q is no variable of the go command. Write its name, as in "GOEXPERIMENT", or a value with it, as in "GOSUMDB=off".`, clip(part.Forbid[i]))
			continue
		}
		if required, ok := part.Require[name]; ok && (value == "" || value == required) {
			c.tree.problem(inside(v), "%s is required and forbidden; take one of the two out.", clip(part.Forbid[i]))
			continue
		}
		add(Term{Variable: name, Value: value, Forbidden: true, ByHand: byHand(name, value, true)}, v)
	}
}

// variableName is the form of the names that go env knows.
func variableName() *regexp.Regexp {
	return regexp.MustCompile(`^(GO[A-Z0-9_]{1,30}|CGO_[A-Z_]{1,30}|CC|CXX|AR|FC|GCCGO|PKG_CONFIG)$`)
}
