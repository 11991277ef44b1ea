package workspace

import (
	"path/filepath"
	"slices"

	"godrift.dev/server/observe/pins"
)

// redeclare asks which files of the team's own pin a Go version, and reports
// whether that has changed. What was read of files that it is or was about is
// forgotten.
func (w *Workspace) redeclare() bool {
	if w.declare == nil {
		return false
	}
	var next *pins.Declarations
	file := filepath.Join(w.root, policyFile)
	if e := w.read(file, w.entry(file)); e != nil {
		next = pins.Declare(w.declare(e.doc))
	}
	if next.Equal(w.declared) {
		return false
	}
	before := w.declared
	w.declared = next
	w.entries = slices.DeleteFunc(slices.Clone(w.entries), func(e *entry) bool {
		rel := w.rel(e.doc.File)
		return before.Match(rel) || next.Match(rel)
	})
	return true
}
