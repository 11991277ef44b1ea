// Package ports lists the pairs of GOOS and GOARCH that Go builds for, which of
// them can use cgo, and the compilers that the go command looks for: the tables
// internal/platform/zosarch.go and cmd/go/internal/cfg/zdefaultcc.go of its releases.
package ports

import (
	"go/version"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Port is an operating system on an architecture.
type Port struct{ GOOS, GOARCH string }

// String is the pair as "go tool dist list" prints it.
func (p Port) String() string { return p.GOOS + "/" + p.GOARCH }

// Parse reads a pair as String prints it.
func Parse(s string) (Port, bool) {
	goos, goarch, ok := strings.Cut(s, "/")
	if !ok || goos == "" || goarch == "" || strings.Contains(goarch, "/") {
		return Port{}, false
	}
	return Port{goos, goarch}, true
}

// The pairs that every release since Go 1.21 knows. An asterisk marks those
// that support cgo.
const table = `
aix/ppc64* android/386* android/amd64* android/arm* android/arm64*
darwin/amd64* darwin/arm64* dragonfly/amd64*
freebsd/386* freebsd/amd64* freebsd/arm* freebsd/arm64* freebsd/riscv64*
illumos/amd64* ios/amd64* ios/arm64* js/wasm
linux/386* linux/amd64* linux/arm* linux/arm64* linux/loong64*
linux/mips* linux/mips64* linux/mips64le* linux/mipsle*
linux/ppc64 linux/ppc64le* linux/riscv64* linux/s390x*
netbsd/386* netbsd/amd64* netbsd/arm* netbsd/arm64*
openbsd/386* openbsd/amd64* openbsd/arm* openbsd/arm64* openbsd/mips64*
plan9/386 plan9/amd64 plan9/arm solaris/amd64*
windows/386* windows/amd64* windows/arm64*
`

// moved are the pairs that came or went since Go 1.20: the minor version that
// has them first, that has cgo there first, and that has them no more. Zero
// means never.
var moved = []struct {
	port             string
	since, cgo, gone int
}{
	{port: "openbsd/ppc64", since: 21},
	{port: "wasip1/wasm", since: 21},
	{port: "openbsd/riscv64", since: 22, cgo: 23},
	{port: "windows/arm", gone: 26},
}

// broken are the pairs that the go command takes although they are marked as
// broken, from a minor version on (cmd/dist/build.go broken).
var broken = map[string]int{"linux/sparc64": 0, "openbsd/mips64": 21, "windows/arm": 24, "freebsd/riscv64": 26}

// isBroken reports whether nothing can be built for a pair; of minor 0, with any
// Go since 1.20.
func isBroken(minor int, pair string) bool {
	since, ok := broken[pair]
	return ok && minor >= since
}

// cgo is the table by pair: the value says whether cgo is supported.
var cgo = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{"linux/sparc64": true}
	for pair := range strings.FieldsSeq(table) {
		name, yes := strings.CutSuffix(pair, "*")
		m[name] = yes
	}
	return m
})

// Known reports whether the go command of Go 1.minor takes the pair
// (cmd/go/internal/work/action.go CheckGOOSARCHPair).
func Known(minor int, p Port) bool {
	for _, m := range moved {
		if m.port == p.String() {
			return minor >= m.since && (m.gone == 0 || minor < m.gone)
		}
	}
	_, ok := cgo()[p.String()]
	return ok
}

// Cgo is internal/platform CgoSupported of Go 1.minor.
func Cgo(minor int, p Port) bool {
	for _, m := range moved {
		if m.port == p.String() {
			return m.cgo > 0 && minor >= m.cgo
		}
	}
	return cgo()[p.String()]
}

// Ever reports whether some Go since 1.20 builds for the pair. A pair that only an
// older Go knows is not called unknown.
func Ever(p Port) bool {
	pair := p.String() // a rule asks at every keystroke, so List is not made for it
	for _, m := range moved {
		if m.port == pair {
			return true
		}
	}
	_, ok := cgo()[pair]
	return ok && !isBroken(0, pair)
}

// HasSystem reports whether some Go builds for an operating system.
func HasSystem(goos string) bool {
	return slices.ContainsFunc(List(0), func(p Port) bool { return p.GOOS == goos })
}

// List is what "go tool dist list" of Go 1.minor prints; of 0 everything that
// some Go since 1.20 builds for.
func List(minor int) []Port {
	var list []Port
	for pair := range cgo() {
		if p, _ := Parse(pair); !isBroken(minor, pair) {
			list = append(list, p)
		}
	}
	for _, m := range moved {
		if p, _ := Parse(m.port); minor == 0 || Known(minor, p) && !isBroken(minor, m.port) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Port) int { return strings.Compare(a.String(), b.String()) })
	return list
}

// DefaultCompilers names the C compiler and C++ compiler that the go command looks
// for (cmd/dist/build.go mkzdefaultcc). Until Go 1.20 that depended on the
// system on which go was built alone; builds for Linux say gcc.
func DefaultCompilers(minor int, goos string) (cc, cxx string) {
	if minor < 21 {
		return "gcc", "g++"
	}
	switch goos {
	case "darwin", "ios", "freebsd", "openbsd":
		return "clang", "clang++"
	}
	return "gcc", "g++"
}

// Newest is the minor version to assume when nothing is known about a go command.
const Newest = 26

// Minor finds the minor version in what runtime.Version prints: "go1.25.3",
// "go1.25.3 X:jsonv2", "devel go1.27-3f2a91".
func Minor(v string) (minor int, ok bool) {
	for word := range strings.FieldsSeq(v) {
		_, minor, _ := strings.Cut(version.Lang(word), ".")
		if n, err := strconv.Atoi(minor); err == nil {
			return n, true
		}
	}
	return 0, false
}
