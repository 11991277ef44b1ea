package rules

import (
	"cmp"
	"slices"

	"godrift.dev/server/drift"
)

// edit is the action that replaces the text at a place. It has no file if the
// text is not known, and then nothing is offered.
func (in Input) edit(at drift.Place, text string) drift.Action {
	doc, ok := in.Snapshot.Documents[at.File]
	if !ok || doc.Hash == "" || at.Span.End > len(doc.Text) {
		return drift.Action{}
	}
	return drift.Action{
		Kind: drift.ActionEdit, File: at.File, Hash: doc.Hash,
		Edits: []drift.TextEdit{{Span: at.Span, New: text}},
	}
}

// repair makes a fix, or none if one of its actions is impossible.
func repair(title, note string, actions ...drift.Action) []drift.Fix {
	if len(actions) == 0 || slices.ContainsFunc(actions, func(a drift.Action) bool { return a.Kind == "" }) {
		return nil
	}
	return []drift.Fix{{Title: title, Kind: drift.FixRepair, Note: note, Actions: joinEdits(actions)}}
}

// preferFirst marks the first fix as the one a person most likely wants.
func preferFirst(fixes []drift.Fix) []drift.Fix {
	if len(fixes) > 0 {
		fixes[0].Preferred = true
	}
	return fixes
}

// joinEdits makes one action of all edits of a file, in the order of the files'
// first mention. Edits that are there twice are kept once.
func joinEdits(actions []drift.Action) []drift.Action {
	var joined []drift.Action
	for _, a := range actions {
		i := slices.IndexFunc(joined, func(have drift.Action) bool {
			return a.Kind == drift.ActionEdit && have.Kind == drift.ActionEdit && have.File == a.File
		})
		if i < 0 {
			a.Edits = slices.Clone(a.Edits)
			joined = append(joined, a)
			continue
		}
		for _, e := range a.Edits {
			if !slices.Contains(joined[i].Edits, e) {
				joined[i].Edits = append(joined[i].Edits, e)
			}
		}
	}
	for _, a := range joined {
		slices.SortFunc(a.Edits, func(x, y drift.TextEdit) int { return cmp.Compare(x.Span.Start, y.Span.Start) })
	}
	return joined
}
