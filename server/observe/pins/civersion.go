package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// plainVersion reads a text that is a version and nothing else, as most tools
// take it.
func plainVersion(t template) reading {
	text := string(t.text)
	r := reading{end: len(text)}
	switch m, v := release(text); {
	case strings.IndexByte(text, missingMark) >= 0:
		r.meaning = drift.MeaningUnresolved
	case v != "":
		r.meaning, r.version = m, v
	case text == "latest":
		r.meaning = drift.MeaningLatest
	case text == "stable":
		r.meaning = drift.MeaningStable
	case text == "oldstable":
		r.meaning = drift.MeaningOldStable
	case text == "system":
		r.meaning = drift.MeaningSystem
	case isRange(text):
		r.meaning, r.version = drift.MeaningRange, text
	default:
		r.meaning, r.extra = drift.MeaningUnknown, extra("why", "no Go version can be read from this")
	}
	return r
}

// isRange reports whether a text looks like a semver range.
func isRange(text string) bool {
	if !strings.ContainsAny(text, "0123456789") || strings.Trim(text, "0123456789.xX*^~<>=| -vrcbeta") != "" {
		return false
	}
	return strings.IndexByte("^~<>=", text[0]) >= 0 || strings.Contains(text, "||") || strings.Contains(text, " - ") || strings.Contains(text, " <")
}

// looksLikeVersion reports whether a value can be told to be a Go version by
// its form alone.
func looksLikeVersion(v ciValue) bool {
	switch plainVersion(v.template).meaning {
	case drift.MeaningExact, drift.MeaningLine, drift.MeaningRange, drift.MeaningStable, drift.MeaningOldStable:
		return true
	case drift.MeaningLatest:
		return string(v.text) == "latest" || strings.HasPrefix(string(v.text), "1.")
	}
	return v.written != "" && strings.HasPrefix(v.written, "1.")
}
