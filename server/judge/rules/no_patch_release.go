package rules

import (
	"fmt"
	"go/version"

	"godrift.dev/server/drift"
)

// no-patch-release reports a go line such as "go 1.25" where an early Go 1.21 or
// 1.22 is installed, which takes it for the name of a release that never was.
//
// # Why it matters
//
// Since 1.21 "1.25" names the language, and its first release is 1.25.0. The go
// commands 1.21.0 to 1.21.10 and 1.22.0 to 1.22.3 ask for go1.25 all the same,
// and stop:
//
//	go: download go1.25 for linux/amd64: toolchain not available
//
// Later ones ask for 1.25.0, so nothing is reported where only those are
// installed. A toolchain line avoids the trap, too.
//
// # Example
//
// go.mod says "go 1.25" without a toolchain line, and ~/sdk holds go1.22.2.
//
// # How to fix it
//
// Write 1.25.0, which means the same to every other Go since 1.21; or update the
// old Go.
//
// # How to silence it
//
//	[severity]
//	no-patch-release = "off"
var noPatchRelease = Rule{
	Code: "no-patch-release", Title: "A go line that an installed Go cannot fetch",
	Group: GroupPins, Severity: drift.SeverityWarning, All: "Write the .0 release into all %d files",
	Check: checkNoPatchRelease,
}

func checkNoPatchRelease(in Input) []Found {
	old, ok := in.trapped()
	if !ok {
		return nil
	}
	host := in.Snapshot.Environment.Host
	var found []Found
	for _, s := range in.spots() {
		v := s.pin.Version
		if !isLanguage(v) || version.Compare(name(v), version.Lang(release(old.Version))) <= 0 || in.hasToolchainLine(s.File) {
			continue
		}
		if s.Work != "" && s.Work != s.File || s.Selection.Error+s.Selection.LoadError != "" {
			continue // the go command looks at the go.work only, or stops anyway
		}
		found = append(found, Found{
			Finding: drift.Finding{
				Place: s.pin.Place, Subject: string(s.pin.Source), Value: s.pin.Raw,
				Message: fmt.Sprintf("%s (%s) takes go %s for a release and stops: %q. The first release is %s.0.",
					old.Version, old.Executable, v, fmt.Sprintf("go: download go%s for %s/%s: toolchain not available", v, host.GOOS, host.GOARCH), v),
				Fixes: preferFirst(repair("Write "+v+".0", "", in.edit(s.pin.Place, v+".0"))),
			},
			Cause: old.Version,
			Brief: "says go " + v + ", too",
		})
	}
	return found
}

// trapped is an installed Go that takes a language version for a release. The
// releases 1.21.11 and 1.22.4 brought the cure; seen by trial.
func (in Input) trapped() (drift.Toolchain, bool) {
	for _, t := range in.Snapshot.Environment.Toolchains {
		if t.Origin == drift.OriginModCache {
			continue // never the first go to run
		}
		r := release(t.Version)
		switch version.Lang(r) {
		case "go1.21":
			if version.Compare(r, "go1.21.11") < 0 {
				return t, true
			}
		case "go1.22":
			if version.Compare(r, "go1.22.4") < 0 {
				return t, true
			}
		}
	}
	return drift.Toolchain{}, false
}

func (in Input) hasToolchainLine(file string) bool {
	for _, pin := range in.Snapshot.Pins {
		if pin.Place.File == file && isToolchainLine(pin) && pin.Meaning != drift.MeaningInvalid {
			return true
		}
	}
	return false
}
