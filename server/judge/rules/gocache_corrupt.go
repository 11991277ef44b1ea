package rules

import (
	"fmt"
	"path/filepath"

	"godrift.dev/server/drift"
)

// gocache-corrupt reports entries of the build cache whose content is not what their name or
// their size says.
//
// # Why it matters
//
// The go command checks the size of what it takes out of its cache, and not the content:
// a flipped bit is built into programs again and again, and nothing mends it.
//
// # Example
//
//	2 entries of the build cache /home/me/.cache/go-build are bad; the first is
//	3f/3f0a…-d (content): go checks only its size: it is built in as it is, each time,
//	and go never mends it. The cache was read on 2026-11-01 at 11:50.
//
// All of the cache is read only when you ask for it: with godrift cache verify, or in the
// editor's view. What was bad then is told until it is gone. What the go command notices
// and makes anew by itself is not told.
//
// # How to fix it
//
// Take just these entries out: the next build makes them anew. They are moved beside the
// cache, and undo brings them back. Or take a fresh cache: godrift cache switch.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names GOCACHE and its value.
var gocacheCorrupt = Rule{
	Code: "gocache-corrupt", Title: "Entries of the build cache are not what they should be",
	Group: GroupCache, Severity: drift.SeverityError,
	Check: checkGocacheCorrupt,
}

func checkGocacheCorrupt(in Input) []Found {
	cache := in.Snapshot.Cache
	if cache == nil || len(cache.Bad) == 0 {
		return nil
	}
	v, first := in.variable("GOCACHE"), cache.Bad[0]
	which := fmt.Sprintf("%d entries of the build cache %s are bad; the first is", len(cache.Bad), cache.Dir)
	if len(cache.Bad) == 1 {
		which = fmt.Sprintf("1 entry of the build cache %s is bad:", cache.Dir)
	}
	name, err := filepath.Rel(cache.Dir, first.Path)
	if err != nil {
		name = first.Path
	}
	f := drift.Finding{
		Place: in.layerPlace(v.Layer), Subject: "GOCACHE", Value: cache.Dir,
		Message: fmt.Sprintf("%s %s (%s): %s. The cache was read on %s.%s",
			which, filepath.ToSlash(name), first.Reason, first.Effect, cache.Checked.UTC().Format("2006-01-02 at 15:04"),
			in.cacheProgram("go reads the folder again without it")),
	}
	if in.variable("GOCACHEPROG").Value != "" {
		f.Severity = drift.SeverityInfo
	}
	title := fmt.Sprintf("Take the %d bad entries out of the build cache", len(cache.Bad))
	if len(cache.Bad) == 1 {
		title = "Take the bad entry out of the build cache"
	}
	f.Fixes = repair(title, "The next build makes anew what it needs. What is taken out is kept beside the cache, in "+drift.CacheAside(cache.Dir)+".",
		drift.CacheRepair(cache.Dir, cache.Bad, in.Now)...)
	f.Fixes = preferFirst(append(f.Fixes, in.freshCache()...))
	return []Found{{Finding: f, Cause: cache.Dir}}
}
