package rules

import (
	"go/version"
	"strings"

	"godrift.dev/server/drift"
)

// The kinds of file that say which Go to develop with, in the order in which
// they count within one folder. A dev container or a shell of Nix is one way to
// develop there, and often older than the rest; what version managers read is
// for everybody.
const (
	rankGoVersion = iota
	rankManager
	rankOther
	rankEnvironment
)

// rank is the place of a pin for developers in that order.
func rank(pin drift.Pin) int {
	kind, _, _ := strings.Cut(string(pin.Source), ":")
	switch kind {
	case ".go-version":
		return rankGoVersion
	case ".tool-versions", "mise", "mise.lock", ".prototools", ".gvmrc":
		return rankManager
	case "devcontainer", "gitpod", "devbox", "nix", "dockerfile", "compose":
		return rankEnvironment
	}
	return rankOther
}

// whyNearest says why the pin counts that nearest found.
func whyNearest(pin drift.Pin) string {
	switch rank(pin) {
	case rankGoVersion, rankManager:
		return "it is the nearest file that tells version managers which Go to develop with"
	case rankEnvironment:
		return "the development environment that it describes has it, and no file beside it tells version managers another"
	}
	return "it is the nearest file that says which Go to develop with"
}

// comesBefore reports whether a pin counts in place of the one that was found in
// the folder before: its kind comes first, or it says exactly which patch of the
// minor is meant that the other names in the same file, as an override in a flake
// does.
func comesBefore(pin, found drift.Pin) bool {
	if rank(pin) != rank(found) {
		return rank(pin) < rank(found)
	}
	return pin.Place.File == found.Place.File && pin.Extra["fallback"] == "" &&
		pin.Meaning == drift.MeaningExact && found.Meaning == drift.MeaningLine &&
		version.Lang(name(pin.Version)) == version.Lang(name(found.Version))
}
