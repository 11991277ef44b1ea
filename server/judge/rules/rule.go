// Package rules holds what godrift reports: one file per rule, listed in
// Catalog. The doc comment of a rule's variable is its published page.
//
// Every rule is a pure function of a snapshot, a policy and a time, so that it
// can judge unsaved text, a recorded snapshot, or another machine's. Rules
// speak of roles and meanings, not of file formats, so that a new format needs
// no new rule.
package rules

import (
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// Group is the part of the catalogue that a rule stands in.
type Group string

// The groups.
const (
	GroupPins        Group = "pins"
	GroupToolchain   Group = "toolchain"
	GroupEnvironment Group = "environment"
	GroupCgo         Group = "cgo"
	GroupTools       Group = "tools"
	GroupCache       Group = "cache"
	GroupPolicy      Group = "policy"
)

// Rule is one thing that is looked for.
type Rule struct {
	// Code names the rule in reports and policies, for ever.
	Code string
	// Title is what it looks for, in a few words.
	Title string
	Group Group
	// Severity is the default; a rule may grade its findings by itself.
	Severity drift.Severity
	// All is the title of the fix that mends several files at once; %d is their
	// number. Empty if there is no such fix.
	All string
	// Compares says that the rule compares with the accepted state, so that its
	// findings are settled by accepting the present one.
	Compares bool
	// ComparedOnly is, if it is not empty, the subject of those findings of a rule
	// that Compares: others are about what is wrong by itself.
	ComparedOnly string
	// Check finds. It looks neither at the rule's severity nor at the allowlist.
	Check func(Input) []Found
}

// Found is a finding before the policy has been asked about it.
type Found struct {
	drift.Finding
	// Cause joins findings of one rule: those with the same cause become one,
	// which stands where the first is and names the other places. A finding
	// without a cause stays alone.
	Cause string
	// Brief is what the finding says when it is only another place of one that
	// stands elsewhere.
	Brief string
}

// Input is what the rules look at.
type Input struct {
	Snapshot *drift.Snapshot
	Policy   *policy.Policy
	Now      time.Time
	// Memory is what is remembered of the workspace, and Present the snapshot as
	// it would be remembered now. Memory is nil where nothing is remembered: in
	// a workspace that is seen for the first time, and without a state folder.
	Memory  *drift.Memory
	Present drift.Record

	// Across says of a variable that it is compared with the accepted state whoever's
	// environment that was; nil if none is. A shell is to be what was accepted in an
	// editor as far as that changes builds.
	Across func(variable string) bool

	// Requirements are what a go.mod requires, by its file, where Raised asks for
	// it.
	Requirements map[string][]drift.Requirement

	// index is made by Run.
	index *index
	// used are the allowlist entries that had something to allow.
	used map[*policy.Allowance]bool
	// rules is the catalogue, for the rules about the policy itself, which
	// cannot name Catalog.
	rules []Rule
}

// named finds a rule of the catalogue.
func (in Input) named(code string) (Rule, bool) {
	for _, r := range in.rules {
		if r.Code == code {
			return r, true
		}
	}
	return Rule{}, false
}
