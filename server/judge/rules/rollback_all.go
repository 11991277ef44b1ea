package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// RollbackNote says of one variable why it is left as it is.
type RollbackNote struct {
	Variable string
	Text     string
}

// rollable are the variables that are brought back if none is named.
func rollable() []string {
	var names []string
	for _, w := range watchedValues {
		names = append(names, w.variables...)
	}
	return append(names, "GOCACHE")
}

// Rollback makes one fix that makes variables what they were in a record: those
// that are named, else all that are watched and differ. It has no actions if
// nothing differs. steps says for each variable that is done what is done.
func Rollback(in Input, r drift.Record, names []string) (fix drift.Fix, done, steps []string, notes []RollbackNote) {
	in = in.ready()
	asked := len(names) > 0
	if !asked {
		names = rollable()
	}
	fix.Kind = drift.FixRepair
	for _, name := range names {
		m, ok := in.differs(&r, name)
		if !ok {
			if asked {
				notes = append(notes, RollbackNote{name, "it is what it was"})
			}
			continue
		}
		fixes, why := in.rollBack(m, asked)
		if why == "" && !asked && downloads(fixes[0]) {
			why = fmt.Sprintf("it takes a download; godrift rollback %s does it", name)
		}
		if why != "" {
			if asked || why != givenWhy {
				notes = append(notes, RollbackNote{name, why})
			}
			continue
		}
		fix.Actions = append(fix.Actions, fixes[0].Actions...)
		fix.Note = joinNotes(fix.Note, fixes[0].Note)
		done = append(done, name)
		steps = append(steps, fixes[0].Title)
	}
	fix.Title = "Roll back " + list(done)
	if len(steps) == 1 {
		fix.Title = steps[0]
	}
	fix.ID = fixID(drift.Finding{Code: "rollback", Fixes: []drift.Fix{fix}}, 0)
	return fix, done, steps, notes
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
// command started from it sees what a record holds. It touches no file.
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
	return actions, notes
}

func downloads(fix drift.Fix) bool {
	return slices.ContainsFunc(fix.Actions, func(a drift.Action) bool { return a.Kind == drift.ActionInstallToolchain })
}
