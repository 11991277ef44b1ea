package engine

import (
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/judge/rules"
)

// AlignRequest says which pins to align, and to what.
type AlignRequest = rules.AlignRequest

// AlignNote says of one place why it was left alone, or what else happened.
type AlignNote = rules.Note

// Align makes the fix that writes one Go into all pins of some roles, as a
// report sees them. It has no actions if nothing differs.
func Align(report *drift.Report, req AlignRequest, now time.Time) (drift.Fix, []AlignNote, error) {
	return rules.Align(input(report.Snapshot, now), req)
}

// Tools says how every tool on the machine stands in the workspace of a report.
func Tools(report *drift.Report, now time.Time) []drift.ToolStanding {
	return rules.Standings(input(report.Snapshot, now))
}

// Moves are fixes for the pin at one place alone: the versions that it could well
// be raised or lowered to.
func Moves(report *drift.Report, at drift.Place, now time.Time) []drift.Fix {
	return rules.Moves(input(report.Snapshot, now), at)
}

// input is what the rules look at: a snapshot with the policy that it holds.
func input(snap *drift.Snapshot, now time.Time) rules.Input {
	return rules.Input{Snapshot: snap, Policy: policyOf(snap), Now: now}
}

// policyOf is the policy of a snapshot's workspace.
func policyOf(snap *drift.Snapshot) *policy.Policy {
	if doc, ok := snap.Documents[policy.File(snap.Root)]; ok {
		pol, _ := policy.Parse(doc)
		return pol
	}
	return policy.Default()
}
