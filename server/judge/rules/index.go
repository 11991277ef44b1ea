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
	goLines map[string]drift.Pin
	// toolchains are the toolchain lines by file, develop the other pins for
	// developers by folder: the first of each.
	toolchains map[string]drift.Pin
	develop    map[string]drift.Pin
	// followers take their version from another place, which is known.
	followers []drift.Pin
	// pinned remembers answers, by folder.
	pinned map[string]drift.Pinned
	// floor and line are the highest go line and toolchain line.
	floor, line string
}

// indexed returns the input with its index.
func (in Input) indexed() Input {
	ix := &index{
		byDir: map[string]spot{}, modules: map[string]drift.Module{}, goLines: map[string]drift.Pin{}, toolchains: map[string]drift.Pin{},
		develop: map[string]drift.Pin{}, pinned: map[string]drift.Pinned{},
	}
	in.index = ix
	first := func(m map[string]drift.Pin, key string, pin drift.Pin) {
		if _, ok := m[key]; !ok {
			m[key] = pin
		}
	}
	for _, pin := range in.Snapshot.Pins {
		if pin.Meaning == drift.MeaningVar && pin.Version != "" && !alignable(pin) {
			ix.followers = append(ix.followers, pin)
		}
		switch {
		case pin.Role == drift.RoleFloor && pin.Meaning == drift.MeaningMin && strings.HasSuffix(string(pin.Source), ":go"):
			first(ix.goLines, pin.Place.File, pin)
		case pin.Role != drift.RoleDevelop || !namesVersion(pin):
		case !isToolchainLine(pin):
			first(ix.develop, filepath.Dir(pin.Place.File), pin)
		case pin.Meaning == drift.MeaningExact && pin.Extra["earlyscan"] == "":
			first(ix.toolchains, pin.Place.File, pin)
			if v := name(pin.Version); ix.line == "" || version.Compare(v, ix.line) > 0 {
				ix.line = v
			}
		}
	}
	for _, m := range in.Snapshot.Modules {
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
	}
	return in
}
