package pins

import (
	"strings"

	"godrift.dev/server/drift"
)

// setupGoVersion reads the go-version input of actions/setup-go: stable,
// oldstable, or a range as npm's semver takes it (src/installer.ts of
// github.com/actions/setup-go, findMatch). A range is matched against the
// releases written in semver, so that go1.22.3 and 1.25rc1 match none.
func setupGoVersion(t template) reading {
	text := string(t.text)
	r := reading{end: len(text)}
	bare := strings.TrimLeft(text, "= ")
	lower := strings.ReplaceAll(strings.ReplaceAll(bare, "X", "x"), "*", "x")
	m, v := release(lower)
	const refused = "Unable to find Go version"
	switch {
	case strings.IndexByte(text, missingMark) >= 0:
		r.meaning = drift.MeaningUnresolved
	case text == "stable":
		r.meaning = drift.MeaningStable
	case text == "oldstable":
		r.meaning = drift.MeaningOldStable
	case strings.Trim(lower, "x.") == "":
		r.meaning = drift.MeaningLatest
	case strings.HasPrefix(bare, "go"):
		r.meaning, r.version = drift.MeaningInvalid, v
		r.extra = extra("why", "semver does not accept the go prefix: "+refused)
	case strings.Contains(v, "rc") || strings.Contains(v, "beta"):
		r.meaning, r.version = m, v
		if want := semverOf(v); strings.TrimPrefix(bare, "v") != want {
			r.meaning, r.extra = drift.MeaningInvalid, extra("why", "semver writes this pre-release "+want+": "+refused)
		}
	case v != "":
		r.meaning, r.version = m, strings.TrimSuffix(v, ".x")
		if strings.HasPrefix(bare, "v") {
			r.extra = extra("compat", "setup-go accepts the v, others do not")
		}
	case isRange(text) || strings.HasSuffix(lower, ".x.x") && strings.Trim(lower, "0123456789.x") == "":
		r.meaning, r.version = drift.MeaningRange, text
	case text == "latest":
		r.meaning = drift.MeaningInvalid
		r.extra = extra("why", "setup-go calls the newest release stable, not latest: "+refused)
	default:
		r.meaning = drift.MeaningInvalid
		r.extra = extra("why", "neither a version nor a semver range: "+refused)
	}
	return r
}

// semverOf writes a Go pre-release as semver does: 1.25rc1 is 1.25.0-rc.1.
func semverOf(v string) string {
	for _, kind := range []string{"rc", "beta"} {
		if base, n, ok := strings.Cut(v, kind); ok {
			if strings.Count(base, ".") == 1 {
				base += ".0"
			}
			return base + "-" + kind + "." + n
		}
	}
	return v
}
