package rules

import (
	"cmp"
	"slices"

	"godrift.dev/server/drift"
)

// surface is where a finding is felt: where its pin is, or what its rule is
// about.
func (in Input) surface(rule Rule, at drift.Place) drift.Surface {
	switch rule.Group {
	case GroupTools, GroupPolicy:
		return drift.SurfaceDevelop
	case GroupPins:
		i, ok := slices.BinarySearchFunc(in.Snapshot.Pins, at, func(pin drift.Pin, at drift.Place) int {
			return cmp.Or(cmp.Compare(pin.Place.File, at.File), cmp.Compare(pin.Place.Span.Start, at.Span.Start))
		})
		if ok {
			return drift.SurfaceOf(in.Snapshot.Pins[i].Role)
		}
	case GroupToolchain, GroupEnvironment:
	}
	return drift.SurfaceBuild
}
