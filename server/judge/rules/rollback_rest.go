package rules

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// rest names what else differs from a record and is not for anybody to put back,
// so that a preview of everything hides nothing that godrift diff shows. What only
// follows from something else that is named is left out: which Go is agreed upon,
// the score, where a value that is the same comes from.
func (in Input) rest(r drift.Record, back Back) []RollbackNote {
	var notes []RollbackNote
	for _, c := range drift.Diff(r, in.Present) {
		named := func(n RollbackNote) bool {
			return n.Variable == c.Key || n.Variable == strings.TrimPrefix(c.Key, drift.KeyEnv)
		}
		why := ""
		switch variable, isVariable := c.Variable(); {
		case isVariable:
			m, moved := in.changed(&r, variable)
			switch {
			case slices.Contains(back.Variables, variable) || slices.ContainsFunc(back.Left, named) || c.LayerOnly():
			case !moved:
				why = givenWhy
			default:
				_, why = in.rollBack(m, false)
				if why == "" {
					why = "it is not watched; godrift rollback " + variable + " brings it back by its name"
				}
			}
		case strings.HasPrefix(c.Key, drift.KeyHost):
			why = "it is the machine's, or the program's that looked"
		case strings.HasPrefix(c.Key, drift.KeyTool):
			why = "programs are not kept; godrift tools tells how it stands"
		case strings.HasPrefix(c.Key, drift.KeyProbe):
			why = "a command of your own says it"
		case c.Key == drift.KeySelected || c.Key == drift.KeyGoPath:
			why = "it follows from variables, pins and the Gos that are installed"
		case c.Key == drift.KeyPrint+drift.PrintGoSum:
			why = "the text of go.sum is not kept; version control has it, and go mod tidy makes it"
		case c.Key == drift.KeyPrint+drift.PrintModules:
			why = "it follows from go.mod and go.sum"
		}
		if why != "" {
			notes = append(notes, RollbackNote{strings.TrimPrefix(c.Key, drift.KeyEnv), why})
		}
	}
	return notes
}
