package workspace

import (
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// firstLook is where a digest was seen if there is no commit to compare with.
const firstLook = "when this was first looked at"

// digests are the tags that digests stand beside before anything changes: in the
// commit that is compared with, else as the first look finds them.
func (w *Workspace) digests(opts Options) []drift.Digested {
	var list []drift.Digested
	for _, e := range w.entries {
		if !slices.ContainsFunc(e.pins, func(pin drift.Pin) bool { return drift.DigestOf(e.doc.Text, pin) != "" }) {
			continue
		}
		doc, found, seen := e.doc, e.pins, firstLook
		if opts.Before != nil {
			text, err := opts.Before(e.doc.File)
			format := pins.Of(w.rel(e.doc.File))
			if err != nil || format == nil {
				continue // it was not there
			}
			doc, seen = document(e.doc.File, text), opts.BeforeName
			found, _ = format.Parse(doc)
		}
		for _, pin := range found {
			if digest := drift.DigestOf(doc.Text, pin); digest != "" && pin.Version != "" {
				list = append(list, drift.Digested{Digest: digest, Pin: pin, Seen: seen})
			}
		}
	}
	return list
}
