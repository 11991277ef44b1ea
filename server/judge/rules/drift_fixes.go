package rules

import (
	"fmt"
	"go/version"
	"slices"

	"godrift.dev/server/drift"
)

// driftFixes offers the switch, which is for the whole workspace: where other
// modules agree on another Go or on none, it is not what most people want. What
// reaches other workspaces, too, comes last.
func (in Input) driftFixes(s spot, pin drift.Pin, everywhere bool) []drift.Fix {
	fixes := in.switchTo(s.Selection, in.concrete(pin))
	if everywhere {
		fixes = preferFirst(fixes)
	} else {
		for i := range fixes {
			fixes[i].Note = joinNotes(fixes[i].Note, "Other modules here, which do not pin this Go, run it too unless they ask for more.")
		}
	}
	running := release(s.Selection.Selected)
	if running == "" || version.Compare(running, in.concrete(pin)) < 0 || !in.allowedGo(running) {
		return fixes
	}
	text := respell(pin, running)
	raise := repair(fmt.Sprintf("Pin the Go that runs: write %s into %s", text, in.rel(pin.Place.File)),
		"Everybody who follows this pin will be asked to move, too.", in.edit(pin.Place, text))
	user := slices.IndexFunc(fixes, forAll)
	if user < 0 {
		user = len(fixes)
	}
	return slices.Insert(fixes, user, raise...)
}

// forAll reports whether a fix counts in all workspaces of the user.
func forAll(fix drift.Fix) bool {
	return slices.ContainsFunc(fix.Actions, func(a drift.Action) bool { return a.Kind == drift.ActionSetGOENV })
}
