package drift

import (
	"cmp"
	"go/version"
	"slices"
	"strings"

	"golang.org/x/mod/semver"
)

// ChangeKind says what became of a fact.
type ChangeKind string

// The kinds of change.
const (
	ChangeAdded   ChangeKind = "added"
	ChangeRemoved ChangeKind = "removed"
	ChangeChanged ChangeKind = "changed"
)

// Trend says how two versions stand to each other.
type Trend string

// The trends.
const (
	TrendNone  Trend = ""      // the values are no versions
	TrendNewer Trend = "newer" // the new version is the newer one
	TrendOlder Trend = "older"
	TrendSame  Trend = "same" // two spellings of one version
)

// Change is one difference between two records. The layer of a variable is part
// of its change: Key is never that of a layer.
type Change struct {
	Key  string     `json:"key"`
	Kind ChangeKind `json:"kind"`
	Old  string     `json:"old"`
	New  string     `json:"new"`
	// OldLayer and NewLayer are where a variable's value came and comes from;
	// empty if Key is no variable's. Old and New may be equal and these not.
	OldLayer string `json:"oldLayer,omitempty"`
	NewLayer string `json:"newLayer,omitempty"`
	// Trend compares the two values as versions, if they are some.
	Trend Trend `json:"trend,omitempty"`
	// Secret says that a masked part of the value changed: Old and New may look
	// the same.
	Secret bool `json:"secret,omitempty"`
}

// Variable returns the variable that the change is about, and whether it is
// about one.
func (c Change) Variable() (string, bool) { return KeyVariable(c.Key) }

// LayerOnly reports whether the value is what it was, but from another layer.
func (c Change) LayerOnly() bool {
	return c.Kind == ChangeChanged && c.Old == c.New && !c.Secret && c.OldLayer != c.NewLayer
}

// Diff lists what differs from a to b, sorted by key. Score and fingerprints
// are compared like every other fact.
func Diff(a, b Record) []Change {
	var keys []string
	both := 0
	for key, old := range a.Values {
		now, ok := b.Values[key]
		if ok {
			both++
		}
		if !ok || now != old {
			keys = append(keys, withoutCompanion(key))
		}
	}
	if both < len(b.Values) {
		for key := range b.Values {
			if _, ok := a.Values[key]; !ok {
				keys = append(keys, withoutCompanion(key))
			}
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	out := make([]Change, 0, len(keys))
	for _, key := range keys {
		out = append(out, changeOf(a, b, key))
	}
	return out
}

// withoutCompanion is the key of the variable that a layer or a hash belongs
// to; every other key is its own.
func withoutCompanion(key string) string {
	if !strings.HasPrefix(key, KeyEnv) {
		return key
	}
	key, _, _ = strings.Cut(key, "@")
	return key
}

func changeOf(a, b Record, key string) Change {
	c := Change{Key: key, Kind: ChangeChanged}
	var had, has bool
	c.Old, had = a.Values[key]
	c.New, has = b.Values[key]
	if strings.HasPrefix(key, KeyEnv) {
		c.OldLayer, c.NewLayer = a.Values[key+keyLayer], b.Values[key+keyLayer]
		c.Secret = had && has && a.Values[key+keyKeyed] != b.Values[key+keyKeyed]
	}
	switch {
	case !had && has:
		c.Kind = ChangeAdded
	case had && !has:
		c.Kind = ChangeRemoved
	case versioned(key):
		c.Trend = trend(c.Old, c.New)
	}
	return c
}

// versioned reports whether the values of a key can be versions.
func versioned(key string) bool {
	switch key {
	case KeySelected, KeyEnv + "GOVERSION", KeyEnv + "GOTOOLCHAIN", KeyHost + "shellVersion", KeyHost + "editorVersion", KeyHost + "version":
		return true
	}
	return strings.HasPrefix(key, KeyPin) || strings.HasPrefix(key, KeyTool) || strings.HasPrefix(key, KeyProbe)
}

// trend compares two versions as the go command does, or as modules are
// compared if they are none of Go's.
func trend(older, newer string) Trend {
	if older == newer {
		return TrendNone
	}
	from, to := goVersion(older), goVersion(newer)
	if tool := strings.Contains(older, " go1."); from != "" && to != "" && !tool {
		return trendOf(version.Compare(from, to))
	}
	from, to = semVersion(older), semVersion(newer)
	if from != "" && to != "" {
		return trendOf(semver.Compare(from, to))
	}
	return TrendNone
}

func trendOf(order int) Trend {
	switch cmp.Compare(order, 0) {
	case -1:
		return TrendNewer
	case 1:
		return TrendOlder
	}
	return TrendSame
}

// goVersion spells a Go version as go/version wants it, without the suffix of a
// vendor and without GOTOOLCHAIN's "+auto". It is empty for anything else.
func goVersion(s string) string {
	s, _, _ = strings.Cut(s, " ") // go1.26.8 X:nodwarf5
	s, _, _ = strings.Cut(s, "-") // go1.25.3-corp.7
	s, _, _ = strings.Cut(s, "+") // go1.25.3+auto
	if !strings.HasPrefix(s, "go") {
		s = "go" + strings.TrimPrefix(s, "v")
	}
	if !version.IsValid(s) {
		return ""
	}
	return s
}

// semVersion spells a version as golang.org/x/mod/semver wants it, without the
// Go that built a tool.
func semVersion(s string) string {
	s, _, _ = strings.Cut(s, " ")
	if !strings.HasPrefix(s, "v") {
		s = "v" + s
	}
	if !semver.IsValid(s) {
		return ""
	}
	return s
}
