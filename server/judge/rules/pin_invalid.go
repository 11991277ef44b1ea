package rules

import (
	"fmt"
	"go/version"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// pin-invalid reports text where a Go version should stand that its reader
// refuses or takes for something else, and files of which a part cannot be read.
//
// # Why it matters
//
// Some readers stop, some take another version than the one that was meant, and
// some pass the line by without a word, so that nothing is pinned at all.
//
// # Example
//
//	toolchain 1.26.1     the name of a toolchain starts with go: go1.26.1
//	go v1.25             a go line takes no prefix: 1.25
//	go 1.24.99           there is no such release
//	go 1.20.5            with a Go before 1.21 on PATH, which refuses three numbers
//
// # How to fix it
//
// Write the corrected text, which is offered wherever it is clear what was meant.
//
// # How to silence it
//
// Files that are wrong on purpose belong into a folder named testdata, which is
// never looked at. Elsewhere:
//
//	[[path]]
//	glob = "examples/broken/**"
//	severity.pin-invalid = "off"
var pinInvalid = Rule{
	Code: "pin-invalid", Title: "A version that its reader refuses or misreads",
	Group: GroupPins, Severity: drift.SeverityError,
	Check: checkPinInvalid,
}

func checkPinInvalid(in Input) []Found {
	var found []Found
	for _, pin := range in.Snapshot.Pins {
		if in.testData(pin.Place.File) {
			continue
		}
		if f, ok := in.invalid(pin); ok {
			f.Place, f.Subject, f.Value = pin.Place, string(pin.Source), pin.Raw
			if f.Cause == "" {
				f.Fixes = preferFirst(f.Fixes)
			}
			found = append(found, f)
		}
	}
	for _, p := range in.Snapshot.Problems {
		if p.Place.File == in.Policy.File || in.testData(p.Place.File) {
			continue // the policy's mistakes have a rule of their own
		}
		severity := drift.SeverityWarning
		if in.stopsAt(p.Place.File) {
			severity = drift.SeverityError
		}
		found = append(found, Found{Finding: drift.Finding{
			Severity: severity, Place: p.Place,
			Message: fmt.Sprintf("%s cannot be read as it is meant: %s.", in.at(p.Place), strings.TrimSuffix(p.Message, ".")),
		}})
	}
	return found
}

func (in Input) invalid(pin drift.Pin) (Found, bool) {
	var f Found
	why := strings.TrimSuffix(strings.TrimPrefix(pin.Extra["why"], "; "), ".")
	switch {
	// Elsewhere a word that names no version means something: a branch, a path.
	case pin.Meaning == drift.MeaningInvalid, pin.Meaning == drift.MeaningUnknown && pin.Source == drift.SourceGoVersion && pin.Raw != "":
		f.Message = fmt.Sprintf("%q is not read as a Go version.", pin.Raw)
		if why != "" {
			f.Message = fmt.Sprintf("%q cannot stand here: %s.", pin.Raw, why)
		}
		f.Message += in.quoteError(pin)
		f.Fixes = in.correct(pin, corrected(pin))
	case pin.Meaning == drift.MeaningTrapFloat:
		f.Message = fmt.Sprintf("%s without quotes is a number, so the reader gets %s.", pin.Raw, pin.Version)
		f.Fixes = in.correct(pin, strconv.Quote(pin.Raw))
	case pin.Meaning == drift.MeaningMinEarlyScan, pin.Extra["earlyscan"] != "":
		f.Message = fmt.Sprintf("The go command takes %q for a version when it selects the toolchain, and for something else afterwards.", pin.Raw)
		if why != "" {
			f.Message += " " + strings.ToUpper(why[:1]) + why[1:] + "."
		}
	case noSuchRelease(pin, in.Now) && !in.stopsOver(pin):
		f.Message = fmt.Sprintf("There is no %s, as of %s. Whoever has to fetch it cannot.", name(pin.Version), releases.Date())
		f.Fixes = in.correct(pin, respell(pin, nearestRelease(pin.Version)))
	default:
		return in.tooLongForOldGo(pin)
	}
	return f, true
}

// tooLongForOldGo is a go line with three numbers where the go on PATH is from
// before 1.21, which refuses them. If that Go is minors too old besides, two
// numbers would be of no use: toolchain-unavailable then says what is.
func (in Input) tooLongForOldGo(pin drift.Pin) (Found, bool) {
	home, ok := in.home(pin.Place.File)
	if !ok || pin.Role != drift.RoleFloor || home.pin.Place != pin.Place || home.Selection.Go == nil {
		return Found{}, false
	}
	old := release(home.Selection.Go.Version)
	lang := strings.TrimPrefix(version.Lang(name(pin.Version)), "go")
	if old == "" || version.Compare(old, "go1.21") >= 0 || lang == "" || lang == pin.Version {
		return Found{}, false
	}
	if isTooOld(in.deciding(home)) {
		return Found{}, false
	}
	return Found{
		Finding: drift.Finding{
			Message: fmt.Sprintf("%s, the go on PATH, refuses a go line with more than two numbers.%s Put a newer one first on PATH%s.", old, in.quoteError(pin), in.suchAs()),
			Fixes:   in.correct(pin, lang),
		},
		Cause: "before 1.21: " + old,
		Brief: "says " + pin.Raw + ", too",
	}, true
}

func (in Input) correct(pin drift.Pin, text string) []drift.Fix {
	if text == "" || text == pin.Raw {
		return nil
	}
	return repair("Write "+text, "", in.edit(pin.Place, text))
}
