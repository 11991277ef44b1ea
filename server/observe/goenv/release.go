package goenv

import (
	"go/version"
	"strconv"
	"strings"
)

// release is the minor version of a Go 1 release; what the go command does
// depends on it.
type release int

// newest is assumed when nothing is known about a go command.
const newest release = 26

// releaseOf finds the release in what runtime.Version prints: "go1.25.3",
// "go1.25.3 X:jsonv2", "devel go1.27-3f2a91".
func releaseOf(v string) release {
	for _, word := range strings.Fields(v) {
		lang := version.Lang(word)
		if lang == "" {
			continue
		}
		_, minor, _ := strings.Cut(lang, ".")
		if n, err := strconv.Atoi(minor); err == nil {
			return release(n)
		}
	}
	return newest
}
