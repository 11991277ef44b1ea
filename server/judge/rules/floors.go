package rules

import (
	"go/version"
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
)

// floorsAbove are the spots that a pin is for and that need more, the highest
// first: the module that its file belongs to, or the modules below its folder if
// it belongs to none.
func (in Input) floorsAbove(pin drift.Pin) []spot {
	if isToolchainLine(pin) || in.buildsNothingHere(pin) {
		return nil
	}
	var above []spot
	judge := func(s spot) {
		if s.pin.Version != "" && !reaches(pin, s.pin.Version) {
			above = append(above, s)
		}
	}
	if home, ok := in.homeOf(pin); ok {
		judge(home)
		return above
	}
	if named := in.namedModules(pin); len(named) > 0 {
		for _, s := range named {
			judge(s)
		}
		slices.SortStableFunc(above, higherFloor)
		return above
	}
	dir := filepath.Dir(pin.Place.File)
	for _, s := range in.spots() {
		if drift.Within(dir, s.Dir) && in.governs(pin.Role, dir, s) {
			judge(s)
		}
	}
	slices.SortStableFunc(above, higherFloor)
	return above
}

func higherFloor(a, b spot) int { return version.Compare(b.floor(), a.floor()) }

// governs reports whether the pins of a role in a folder are those nearest to a
// spot below it.
func (in Input) governs(role drift.Role, top string, s spot) bool {
	for dir := s.Dir; len(dir) > len(top); dir = filepath.Dir(dir) {
		if in.index.roles[roleIn{dir, role}] {
			return false
		}
	}
	return true
}
