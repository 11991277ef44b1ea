package rules

import (
	"cmp"
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// alignable reports whether a pin holds a version of its own that can be
// replaced. A variable does if its default stands in the reference itself.
func alignable(pin drift.Pin) bool {
	switch pin.Meaning {
	case drift.MeaningExact, drift.MeaningLine, drift.MeaningTrapFloat:
		return pin.Version != ""
	case drift.MeaningLang:
		return pin.Version != ""
	case drift.MeaningMin:
		return pin.Version != "" && pin.Extra["earlyscan"] == "" && !strings.HasSuffix(string(pin.Source), ":godebug")
	case drift.MeaningSetting:
		return strings.HasPrefix(pin.Raw, "go1")
	case drift.MeaningVar:
		return pin.Version != "" && pin.Extra["from"] == "" && pin.Extra["fromLine"] == "" && strings.Contains(pin.Raw, pin.Version)
	}
	return false
}

// staying says why a pin that names a Go somehow is left alone; empty if it is
// not, or if there is nothing to say.
func staying(pin drift.Pin) string {
	switch {
	case pin.Source == drift.SourceMiseLock:
		return "is in a lock file; mise lock writes it anew"
	case isToolchainLine(pin) && pin.Meaning == drift.MeaningExact && pin.Raw != name(pin.Version),
		pin.Meaning == drift.MeaningSetting && strings.Contains(pin.Raw, "-"):
		return "is somebody's own build, of which there may be no other"
	case pin.Extra["earlyscan"] != "" || pin.Extra["fallback"] != "":
		return "is not what its reader takes"
	}
	switch pin.Meaning {
	case drift.MeaningLatest, drift.MeaningStable:
		return "takes the newest Go there is"
	case drift.MeaningOldStable:
		return "is the minor before the newest on purpose"
	case drift.MeaningRange:
		return "is a range"
	case drift.MeaningInvalid:
		return "is refused by its reader, which has to be mended first"
	case drift.MeaningUnresolved:
		return fmt.Sprintf("has no value here: nothing sets %s", cmp.Or(pin.Extra["name"], "it"))
	}
	return ""
}

// floorOf is the go line that a pin is for, or the highest of those below its
// folder if its file belongs to no module; empty if there is none.
func (in Input) floorOf(pin drift.Pin) string {
	if isToolchainLine(pin) {
		return name(in.goLine(pin.Place.File).Version)
	}
	if home, ok := in.homeOf(pin); ok {
		return name(home.pin.Version)
	}
	highest := ""
	for _, s := range in.namedModules(pin) {
		if version.Compare(name(s.pin.Version), highest) > 0 {
			highest = name(s.pin.Version)
		}
	}
	if highest != "" {
		return highest
	}
	dir := filepath.Dir(pin.Place.File)
	for _, s := range in.spots() {
		if drift.Within(dir, s.Dir) && version.Compare(name(s.pin.Version), highest) > 0 {
			highest = name(s.pin.Version)
		}
	}
	return highest
}

// belowFloor reports whether a target is less than a go line. A minor stands for
// its newest patch.
func belowFloor(to, floor string) bool {
	if isMinor(to) {
		return version.Compare(to, version.Lang(floor)) < 0
	}
	return version.Compare(to, floor) < 0
}

// isMinor reports whether a version names a minor and no patch of it.
func isMinor(v string) bool { return version.Lang(v) == v }

// target is the Go that a pin is aligned to: a release, or a minor if that is
// all that is known.
func (a *alignment) target(pin drift.Pin) string {
	if a.version != "" {
		return a.version
	}
	home, ok := a.homeOf(pin)
	if !ok {
		home.Dir = filepath.Dir(pin.Place.File)
		if named := a.namedModules(pin); len(named) > 0 {
			home = named[0]
		}
	}
	key := home.File
	if key == "" {
		key = home.Dir
	}
	to, done := a.targets[key]
	if !done {
		to = a.aim(pin, home)
		a.targets[key] = to
	}
	return to
}

// aim works out the target of the module that a pin belongs to.
func (a *alignment) aim(pin drift.Pin, home spot) string {
	floor := a.floorOf(pin)
	switch a.Target {
	case AlignFloor:
		return floor
	case AlignRunning:
		if home.File == "" {
			return release(a.Snapshot.Selection.Selected)
		}
		return release(home.Selection.Selected)
	}
	to := a.pinned(home.Dir).Version
	if to != "" && floor != "" && belowFloor(to, floor) {
		to = "" // agreed for a module above, and too low for this one
	}
	if to == "" || isMinor(to) {
		to = a.highest(home.File, to)
	}
	if to == "" || floor != "" && belowFloor(to, floor) {
		to = floor
	}
	if a.Target == AlignPatch {
		if patch := releases.NewestPatch(to); version.Compare(patch, to) > 0 {
			return patch
		}
	}
	return to
}

// highest is the highest Go that the chosen pins of a module name, of one minor
// if that is agreed upon.
func (a *alignment) highest(module, minor string) string {
	best := minor
	for _, pin := range a.chosen {
		home, _ := a.homeOf(pin)
		v := name(pin.Version)
		if home.File != module || !namesVersion(pin) || minor != "" && version.Lang(v) != minor {
			continue
		}
		// 1.25 stands for any patch of it, so 1.25.3 says more.
		if version.Compare(v, best) > 0 {
			best = v
		}
	}
	return best
}
