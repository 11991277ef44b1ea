// Package modgraph tells which Go the modules that a go.mod requires ask for, as
// far as the module cache knows: the go command keeps the go.mod of every module
// that it has looked at there (https://go.dev/ref/mod#module-cache). It runs
// nothing and fetches nothing.
package modgraph

import (
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

	"godrift.dev/server/drift"
)

// The limits: a go.mod with more requirements is looked at in part, and of a
// longer file only the beginning counts, where the go line stands.
const (
	maxRequirements = 2000
	maxText         = 64 << 10
)

// Requirements lists what a go.mod requires, with the go line of each module
// whose go.mod is in the cache. Replaced modules are left out: they are others.
func Requirements(files drift.Files, cache string, gomod []byte) []drift.Requirement {
	f, err := modfile.Parse("go.mod", gomod, nil)
	if err != nil {
		f, err = modfile.ParseLax("go.mod", gomod, nil) // which reads no replace lines
	}
	if err != nil || cache == "" || !filepath.IsAbs(cache) {
		return nil
	}
	replaced := map[string]bool{}
	for _, r := range f.Replace {
		replaced[r.Old.Path] = true
	}
	var out []drift.Requirement
	for i, r := range f.Require {
		if i == maxRequirements {
			break
		}
		if replaced[r.Mod.Path] {
			continue
		}
		asks := goLine(files, cache, r.Mod)
		out = append(out, drift.Requirement{Path: r.Mod.Path, Version: r.Mod.Version, Indirect: r.Indirect, Go: asks})
	}
	return out
}

// goLine is the go line of a module's go.mod in the cache, empty if it is not
// known.
func goLine(files drift.Files, cache string, mod module.Version) string {
	path, err := module.EscapePath(mod.Path)
	if err != nil {
		return ""
	}
	version, err := module.EscapeVersion(mod.Version)
	if err != nil {
		return ""
	}
	text, err := files.ReadFile(filepath.Join(cache, "cache", "download", filepath.FromSlash(path), "@v", version+".mod"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text[:min(len(text), maxText)])) {
		code, _, _ := strings.Cut(line, "//")
		if words := strings.Fields(code); len(words) == 2 && words[0] == "go" {
			return words[1]
		}
	}
	return ""
}
