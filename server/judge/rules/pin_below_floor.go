package rules

import (
	"fmt"
	"go/version"

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
// Raise the pin to what is agreed upon or to what the other pins of its role say,
// where that is at least the go line and within the contract; else to the go line.
// Pins of one role that are below the same go line
// are one finding, and so are those that name the same Go below equal go lines of
// several modules: one fix raises them all.
//
// # What is left alone
//
// A test matrix of several versions, and what is called old where it stands, such
// as a job named oldstable or a comment that says "lowest supported version". A
// Dockerfile that takes no Go code of the module in. Of a linter's configuration,
// such as run.go of golangci-lint, the minor counts: it chooses the language that
// the code is checked as, and no toolchain, so it is a warning. So is a constraint of Renovate's, whose go command
// fetches the Go that go.mod needs.
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
	var causes causes
	low, peers := in.lowPins()
	for _, l := range low {
		pin, above := l.pin, l.above
		highest := above[0]
		f := drift.Finding{
			Place: pin.Place, Subject: string(pin.Source), Value: pin.Raw,
			Message: fmt.Sprintf("%s picks %s, but %s needs at least %s. %s",
				in.at(pin.Place), pin.Raw, in.at(highest.place()), highest.pin.Version, belowFloorMeans(pin, highest.pin)),
			Fixes: preferFirst(in.raise(pin, highest.floor(), peers[in.partyOf(pin)])),
		}
		if pin.Role == drift.RoleLint || pin.Source == drift.SourceRenovate {
			f.Severity = drift.SeverityWarning
		}
		if pin.Meaning == drift.MeaningLang {
			f.Message = fmt.Sprintf("%s has the code checked as Go %s, but %s needs at least %s. What a linter knows of the newer language is left out.",
				in.at(pin.Place), pin.Version, in.at(highest.place()), highest.pin.Version)
		}
		for _, s := range above[:min(len(above), maxRelated)] {
			f.Related = append(f.Related, drift.Related{Place: s.place(), Message: "needs at least " + s.pin.Version})
		}
		found = append(found, Found{Finding: f, Brief: "picks " + pin.Raw + ", which is too low as well"})
		// One go line that was raised leaves many pins behind, and so does one
		// hand that raised the go lines of many modules and not what builds them.
		causes.join(fmt.Sprint(pin.Role, " ", highest.File), fmt.Sprint(pin.Role, " ", pin.Version, " ", highest.pin.Version))
	}
	for i := range found {
		found[i].Cause = causes.of(i)
	}
	return found
}

// belowFloorMeans is what follows from a pin that is below a go line.
func belowFloorMeans(pin, line drift.Pin) string {
	switch {
	case pin.Source == drift.SourceRenovate && version.Compare(name(pin.Version), "go1.21") >= 0:
		return "Nothing stops: the go command that Renovate tidies with downloads the newer Go, unless GOTOOLCHAIN=local is set for it."
	case version.Compare(name(pin.Version), "go1.21") >= 0:
		return "With GOTOOLCHAIN=local the build stops; without, the go command downloads another Go."
	case isMinor(name(line.Version)):
		return "A Go before 1.21 tries to build it all the same, and stops at what it does not know."
	}
	return fmt.Sprintf("A Go before 1.21 cannot read that line and stops: invalid go version '%s': must match format 1.23.", line.Version)
}
