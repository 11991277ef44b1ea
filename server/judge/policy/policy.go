// Package policy reads godrift.toml: what a team agrees upon, and which
// findings it does not want to hear about.
//
// A mistake in the file is a problem with an exact place; everything else in
// it still counts. The file comes from the repository, so it is not trusted: it
// can make godrift quieter or louder, and nothing else.
package policy

import (
	"path/filepath"
	"reflect"
	"regexp"
	"time"

	"godrift.dev/server/drift"
)

// Name is the name of the policy's file.
const Name = "godrift.toml"

// ownCode is the rule that reports the mistakes in this file.
const ownCode = "policy-invalid"

// File is the policy's file of a workspace folder.
func File(root string) string { return filepath.Join(root, Name) }

// Policy is a Config made ready for use.
type Policy struct {
	// Config is what the file says, less what is wrong in it.
	Config Config
	// File is the file it was read from, empty for the default policy. Its
	// folder is what globs are relative to.
	File string
	// GoPlace is where [go] version stands.
	GoPlace drift.Place
	// Problems are the mistakes in the file, in its order.
	Problems []drift.Problem
	// Refused are what the contract asks for and cannot have.
	Refused []Refusal
	// Appendable says that an [[allow]] entry can be added at the end of the
	// file.
	Appendable bool

	paths []path
	allow []*Allowance
	names []Named
	pins  []drift.DeclaredPin
	terms terms
	limit limits
	quota Quota
}

// Named is a place in the policy that names a rule.
type Named struct {
	Code  string
	Place drift.Place
}

// Allowance is a valid entry of the allowlist.
type Allowance struct {
	AllowEntry
	// Place covers the entry's header.
	Place   drift.Place
	pattern *regexp.Regexp
	until   time.Time // the first moment it does not count; zero if it has no end
}

type path struct {
	glob     string
	severity map[string]drift.Severity
}

// Default is the policy of a workspace without a godrift.toml.
func Default() *Policy { return &Policy{Appendable: true} }

// Parse reads a godrift.toml. It always returns a policy: what is wrong is left
// out of it and told as problems, which are also in the policy.
func Parse(doc drift.Document) (*Policy, []drift.Problem) {
	p := &Policy{File: doc.File}
	t := parseTree(doc)
	t.decode(t.root, reflect.ValueOf(&p.Config).Elem(), "")
	c := compiler{tree: t, policy: p}
	c.compile()
	p.Problems = t.problems
	allow := t.root.table["allow"]
	p.Appendable = !t.broken && (allow == nil || allow.kind == array && !allow.static)
	return p, p.Problems
}

// Names lists the places that name a rule, so that those who know the rules can
// tell which names are wrong.
func (p *Policy) Names() []Named { return p.names }

// Allowances lists the valid entries of the allowlist, in the file's order.
func (p *Policy) Allowances() []*Allowance { return p.allow }

// Pins lists the places that the valid [[pin]] entries declare, in the file's
// order.
func (p *Policy) Pins() []drift.DeclaredPin { return p.pins }

// Severity is the severity of a finding of a rule in a file, which may be empty
// or outside the policy's folder; standard is what it is without a policy. Where
// [distance] speaks of the rule, [severity] can only switch it off.
func (p *Policy) Severity(code, file string, standard drift.Severity) drift.Severity {
	if code == ownCode {
		return standard // a file cannot hide its own mistakes
	}
	severity := standard
	if s, ok := p.Config.Severity[code]; ok {
		if _, graded := p.Config.Distance[code]; !graded || s == drift.SeverityOff {
			severity = s
		}
	}
	rel, ok := p.relative(file)
	if !ok {
		return severity
	}
	for _, entry := range p.paths {
		s, ok := entry.severity[code]
		if !ok {
			s, ok = entry.severity["*"]
		}
		if ok && match(entry.glob, rel) {
			severity = s
		}
	}
	return severity
}

// Distances is how bad a version difference is for a rule.
func (p *Policy) Distances(code string) Distance {
	d := Distance{Major: drift.SeverityWarning, Minor: drift.SeverityWarning, Patch: drift.SeverityInfo}
	own := p.Config.Distance[code]
	if own.Major != "" {
		d.Major = own.Major
	}
	if own.Minor != "" {
		d.Minor = own.Minor
	}
	if own.Patch != "" {
		d.Patch = own.Patch
	}
	return d
}

func (p *Policy) relative(file string) (string, bool) {
	if p.File == "" || file == "" {
		return "", false
	}
	dir := filepath.Dir(p.File)
	if !drift.Within(dir, file) || dir == file {
		return "", false
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
