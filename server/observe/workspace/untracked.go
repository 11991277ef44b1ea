package workspace

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// tracked is what an index says of the folders of a checkout, by their path from
// the root with slashes.
type tracked struct {
	// folders are all that hold a tracked file, true if a file that can hold
	// pins is in or below them. The root itself is "".
	folders map[string]bool
	// apart are submodules and folders of a sparse index.
	apart map[string]bool
	last  string // the folder that was noted last
}

func newTracked() *tracked {
	return &tracked{folders: map[string]bool{"": false}, apart: map[string]bool{}}
}

// note notes the folder of a tracked file.
func (t *tracked) note(rel []byte) {
	at := bytes.LastIndexByte(rel, '/')
	if at < 0 || string(rel[:at]) == t.last {
		return
	}
	t.last = string(rel[:at])
	if excluded(t.last + "/") {
		return
	}
	for dir := t.last; ; dir = parent(dir) {
		if _, ok := t.folders[dir]; ok {
			return
		}
		t.folders[dir] = false
	}
}

// pin notes that a file can hold pins.
func (t *tracked) pin(rel string) {
	for dir := parent(rel); !t.folders[dir]; dir = parent(dir) {
		t.folders[dir] = true
		if dir == "" {
			return
		}
	}
}

func parent(rel string) string {
	if dir := path.Dir(rel); dir != "." {
		return dir
	}
	return ""
}

// untracked finds the files below a folder of the checkout that git does not
// track and does not ignore. It lists tracked folders from the top down, never
// behind a link, and walks what stands in them and is in no index entry. In a
// checkout of very many folders only the upper ones and those with pins are
// listed: there a new folder without a pin above it is not seen.
func (f *finder) untracked(ctx context.Context, top, at, git string, t *tracked) {
	own := newIgnores(f.files, top, git)
	above, err := filepath.Rel(top, at)
	if err != nil {
		return
	}
	lead, err := filepath.Rel(f.root, at)
	if err != nil {
		return
	}
	above, lead = slashed(above), slashed(lead)
	if at == f.root {
		f.ignores = own
	}
	known := make(map[string]bool, len(f.found.files))
	for _, file := range f.found.files {
		known[file] = true
	}
	entries := 0
	var fresh []folder
	level := []string{""}
	for listed := 0; len(level) > 0; {
		var next []string
		for _, dir := range level {
			if listed >= f.limits.listed && !t.folders[dir] {
				continue
			}
			listed++
			full := filepath.Join(at, filepath.FromSlash(dir))
			list, err := f.files.ReadDir(full)
			if entries += len(list); entries > f.limits.entries || ctx.Err() != nil {
				f.problem(at, fmt.Sprintf("there are more than %d files here; the rest is not looked at. Open a smaller folder", f.limits.entries))
				return
			}
			if err != nil {
				f.cannotList(full, err)
			}
			for _, e := range list {
				rel := path.Join(dir, e.Name())
				file := filepath.Join(full, e.Name())
				switch {
				case !e.IsDir():
					if candidate(lead+rel, f.declared) && (!strings.HasSuffix(rel, ".go") || f.declared.GoSource()) &&
						!known[file] && !own.ignored(above+rel, false) {
						f.found.files = append(f.found.files, file)
					}
				case leftOut[e.Name()] || t.apart[rel]:
				default:
					if _, ok := t.folders[rel]; ok {
						next = append(next, rel)
					} else if !own.ignored(above+rel, true) && gitDir(f.files, file) == "" {
						fresh = append(fresh, folder{dir: file, rel: lead + rel + "/", depth: strings.Count(lead+rel, "/") + 1})
					}
				}
			}
		}
		level = next
	}
	for _, in := range fresh[:min(len(fresh), f.limits.watched)] {
		f.folders = append(f.folders, in.dir)
	}
	if len(fresh) > 0 {
		f.walkFrom(ctx, fresh, func(file string, dir bool) bool {
			rel, err := filepath.Rel(top, file)
			return err == nil && own.ignored(filepath.ToSlash(rel), dir)
		})
	}
}

// slashed is a relative path to put in front of others.
func slashed(rel string) string {
	if rel == "." {
		return ""
	}
	return filepath.ToSlash(rel) + "/"
}

// ignored reports whether the search leaves out a file that git does not track.
// What it finds by name in the root and its direct folders it never does.
func (w *Workspace) ignored(file string) bool {
	if w.found.ignores == nil {
		return false
	}
	rel := w.rel(file)
	if depth := strings.Count(rel, "/"); depth == 0 || depth == 1 && slices.Contains(topNames, path.Base(rel)) {
		return false
	}
	top := w.found.ignores.top
	for _, other := range w.found.checkouts {
		if other != top && drift.Within(top, other) && drift.Within(other, file) {
			return false
		}
	}
	rel, err := filepath.Rel(top, file)
	return err == nil && w.found.ignores.ignored(filepath.ToSlash(rel), false)
}

// ofIgnores reports whether a file says what git ignores in the workspace.
func (w *Workspace) ofIgnores(file string) bool {
	dir := filepath.Dir(file)
	return w.found.ignores != nil && filepath.Base(file) == ignoreFile && (drift.Within(w.root, dir) || drift.Within(dir, w.root))
}
