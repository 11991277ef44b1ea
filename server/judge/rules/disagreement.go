package rules

import (
	"go/version"

	"godrift.dev/server/drift"
)

// disagreementMeans is what follows, by what the pins decide.
var disagreementMeans = map[drift.Role]string{
	drift.RoleDevelop: "Which of them counts depends on the tool that reads them.",
	drift.RoleBuild:   "Both are for the same module, so its builds differ from job to job.",
	drift.RoleShip:    "Both are for the same module, so what is shipped is built with different Gos.",
	drift.RoleLint:    "Both are for the same module, so linters judge its code by different rules.",
}

// party is what has to agree: the pins of one role for one module, or for a
// whole checkout if they belong to none.
type party struct {
	file string
	role drift.Role
}

func (in Input) partyOf(pin drift.Pin) party {
	home, _ := in.homeOf(pin)
	if home.File == "" {
		home.File = checkout(pin.Place.File)
	}
	return party{home.File, pin.Role}
}

// higher compares what two pins stand for. A release says more than a minor that
// it is of.
func (in Input) higher(a, b drift.Pin) bool {
	if a.Role != drift.RoleDevelop && a.Meaning != b.Meaning && version.Lang(name(a.Version)) == version.Lang(name(b.Version)) {
		return a.Meaning == drift.MeaningExact
	}
	return version.Compare(in.concrete(a), in.concrete(b)) > 0
}

// pinDifference says how two pins differ: by the minor only if one of them names
// a minor.
func pinDifference(a, b drift.Pin) string {
	if a.Meaning == drift.MeaningLine {
		a, b = b, a
	}
	return difference(name(a.Version), b)
}
