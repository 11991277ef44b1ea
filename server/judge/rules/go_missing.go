package rules

import (
	"fmt"
	"go/version"

	"godrift.dev/server/drift"
)

// go-missing reports that there is no go on PATH at all.
//
// # Why it matters
//
// Nothing builds, and the editor's Go tools do not start. An editor that was
// started from a desktop icon often has another PATH than a terminal.
//
// # Example
//
//	There is no go on the PATH of the editor, so nothing can be built here.
//	go1.26.8 is at /usr/local/go/bin/go: add its folder to PATH.
//
// Where the environment of somebody else is known, such as the login shell's
// beside the editor's, one that lacks a go is reported too, as a warning.
//
// # How to fix it
//
// Add the folder of an installed go to PATH where the environment is made (the
// shell's profile, the desktop session), and start the editor or shell anew.
// Without any, install Go from https://go.dev/dl.
//
// # How to silence it
//
// On a machine that has no Go on purpose:
//
//	[severity]
//	go-missing = "off"
var goMissing = Rule{
	Code: "go-missing", Title: "There is no go on PATH",
	Group: GroupToolchain, Severity: drift.SeverityError,
	Check: checkGoMissing,
}

func checkGoMissing(in Input) []Found {
	found := in.missingHere()
	if in.Snapshot.Selection.Go == nil {
		return found // one root cause, one finding
	}
	for _, o := range in.Snapshot.Others {
		if o.Selection.How != drift.HowNoGo {
			continue
		}
		found = append(found, Found{
			Cause: "no go",
			Finding: drift.Finding{
				Severity: drift.SeverityWarning, Place: in.mainPlace(), Subject: "PATH", Value: o.Environment.Of,
				Message: fmt.Sprintf("There is no go on the PATH of %s, so nothing can be built there. That of %s is %s at %s: have the shell's start-up files add its folder to PATH.",
					whoIs(o.Environment.Of), in.whose(), in.Snapshot.Selection.Go.Version, in.Snapshot.Selection.Go.Executable),
			},
		})
	}
	return found
}

// missingHere looks at the environment of the snapshot.
func (in Input) missingHere() []Found {
	for _, s := range in.spots() {
		if in.owner(s) != "go-missing" {
			continue
		}
		message := fmt.Sprintf("There is no go on the PATH of %s, so nothing can be built here", in.whose())
		if o, ok := in.elsewhere(); ok {
			message += fmt.Sprintf(". That of %s is %s at %s.%s", whoIs(o.Environment.Of), o.Selection.Go.Version, o.Selection.Go.Executable,
				onceMore(in.Snapshot.Environment.Of))
		} else if t, ok := in.installed(); ok {
			message += fmt.Sprintf(". %s is at %s: add its folder to PATH.", t.Version, t.Executable)
		} else {
			message += ". None was found elsewhere on this machine either: install it from https://go.dev/dl."
		}
		return []Found{{Finding: drift.Finding{Place: in.mainPlace(), Message: message}}}
	}
	return nil
}

// elsewhere is the first of the others who has a go on PATH.
func (in Input) elsewhere() (drift.Other, bool) {
	for _, o := range in.Snapshot.Others {
		if o.Selection.Go != nil {
			return o, true
		}
	}
	return drift.Other{}, false
}

// installed is the newest Go that could stand on PATH.
func (in Input) installed() (drift.Toolchain, bool) {
	var best drift.Toolchain
	for _, t := range in.Snapshot.Environment.Toolchains {
		if t.Executable != "" && !t.Shim && t.Origin != drift.OriginModCache && newer(t.Version, best.Version) {
			best = t
		}
	}
	return best, best.Executable != ""
}

// suchAs names the newest Go that could stand on PATH instead of a go from
// before 1.21, as the end of a sentence.
func (in Input) suchAs() string {
	if t, ok := in.installed(); ok && version.Compare(release(t.Version), "go1.21") >= 0 {
		return fmt.Sprintf(", such as %s at %s", t.Version, t.Executable)
	}
	return ""
}
