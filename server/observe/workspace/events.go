package workspace

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// edit puts an open buffer over a file.
func (w *Workspace) edit(ctx context.Context, doc drift.Document) error {
	if doc.File == "" {
		return errUnchanged
	}
	doc.File = filepath.Clean(doc.File)
	doc.Open = true
	if doc.Hash == "" {
		doc.Hash = document("", doc.Text).Hash
	}
	if text, mark := bytes.CutPrefix(doc.Text, byteOrderMark); mark {
		doc.Text, doc.BOM = text, true
	}
	// An editor shows no byte order mark and writes it back on saving.
	if before := w.entry(doc.File); before != nil {
		doc.BOM = doc.BOM || before.doc.BOM
	}
	w.buffers = maps.Clone(w.buffers)
	if w.buffers == nil {
		w.buffers = map[string]drift.Document{}
	}
	w.buffers[doc.File] = doc
	return w.touch(ctx, []string{doc.File})
}

// close takes buffers away: the files on disk count again.
func (w *Workspace) close(ctx context.Context, files []string) error {
	w.buffers = maps.Clone(w.buffers)
	files = slices.Clone(files)
	for i, file := range files {
		files[i] = filepath.Clean(file)
		delete(w.buffers, files[i])
	}
	return w.touch(ctx, files)
}

// saved deals with changes on disk.
func (w *Workspace) saved(ctx context.Context, files []string) error {
	clean := make([]string, len(files))
	for i, file := range files {
		clean[i] = filepath.Clean(file)
	}
	return w.touch(ctx, clean)
}

// touch looks again at what depends on files, whatever happened to them.
func (w *Workspace) touch(ctx context.Context, files []string) error {
	var entries []string
	environment, listed, tools, graph := false, false, false, false
	for _, file := range files {
		if slices.Contains(w.graph.Files, file) {
			w.graphPending, graph = true, true
			// Whether the vendor folder is in step is part of the selection.
			environment = environment || filepath.Base(file) == "modules.txt"
		}
		switch {
		case w.above(file) && (w.entry(file) == nil) == w.there(file):
			// It came or went, so another file of its name is the nearest now,
			// for the root and for the folder of a go.work above it.
			entries, listed, environment = append(entries, file), true, true
		case w.matters(file):
			entries = append(entries, file)
		case file == w.found.index && file != "", w.ofIgnores(file):
			listed = true
		case w.ofTools(file):
			w.toolsPending, tools = true, true
		case w.ofEnvironment(file):
			environment = true
		case w.folder(file):
			return w.rescan(ctx)
		}
	}
	if listed {
		known := w.found.files
		if err := w.list(ctx); err != nil {
			return err
		}
		entries = append(entries, difference(known, w.found.files)...)
		entries = append(entries, difference(w.found.files, known)...)
	}
	slices.Sort(entries)
	entries = slices.Compact(entries)
	err := w.reread(ctx, entries)
	if environment {
		return w.judgeAll(ctx)
	}
	if (tools || graph) && errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}

// there reports whether there is such a file or buffer.
func (w *Workspace) there(file string) bool {
	info, err := w.World().Files.Stat(file)
	return err == nil && !info.IsDir()
}

// difference lists what is in b and not in a, both sorted.
func difference(a, b []string) []string {
	var d []string
	for _, s := range b {
		if _, ok := slices.BinarySearch(a, s); !ok {
			d = append(d, s)
		}
	}
	return d
}

// folder reports whether a path is or was a folder of the workspace: everything
// in it may be new.
func (w *Workspace) folder(path string) bool {
	if !drift.Within(w.root, path) && !drift.Within(path, w.root) {
		return false
	}
	if rel := w.rel(path); drift.Within(w.root, path) && path != w.root && excluded(rel+"/") {
		return false
	}
	if info, err := w.world.Files.Stat(path); err == nil {
		return info.IsDir()
	}
	// With the root itself gone there is nothing to look at, which is no empty folder.
	return drift.Within(path, w.root) || slices.ContainsFunc(w.entries, func(e *entry) bool { return drift.Within(path, e.doc.File) })
}

// ofEnvironment reports whether the environment depends on a file: on what it
// says, or on its being there.
func (w *Workspace) ofEnvironment(file string) bool {
	if _, ok := w.others[file]; ok {
		return true
	}
	base, dir := filepath.Base(file), filepath.Dir(file)
	for _, on := range w.environmentFiles() {
		if file == on || strings.HasPrefix(on, file+string(filepath.Separator)) {
			return true
		}
		if strings.HasSuffix(on, "*") && dir == filepath.Dir(on) && strings.HasPrefix(base, strings.TrimSuffix(filepath.Base(on), "*")) {
			return true
		}
	}
	return false
}
