package rules

import (
	"go/version"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
	"godrift.dev/server/judge/policy"
)

// name puts "go" before a version that has none.
func name(v string) string {
	if v == "" || strings.HasPrefix(v, "go") {
		return v
	}
	return "go" + v
}

// release is the version of a toolchain's name without what a builder added:
// "go1.25.3" for "go1.25.3-corp.7" and "go1.25.3 X:nodwarf5". A development
// version has none.
func release(toolchain string) string {
	toolchain, _, _ = strings.Cut(toolchain, " ")
	toolchain, _, _ = strings.Cut(toolchain, "-")
	if !version.IsValid(toolchain) {
		return ""
	}
	return toolchain
}

// isLanguage reports whether v names a minor since 1.21, which is no release.
func isLanguage(v string) bool {
	v = name(v)
	return version.IsValid(v) && v == version.Lang(v) && version.Compare(v, "go1.21") >= 0
}

// firstRelease is the release that the go command asks for when a go line says
// v: "go1.25.0" for "1.25".
func firstRelease(v string) string {
	if isLanguage(v) {
		return name(v) + ".0"
	}
	return name(v)
}

// difference says which part of two versions differs: "major", "minor",
// "patch", or nothing. A pin that names a minor agrees with all of its patches.
func difference(running string, pin drift.Pin) string {
	a, b := release(running), name(pin.Version)
	switch {
	case a == "" || !version.IsValid(b) || version.Compare(a, b) == 0:
		return ""
	case major(a) != major(b):
		return "major"
	case version.Lang(a) != version.Lang(b):
		return "minor"
	case pin.Meaning == drift.MeaningLine:
		return ""
	}
	return "patch"
}

func major(v string) string {
	before, _, _ := strings.Cut(v, ".")
	return before
}

// grade is the severity of a difference.
func grade(d policy.Distance, difference string) drift.Severity {
	switch difference {
	case "major":
		return d.Major
	case "minor":
		return d.Minor
	case "patch":
		return d.Patch
	}
	return drift.SeverityOff
}

// reaches reports whether a pin is at least the floor. A minor stands for its
// newest patch, which is what its readers install.
func reaches(pin drift.Pin, floor string) bool {
	have := name(pin.Version)
	if pin.Meaning == drift.MeaningLine || pin.Meaning == drift.MeaningLang {
		return version.Compare(version.Lang(have), version.Lang(name(floor))) >= 0
	}
	return version.Compare(have, name(floor)) >= 0
}

// concrete is the release that a pin stands for on this machine: itself, or for
// a minor the newest patch that is installed, else the newest that is known.
func (in Input) concrete(pin drift.Pin) string {
	v := name(pin.Version)
	if pin.Meaning != drift.MeaningLine {
		return firstRelease(v)
	}
	best := ""
	for _, t := range in.Snapshot.Environment.Toolchains {
		r := release(t.Version)
		if r == t.Version && version.Lang(r) == version.Lang(v) && !isLanguage(r) && (best == "" || version.Compare(r, best) > 0) {
			best = r
		}
	}
	if best == "" {
		best = releases.NewestPatch(v)
	}
	if best == "" {
		best = firstRelease(v)
	}
	return best
}

// downloaded is the newest release of the same minor that is at least want and
// needs no download; want itself if there is none.
func (in Input) downloaded(want string) string {
	best := want
	for _, t := range in.Snapshot.Environment.Toolchains {
		r := release(t.Version)
		if t.Origin == drift.OriginModCache && r == t.Version && version.Lang(r) == version.Lang(want) && version.Compare(r, best) >= 0 {
			best = r
		}
	}
	return best
}

// newer reports whether toolchain a is newer than b; any is newer than none.
func newer(a, b string) bool {
	return release(a) != "" && (b == "" || version.Compare(release(a), release(b)) > 0)
}
