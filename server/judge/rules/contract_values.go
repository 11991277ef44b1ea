package rules

import (
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// satisfies reports whether a variable has a value that a contract requires.
// Of GOFLAGS each flag must be there; others may be there besides.
func satisfies(v drift.Variable, want string) bool {
	switch v.Name {
	case "GOFLAGS":
		have := strings.Fields(v.Value)
		for _, flag := range strings.Fields(want) {
			if !slices.ContainsFunc(have, func(h string) bool { return sameFlag(h, flag) }) {
				return false
			}
		}
		return true
	case "GO111MODULE":
		return v.Value == want || v.Value == "" && want == "on" // since Go 1.16
	case "GOTOOLCHAIN":
		return v.Value == want || v.Value == "local+"+want || "local+"+v.Value == want
	case "GOSUMDB":
		have, _, _ := strings.Cut(v.Value, " ")
		have, _, _ = strings.Cut(have, "+") // the key of the database
		return have == want
	case "GOEXPERIMENT", "GOPRIVATE", "GONOPROXY":
		a, b := strings.Split(v.Value, ","), strings.Split(want, ",")
		slices.Sort(a)
		slices.Sort(b)
		return slices.Equal(a, b)
	}
	return v.Value == want
}

// holds reports whether a variable has a value that a contract forbids, as a
// whole or as one of its words.
func holds(v drift.Variable, value string) bool {
	if v.Name == "GOFLAGS" {
		return slices.ContainsFunc(strings.Fields(v.Value), func(h string) bool { return sameFlag(h, value) })
	}
	return v.Value == value || slices.Contains(strings.FieldsFunc(v.Value, func(r rune) bool { return r == ',' || r == '|' }), value)
}

// sameFlag compares two flags: -x is --x is -x=true.
func sameFlag(a, b string) bool {
	plain := func(flag string) string {
		return strings.TrimSuffix(strings.TrimLeft(flag, "-"), "=true")
	}
	return plain(a) == plain(b)
}

// withFlags is a GOFLAGS with the flags that are wanted: they come in place of
// those of the same name. It is empty if the words cannot be told apart.
func withFlags(have, want string) string {
	flagName := func(flag string) string {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		return name
	}
	wanted := strings.Fields(want)
	if strings.ContainsAny(have, `'"`) {
		return ""
	}
	kept := slices.DeleteFunc(strings.Fields(have), func(h string) bool {
		return slices.ContainsFunc(wanted, func(w string) bool { return flagName(w) == flagName(h) })
	})
	return strings.Join(append(kept, wanted...), " ")
}

// isLevel reports whether a variable is the level of one architecture only.
func isLevel(name string) bool {
	return slices.Contains([]string{"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM"}, name)
}

// newestRelease is the newest release that fits; empty if none does.
func newestRelease(fits func(string) bool) string {
	for _, v := range releases.All() {
		if fits(v) && !strings.Contains(v, "rc") && !strings.Contains(v, "beta") {
			return v
		}
	}
	return ""
}
