package rules

import (
	"slices"

	"godrift.dev/server/drift"
)

// members are the findings that a merged one stands for, one for each place:
// each with the fixes for its place alone, between the one that mends them all
// and the one that accepts them all.
func members(f drift.Finding, rest []Found, all, accept []drift.Fix) []drift.Finding {
	var list []drift.Finding
	seen := map[drift.Place]bool{f.Place: true}
	for _, other := range rest {
		m := other.Finding
		if seen[m.Place] || len(list) == maxRelated {
			continue
		}
		seen[m.Place] = true
		m.Related = append(slices.Clone(m.Related), drift.Related{Place: f.Place, Message: "has the same cause"})
		m.Fixes = slices.Clone(all)
		for i, fix := range other.Fixes {
			fix.ID = fixID(other.Finding, i)
			fix.Preferred = fix.Preferred && len(all) == 0
			m.Fixes = append(m.Fixes, fix)
		}
		m.Fixes = append(m.Fixes, accept...)
		list = append(list, m)
	}
	return list
}
