package rules

import (
	"fmt"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// env-shadowed reports a value that somebody wrote with go env -w and that the
// process environment overrules with another.
//
// # Why it matters
//
// go env -w says nothing of it when it is done, the value never counts here, and
// it does count wherever the variable is not exported: the editor and the
// terminal may build differently. A GOTOOLCHAIN that runs the agreed Go here is
// not reported: somebody switched to it for this workspace.
//
// # Example
//
//	GOFLAGS=-mod=mod in ~/.config/go/env:3 has no effect here: the environment of
//	this shell says GOFLAGS=-trimpath.
//
// # How to fix it
//
// Unset one of the two.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the variable and its value.
var envShadowed = Rule{
	Code: "env-shadowed", Title: "A go env -w value that the environment overrules",
	Group: GroupEnvironment, Severity: drift.SeverityInfo,
	Check: checkEnvShadowed,
}

func checkEnvShadowed(in Input) []Found {
	var found []Found
	drifted := checkEnvDrift(in)
	for _, v := range in.Snapshot.Environment.Variables {
		if v.Kind != drift.LayerProcess || v.Value == "" || slices.ContainsFunc(drifted, func(f Found) bool { return f.Subject == v.Name }) {
			continue
		}
		for _, hidden := range v.Shadowed {
			if hidden.Kind != drift.LayerGOENV || hidden.Value == v.Value || v.Name == "GOTOOLCHAIN" && in.selectsAgreed(v.Value) {
				continue
			}
			note := ""
			if v.Name == "GOSUMDB" || v.Name == "GONOSUMDB" || v.Name == "GOPRIVATE" {
				note = "This decides which downloads are checked: look at both values first."
			}
			found = append(found, Found{Finding: drift.Finding{
				Place: in.layerPlace(hidden), Subject: v.Name, Value: hidden.Value, Unnecessary: true,
				Message: fmt.Sprintf("%s in %s has no effect here: the environment of %s says %s.",
					setting(v.Name, hidden.Value), in.source(hidden), in.whose(), setting(v.Name, v.Value)),
				Fixes: in.unshadow(v, hidden, note),
			}})
		}
	}
	return found
}

// selectsAgreed reports whether a GOTOOLCHAIN runs the agreed Go here: it then
// overrules the GOENV file because somebody switched to that Go for this
// workspace.
func (in Input) selectsAgreed(gotoolchain string) bool {
	least, _, _ := strings.Cut(gotoolchain, "+")
	agreed := func(dir string) bool {
		p := in.pinned(dir)
		return p.Version != "" && release(least) != "" && difference(least, p.Pin) == ""
	}
	return agreed(in.Snapshot.Root) || slices.ContainsFunc(in.spots(), func(s spot) bool { return agreed(s.Dir) })
}

// unshadow offers to unset either layer, but never one whose end would let
// unchecked downloads in.
func (in Input) unshadow(v drift.Variable, hidden drift.Layer, note string) []drift.Fix {
	var fixes []drift.Fix
	if !guards(v.Name, hidden.Value) {
		fixes = append(fixes, preferFirst(in.unset(v.Name, hidden, note))...)
	}
	if !guards(v.Name, v.Value) && !loosens(v.Name, hidden.Value) {
		fixes = append(fixes, in.unset(v.Name, v.Layer, note)...)
	}
	return fixes
}

// guards reports whether a value names a checksum database of its own, which
// nobody should lose by a fix.
func guards(variable, value string) bool {
	return variable == "GOSUMDB" && value != "" && value != "off"
}

// loosens reports whether a value, once it counts, lets downloads in that are
// checked less.
func loosens(variable, value string) bool {
	switch variable {
	case "GOSUMDB":
		return value == "off"
	case "GONOSUMDB", "GOPRIVATE", "GOINSECURE", "GONOSUMCHECK":
		return value != ""
	}
	return false
}
