package workspace

import (
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
)

// Watch lists what must be watched for the next snapshot to be right: folders,
// and in folders the files that matter, all absolute. The last element of a
// file can be a pattern of filepath.Match. Not all of it exists.
func (w *Workspace) Watch() (dirs, files []string) {
	dirs = append(dirs, w.root)
	dirs = append(dirs, w.found.folders...)
	files = append(files, filepath.Join(w.root, policyFile))
	if w.found.index != "" {
		files = append(files, w.found.index)
	}
	for _, e := range w.entries {
		dirs = append(dirs, filepath.Dir(e.doc.File))
		files = append(files, e.doc.File)
	}
	for name := range w.used() {
		files = append(files, name)
	}
	for name := range w.others {
		files = append(files, name)
	}
	files = append(files, w.graph.Files...)
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)
	for _, dir := range dirs {
		for _, name := range topNames {
			files = append(files, filepath.Join(dir, name))
		}
		if w.found.ignores != nil {
			files = append(files, filepath.Join(dir, ignoreFile))
		}
	}
	files = append(files, w.environmentFiles()...)
	files = append(files, w.toolFiles()...)
	slices.Sort(files)
	return dirs, slices.Compact(files)
}

// environmentFiles are the files that the environment depends on, and the
// environments of others: the GOENV file, the two files of a GOROOT that say what
// it is, every place on PATH where a go could stand, and the module cache's
// toolchains. The last element can end in a star.
func (w *Workspace) environmentFiles() []string {
	files := w.filesOf(w.environment, w.selections[w.root].Selection, w.world.Environ)
	for _, p := range w.peers {
		files = append(files, w.filesOf(p.other.Environment, p.other.Selection, p.environ)...)
	}
	slices.Sort(files)
	return slices.Compact(files)
}

func (w *Workspace) filesOf(e drift.Environment, s drift.Selection, environ map[string]string) []string {
	var files []string
	if e.GOENV != "" {
		files = append(files, e.GOENV)
	}
	var roots []string
	if v, ok := e.Lookup("GOROOT"); ok {
		roots = append(roots, v.Value)
	}
	if s.Go != nil {
		roots = append(roots, s.Go.GOROOT)
	}
	roots = append(roots, s.GOROOT)
	for _, root := range roots {
		if filepath.IsAbs(root) {
			files = append(files, filepath.Join(root, "go.env"), filepath.Join(root, "VERSION"))
		}
	}
	for _, dir := range filepath.SplitList(environ["PATH"]) {
		if filepath.IsAbs(dir) {
			files = append(files, filepath.Join(dir, "go"), filepath.Join(dir, "go1.*"))
			if w.world.Host.GOOS == "windows" {
				files = append(files, filepath.Join(dir, "go.*"))
			}
		}
	}
	if v, ok := e.Lookup("GOMODCACHE"); ok && filepath.IsAbs(v.Value) {
		files = append(files,
			filepath.Join(v.Value, "golang.org", "toolchain@*"),
			// A toolchain is there when its mark of an unfinished unpacking goes.
			filepath.Join(v.Value, "cache", "download", "golang.org", "toolchain", "@v", "v0.0.1-*"))
	}
	return files
}
