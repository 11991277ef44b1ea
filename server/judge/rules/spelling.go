package rules

import (
	"go/version"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

var digits = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\D*?0*([1-9]\d*)\.0*(\d+)(?:\.(?:0*(\d+)|x))?(?:\.0)?-?(?:(rc|beta)\.?0*(\d+))?\D*$`)
})

// corrected is what was most likely meant by a text, written as its reader wants
// it; empty if nobody can tell.
func corrected(pin drift.Pin) string {
	m := digits().FindStringSubmatch(pin.Raw)
	if m == nil {
		return ""
	}
	v := m[1] + "." + m[2]
	switch {
	case m[4] != "":
		v += m[4] + m[5]
	case m[3] != "":
		v += "." + m[3]
	}
	if !version.IsValid("go" + v) {
		return ""
	}
	if isToolchainLine(pin) {
		return "go" + v
	}
	if pin.Source == drift.SourceGoModGodebug || pin.Source == drift.SourceGoWorkGodebug {
		return version.Lang("go" + v)
	}
	return v
}

// noSuchRelease reports whether a pin names a release that there is not. The
// list of releases grows older: what may have come out since is given the
// benefit of the doubt, a patch a month and a minor every half year.
func noSuchRelease(pin drift.Pin, now time.Time) bool {
	v := name(pin.Version)
	if pin.Meaning != drift.MeaningExact && pin.Meaning != drift.MeaningMin || pin.Extra["suffix"] != "" ||
		!version.IsValid(v) || releases.Known(v) {
		return false
	}
	if isLanguage(v) && releases.NewestPatch(v) != "" {
		return false
	}
	if pin.Role == drift.RoleFloor && version.Lang(v) == v {
		return false
	}
	newest := releases.NewestPatch(v)
	if newest != "" && !releases.Supported(v) {
		return true // its last patch is out
	}
	listed, err := time.Parse(time.DateOnly, releases.Date())
	if err != nil || now.Before(listed) {
		now = listed
	}
	const month = 30 * 24 * time.Hour
	months := int(now.Sub(listed)/month) + 1
	if newest != "" {
		return last(v) > last(newest)+2*months
	}
	return minor(v) > minor(releases.Newest())+1+(months+5)/6
}

// last is the patch of a release, minor its minor.
func last(v string) int {
	n, err := strconv.Atoi(v[strings.LastIndexByte(v, '.')+1:])
	if err != nil {
		return 0 // a pre-release, which has no patch
	}
	return n
}

func minor(v string) int {
	_, n, _ := strings.Cut(version.Lang(v), ".")
	i, err := strconv.Atoi(n)
	if err != nil {
		return 0
	}
	return i
}

// nearestRelease is the newest patch of the minor, or the newest release if
// there is no such minor.
func nearestRelease(v string) string {
	if r := releases.NewestPatch(name(v)); r != "" {
		return r
	}
	return releases.Newest()
}

// respell writes another version in the way a pin's text is written: with its
// prefix, its suffix, and as a minor if it names one.
func respell(pin drift.Pin, v string) string {
	v = strings.TrimPrefix(name(v), "go")
	minor := strings.TrimPrefix(version.Lang(name(v)), "go")
	if pin.Meaning == drift.MeaningLine || pin.Meaning == drift.MeaningLang && namesMinor(pin) || pin.Role == drift.RoleFloor && isLanguage(pin.Version) && !strings.HasSuffix(v, ".0") {
		v, minor = minor, ""
	}
	switch text := put(pin, v, minor); {
	case text != "" && pin.Version != "":
		return text
	case isToolchainLine(pin):
		return "go" + v
	}
	return v
}
