package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// RollbackNote says of a variable, a file or another fact why it is left as it
// is.
type RollbackNote struct {
	Variable string
	Text     string
}

// Wanted says what a rollback brings back.
type Wanted struct {
	// Drifted are all watched variables that differ; Variables those that are
	// named.
	Drifted   bool
	Variables []string
	// Pins are those of all files; Paths are files and folders whose pins are
	// meant, as records name them.
	Pins  bool
	Paths []string
}

// Everything is all that differs. What no rollback can bring back is named.
func Everything() Wanted { return Wanted{Drifted: true, Pins: true} }

// Back is what brings a workspace back to a record.
type Back struct {
	// Fix has no actions if nothing differs.
	Fix       drift.Fix
	Variables []string
	Pins      []PinBack
	// Steps say for each variable and pin what is done.
	Steps []string
	Left  []RollbackNote
}

// rollable are the variables that are brought back if none is named.
func rollable() []string {
	var names []string
	for _, w := range watchedValues {
		names = append(names, w.variables...)
	}
	return append(names, "GOCACHE")
}

// Rollback makes one fix that makes variables and pins what they were in a
// record. It has no actions if nothing differs.
func Rollback(in Input, r drift.Record, w Wanted) Back {
	whole := in.Snapshot
	in = in.ready()
	back := in.rollBackVariables(r, w)
	fix := &back.Fix
	if w.Pins || len(w.Paths) > 0 {
		actions, pins, note, left := in.rollBackPins(whole, r, w)
		fix.Actions, back.Pins, back.Left = append(fix.Actions, joinEdits(actions)...), pins, append(back.Left, left...)
		fix.Note = joinNotes(fix.Note, note)
		for _, p := range pins {
			back.Steps = append(back.Steps, p.Title())
		}
	}
	if w.Drifted && w.Pins && len(in.Present.Values) > 0 {
		back.Left = append(back.Left, in.rest(r, back)...)
	}
	fix.Kind = drift.FixRepair
	var what []string
	if n := len(back.Pins); n > 0 {
		what = []string{counted(n, "pin", "pins")}
	}
	fix.Title = "Roll back " + list(append(slices.Clone(back.Variables), what...))
	if len(back.Steps) == 1 {
		fix.Title = back.Steps[0]
	}
	fix.ID = fixID(drift.Finding{Code: "rollback", Fixes: []drift.Fix{*fix}}, 0)
	return back
}

// rollBackVariables is the part of a rollback that is about variables.
func (in Input) rollBackVariables(r drift.Record, w Wanted) Back {
	var back Back
	names := slices.Clone(w.Variables)
	if w.Drifted {
		names = rollable()
	}
	for _, name := range names {
		asked := slices.Contains(w.Variables, name)
		m, ok := in.differs(&r, name)
		if !ok {
			if asked {
				back.Left = append(back.Left, RollbackNote{name, "it is what it was"})
			}
			continue
		}
		if !asked && in.keeps(m.now) {
			back.Left = append(back.Left, RollbackNote{name, fmt.Sprintf(keepsWhy, name)})
			continue
		}
		fixes, why := in.rollBack(m, asked)
		if why == "" && !asked && fixes[0].Downloads() {
			why = fmt.Sprintf("it takes a download; godrift rollback %s does it", name)
		}
		if why != "" {
			if asked || why != givenWhy {
				back.Left = append(back.Left, RollbackNote{name, why})
			}
			continue
		}
		back.Fix.Actions = append(back.Fix.Actions, fixes[0].Actions...)
		back.Fix.Note = joinNotes(back.Fix.Note, fixes[0].Note)
		back.Variables = append(back.Variables, name)
		back.Steps = append(back.Steps, fixes[0].Title)
	}
	return back
}

// differs compares a variable with a record that a person named, whatever counts
// as drift.
func (in Input) differs(r *drift.Record, name string) (move, bool) {
	if name == theGo {
		return in.moved(r, name)
	}
	return in.changed(r, name)
}

// RollbackInShell works out what a running shell has to evaluate so that the go
// command started from it sees what a record holds, and what the contract asks for
// where that is allowed. It touches no file.
//
// What was accepted in an editor is brought to the shell as far as it changes
// builds, and any variable that is named.
func RollbackInShell(in Input, r drift.Record, names []string) ([]drift.Action, []RollbackNote) {
	in = in.ready()
	asked := len(names) > 0
	in.Across = func(name string) bool { return asked || ChangesBuilds(name) }
	if !asked {
		names = rollable()
	}
	var actions []drift.Action
	var notes []RollbackNote
	for _, name := range names {
		m, ok := in.differs(&r, name)
		switch {
		case !ok:
			if asked {
				notes = append(notes, RollbackNote{name, "it is what it was"})
			}
			continue
		case name == theGo:
			notes = append(notes, RollbackNote{name, "no variable of a shell decides it; godrift rollback shows what does"})
			continue
		case !asked && in.keeps(m.now):
			notes = append(notes, RollbackNote{name, fmt.Sprintf(keepsWhy, name)})
			continue
		case m.secret:
			notes = append(notes, RollbackNote{name, secretWhy})
			continue
		case !asked && loosens(name, m.was.value):
			notes = append(notes, RollbackNote{name, fmt.Sprintf(loosensWhy, name)})
			continue
		}
		below := ""
		if m.is.kind == drift.LayerProcess && len(m.now.Shadowed) > 0 {
			below = m.now.Shadowed[0].Value
		}
		switch {
		case m.is.kind == drift.LayerProcess && below == m.was.value:
			actions = append(actions, drift.Action{Kind: drift.ActionUnsetShell, Variable: name})
		case m.was.value == "":
			notes = append(notes, RollbackNote{name, "a file sets it, which no shell can hide; godrift rollback without --shell unsets it there"})
		default:
			actions = append(actions, drift.Action{Kind: drift.ActionSetShell, Variable: name, Value: m.was.value})
		}
	}
	if asked {
		return actions, notes
	}
	// What the contract says about a variable counts more than what it was.
	wanted, why := in.inShell()
	actions = slices.DeleteFunc(actions, func(a drift.Action) bool {
		return slices.ContainsFunc(wanted, func(w drift.Action) bool { return w.Variable == a.Variable })
	})
	return append(actions, wanted...), append(notes, why...)
}
