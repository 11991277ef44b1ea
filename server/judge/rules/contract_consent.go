package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
)

// Verdict is what the person decided about what the contract of a workspace asks
// for, if that was about the text that godrift.toml has now; else it is empty.
func Verdict(in Input) drift.Verdict {
	if in.Memory == nil || in.Memory.Consent == nil {
		return ""
	}
	doc, ok := in.Snapshot.Documents[policy.File(in.Snapshot.Root)]
	if !ok || doc.Hash == "" || doc.Hash != in.Memory.Consent.Hash {
		return ""
	}
	return in.Memory.Consent.Verdict
}

// ask marks the fixes of a broken term with who asks for them, or takes them away.
func (in Input) ask(term policy.Term, f *drift.Finding) {
	switch Verdict(in) {
	case drift.VerdictAllow:
	case drift.VerdictDeny:
		f.Message += " You denied what godrift.toml asks for here, so nothing is offered for it; godrift allow takes that back."
		f.Fixes = nil
	default:
		f.Fixes = slices.Clone(f.Fixes)
		for i := range f.Fixes {
			f.Fixes[i].Asked = true
			f.Fixes[i].Note = joinNotes(fmt.Sprintf("The repository asks for this (%s), and nobody has allowed that here: godrift allow comes first.", in.at(term.Place)), f.Fixes[i].Note)
		}
	}
}

// The ways in which a request of a contract is dealt with.
const (
	AskMends   = "mends"   // when allowed, fixes bring it about
	AskByHand  = "by hand" // it is reported, and a person decides
	AskRefused = "refused" // no contract can have that
)

// Ask is one thing that a contract asks for on this system.
type Ask struct {
	Place drift.Place
	// Text is what is asked for, Way how it is dealt with, and Why says more.
	Text, Way, Why string
	// Runs says that it names a program, which every build would run.
	Runs bool
	// Broken says that it does not hold now.
	Broken bool
}

// Asks lists what the contract of a workspace asks for, in the file's order, what it
// cannot have included.
func Asks(in Input) []Ask {
	in = in.ready()
	var out []Ask
	for _, term := range in.Policy.Contract(in.Snapshot.Environment.Host.GOOS) {
		a := Ask{Place: term.Place, Way: AskMends}
		v, known := in.Snapshot.Environment.Lookup(term.Variable)
		v.Name = term.Variable
		switch {
		case term.Variable == "":
			a.Text = "a Go in " + term.Range.Text
			a.Broken = len(in.outOfRange(term)) > 0
		case !term.Forbidden:
			a.Text = setting(term.Variable, term.Value)
			a.Broken = !satisfies(v, term.Value) && (known || !isLevel(v.Name))
		case term.Value == "":
			a.Text, a.Broken = "no "+term.Variable, violates(v, "")
		default:
			a.Text, a.Broken = "not "+setting(term.Variable, term.Value), violates(v, term.Value)
		}
		if term.ByHand != "" {
			a.Way, a.Why = AskByHand, term.ByHand
		}
		out = append(out, a)
	}
	for _, r := range in.Policy.Refused {
		a := Ask{Place: r.Place, Text: setting(r.Variable, r.Value), Way: AskRefused, Why: "no contract can have that", Runs: r.Runs}
		if r.Runs {
			a.Why = "it names a program, which every build would run: no contract can have that"
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b Ask) int { return comparePlaces(a.Place, b.Place) })
	return out
}

// inShell is what a running shell has to do so that the broken terms of a contract
// hold, where that is allowed; else it says who asks.
func (in Input) inShell() (actions []drift.Action, notes []RollbackNote) {
	verdict := Verdict(in)
	for _, b := range in.breaches() {
		name := b.variable.Name
		i := slices.IndexFunc(b.terms, func(t policy.Term) bool { return t.ByHand != "" })
		switch value := in.contractValue(b); {
		case name == "" || verdict == drift.VerdictDeny:
		case i >= 0:
			notes = append(notes, RollbackNote{name, "godrift.toml asks for another, and godrift does not change this for a contract: " + b.terms[i].ByHand})
		case verdict != drift.VerdictAllow:
			notes = append(notes, RollbackNote{name, fmt.Sprintf("%s asks for another, which nobody has allowed here: godrift allow", in.at(b.terms[0].Place))})
		case value != "":
			actions = append(actions, drift.Action{Kind: drift.ActionSetShell, Variable: name, Value: value})
		case b.variable.Kind == drift.LayerProcess:
			actions = append(actions, drift.Action{Kind: drift.ActionUnsetShell, Variable: name})
		default:
			notes = append(notes, RollbackNote{name, "a file sets it, which no shell can hide; godrift fix offers what the contract asks for"})
		}
	}
	return actions, notes
}
