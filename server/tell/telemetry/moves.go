package telemetry

import "godrift.dev/server/drift"

// place is a Go that builds: its folder, its version, and whether PATH leads to it.
type place struct {
	goroot, version string
	onPath          bool
}

// moves counts changes of what a workspace is built with, each once. Every change shows
// in the reports of a running engine, so that they are counted there. What changed before
// the engine began shows only in the first moment that is written after that: its old
// values are then others than those of the first report.
type moves struct {
	of         string // whose environment it is
	env        fact[string]
	cgo        fact[string]
	build      fact[place]
	goroot     masked // of the environment
	built      masked // of what builds
	reconciled bool
}

// masked remembers the newest path as moments have it: most reports have the same.
type masked struct{ raw, shown string }

func (m *masked) path(goroot string) string {
	if goroot != m.raw {
		m.raw, m.shown = goroot, drift.Mask("GOROOT", drift.ClipTo(goroot, mostRead))
	}
	return m.shown
}

// fact is a value as it was first seen, and as it is.
type fact[V comparable] struct {
	known       bool
	first, last V
}

// now says what the value is, and whether it is another than before.
func (f *fact[V]) now(v V) (before V, changed bool) {
	before = f.last
	changed = f.known && v != f.last
	if !f.known {
		f.first, f.known = v, true
	}
	f.last = v
	return before, changed
}

// report compares a report with the one before it.
func (m *moves) report(r *drift.Report, count func(m id, values ...string)) {
	env := &r.Snapshot.Environment
	m.of = env.Of
	if v, ok := env.Lookup("GOROOT"); ok && v.Value != "" {
		if _, changed := m.env.now(m.goroot.path(v.Value)); changed {
			count(gorootChanges)
		}
	}
	if v, ok := env.Lookup("CGO_ENABLED"); ok && (v.Value == "0" || v.Value == "1") {
		if _, changed := m.cgo.now(v.Value); changed {
			count(cgoFlips, v.Value)
		}
	}
	// Where go stops, or would fetch another Go first, none builds.
	sel := &r.Snapshot.Selection
	if sel.GOROOT == "" || sel.Selected == "" {
		return
	}
	now := place{goroot: m.built.path(sel.GOROOT), version: sel.Selected, onPath: sel.How == drift.HowLocal || sel.How == drift.HowPath}
	if before, changed := m.build.now(now); changed && (before.goroot != now.goroot || before.version != now.version) {
		count(migrations, placeLabel(before), placeLabel(now))
	}
}

// moment takes from the first moment what changed before the first report.
func (m *moves) moment(moment drift.Moment, count func(m id, values ...string)) {
	if m.reconciled || m.of != "" && moment.Of != m.of {
		return
	}
	m.reconciled = true
	old := map[string]drift.Change{}
	for _, c := range moment.Changes {
		if c.Kind == drift.ChangeChanged && c.Old != c.New {
			old[c.Key] = c
		}
	}
	if c, ok := old[drift.EnvKey("GOROOT")]; ok && m.env.known && c.Old != m.env.first {
		count(gorootChanges)
	}
	if c, ok := old[drift.EnvKey("CGO_ENABLED")]; ok && m.cgo.known && c.Old != m.cgo.first {
		count(cgoFlips, m.cgo.first)
	}
	root, moved := old[drift.KeyGOROOT]
	selected, upgraded := old[drift.KeySelected]
	if !m.build.known || !moved && !upgraded {
		return
	}
	before := m.build.first
	if moved {
		before.goroot = root.Old
	}
	if upgraded {
		before.version = selected.Old
	}
	if before.goroot != m.build.first.goroot || before.version != m.build.first.version {
		count(migrations, placeLabel(before), placeLabel(m.build.first))
	}
}
