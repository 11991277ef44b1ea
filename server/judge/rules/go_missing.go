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
	for _, s := range in.spots() {
		if in.owner(s) != "go-missing" {
			continue
		}
		message := fmt.Sprintf("There is no go on the PATH of %s, so nothing can be built here", in.whose())
		if t, ok := in.installed(); ok {
			message += fmt.Sprintf(". %s is at %s: add its folder to PATH.", t.Version, t.Executable)
		} else {
			message += ". None was found elsewhere on this machine either: install it from https://go.dev/dl."
		}
		return []Found{{Finding: drift.Finding{Place: in.mainPlace(), Message: message}}}
	}
	return nil
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
