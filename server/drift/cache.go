package drift

import (
	"path/filepath"
	"time"
)

// Cache is the build cache of a workspace's root: what a quick look at its place shows, and
// what is remembered of earlier checks.
type Cache struct {
	// Dir is the value of GOCACHE.
	Dir string `json:"dir"`
	// Troubles are what is wrong with the place, in a fixed order.
	Troubles []CacheTrouble `json:"troubles,omitempty"`
	// Checked is when all of it was last read; zero if it never was. Bad is what was
	// bad then and is as it was.
	Checked time.Time  `json:"checked,omitzero"`
	Bad     []CacheBad `json:"bad,omitempty"`
	// Bytes is its size when it was last added up, at Measured; zero if it never was.
	Bytes    int64     `json:"bytes,omitempty"`
	Measured time.Time `json:"measured,omitzero"`
	// Fresh is a folder in which a new cache could be made, if there is a reason to
	// look for one; empty if none was found.
	Fresh string `json:"fresh,omitempty"`
}

// CacheProblem says why a cache cannot be used as it should.
type CacheProblem string

// The problems with the place of a cache.
const (
	CacheOff         CacheProblem = "off"          // GOCACHE=off, which Go 1.12 and later refuse
	CacheRelative    CacheProblem = "relative"     // GOCACHE is no absolute path
	CacheNotAFolder  CacheProblem = "not-a-folder" // something else stands there, or in the place of one of its folders
	CacheReadOnly    CacheProblem = "read-only"    // nothing can be written
	CacheOwner       CacheProblem = "owner"        // a part belongs to another user, as after sudo go build
	CacheFull        CacheProblem = "disk-full"    // the disk has no room
	CacheNetwork     CacheProblem = "network"      // a network file system, on which go's locks cannot be trusted
	CacheUnreachable CacheProblem = "unreachable"  // it cannot be looked at
)

// CacheTrouble is a problem with the place of a cache.
type CacheTrouble struct {
	Problem CacheProblem `json:"problem"`
	// Path is what has the problem: the cache, or something in it.
	Path string `json:"path"`
	// Detail is one sentence without a full stop.
	Detail string `json:"detail"`
}

// CacheBad is something in a cache with which builds can go wrong.
type CacheBad struct {
	// Path is absolute.
	Path   string `json:"path"`
	Reason string `json:"reason"`
	Detail string `json:"detail"`
	Effect string `json:"effect"`
	// Entries are the action entries that lead to it: they go with it.
	Entries []string `json:"entries,omitempty"`
	// Size and Modified are what the file was when it was read: another file of that
	// name is not the one that is bad.
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified,omitzero"`
	// Foreign says that it does not belong into a cache at all.
	Foreign bool `json:"foreign,omitempty"`
}

// Where what is taken out of a cache is kept: in a folder beside the cache, so that moving
// it there is a rename, in one folder for each time, in UTC. What is not go's cannot be made
// anew, so that it is kept apart, and no trim removes it.
const (
	cacheAside        = ".godrift"
	CacheAsideForm    = "20060102T150405.000"
	cacheAsideForeign = "-foreign"
)

// CacheAside is the folder beside a cache in which what was taken out of it is kept.
func CacheAside(dir string) string { return filepath.Clean(dir) + cacheAside }

// CacheRepair is what has to be done to take exactly what is bad out of a cache. With a
// bad output go the entries that lead to it.
func CacheRepair(dir string, bad []CacheBad, at time.Time) []Action {
	into := filepath.Join(CacheAside(dir), at.UTC().Format(CacheAsideForm))
	var actions []Action
	moved := map[string]bool{}
	for _, b := range bad {
		into := into
		if b.Foreign {
			into += cacheAsideForeign
		}
		for _, path := range append([]string{b.Path}, b.Entries...) {
			rel, err := filepath.Rel(dir, path)
			if err != nil || !filepath.IsLocal(rel) || moved[path] {
				continue // every path was found inside; an entry can lead to two outputs only once
			}
			moved[path] = true
			actions = append(actions, Action{Kind: ActionMove, File: path, To: filepath.Join(into, rel)})
		}
	}
	return actions
}

// CacheNote is what is remembered of one cache, whoever looked at it.
type CacheNote struct {
	Dir string `json:"dir"`
	// Checked is when all of it was last read, zero if never; then Entries, Outputs and
	// Bytes were counted, Seconds is how long it took, and Bad is what was bad, of which
	// not more than a thousand are kept: BadCount is their number.
	Checked  time.Time  `json:"checked,omitzero"`
	Entries  int        `json:"entries,omitempty"`
	Outputs  int        `json:"outputs,omitempty"`
	Bytes    int64      `json:"bytes,omitempty"`
	Seconds  float64    `json:"seconds,omitempty"`
	Bad      []CacheBad `json:"bad,omitempty"`
	BadCount int        `json:"badCount,omitempty"`
	// Measured is when Size was added up.
	Measured time.Time `json:"measured,omitzero"`
	Size     int64     `json:"size,omitempty"`
	// Left is when a switch led away from it, to the cache To; zero if none did, or if it
	// came back.
	Left time.Time `json:"left,omitzero"`
	To   string    `json:"to,omitempty"`
	// Made is when godrift made it for a switch.
	Made time.Time `json:"made,omitzero"`
}
