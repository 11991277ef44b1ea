package rules

import (
	"cmp"
	"go/version"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// index is what the rules ask for again and again, worked out once for a
// snapshot, so that a workspace of hundreds of modules is judged while a person
// types.
type index struct {
	spots   []spot
	byDir   map[string]spot
	modules map[string]drift.Module // by file
	holders map[string]int          // the first of Snapshot.Modules in a folder
	goLines map[string]drift.Pin
	// toolchains are the toolchain lines by file, develop the other pins for
	// developers by folder: the first of each, or the one that comes before it.
	toolchains map[string]drift.Pin
	develop    map[string]drift.Pin
	// roles are the folders that hold a pin of a role, toolchain lines aside.
	roles map[roleIn]bool
	// matrices are the numbers of entries of the matrices.
	matrices map[string]int
	// above are the modules that are higher than their go.work, by its file.
	above map[string][]spot
	// invalid remembers the files that pin-invalid speaks of.
	invalid map[string]bool
	// fetches remembers which Dockerfiles build nothing of the module around them.
	fetches map[string]bool
	// named remembers the modules that the steps of pins name.
	named map[drift.Place][]spot
	// followers take their version from another place, which is known.
	followers []drift.Pin
	// pinned remembers answers, by folder.
	pinned map[string]drift.Pinned
	// floor and line are the highest go line and toolchain line.
	floor, line string
}

// roleIn is a role of pins in a folder.
type roleIn struct {
	dir  string
	role drift.Role
}

// indexed returns the input with its index.
func (in Input) indexed() Input {
	ix := &index{
		byDir: map[string]spot{}, modules: map[string]drift.Module{}, goLines: map[string]drift.Pin{}, toolchains: map[string]drift.Pin{},
		develop: map[string]drift.Pin{}, pinned: map[string]drift.Pinned{}, above: map[string][]spot{}, invalid: map[string]bool{}, fetches: map[string]bool{},
		roles: map[roleIn]bool{}, matrices: map[string]int{}, named: map[drift.Place][]spot{}, holders: make(map[string]int, len(in.Snapshot.Modules)),
	}
	in.index = ix
	in.Snapshot = clipped(in.Snapshot)
	first := func(m map[string]drift.Pin, key string, pin drift.Pin) {
		if _, ok := m[key]; !ok {
			m[key] = pin
		}
	}
	for _, pin := range in.Snapshot.Pins {
		if pin.Meaning == drift.MeaningVar && pin.Version != "" && !alignable(pin) {
			ix.followers = append(ix.followers, pin)
		}
		if isMatrix(pin) {
			ix.matrices[matrixOf(pin)]++
		}
		if !isToolchainLine(pin) {
			ix.roles[roleIn{filepath.Dir(pin.Place.File), pin.Role}] = true
		}
		switch {
		case pin.Role == drift.RoleFloor && pin.Meaning == drift.MeaningMin && strings.HasSuffix(string(pin.Source), ":go"):
			first(ix.goLines, pin.Place.File, pin)
		case pin.Role != drift.RoleDevelop || !namesVersion(pin):
		case !isToolchainLine(pin):
			dir := filepath.Dir(pin.Place.File)
			if found, ok := ix.develop[dir]; !ok || comesBefore(pin, found) {
				ix.develop[dir] = pin
			}
		case pin.Meaning == drift.MeaningExact && pin.Extra["earlyscan"] == "":
			first(ix.toolchains, pin.Place.File, pin)
			if v := name(pin.Version); ix.line == "" || version.Compare(v, ix.line) > 0 {
				ix.line = v
			}
		}
	}
	for i, m := range in.Snapshot.Modules {
		if _, ok := ix.holders[m.Dir]; !ok {
			ix.holders[m.Dir] = i
		}
		m.Selection = in.foresee(m.Selection)
		ix.modules[m.File] = m
		if !in.testData(m.Dir) {
			ix.spots = append(ix.spots, spot{m, in.goLine(m.File)})
		}
	}
	slices.SortStableFunc(ix.spots, func(a, b spot) int {
		return cmp.Or(
			cmp.Compare(strings.Count(a.Dir, string(filepath.Separator)), strings.Count(b.Dir, string(filepath.Separator))),
			cmp.Compare(a.Dir, b.Dir),
			cmp.Compare(b.File, a.File), // the go.work before the go.mod beside it
		)
	})
	for _, s := range ix.spots {
		if _, ok := ix.byDir[s.Dir]; !ok {
			ix.byDir[s.Dir] = s
		}
		if f := s.floor(); ix.floor == "" || version.Compare(f, ix.floor) > 0 {
			ix.floor = f
		}
		if above := in.usedAbove(s); len(above) > 0 {
			ix.above[s.File] = above
		}
	}
	return in
}

// clipped is a snapshot whose pins hold no more text than a message shows: the
// rules quote it, compare it and look for it in errors, and a hostile file has
// megabytes of it.
func clipped(s *drift.Snapshot) *drift.Snapshot {
	isLong := func(pin drift.Pin) bool { return len(pin.Raw) > len(drift.Clip(pin.Raw)) }
	if !slices.ContainsFunc(s.Pins, isLong) {
		return s
	}
	short := *s
	short.Pins = slices.Clone(s.Pins)
	for i, pin := range short.Pins {
		short.Pins[i].Raw = drift.Clip(pin.Raw)
	}
	return &short
}

// holder is Snapshot.Module for those who ask it once per folder: it costs the
// depth of the folder, not the number of modules.
func (in Input) holder(dir string) (drift.Module, bool) {
	for {
		if i, ok := in.index.holders[dir]; ok {
			return in.Snapshot.Modules[i], true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return drift.Module{}, false
		}
		dir = up
	}
}
