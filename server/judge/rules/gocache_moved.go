package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// gocache-moved reports that the build cache is in another folder than when the
// state of this workspace was accepted.
//
// # Why it matters
//
// Everything is compiled again, the former cache stays where it is and fills the
// disk, and a folder that somebody else can write to decides what your programs
// are made of.
//
// # Example
//
//	GOCACHE=/tmp/cache, from ~/.config/go/env:3; accepted was ~/.cache/go-build.
//
// A change with go env -w is held back for the grace period, as with env-drift.
//
// # How to fix it
//
// Roll GOCACHE back; or accept the present state: godrift accept.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var gocacheMoved = Rule{
	Code: "gocache-moved", Title: "The build cache is in another folder than was accepted",
	Group: GroupEnvironment, Severity: drift.SeverityWarning, Compares: true,
	Check: checkGocacheMoved,
}

func checkGocacheMoved(in Input) []Found {
	m, ok := in.cacheMove()
	if !ok || in.held(m.since, m.likelyCause()) || in.chose(m) {
		return nil
	}
	f := drift.Finding{
		Place: in.layerPlace(m.now.Layer), Subject: m.name, Value: m.is.value,
		Message: in.movedText(m) + " Everything is compiled again.",
	}
	fixes, why := in.rollBack(m, false)
	if why != "" {
		f.Message += fmt.Sprintf(" It is not rolled back by one click: %s.", why)
	}
	f.Fixes = preferFirst(fixes)
	return []Found{{Finding: f}}
}

// cacheMove is the change of GOCACHE against the baseline.
func (in Input) cacheMove() (move, bool) {
	r := in.baseline()
	if r == nil {
		return move{}, false
	}
	m, ok := in.changed(r, "GOCACHE")
	// A cache that is off is reported by those who know what that does.
	if !ok || in.inContract(m.now) || m.was.value == "off" || m.is.value == "off" || m.was.value == "" || m.is.value == "" {
		return move{}, false
	}
	m.since = in.since(drift.EnvKey("GOCACHE"))
	return m, true
}
