package rules

import (
	"go/version"
	"math"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// watched is one of the values that decide what a build makes of the same
// files. A value can be made up of several variables.
type watched struct {
	variables []string
	// weight is how far a change is from the accepted state, 0 to 1, where step
	// says nothing else.
	weight float64
	// step is the part of the weight that a change from one value to another
	// makes, 0 to 1; nil means all of it.
	step     func(from, to string) float64
	severity drift.Severity
}

// theGo stands for the Go that runs, which is no variable that anybody can set.
const theGo = "GOVERSION"

// watchedValues are twenty, so that the change of a single one is 5 %.
var watchedValues = []watched{
	{[]string{theGo}, 1, versionStep, drift.SeverityWarning},
	{[]string{"GOROOT"}, 1, nil, drift.SeverityWarning},
	{[]string{"GOTOOLCHAIN"}, 1, toolchainStep, drift.SeverityWarning},
	{[]string{"GOOS"}, 1, nil, drift.SeverityWarning},
	{[]string{"GOARCH"}, 1, nil, drift.SeverityWarning},
	{[]string{"CGO_ENABLED"}, 1, nil, drift.SeverityWarning},
	{[]string{"GOFLAGS"}, 0.6, flagsStep, drift.SeverityWarning},
	{[]string{"GOEXPERIMENT"}, 0.6, nil, drift.SeverityWarning},
	{[]string{"GOFIPS140"}, 0.6, nil, drift.SeverityWarning},
	{[]string{"GO111MODULE"}, 0.6, nil, drift.SeverityWarning},
	{[]string{"GOSUMDB", "GONOSUMDB"}, 0.6, nil, drift.SeverityWarning},
	{[]string{"GOINSECURE", "GOVCS", "GOAUTH"}, 0.6, nil, drift.SeverityWarning},
	{[]string{"GOWORK"}, 0.5, nil, drift.SeverityInfo},
	{[]string{"CC", "CXX", "AR", "FC", "GCCGO", "PKG_CONFIG"}, 0.5, nil, drift.SeverityInfo},
	{[]string{"GO386", "GOAMD64", "GOARM", "GOARM64", "GOMIPS", "GOMIPS64", "GOPPC64", "GORISCV64", "GOWASM"}, 0.5, nil, drift.SeverityInfo},
	{[]string{"CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS"}, 0.4, nil, drift.SeverityInfo},
	{[]string{"GODEBUG"}, 0.4, nil, drift.SeverityInfo},
	{[]string{"GOPROXY", "GONOPROXY"}, 0.4, nil, drift.SeverityInfo},
	{[]string{"GOPRIVATE"}, 0.3, nil, drift.SeverityInfo},
	{[]string{"GOMODCACHE", "GOPATH"}, 0.3, nil, drift.SeverityInfo},
}

// The steps between two versions.
const (
	stepPatch = 0.1
	stepMinor = 0.5
	stepMajor = 1
)

func versionStep(from, to string) float64 {
	a, b := release(from), release(to)
	switch {
	case a == "" || b == "":
		return stepMinor
	case major(a) != major(b):
		return stepMajor
	case version.Lang(a) != version.Lang(b):
		return stepMinor
	}
	return stepPatch
}

// toolchainStep compares two values of GOTOOLCHAIN. From one release to another
// it is the distance of the two; whether the go command may switch at all is as
// far as a minor.
func toolchainStep(from, to string) float64 {
	a, _, _ := strings.Cut(from, "+")
	b, _, _ := strings.Cut(to, "+")
	if release(a) != "" && release(b) != "" && a != b {
		return versionStep(a, b)
	}
	return stepMinor
}

// flagsStep tells flags that change what is built from those that change what
// is printed, or how fast it goes.
func flagsStep(from, to string) float64 {
	quiet := []string{"v", "x", "n", "json", "p", "count", "work", "timeout", "parallel", "failfast", "short", "shuffle"}
	differs := func(a, b string) bool {
		other := strings.Fields(b)
		return slices.ContainsFunc(strings.Fields(a), func(flag string) bool {
			name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
			return !slices.ContainsFunc(other, func(o string) bool { return sameFlag(o, flag) }) && !slices.Contains(quiet, name)
		})
	}
	if differs(from, to) || differs(to, from) {
		return 1
	}
	return stepPatch
}

// watches finds the watched value that a variable belongs to, and its number.
func watches(variable string) (watched, int) {
	for i, w := range watchedValues {
		if slices.Contains(w.variables, variable) {
			return w, i
		}
	}
	return watched{}, -1
}

// distanceOf is how far a change of a variable is from the accepted state.
func (w watched) distanceOf(from, to string) float64 {
	if w.step == nil {
		return w.weight
	}
	return w.weight * w.step(from, to)
}

// apart measures changes: the share of the watched values that they touch, and
// the sum of their distances, 1 at most. Of the variables that make up one
// value, the farthest counts.
func apart(moves []move) (share, distance float64) {
	farthest := map[int]float64{}
	for _, m := range moves {
		farthest[m.number] = max(farthest[m.number], m.distance)
	}
	for _, d := range farthest {
		distance += d
	}
	// Sums of tenths are no tenths: 0.1+0.2 is more than 0.3.
	return float64(len(farthest)) / float64(len(watchedValues)), min(1, math.Round(distance*1000)/1000)
}
