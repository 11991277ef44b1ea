package rules

import (
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// sameTag reports whether one image can have both tags. A minor is its newest
// patch on some day, and the default variant is one of those that have a name.
func sameTag(a, b drift.Pin) bool {
	x, y := name(a.Version), name(b.Version)
	if !version.IsValid(x) || !version.IsValid(y) {
		return true // nothing is known of one that is half typed
	}
	if isMinor(x) || isMinor(y) {
		if version.Lang(x) != version.Lang(y) {
			return false
		}
	} else if version.Compare(x, y) != 0 {
		return false
	}
	return distribution(a) == distribution(b)
}

// distribution is what an image of golang is built on: Debian unless its tag says
// otherwise.
func distribution(pin drift.Pin) string {
	switch v := pin.Extra["variant"]; {
	case strings.Contains(v, "alpine"):
		return "alpine"
	case strings.Contains(v, "windows") || strings.Contains(v, "nanoserver"):
		return "windows"
	}
	return ""
}

// maxTags bounds how many tags of one digest are compared with each other.
const maxTags = 200

func matchesAny(pin drift.Pin, list []drift.Pin) bool {
	return slices.ContainsFunc(list[:min(len(list), maxTags)], func(other drift.Pin) bool { return sameTag(pin, other) })
}

// mostCommon is the tag that agrees with most of the others; of several the
// lowest, for it is tags that are raised while a digest stays. A tag of a patch
// says more than one of a minor.
func mostCommon(list []drift.Pin) drift.Pin {
	list = list[:min(len(list), maxTags)]
	exact := slices.DeleteFunc(slices.Clone(list), func(pin drift.Pin) bool { return isMinor(name(pin.Version)) })
	if len(exact) > 0 {
		list = exact
	}
	var best drift.Pin
	most := 0
	for _, pin := range list {
		n := 0
		for _, other := range list {
			if sameTag(pin, other) {
				n++
			}
		}
		lower := version.Compare(name(pin.Version), name(best.Version)) < 0
		if n > most || n == most && lower {
			best, most = pin, n
		}
	}
	return best
}
