package cli

import (
	"fmt"
	"go/version"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// leave remembers a fix that is not carried out, and why.
func (m *mending) leave(x chosen, why string) {
	m.unsaid = append(m.unsaid, fmt.Sprintf("Left out: %s [%s %s], because %s.", drift.MaskText(x.fix.Title), x.finding.Code, x.id, drift.MaskText(why)))
}

// inside leaves out what would change a file outside the workspace through a link
// in it, where nobody asked for that very fix: the link may be a repository's, and the
// file somebody's.
func (m *mending) inside(opts engine.Options, all []chosen) []chosen {
	if f := m.flags; f.finding != "" || f.pin != "" || m.ask {
		return all
	}
	root, err := opts.World.Files.EvalSymlinks(opts.Root)
	if err != nil {
		return all
	}
	return slices.DeleteFunc(all, func(x chosen) bool {
		for _, a := range x.fix.Actions {
			if a.Kind != drift.ActionEdit || !drift.Within(opts.Root, a.File) {
				continue
			}
			file, err := opts.World.Files.EvalSymlinks(a.File)
			if err == nil && !drift.Within(root, file) {
				m.leave(x, a.File+" is a link that leads out of this folder, to "+file)
				return true
			}
		}
		return false
	})
}

// steady leaves out, of many fixes, the newer patch that is only news where it
// would take the pin of developers away from the Go that runs: that would be new
// drift. Whoever asks for that very rule or finding gets it.
func (m *mending) steady(report *drift.Report, all []chosen) []chosen {
	if f := m.flags; f.finding != "" || f.code != "" || f.pin != "" || f.accept || m.ask {
		return all
	}
	return slices.DeleteFunc(all, func(x chosen) bool {
		if x.finding.Code != "pin-stale-patch" || x.finding.Severity.Rank() > drift.SeverityInfo.Rank() {
			return false
		}
		runs := parted(report.Snapshot, x.fix)
		if runs != "" {
			m.leave(x, fmt.Sprintf("%s runs here, which would be drift then; godrift fix --apply --finding %s does it", runs, x.id))
		}
		return runs != ""
	})
}

// parted is the Go that runs in the folder of a pin for developers that a fix
// would write a newer patch into; empty if there is none. A toolchain line is
// obeyed by the go command, so none parts from it.
func parted(snap *drift.Snapshot, fix drift.Fix) string {
	for _, pin := range snap.Pins {
		if pin.Role != drift.RoleDevelop || strings.HasSuffix(string(pin.Source), ":toolchain") || !edits(fix, pin.Place) {
			continue
		}
		runs := snap.Selection.Selected
		if m, ok := snap.Module(pin.Place.File); ok && m.Selection.Selected != "" {
			runs = m.Selection.Selected
		}
		if runs != "" && version.Lang(runs) == version.Lang("go"+pin.Version) {
			return runs
		}
	}
	return ""
}

// edits reports whether a fix writes to a place.
func edits(fix drift.Fix, at drift.Place) bool {
	return slices.ContainsFunc(fix.Actions, func(a drift.Action) bool {
		return a.Kind == drift.ActionEdit && a.File == at.File && slices.ContainsFunc(a.Edits, func(e drift.TextEdit) bool { return overlap(e.Span, at.Span) })
	})
}

func overlap(a, b drift.Span) bool { return a.Start < b.End && b.Start < a.End }

// settled leaves out what cannot be done together with another fix, so that what
// is shown is what is done: of two that write different things to one place the
// one of the worse finding stays, then the one that brings the pin to the Go that
// runs, then the first. A person who is asked decides it.
func (m *mending) settled(all []chosen) []chosen {
	if m.ask || m.flags.accept {
		return all
	}
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b chosen) int {
		if d := b.finding.Severity.Rank() - a.finding.Severity.Rank(); d != 0 {
			return d
		}
		first := func(x chosen) int {
			if x.finding.Code == "toolchain-drift" {
				return 0
			}
			return 1
		}
		return first(a) - first(b)
	})
	var kept []chosen
	out := map[string]bool{}
	for _, x := range order {
		i := slices.IndexFunc(kept, func(k chosen) bool { return conflict(k.fix, x.fix) || covers(k.fix, x.fix) })
		if i < 0 {
			kept = append(kept, x)
			continue
		}
		why := "%s [%s] changes the same place in another way; look again after it"
		if covers(kept[i].fix, x.fix) {
			why = "%s [%s] does the same"
		}
		m.leave(x, fmt.Sprintf(why, kept[i].fix.Title, kept[i].finding.Code))
		out[x.id] = true
	}
	return slices.DeleteFunc(all, func(x chosen) bool { return out[x.id] })
}

// conflict reports whether two fixes write different things to one place, or
// give one variable different values.
func conflict(a, b drift.Fix) bool {
	return slices.ContainsFunc(a.Actions, func(x drift.Action) bool {
		return slices.ContainsFunc(b.Actions, func(y drift.Action) bool { return clash(x, y) })
	})
}

func clash(x, y drift.Action) bool {
	if x.Kind == drift.ActionEdit && y.Kind == drift.ActionEdit {
		return x.File == y.File && slices.ContainsFunc(x.Edits, func(e drift.TextEdit) bool {
			return slices.ContainsFunc(y.Edits, func(f drift.TextEdit) bool { return e != f && overlap(e.Span, f.Span) })
		})
	}
	inGOENV := func(a drift.Action) bool { return a.Kind == drift.ActionSetGOENV || a.Kind == drift.ActionUnsetGOENV }
	return inGOENV(x) && inGOENV(y) && x.Variable == y.Variable && (x.Kind != y.Kind || x.Value != y.Value)
}

// covers reports whether one fix of files does all that another one does.
func covers(a, b drift.Fix) bool {
	if !b.EditsOnly() || slices.ContainsFunc(b.Actions, func(x drift.Action) bool { return x.Create || len(x.Edits) == 0 }) {
		return false
	}
	for _, y := range b.Actions {
		for _, e := range y.Edits {
			if !slices.ContainsFunc(a.Actions, func(x drift.Action) bool {
				return x.Kind == drift.ActionEdit && x.File == y.File && slices.Contains(x.Edits, e)
			}) {
				return false
			}
		}
	}
	return true
}
