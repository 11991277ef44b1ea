package rules

import (
	"cmp"
	"fmt"
	"go/version"
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
)

// pin-below-floor reports a place that picks a Go which is older than the go line
// of the module it builds.
//
// # Why it matters
//
// Where GOTOOLCHAIN=local is set, as in the golang images and after setup-go, the
// build stops. Elsewhere the go command downloads another Go without a word, and
// the pin says something that is not so.
//
// # Example
//
// .go-version says 1.24.5, and go.mod says "go 1.25.0":
//
//	.go-version:1 picks 1.24.5, but go.mod:3 needs at least 1.25.0.
//
// # How to fix it
//
// Raise the pin to the go line. When several pins are below the same go line,
// one fix raises them all.
//
// # What is left alone
//
// A test matrix, whose versions are old on purpose, and a Dockerfile that only
// installs programs of others. Of a linter's configuration,
// such as run.go of golangci-lint, the minor counts: it chooses the language that
// the code is checked as, and no toolchain.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names the file and the pin's text.
var pinBelowFloor = Rule{
	Code: "pin-below-floor", Title: "A pin that is older than the go line",
	Group: GroupPins, Severity: drift.SeverityError, All: "Raise the pins in all %d files",
	Check: checkPinBelowFloor,
}

func checkPinBelowFloor(in Input) []Found {
	var found []Found
	for _, pin := range in.pinsAndLanguages() {
		above := in.floorsAbove(pin)
		if len(above) == 0 || inVersionMatrix(pin) || in.buildsOthers(pin) {
			continue
		}
		highest := above[0]
		raised := respell(pin, firstRelease(highest.floor()))
		actions, note := in.write(firstRelease(highest.floor()), pin)
		f := drift.Finding{
			Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw,
			Message: fmt.Sprintf("%s picks %s, but %s needs at least %s. With GOTOOLCHAIN=local the build stops; without, the go command downloads another Go.",
				in.at(pin.Place), pin.Raw, in.at(highest.place()), highest.pin.Version),
			Fixes: preferFirst(repair("Raise it to "+raised, note, actions...)),
		}
		if pin.Meaning == drift.MeaningLang {
			f.Message = fmt.Sprintf("%s has the code checked as Go %s, but %s needs at least %s. What a linter knows of the newer language is left out.",
				in.at(pin.Place), pin.Version, in.at(highest.place()), highest.pin.Version)
		}
		for _, s := range above[:min(len(above), maxRelated)] {
			f.Related = append(f.Related, drift.Related{Place: s.place(), Message: "needs at least " + s.pin.Version})
		}
		found = append(found, Found{
			Finding: f, Cause: highest.File + " " + highest.pin.Version,
			Brief: "picks " + pin.Raw + ", which is too low as well",
		})
	}
	return found
}

// floorsAbove are the spots that a pin is for and that need more, the highest
// first: the module that its file belongs to, or the modules below its folder if
// it belongs to none.
func (in Input) floorsAbove(pin drift.Pin) []spot {
	if isToolchainLine(pin) {
		return nil
	}
	var above []spot
	judge := func(s spot) {
		if s.pin.Version != "" && !reaches(pin, s.pin.Version) {
			above = append(above, s)
		}
	}
	if home, ok := in.homeOf(pin); ok {
		judge(home)
		return above
	}
	for _, s := range in.spots() {
		if drift.Within(filepath.Dir(pin.Place.File), s.Dir) && in.governs(pin, s) {
			judge(s)
		}
	}
	slices.SortStableFunc(above, func(a, b spot) int { return cmp.Or(version.Compare(b.floor(), a.floor())) })
	return above
}

// governs reports whether no pin of the same role is nearer to a spot.
func (in Input) governs(pin drift.Pin, s spot) bool {
	for _, other := range in.Snapshot.Pins {
		if other.Role == pin.Role && !isToolchainLine(other) && drift.Within(filepath.Dir(other.Place.File), s.Dir) &&
			len(filepath.Dir(other.Place.File)) > len(filepath.Dir(pin.Place.File)) {
			return false
		}
	}
	return true
}
