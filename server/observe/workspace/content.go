package workspace

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"godrift.dev/server/drift"
)

// pins lists all pins, file by file.
func (w *Workspace) pins() []drift.Pin {
	var all map[string][]drift.Pin
	var list []drift.Pin
	for _, e := range w.entries {
		if e.format == nil || e.format.Resolve == nil {
			list = append(list, e.pins...)
			continue
		}
		if all == nil {
			all = map[string][]drift.Pin{}
			for _, e := range w.entries {
				if len(e.pins) > 0 {
					all[e.doc.File] = e.pins
				}
			}
		}
		list = append(list, e.format.Resolve(e.pins, all)...)
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

// id hashes the content of the present state: what was read, the environment,
// and what was selected; all else follows from these. Neither the time nor the
// number of the snapshot takes part, nor whether a text is a buffer or on disk.
func (w *Workspace) id() string {
	b := make([]byte, 0, len(w.root)+sha256.Size*(2+len(w.modules)+len(w.entries)+len(w.others)))
	b = append(b, w.root...)
	b = strconv.AppendBool(append(b, 0), w.trusted)
	b = append(b, w.envHash[:]...)
	root := w.selections[w.root].hash
	b = append(b, root[:]...)
	for _, m := range w.modules {
		s := w.selections[m.Dir].hash
		b = append(b, s[:]...)
	}
	for _, p := range w.peers {
		b = append(b, p.hash[:]...)
	}
	for _, e := range w.entries {
		b = append(b, e.key[:]...)
	}
	for _, name := range slices.Sorted(maps.Keys(w.others)) {
		key := keyOf(w.others[name], nil)
		b = append(b, key[:]...)
	}
	problems := keyOf(drift.Document{}, w.found.problems)
	sum := sha256.Sum256(append(b, problems[:]...))
	return hex.EncodeToString(sum[:])
}

// keyOf hashes a document, and problems that do not follow from its text.
func keyOf(doc drift.Document, problems []drift.Problem) [32]byte {
	b := append([]byte(doc.File), 0)
	if doc.BOM && !doc.Open {
		b = append(b, document("", doc.Text).Hash...) // a buffer's hash leaves the mark out
	} else {
		b = append(b, doc.Hash...)
	}
	for _, p := range problems {
		b = append(append(append(append(b, 0), p.Place.File...), 0), p.Message...)
	}
	return sha256.Sum256(b)
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
