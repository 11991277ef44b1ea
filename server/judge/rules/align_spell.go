package rules

import (
	"go/version"
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

var (
	// dotted is a version as most readers write it, semver's pre-releases too.
	dotted = drift.Pattern(`\d+\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+|-(?:rc|beta)\.?\d+)?`)
	// joined is a minor without dots: go_1_25, go125, buildGo125Module.
	joined = drift.Pattern(`([gG]o_?1_?)(\d{1,2})(\D|$)`)
	// pre is the end of a pre-release.
	pre = drift.Pattern(`^(\d+\.\d+)((?:rc|beta))(\d+)$`)
)

// spelled is the text of a pin with another version: the same prefix and
// suffix, a minor if it names one and a release if it names one. It is empty if
// the version cannot be written there.
func (in Input) spelled(pin drift.Pin, to string) string {
	minor := strings.TrimPrefix(version.Lang(to), "go")
	if namesMinor(pin) {
		return in.quoted(pin, put(pin, minor, ""))
	}
	full := to
	if isMinor(to) && !(pin.Role == drift.RoleFloor) {
		full = in.concrete(drift.Pin{Meaning: drift.MeaningLine, Version: strings.TrimPrefix(to, "go")})
	}
	full = strings.TrimPrefix(firstRelease(full), "go")
	return in.quoted(pin, put(pin, full, minor))
}

// namesMinor reports whether a pin says no patch.
func namesMinor(pin drift.Pin) bool {
	switch pin.Meaning {
	case drift.MeaningLine, drift.MeaningTrapFloat:
		return true
	case drift.MeaningExact, drift.MeaningSetting:
		return false
	}
	return isMinor(name(pin.Version))
}

// put writes a version into the text of a pin.
func put(pin drift.Pin, v, minor string) string {
	at := dotted().FindStringIndex(pin.Raw)
	if i := versionIn(pin); i >= 0 {
		at = []int{i, i + len(pin.Version)}
	}
	switch {
	case at != nil:
		if strings.Contains(pin.Raw[at[0]:at[1]], "-") {
			v = asSemver(v)
		}
		return pin.Raw[:at[0]] + v + pin.Raw[at[1]:]
	case minor != "":
		return "" // there is room for a minor only
	}
	_, n, _ := strings.Cut(v, ".")
	if pin.Raw == strings.TrimPrefix(pin.Version, "1.") {
		return n
	}
	if m := joined().FindStringSubmatchIndex(pin.Raw); m != nil && strings.HasPrefix(v, "1.") {
		return pin.Raw[:m[4]] + n + pin.Raw[m[5]:]
	}
	return ""
}

// versionIn is where the version stands in a pin's text, -1 if it is written in
// another way. A number that YAML misreads is.
func versionIn(pin drift.Pin) int {
	if pin.Version == "" || pin.Meaning == drift.MeaningTrapFloat || pin.Meaning == drift.MeaningSetting {
		return -1
	}
	i := strings.Index(pin.Raw, pin.Version)
	if i < 0 || i > 0 && (pin.Raw[i-1] == '.' || pin.Raw[i-1] >= '0' && pin.Raw[i-1] <= '9') {
		return -1
	}
	return i
}

// asSemver writes a pre-release as semver does: 1.25rc1 is 1.25.0-rc.1.
func asSemver(v string) string {
	if m := pre().FindStringSubmatch(v); m != nil {
		return m[1] + ".0-" + m[2] + "." + m[3]
	}
	return v
}

// quoted puts quotes around a version that YAML would take for a number and cut
// a zero from.
func (in Input) quoted(pin drift.Pin, text string) string {
	if pin.Meaning == drift.MeaningTrapFloat && text != "" {
		return strconv.Quote(text)
	}
	ext := filepath.Ext(pin.Place.File)
	if ext != ".yml" && ext != ".yaml" || !strings.HasSuffix(text, "0") || strings.Trim(text, "0123456789.") != "" ||
		strings.Count(text, ".") != 1 {
		return text
	}
	doc := in.Snapshot.Documents[pin.Place.File].Text
	span := pin.Place.Span
	if span.End > len(doc) {
		return text
	}
	before := strings.TrimRight(string(doc[max(0, span.Start-64):span.Start]), " \t")
	after := string(doc[span.End:min(len(doc), span.End+1)])
	if before != "" && strings.ContainsAny(before[len(before)-1:], ":-[,\n") && strings.Trim(after, " \t\r\n,]}") == "" &&
		!strings.HasSuffix(string(doc[:span.Start]), ":") {
		return strconv.Quote(text)
	}
	return text
}
