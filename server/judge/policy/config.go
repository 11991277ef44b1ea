package policy

import "godrift.dev/server/drift"

// Config is the content of a godrift.toml: what a team agrees upon, kept in the
// repository. Every part of it may be left out.
//
// This struct is what the published JSON Schema is made from. Nothing in it can
// name a command to run or an address to talk to, so that opening a folder with
// a hostile godrift.toml is safe.
type Config struct {
	// Go says which Go is agreed upon here.
	Go Go `json:"go,omitzero"`
	// Severity gives rules another severity, by rule code. "off" switches a
	// rule off.
	Severity map[string]drift.Severity `json:"severity,omitempty"`
	// Distance says, by rule code, how bad a version difference is. It counts
	// for toolchain-drift and pin-disagrees. What is left out keeps its default:
	// major and minor "warning", patch "info".
	Distance map[string]Distance `json:"distance,omitempty"`
	// Path gives rules another severity in a part of the repository. When
	// several entries match a file, the last one counts.
	Path []PathEntry `json:"path,omitempty"`
	// Pin names files of the team's own that pin a Go version, which nobody else
	// knows how to read.
	Pin []PinEntry `json:"pin,omitempty"`
	// Allow lists findings that are meant to be so. They are not reported.
	Allow []AllowEntry `json:"allow,omitempty"`
	// Contract is what has to hold on every machine that builds this.
	Contract Contract `json:"contract,omitzero"`
	// Baseline says when a change against the accepted state is worth a word.
	Baseline Baseline `json:"baseline,omitzero"`
	// Cache is what is asked of the build cache.
	Cache Cache `json:"cache,omitzero"`
}

// Cache is the [cache] table.
type Cache struct {
	// Quota is how large the build cache may get before gocache-too-large speaks,
	// as in "20GiB". Without it nothing is said of its size.
	Quota string `json:"quota,omitempty" jsonschema:"pattern=^[0-9]+ *([KMGT]i?B)?$"`
	// Keep is how long what was not used stays when the cache is trimmed to its
	// quota, as in "5d" or "24h". What was used since is never removed, even if the
	// cache stays too large. Without it, 5d counts, as for the go command itself.
	Keep string `json:"keep,omitempty"`
}

// Go is the [go] table.
type Go struct {
	// Version is the agreed Go: an exact release such as "1.25.3", or a minor
	// such as "1.25" of which every patch will do. It comes before every other
	// place that pins a Go.
	Version string `json:"version,omitempty" jsonschema:"pattern=^(go)?1[.][0-9]+([.][0-9]+|rc[0-9]+|beta[0-9]+)?$"`
}

// Distance gives the severity of a difference between two Go versions by the
// part that differs.
type Distance struct {
	// Major is the severity when the major version differs.
	Major drift.Severity `json:"major,omitempty"`
	// Minor is the severity when the minor version differs, as in 1.24 and 1.25.
	Minor drift.Severity `json:"minor,omitempty"`
	// Patch is the severity when only the patch differs, as in 1.25.1 and 1.25.3.
	Patch drift.Severity `json:"patch,omitempty"`
}

// PathEntry is one [[path]] entry.
type PathEntry struct {
	// Glob names the files: slash-separated, relative to the folder of the
	// godrift.toml; * stays within one folder name, ** crosses folders.
	Glob string `json:"glob" jsonschema:"required"`
	// Severity gives rules another severity in these files, by rule code; "*"
	// stands for every rule.
	Severity map[string]drift.Severity `json:"severity" jsonschema:"required"`
}

// PinEntry is one [[pin]] entry: a file of the team's own that pins a Go version.
// Give either Pattern or Key.
type PinEntry struct {
	// Path is a glob for the files, as in [[path]].
	Path string `json:"path" jsonschema:"required"`
	// Pattern is a regular expression (RE2) with one capture group, which takes
	// the version, as in '^go(1\.\S+)$'. ^ and $ are the start and end of a line.
	Pattern string `json:"pattern,omitempty"`
	// Key leads to the version in a JSON, TOML or YAML file, with dots between
	// the keys, as in "engines.go".
	Key string `json:"key,omitempty"`
	// Role says what the place decides: floor, build, ship, test, lint, develop or
	// docs. Without it the place decides what builds.
	Role drift.Role `json:"role,omitempty"`
	// Meaning says how to understand the text: exact, line (the newest patch of a
	// minor), min (the least that will do), lang, range, or setting (a value of
	// GOTOOLCHAIN). Without it the form of the text tells.
	Meaning string `json:"meaning,omitempty" jsonschema:"enum=exact,enum=line,enum=min,enum=lang,enum=range,enum=setting"`
}

// AllowEntry is one [[allow]] entry: a finding that is meant to be so. All
// conditions that are given must hold.
type AllowEntry struct {
	// Rule is the code of the rule.
	Rule string `json:"rule" jsonschema:"required"`
	// Path is a glob for the file of the finding, as in [[path]].
	Path string `json:"path,omitempty"`
	// Variable is the variable that the finding is about, for example "GOFLAGS".
	Variable string `json:"variable,omitempty"`
	// Value is the exact value that is meant to be there: the value of the
	// variable, or the text of the pin.
	Value string `json:"value,omitempty"`
	// Pattern is a regular expression (RE2) that the whole value must match.
	// Give either Value or Pattern.
	Pattern string `json:"pattern,omitempty"`
	// Reason says why, for the person who reads this in a year. It is required.
	Reason string `json:"reason" jsonschema:"required"`
	// Until is the last day on which the entry counts, as in 2026-12-31. Without
	// it the entry counts until it is taken out.
	Until string `json:"until,omitempty" jsonschema:"format=date"`
}
