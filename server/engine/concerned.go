package engine

import (
	"errors"
	"io/fs"
	"path/filepath"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/observe/workspace"
)

// Concerned reports whether a finding could stand in one of these files, without
// looking at the workspace: findings stand where something is read. It says yes
// where that is not known, and where the policy has a mistake, which concerns
// everybody.
func Concerned(opts Options, names []string) bool {
	// These name files of any name.
	for _, variable := range []string{"GOENV", "GOWORK", "GOROOT"} {
		if opts.World.Environ[variable] != "" {
			return true
		}
	}
	file := filepath.Join(opts.Root, "godrift.toml")
	text, err := opts.World.Files.ReadFile(file)
	var declared []drift.DeclaredPin
	switch {
	case err == nil:
		p, problems := policy.Parse(drift.Document{File: file, Text: text})
		if len(problems) > 0 {
			return true
		}
		declared = p.Pins()
	case !errors.Is(err, fs.ErrNotExist):
		return true
	}
	for _, name := range names {
		rel, err := filepath.Rel(opts.Root, name)
		if err != nil || !filepath.IsLocal(rel) || workspace.CanPin(filepath.ToSlash(rel), declared) {
			return true
		}
	}
	return false
}
