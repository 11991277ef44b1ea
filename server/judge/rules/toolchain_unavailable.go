package rules

import (
	"cmp"
	"fmt"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// toolchain-unavailable reports that the go command stops here with an error,
// and quotes the error word for word.
//
// # Why it matters
//
// Nothing builds until it is mended. The error names two versions at most; it
// does not name the layer that forbids the switch, which is often a GOTOOLCHAIN
// that somebody wrote months ago, or that a distribution or an image ships.
//
// # Example
//
// go.mod says "go 1.25.0", the go on PATH is 1.24.13, and the GOENV file says
// GOTOOLCHAIN=local:
//
//	go build stops here: "go: go.mod requires go >= 1.25.0 (running go 1.24.13;
//	GOTOOLCHAIN=local)". GOTOOLCHAIN=local, from ~/.config/go/env:2, forbids
//	switching to a newer Go.
//
// # How to fix it
//
// Switch to a Go that will do, or let the go command switch by itself again. A go
// from before 1.21 cannot switch: put a newer Go first on PATH, one that is here or
// one that is installed under ~/sdk, as golang.org/dl does.
// If the go command asks for a release that does not exist, correct the line
// that asks for it.
//
// # How to silence it
//
// Accept it in godrift.toml, for example for a folder that is built elsewhere:
//
//	[[path]]
//	glob = "legacy/**"
//	severity.toolchain-unavailable = "off"
var toolchainUnavailable = Rule{
	Code: "toolchain-unavailable", Title: "The go command stops here with an error",
	Group: GroupToolchain, Severity: drift.SeverityError, All: "Write a release that exists into all %d files",
	Check: checkToolchainUnavailable,
}

func checkToolchainUnavailable(in Input) []Found {
	var stopped []spot
	for _, s := range in.spotsOrRoot() {
		if in.owner(s) == "toolchain-unavailable" {
			stopped = append(stopped, in.deciding(s))
		}
	}
	target := in.highestFloor(stopped)
	var found []Found
	for _, s := range stopped {
		if isTooOld(s) {
			found = append(found, in.tooOld(s, target))
		} else {
			found = append(found, in.stops(s))
		}
	}
	return found
}

// tooOld is a module that the Go that runs is too old for.
func (in Input) tooOld(s spot, target string) Found {
	v := in.variable("GOTOOLCHAIN")
	why := ""
	switch {
	case !switchable(s.Selection):
		why = fmt.Sprintf("%s cannot switch toolchains, which go1.21 brought: put a newer one first on PATH%s.", s.Selection.Go.Version, in.suchAs())
	case v.Value == "":
		why = "GOTOOLCHAIN is empty, so the go command never switches to a newer Go."
	case v.Value == "auto" || v.Value == "path":
	default:
		why = fmt.Sprintf("%s, from %s, forbids switching to a newer Go.", setting("GOTOOLCHAIN", v.Value), in.source(v.Layer))
	}
	var fixes []drift.Fix
	if in.neverWas(target) && s.pin.Version != "" && in.neverWas(firstRelease(s.floor())) {
		fixed := respell(s.pin, nearestRelease(s.pin.Version))
		why += fmt.Sprintf(" No such release was known on %s.", releases.Date())
		fixes = repair("Write "+fixed+", which exists", "", in.edit(s.pin.Place, fixed))
	} else if !switchable(s.Selection) && target != "" {
		fixes = preferFirst(in.bySDK(s.Selection, cmp.Or(in.standing(target), target), true))
	} else if target != "" {
		fixes = append(preferFirst(in.switchTo(s.Selection, target)), in.letSwitch(s.Selection, firstRelease(s.floor()))...)
		if proxy := in.variable("GOPROXY"); len(fixes) == 0 && in.offline() {
			fixes = preferFirst(in.nearby(s.Selection, target))
			why += fmt.Sprintf(" GOPROXY=off, from %s, forbids downloading one.", in.source(proxy.Layer))
		}
		why = strings.TrimSpace(why + in.firstOnPath(s.Selection, target))
	}
	return Found{
		Finding: drift.Finding{
			Place: s.place(), Subject: string(s.pin.Source), Value: s.pin.Raw, Fixes: fixes,
			Message: strings.TrimSpace(fmt.Sprintf("go build stops here: %q. %s", said(s.Selection), why)),
		},
		Cause: "too old " + s.Selection.Selected + " " + v.Value,
		Brief: fmt.Sprintf("needs %s or newer, too", s.floor()),
	}
}

// stops is any other error.
func (in Input) stops(s spot) Found {
	text, verb := said(s.Selection), "Every go command stops here"
	if s.Selection.Error == "" {
		verb = "go build stops here"
	}
	f := drift.Finding{Place: s.place(), Message: fmt.Sprintf("%s: %q.", verb, text)}
	pin, ok := in.pinAt(s.Selection.Decider)
	switch {
	case ok && s.Selection.Error != "":
		f.Place, f.Subject, f.Value = pin.Place, string(pin.Source), pin.Raw
		f.Message += fmt.Sprintf(" %s asks for it.", in.at(pin.Place))
	case s.pin.Source != "":
		f.Subject, f.Value = string(s.pin.Source), s.pin.Raw
	}
	if sum := in.variable("GOSUMDB"); sum.Value == "off" && strings.Contains(text, "GOSUMDB") {
		f.Message += fmt.Sprintf(" GOSUMDB=off comes from %s; without the checksum database no downloaded toolchain is trusted.", in.source(sum.Layer))
		f.Fixes = append(f.Fixes, in.unset("GOSUMDB", sum.Layer, "")...)
	}
	if flags := in.variable("GOFLAGS"); flags.Kind != drift.LayerDefault && blamed(text, flags.Value) {
		f.Message += fmt.Sprintf(" %s comes from %s.", setting("GOFLAGS", flags.Value), in.source(flags.Layer))
		if len(strings.Fields(flags.Value)) == 1 { // the others would go with it
			f.Fixes = append(f.Fixes, in.unset("GOFLAGS", flags.Layer, "")...)
		}
	}
	download := strings.Contains(text, "download")
	if proxy := in.variable("GOPROXY"); download && proxy.Value == "off" {
		f.Message += fmt.Sprintf(" GOPROXY=off, from %s, forbids downloading it.", in.source(proxy.Layer)) + in.firstOnPath(s.Selection, firstRelease(s.floor()))
		f.Fixes = append(f.Fixes, in.nearby(s.Selection, firstRelease(s.floor()))...)
	} else if ok && download && !releases.Known(firstRelease(pin.Version)) && pin.Extra["suffix"] == "" {
		if known := nearestRelease(pin.Version); known != "" {
			fixed := respell(pin, known)
			f.Message += fmt.Sprintf(" No such release was known on %s.", releases.Date())
			f.Fixes = append(f.Fixes, repair(fmt.Sprintf("Write %s, which exists", fixed), "", in.edit(pin.Place, fixed))...)
		}
	}
	f.Fixes = preferFirst(f.Fixes)
	return Found{Finding: f, Cause: text, Brief: "the go command stops here, too"}
}
