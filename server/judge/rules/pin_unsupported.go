package rules

import (
	"fmt"
	"go/version"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// pin-unsupported reports a place that picks a Go of a minor that gets no fixes
// any more. The Go project supports the two newest minors.
//
// # Why it matters
//
// A mistake in the standard library or the compiler that is found now, a
// security issue too, stays in everything that this place builds.
//
// # Example
//
//	.go-version says 1.24.5, while 1.26 and 1.27 are supported
//
// # How to fix it
//
// Move to the newest patch of the oldest minor that is supported, or to the
// newest release. All pins of the minor are moved by one fix. Test matrices are
// left alone: they hold old releases on purpose. So is what is called old where it
// stands, such as a job named oldstable.
//
// # How to silence it
//
// Accept it in godrift.toml, best with the day until which it will do.
var pinUnsupported = Rule{
	Code: "pin-unsupported", Title: "A pin of a Go that gets no fixes any more",
	Group: GroupPins, Severity: drift.SeverityWarning, All: "Move the pins in all %d files",
	Check: checkPinUnsupported,
}

func checkPinUnsupported(in Input) []Found {
	oldest, newest := releases.OldestSupported(), releases.Newest()
	var found []Found
	for _, pin := range in.upkept() {
		if releases.Supported(name(pin.Version)) || in.oldOnPurpose(pin) {
			continue
		}
		lang := version.Lang(name(pin.Version))
		f := drift.Finding{
			Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw,
			Message: fmt.Sprintf("%s picks %s, but %s gets no fixes any more. %s and newer are supported, as far as is known on %s.",
				in.at(pin.Place), pin.Raw, lang, version.Lang(oldest), releases.Date()),
		}
		for i, to := range []string{oldest, newest} {
			if i == 0 || to != oldest {
				f.Fixes = append(f.Fixes, in.move(pin, to)...)
			}
		}
		f.Fixes = preferFirst(f.Fixes)
		found = append(found, Found{Finding: f, Cause: lang, Brief: "picks " + pin.Raw + ", which gets no fixes either"})
	}
	return found
}

// upkept are the pins that should follow the releases: those that pick a Go to
// build or develop with, and that are not reported for being too low already.
func (in Input) upkept() []drift.Pin {
	var list []drift.Pin
	for _, pin := range in.pins() {
		if pin.Role == drift.RoleTest || pin.Role == drift.RoleLint || isToolchainLine(pin) && pin.Raw != name(pin.Version) ||
			!version.IsValid(name(pin.Version)) || noSuchRelease(pin, in.Now) || len(in.floorsAbove(pin)) > 0 {
			continue
		}
		list = append(list, pin)
	}
	return list
}

// move writes another release into a pin.
func (in Input) move(pin drift.Pin, to string) []drift.Fix {
	if !in.allowedGo(to) {
		return nil
	}
	actions, note := in.write(to, pin)
	return repair("Move to "+respell(pin, to), note, actions...)
}
