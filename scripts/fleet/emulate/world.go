package emulate

import (
	"math/rand/v2"

	"godrift.dev/server/drift"
)

// weighted is a value and how often it is taken beside the others.
type weighted[V any] struct {
	value  V
	weight int
}

func pick[V any](r *rand.Rand, from []weighted[V]) V {
	total := 0
	for _, w := range from {
		total += w.weight
	}
	at := r.IntN(total)
	for _, w := range from {
		if at -= w.weight; at < 0 {
			return w.value
		}
	}
	panic("no weights")
}

// versions are those of a fleet in the middle of an upgrade, with a tail.
var versions = []weighted[string]{
	{"go1.26.8", 50}, {"go1.26.7", 8}, {"go1.26.3", 6}, {"go1.25.12", 14}, {"go1.25.3", 10}, {"go1.24.13", 6}, {"go1.23.4", 3}, {"go1.21.13", 2}, {"go1.20.14", 1},
}

// place is where a Go stands: the folder before its version, and how the go command
// comes to it.
type place struct {
	before, after string
	how           drift.How
}

var places = []weighted[place]{
	{place{"/usr/local/go", "", drift.HowLocal}, 45},
	{place{"/root/go/pkg/mod/golang.org/toolchain@v0.0.1-", ".linux-amd64", drift.HowModCache}, 30},
	{place{"/home/dev/sdk/", "", drift.HowPath}, 15},
	{place{"/opt/toolchains/", "", drift.HowLocal}, 10},
}

func (p place) goroot(version string) string {
	if p.before == "/usr/local/go" {
		return p.before
	}
	return p.before + version + p.after
}

// rule is a finding that workspaces have.
type rule struct {
	code     string
	severity drift.Severity
}

// findings are what workspaces have besides what follows from their Go.
var findings = []weighted[rule]{
	{rule{"pin-stale-patch", drift.SeverityInfo}, 30},
	{rule{"pin-disagrees", drift.SeverityWarning}, 15},
	{rule{"tool-built-with-older-go", drift.SeverityWarning}, 14},
	{rule{"tool-version-drift", drift.SeverityInfo}, 10},
	{rule{"env-leftover", drift.SeverityInfo}, 10},
	{rule{"env-drift", drift.SeverityWarning}, 8},
	{rule{"floor-raised", drift.SeverityWarning}, 5},
	{rule{"pin-below-floor", drift.SeverityError}, 4},
	{rule{"gocache-too-large", drift.SeverityInfo}, 4},
	{rule{"modules-drift", drift.SeverityWarning}, 3},
	{rule{"contract-broken", drift.SeverityError}, 2},
	{rule{"toolchain-unavailable", drift.SeverityError}, 1},
}

// names of workspaces.
var names = []weighted[string]{
	{"app", 20}, {"api", 15}, {"worker", 10}, {"web", 8}, {"tools", 8}, {"infra", 6}, {"lib", 6}, {"proxy", 5}, {"agent", 5}, {"cli", 5},
}

// targets are those that somebody tried to build C code for.
var targets = [][2]string{{"linux", "amd64"}, {"linux", "arm64"}, {"windows", "amd64"}, {"darwin", "arm64"}}
