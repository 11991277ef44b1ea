package goenv

import "godrift.dev/server/drift/ports"

// release is the minor version of a Go 1 release; what the go command does
// depends on it.
type release int

// newest is assumed when nothing is known about a go command.
const newest release = ports.Newest

// releaseOf finds the release in what runtime.Version prints: "go1.25.3",
// "go1.25.3 X:jsonv2", "devel go1.27-3f2a91".
func releaseOf(v string) release {
	if minor, ok := ports.Minor(v); ok {
		return release(minor)
	}
	return newest
}
