package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// contract-broken reports that this machine does not keep to the contract in
// godrift.toml: another Go runs than the contract allows, a variable has not the
// value that it requires, or one is set that it forbids.
//
// # Why it matters
//
// A contract is what the team has written down because builds went wrong without
// it.
//
// # Example
//
//	[contract]
//	go = ">=1.25.3 <1.27"
//	require.CGO_ENABLED = "0"
//	forbid = ["GOEXPERIMENT", "GOSUMDB=off"]
//
//	[contract.os.windows]
//	require.CGO_ENABLED = "1"
//
//	CGO_ENABLED=1, from the environment of this shell: godrift.toml:3 requires 0.
//
// # What a contract can ask for
//
// The file comes with a repository, so a contract can require nothing that names
// a command, a folder or an address, and nothing that has downloads checked less.
// What it requires or forbids about where modules come from, and which of them
// are private, is reported but never mended by godrift: read it, and decide. In a
// folder that is not trusted nothing of a contract is mended.
//
// # Who allows it
//
// What is left is mended only after you have looked at it and said so: godrift
// allow lists what the contract asks for and remembers your word for exactly this
// text of godrift.toml. When the file changes, it asks again. Until then a fix is
// shown, with the line that asks for it, and not carried out; after godrift deny
// none is offered.
//
// # How to fix it
//
// Allow what the contract asks for, and apply it: for this workspace in the editor,
// for the running shell, or for all of your workspaces as go env -w does.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var contractBroken = Rule{
	Code: "contract-broken", Title: "The contract in godrift.toml does not hold",
	Group: GroupEnvironment, Severity: drift.SeverityError,
	Check: checkContractBroken,
}

func checkContractBroken(in Input) []Found {
	var found []Found
	for _, b := range in.breaches() {
		if b.variable.Name == "" {
			found = append(found, in.outOfRange(b.terms[0])...)
			continue
		}
		found = append(found, in.broken(b.terms, drift.Finding{
			Place: in.layerPlace(b.variable.Layer), Subject: b.variable.Name, Value: b.variable.Value,
			Message: in.breachText(b), Fixes: preferFirst(in.keepContract(b)),
		}))
	}
	return found
}

// broken adds the place of the contract to a finding, and takes its fixes away
// where a person has to decide.
func (in Input) broken(terms []policy.Term, f drift.Finding) Found {
	for _, term := range terms {
		f.Related = append(f.Related, drift.Related{Place: term.Place, Message: "the contract"})
	}
	if i := slices.IndexFunc(terms, func(t policy.Term) bool { return t.ByHand != "" }); i >= 0 {
		f.Message += fmt.Sprintf(" godrift does not change this for a contract: %s. Decide it yourself.", terms[i].ByHand)
		f.Fixes = nil
	} else if !in.Snapshot.Trusted {
		f.Message += " This folder is not trusted, so godrift changes nothing for its contract."
		f.Fixes = nil
	} else {
		in.ask(terms[0], &f)
	}
	return Found{Finding: f}
}

func (in Input) outOfRange(term policy.Term) []Found {
	var found []Found
	for _, s := range in.spotsOrRoot() {
		sel := s.Selection
		running := release(sel.Selected)
		if sel.Error != "" || sel.LoadError != "" || running == "" || term.Range.Holds(running) {
			continue // the rule that owns an error says it
		}
		var fixes []drift.Fix
		if target := in.bestIn(s, term.Range); target != "" {
			fixes = in.switchTo(sel, target)
		}
		f := in.broken([]policy.Term{term}, drift.Finding{
			Place: s.place(), Value: sel.Selected, Fixes: preferFirst(fixes),
			Message: fmt.Sprintf("%s runs here, but %s allows %s only. %s", sel.Selected, in.at(term.Place), term.Range.Text, in.whyRuns(sel)),
		})
		f.Cause = sel.Selected
		f.Brief = sel.Selected + " runs here, too"
		found = append(found, f)
	}
	return found
}

// bestIn is the release in a range to switch a spot to: the agreed one, else the
// newest that is here, else the newest that there is. It is at least what the
// spot's file accepts.
func (in Input) bestIn(s spot, allowed policy.Range) string {
	fits := func(v string) bool {
		return v != "" && allowed.Holds(v) && !isLanguage(v) && !newer(firstRelease(s.floor()), v)
	}
	if p := in.pinned(s.Dir); p.Version != "" && fits(in.concrete(p.Pin)) {
		return in.concrete(p.Pin)
	}
	best := ""
	for _, t := range in.Snapshot.Environment.Toolchains {
		if fits(release(t.Version)) && in.withinReach(s.Selection, t.Version) && newer(t.Version, best) {
			best = t.Version
		}
	}
	if best == "" {
		best = newestRelease(fits)
	}
	return best
}
