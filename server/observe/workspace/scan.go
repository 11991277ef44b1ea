package workspace

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
)

// errUnchanged says that an event is about nothing that matters here.
var errUnchanged = errors.New("nothing changed")

// change is one file before and after an event; nil where there is none.
type change struct {
	file          string
	before, after *entry
}

// rescan looks at everything again; what has the same content is shared.
func (w *Workspace) rescan(ctx context.Context) error {
	w.redeclare()
	if err := w.list(ctx); err != nil {
		return err
	}
	files := slices.Clone(w.found.files)
	for _, e := range w.entries {
		if w.expected(e.doc.File) {
			files = append(files, e.doc.File) // the search may not see it: git does not track everything
		}
	}
	for name := range w.buffers {
		if w.matters(name) {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	entries, err := w.readAll(ctx, slices.Compact(files))
	if err != nil {
		return err
	}
	w.entries = entries
	w.readUses()
	return w.judgeAll(ctx)
}

// list looks for the files that can hold pins.
func (w *Workspace) list(ctx context.Context) error {
	temp := w.world.Environ["TMPDIR"]
	if temp == "" {
		temp = "/tmp"
	}
	f, err := find(ctx, w.World().Files, w.root, filepath.Clean(temp), w.limits, w.declared)
	if err != nil {
		return err
	}
	w.found = f
	return nil
}

// matters reports whether a file is or can be an entry.
func (w *Workspace) matters(file string) bool {
	return w.entry(file) != nil || w.expected(file) || w.isUsed(file)
}

// above reports whether a file stands in or above the root and bears on which
// file of its name is the nearest there.
func (w *Workspace) above(file string) bool {
	dir := filepath.Dir(file)
	return drift.Within(dir, w.root) && slices.Contains(topNames, filepath.Base(file))
}

// reread reads files again and judges what depends on them.
func (w *Workspace) reread(ctx context.Context, files []string) error {
	var changes []change
	for _, file := range files {
		before := w.entry(file)
		var after *entry
		if w.expected(file) || w.isUsed(file) {
			after = w.read(file, before)
		}
		if before != after {
			changes = append(changes, change{file, before, after})
			w.put(file, after)
		}
	}
	if len(changes) == 0 {
		return cmp.Or(ctx.Err(), errUnchanged)
	}
	policy := filepath.Join(w.root, policyFile)
	if slices.ContainsFunc(changes, func(c change) bool { return c.file == policy }) && w.redeclare() {
		return w.rescan(ctx)
	}
	if slices.ContainsFunc(changes, func(c change) bool { return filepath.Base(c.file) == "go.work" }) {
		w.readUses()
	}
	return w.judge(ctx, changes)
}

// put sets or removes an entry without touching the slice that others share.
func (w *Workspace) put(file string, e *entry) {
	at, have := w.search(file)
	next := make([]*entry, 0, len(w.entries)+1)
	next = append(next, w.entries[:at]...)
	if e != nil {
		next = append(next, e)
	}
	if have {
		at++
	}
	w.entries = append(next, w.entries[at:]...)
}

// readUses adds the go.mod of every module that a go.work uses and that the
// search did not find: outside the root, or in a folder that is left out; and
// drops those that no go.work uses any more.
func (w *Workspace) readUses() {
	// A go.work that is not looked at any more uses nothing any more, either.
	w.entries = slices.DeleteFunc(slices.Clone(w.entries), func(e *entry) bool {
		return e.base() == "go.work" && !w.expected(e.doc.File)
	})
	used := w.used()
	w.entries = slices.DeleteFunc(w.entries, func(e *entry) bool {
		return !used[e.doc.File] && !w.expected(e.doc.File)
	})
	for file := range used {
		if len(w.entries) >= w.limits.candidates {
			return
		}
		if w.entry(file) == nil {
			if e := w.read(file, nil); e != nil {
				w.put(file, e)
			}
		}
	}
}

// used lists the go.mod files that the go.work files use.
func (w *Workspace) used() map[string]bool {
	used := map[string]bool{}
	for _, e := range w.entries {
		for _, u := range e.uses {
			used[filepath.Join(u.Dir, "go.mod")] = true
		}
	}
	return used
}

// isUsed reports whether a file is the go.mod of a module that a go.work uses.
func (w *Workspace) isUsed(file string) bool {
	dir := filepath.Dir(file)
	return filepath.Base(file) == "go.mod" && slices.ContainsFunc(w.entries, func(e *entry) bool {
		return slices.ContainsFunc(e.uses, func(u drift.Use) bool { return u.Dir == dir })
	})
}

// expected reports whether a file is an entry for its own sake.
func (w *Workspace) expected(file string) bool {
	if _, ok := slices.BinarySearch(w.found.files, file); ok || file == w.work {
		return true
	}
	return drift.Within(w.root, file) && candidate(w.rel(file), w.declared) && !w.ignored(file)
}
