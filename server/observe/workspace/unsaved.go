package workspace

import (
	"bytes"
)

// Unsaved reports whether the text of an open document is not what is on disk,
// so that the snapshot is not of what is saved.
func (w *Workspace) Unsaved() bool {
	for file, doc := range w.buffers {
		onDisk, err := w.world.Files.ReadFile(file)
		if err != nil {
			if w.entry(file) != nil {
				return true
			}
			continue
		}
		text, _ := bytes.CutPrefix(onDisk, byteOrderMark)
		if !bytes.Equal(text, doc.Text) {
			return true
		}
	}
	return false
}
