package rules

import (
	"fmt"

	"godrift.dev/server/drift"
)

// gocache-unusable reports a build cache in a place where the go command cannot use it, or
// not safely.
//
// # Why it matters
//
// Without its cache the go command builds nothing, and says so in words that seem to be
// about something else: a missing package, or a file with a hash for a name.
//
// # Example
//
//	The build cache /home/me/.cache/go-build cannot be used as it is:
//	/home/me/.cache/go-build/3f: it belongs to another user (root), as after sudo go
//	build: builds fail with "permission denied".
//
// Looked at are whether the folder is one and can be written to, its 256 folders, whose
// they are, what room its disk has, and whether it is a network's. That, and a machine
// without a home folder, is a warning only. A GOCACHE that is off or relative, and any other value that stops every go
// command, is told by env-conflict. Where GOCACHEPROG names a program that keeps what is
// compiled, the go command opens the folder all the same.
//
// # How to fix it
//
// Unset GOCACHE, or take a fresh cache in a folder that can be used. What belongs to root
// only root can give back: sudo chown -R, as the message says.
//
// # How to silence it
//
// Accept it in godrift.toml; the entry names GOCACHE and its value.
var gocacheUnusable = Rule{
	Code: "gocache-unusable", Title: "The build cache cannot be used",
	Group: GroupCache, Severity: drift.SeverityError,
	Check: checkGocacheUnusable,
}

func checkGocacheUnusable(in Input) []Found {
	cache := in.Snapshot.Cache
	if cache == nil {
		return nil
	}
	v := in.variable("GOCACHE")
	f := drift.Finding{Place: in.layerPlace(v.Layer), Subject: "GOCACHE", Value: cache.Dir, Severity: drift.SeverityWarning}
	for _, t := range cache.Troubles {
		if in.toldByConflict(v, t) {
			continue
		}
		switch t.Problem {
		case drift.CacheNetwork:
		case drift.CacheOff, drift.CacheRelative:
			// Nobody said so: where there is no home, go has no default.
			f.Message = "The go command cannot tell where its build cache is: there is no home folder, and GOCACHE is not set. Builds stop here."
			continue
		default:
			f.Severity = ""
		}
		if f.Message == "" {
			f.Message = "The build cache " + cache.Dir + " cannot be used as it is:"
		} else {
			f.Message += " And"
		}
		if t.Path != cache.Dir {
			f.Message += " " + t.Path + ":"
		}
		f.Message += " " + t.Detail + "." + remedy(cache, t)
	}
	if f.Message == "" {
		return nil
	}
	f.Message += in.cacheProgram("go opens the folder all the same")
	if chosen(v.Layer) {
		f.Fixes = in.unset("GOCACHE", v.Layer, "")
	}
	f.Fixes = preferFirst(append(f.Fixes, in.freshCache()...))
	return []Found{{Finding: f}}
}

// toldByConflict reports whether env-conflict tells of a trouble already.
func (in Input) toldByConflict(v drift.Variable, t drift.CacheTrouble) bool {
	if !chosen(v.Layer) {
		return false
	}
	switch t.Problem {
	case drift.CacheOff, drift.CacheRelative:
		return true
	case drift.CacheNotAFolder, drift.CacheUnreachable:
		texts := []string{in.Snapshot.Environment.Error}
		for _, s := range in.spotsOrRoot() {
			texts = append(texts, s.Selection.Error+s.Selection.LoadError)
		}
		for _, text := range texts {
			if c, ok := in.culprit(text); ok && c.Name == "GOCACHE" {
				return true
			}
		}
	case drift.CacheReadOnly, drift.CacheOwner, drift.CacheFull, drift.CacheNetwork:
	}
	return false
}

// remedy is what only a person can do about a trouble.
func remedy(cache *drift.Cache, t drift.CacheTrouble) string {
	switch t.Problem {
	case drift.CacheOwner:
		return fmt.Sprintf(" To have it back: sudo chown -R \"$(id -u)\" %s.", cache.Dir)
	case drift.CacheFull:
		return " godrift cache trim makes room."
	case drift.CacheNotAFolder:
		return " Move the file away, or take another cache."
	case drift.CacheOff, drift.CacheRelative, drift.CacheReadOnly, drift.CacheNetwork, drift.CacheUnreachable:
	}
	return ""
}

// cacheProgram names the program that keeps what is compiled, with what follows for the
// folder; empty if there is none.
func (in Input) cacheProgram(but string) string {
	v := in.variable("GOCACHEPROG")
	if v.Value == "" {
		return ""
	}
	return fmt.Sprintf(" %s, from %s, keeps what is compiled; %s.", setting(v.Name, drift.Clip(v.Value)), in.source(v.Layer), but)
}

// freshCache offers a new cache.
func (in Input) freshCache() []drift.Fix {
	fresh := in.Snapshot.Cache.Fresh
	if fresh == "" {
		return nil
	}
	return in.assign("Use a fresh build cache", "GOCACHE", fresh, fresh, "Everything is compiled once more. The old cache stays where it is.")
}
