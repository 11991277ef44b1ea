package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// gocache-too-large reports a build cache that is larger than godrift.toml allows.
//
// # Why it matters
//
// The go command removes what was not used for five days, whatever the size: a machine that
// builds many programs, or one program for many targets, fills its disk in a week.
//
// # Example
//
//	[cache]
//	quota = "20GiB"
//
//	The build cache /home/me/.cache/go-build has 31.2 GiB, as of 2026-11-01 at 11:50; the
//	quota of godrift.toml is 20.0 GiB.
//
// Without a quota nothing is said. Where there is one, the cache is added up when you ask
// for its size, and by itself at most once a day.
//
// # How to fix it
//
// Trim it to its quota: what was not used for longest goes first, and what was used in the
// last five days (keep) stays in any case. godrift cache trim --to 20GiB does the same.
//
// # How to silence it
//
// Raise the quota, or accept it in godrift.toml.
var gocacheTooLarge = Rule{
	Code: "gocache-too-large", Title: "The build cache is over its quota",
	Group: GroupCache, Severity: drift.SeverityInfo,
	Check: checkGocacheTooLarge,
}

func checkGocacheTooLarge(in Input) []Found {
	cache, quota := in.Snapshot.Cache, in.Policy.Quota()
	if cache == nil || quota.Bytes == 0 || cache.Bytes <= quota.Bytes {
		return nil
	}
	f := drift.Finding{
		Place: in.layerPlace(in.variable("GOCACHE").Layer), Subject: "GOCACHE", Value: cache.Dir,
		Message: fmt.Sprintf("The build cache %s has %s, as of %s; the quota of %s is %s.%s",
			cache.Dir, drift.Bytes(cache.Bytes), cache.Measured.UTC().Format("2006-01-02 at 15:04"), in.rel(in.Policy.File), drift.Bytes(quota.Bytes),
			in.cacheProgram("this folder does not grow while it does")),
	}
	f.Fixes = preferFirst(repair("Trim the build cache to "+drift.Bytes(quota.Bytes),
		"The go command makes anew what it needs. What was used in the last "+drift.Age(quota.Keep)+" stays in any case. It cannot be undone.",
		drift.Action{Kind: drift.ActionTrimCache, File: cache.Dir, Limit: quota.Bytes, Keep: quota.Keep}))
	return []Found{{Finding: f, Cause: cache.Dir}}
}
