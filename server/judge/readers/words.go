package readers

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// takes says what a program takes from a pin, in a few words.
func takes(p drift.Pin) string {
	switch p.Meaning {
	case drift.MeaningExact, drift.MeaningMin, drift.MeaningMinEarlyScan, drift.MeaningLang, drift.MeaningSetting:
		return p.Version
	case drift.MeaningVar:
		if p.Version == "" {
			return ""
		}
		return asRange(p.Version)
	case drift.MeaningLine:
		return "newest " + p.Version
	case drift.MeaningRange:
		return "newest in " + p.Version
	case drift.MeaningStable, drift.MeaningLatest:
		return "newest release"
	case drift.MeaningOldStable:
		return "newest of the minor before"
	case drift.MeaningSystem:
		return "the go on PATH"
	case drift.MeaningTrapFloat:
		return "newest " + p.Version
	case drift.MeaningInvalid:
		return refused
	}
	return ""
}

// refused is what a program that stops takes.
const refused = "refuses it"

// comesTo is the highest release that a pin can come to, to be compared with a
// floor: a minor stands for its newest patch. It is empty if nobody can tell.
func comesTo(p drift.Pin) string {
	switch p.Meaning {
	case drift.MeaningExact, drift.MeaningVar:
		if v := "go" + p.Version; version.IsValid(v) && (p.Meaning == drift.MeaningExact || v != version.Lang(v)) {
			return v
		}
		fallthrough
	case drift.MeaningLine:
		if newest := releases.NewestPatch(p.Version); newest != "" {
			return newest
		}
	}
	return ""
}

// below reports whether what a pin comes to is older than a go line.
func below(p, floor drift.Pin) bool {
	v := comesTo(p)
	return v != "" && floor.Version != "" && version.Compare(v, firstRelease(floor.Version)) < 0
}

// firstRelease is the release that a go line asks for: go1.25.0 for 1.25.
func firstRelease(v string) string {
	v = "go" + v
	if isLanguage(v) {
		return v + ".0"
	}
	return v
}

// isLanguage reports whether v names a minor since 1.21, of which no release
// has the name.
func isLanguage(v string) bool {
	return version.IsValid(v) && v == version.Lang(v) && version.Compare(v, "go1.21") >= 0
}

// belowGoLine reports whether a toolchain line is lower than the go line beside
// it: the go command passes it by.
func belowGoLine(toolchain, goLine drift.Pin) bool {
	return toolchain.Version != "" && goLine.Version != "" &&
		version.Compare("go"+toolchain.Version, firstRelease(goLine.Version)) < 0
}

// isRelease reports whether v is a full release without more: 1.25.3.
func isRelease(v string) bool {
	return strings.Count(v, ".") == 2 && strings.Trim(v, "0123456789.") == ""
}

// numbers is the part of a go line that actions/setup-go and mise look at: the
// digits and dots at its start.
func numbers(v string) string {
	return v[:len(v)-len(strings.TrimLeft(v, "0123456789."))]
}

// asRange says what a version comes to that is taken for a range: 1.25 is the
// newest 1.25.
func asRange(v string) string {
	if strings.Count(v, ".") < 2 && strings.Trim(v, "0123456789.") == "" {
		return "newest " + v
	}
	return v
}

func nothing(name, reason string) []Reading { return []Reading{{Reader: name, Reason: reason}} }

// parts collects partings; those that differ in their place only become one.
type parts struct {
	list  []Parting
	where []([]drift.Pin)
}

func (ps *parts) add(a, b string, where drift.Pin, format string, args ...any) {
	p := Parting{A: a, B: b, Message: fmt.Sprintf(format, args...)}
	if i := slices.Index(ps.list, p); i >= 0 {
		ps.where[i] = append(ps.where[i], where)
		return
	}
	if len(ps.list) < 2*mostRows {
		ps.list, ps.where = append(ps.list, p), append(ps.where, []drift.Pin{where})
	}
}

// named puts the places before the messages.
func (ps *parts) named(f *folder) []Parting {
	for i := range ps.list {
		ps.list[i].Message = f.places(ps.where[i]) + ": " + ps.list[i].Message
	}
	return ps.list
}
