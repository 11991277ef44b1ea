package toolchain

import (
	"go/version"
	"strings"
)

// The names of this file are those of cmd/go/internal/gover, which this
// reproduces on top of go/version. Versions have no "go" prefix here.

// withGo is the form that go/version reads. There a tail after a dash does not
// count; in a go line it makes the version malformed.
func withGo(v string) string {
	if strings.Contains(v, "-") {
		return ""
	}
	return "go" + v
}

// isValid is gover.IsValid.
func isValid(v string) bool { return version.IsValid(withGo(v)) }

// compare is gover.Compare: malformed versions are equal to each other and
// below all others.
func compare(x, y string) int { return version.Compare(withGo(x), withGo(y)) }

// isLang is gover.IsLang: a version without patch level and without a kind,
// except that below 1.21 such a version means patch level 0.
func isLang(v string) bool {
	if !isValid(v) || version.Lang(withGo(v)) != withGo(v) {
		return false
	}
	_, minor, ok := strings.Cut(v, ".")
	return ok && (len(minor) > 2 || len(minor) == 2 && minor >= "21")
}

// fromToolchain is gover.FromToolchain: the version in a toolchain's name, or
// empty. Since Go 1.21.1 a name must not hold a slash.
func fromToolchain(name string) string {
	if strings.ContainsAny(name, `\/`) {
		return ""
	}
	v, ok := strings.CutPrefix(name, "go")
	if !ok {
		return ""
	}
	if i := strings.IndexAny(v, " \t-"); i >= 0 {
		v = v[:i]
	}
	if !isValid(v) {
		return ""
	}
	return v
}

// local is gover.Local and gover.LocalToolchain for what runtime.Version
// prints: a development version counts as the language version it names.
func local(runtimeVersion string) (goVersion, name string) {
	if v := fromToolchain(runtimeVersion); v != "" {
		return v, runtimeVersion
	}
	for _, word := range strings.Fields(runtimeVersion) {
		if v := version.Lang(word); v != "" {
			return strings.TrimPrefix(v, "go"), v
		}
	}
	return "", runtimeVersion
}
