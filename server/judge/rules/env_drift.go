package rules

import (
	"fmt"
	"slices"

	"godrift.dev/server/drift"
)

// env-drift reports a variable that decides what builds make, and that is not
// what it was when the state of this workspace was accepted: what it was, what it
// is, where that comes from, and since when.
//
// # Why it matters
//
// The same commit builds differently from yesterday, and nothing in the repository
// says so.
//
// # Example
//
//	GOFLAGS=-mod=mod, from ~/.config/go/env:2; accepted was -trimpath. It changed
//	on 2026-11-01 at 14:05: go env -w.
//
// # What counts
//
// Twenty values are watched. Each has a weight; the distance of a change is the
// weight, times a step where values can be near:
//
//	1.0  the Go that runs, GOROOT, GOTOOLCHAIN, GOOS, GOARCH, CGO_ENABLED
//	0.6  GOFLAGS; GOEXPERIMENT; GOFIPS140; GO111MODULE; GOSUMDB and GONOSUMDB;
//	     GOINSECURE, GOVCS and GOAUTH
//	0.5  GOWORK; CC, CXX, AR, FC, GCCGO and PKG_CONFIG; GOAMD64 and its like
//	0.4  CGO_CFLAGS and its like; GODEBUG; GOPROXY and GONOPROXY
//	0.3  GOPRIVATE; GOMODCACHE and GOPATH
//
//	step 0.1 to another patch, 0.5 to another minor, 1 to another major; 0.5
//	between values of GOTOOLCHAIN that name no two releases; 0.1 for flags in
//	GOFLAGS that change only what is printed; 1 for everything else
//
// Two questions are asked. How many of the twenty have changed? Below the share
// of the policy (5 %, which is one) nobody looks further. How far are the changes
// together, 1 at most? Below the distance of the policy (0.3) nothing is said.
// Both figures are in the JSON report, under "baseline".
//
// A change that somebody made on purpose, with go env -w or by switching to
// another branch, is held back for the grace period (15 minutes) and forgotten if
// it goes away in that time. What godrift itself changed because a person asked
// for it is not reported. The environment of an editor is not compared with what
// was accepted in a terminal, nor the other way round, but for the GOENV file,
// which they share.
//
//	[baseline]
//	grace = "1h"
//	share = 0.1
//	distance = 0.5
//
// # How to fix it
//
// Roll the variable back, or everything; or accept the present state: godrift
// accept.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var envDrift = Rule{
	Code: "env-drift", Title: "A variable is not what it was when the state was accepted",
	Group: GroupEnvironment, Severity: drift.SeverityWarning, Compares: true,
	Check: checkEnvDrift,
}

func checkEnvDrift(in Input) []Found {
	count, _ := in.moves()
	if len(count) == 0 {
		return nil
	}
	others := append(checkGorootMismatch(in), checkEnvConflict(in)...)
	count = slices.DeleteFunc(count, func(m move) bool {
		said := slices.ContainsFunc(others, func(f Found) bool { return f.Subject == m.name })
		return said || in.allowed(m.finding(in))
	})
	least, far := in.Policy.Limits()
	if share, distance := apart(count); len(count) == 0 || share < least || distance < far {
		return nil
	}
	all := in.everything(count)
	var found []Found
	for _, m := range count {
		f := m.finding(in)
		f.Severity = m.severity
		f.Message = in.movedText(m)
		fixes, why := in.rollBack(m, false)
		if why != "" {
			f.Message += " It is not rolled back by one click: " + why + "."
		}
		f.Fixes = preferFirst(append(fixes, all...))
		found = append(found, Found{Finding: f})
	}
	return found
}

func (m move) finding(in Input) drift.Finding {
	return drift.Finding{Code: "env-drift", Place: in.layerPlace(m.now.Layer), Subject: m.name, Value: drift.Mask(m.name, m.is.value)}
}

// everything offers to roll all variables back at once, if there are several.
func (in Input) everything(moves []move) []drift.Fix {
	var actions []drift.Action
	var names []string
	for _, m := range moves {
		fixes, _ := in.rollBack(m, false)
		for _, f := range fixes[:min(1, len(fixes))] {
			actions = append(actions, f.Actions...)
			names = append(names, m.name)
		}
	}
	if len(names) < 2 {
		return nil
	}
	return repair(fmt.Sprintf("Roll back everything: %s", list(names)), "", actions...)
}
