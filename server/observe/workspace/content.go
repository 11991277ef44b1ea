package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"hash"
	"io"
	"maps"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// pins lists all pins, file by file.
func (w *Workspace) pins() []drift.Pin {
	var all map[string][]drift.Pin
	var list []drift.Pin
	for _, e := range w.entries {
		format := pins.Of(w.rel(e.doc.File))
		if format == nil || format.Resolve == nil {
			list = append(list, e.pins...)
			continue
		}
		if all == nil {
			all = make(map[string][]drift.Pin, len(w.entries))
			for _, e := range w.entries {
				all[e.doc.File] = e.pins
			}
		}
		list = append(list, format.Resolve(e.pins, all)...)
	}
	return list
}

// problems lists all problems: of the search, then file by file.
func (w *Workspace) problems() []drift.Problem {
	list := slices.Clone(w.found.problems)
	for _, e := range w.entries {
		list = append(list, e.problems...)
	}
	return list
}

// id hashes the content of the present state: what was read, and what follows
// from it and the environment. Neither the time nor the number of the snapshot
// takes part, nor whether a text is a buffer or on disk.
func (w *Workspace) id() string {
	h := sha256.New()
	text(h, w.root)
	if w.trusted {
		text(h, "trusted")
	}
	h.Write(w.envHash[:])
	root := w.selections[w.root].hash
	h.Write(root[:])
	for _, m := range w.modules {
		s := w.selections[m.Dir].hash
		text(h, m.File)
		text(h, m.Work)
		h.Write(s[:])
	}
	for _, e := range w.entries {
		hashDocument(h, e.doc)
	}
	for _, name := range slices.Sorted(maps.Keys(w.others)) {
		hashDocument(h, w.others[name])
	}
	for _, p := range w.problems() {
		text(h, p.Place.File)
		text(h, p.Message)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashDocument(h hash.Hash, doc drift.Document) {
	text(h, doc.File)
	if doc.BOM && !doc.Open {
		// A buffer's hash leaves the mark out.
		text(h, document("", doc.Text).Hash)
	} else {
		text(h, doc.Hash)
	}
}

// text adds a string to a hash in a way that no two lists of strings share.
func text(h hash.Hash, s string) {
	_, _ = io.WriteString(h, s)
	_, _ = h.Write([]byte{0})
}

// hashOf hashes one of the nouns. Encoding them cannot fail: they are plain
// data.
func hashOf(v any) [32]byte {
	b, err := json.Marshal(v)
	if err != nil {
		return [32]byte{}
	}
	return sha256.Sum256(b)
}
