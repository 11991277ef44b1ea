// Package health sums the findings of a workspace up in one number that a
// status bar or a chart can show, says what the number is made of, and whether it
// is unusual for this workspace.
package health

import (
	"cmp"
	"math"
	"slices"

	"godrift.dev/server/drift"
)

// The share of the health that one cause takes away, by severity.
const (
	errorShare   = 0.30
	warningShare = 0.10
	infoShare    = 0.02
)

// weight is how much of its share a finding takes away, by where it is felt.
func weight(s drift.Surface) float64 {
	switch s {
	case drift.SurfaceTest:
		return 0.8
	case drift.SurfaceDevelop:
		return 0.6
	case drift.SurfaceLint:
		return 0.5
	case drift.SurfaceDocs:
		return 0.25
	case drift.SurfaceBuild:
	}
	return 1
}

// share is what a finding takes of the health: 0 to 0.3.
func share(f drift.Finding) float64 {
	of := map[drift.Severity]float64{
		drift.SeverityError: errorShare, drift.SeverityWarning: warningShare, drift.SeverityInfo: infoShare,
	}[f.Severity]
	return of * weight(f.Surface)
}

// Score is the health of a workspace from 0 (worst) to 100 (nothing found), and
// the causes that lower it, the one that takes most first:
//
//	100 x the product over all causes of (1 - share x weight)
//
//	share   0.30 of an error, 0.10 of a warning, 0.02 of an info, 0 of a hint
//	weight  1 where it is felt in what is built, 0.8 in tests, 0.6 in what people
//	        develop with, 0.5 in lint, 0.25 in what the documentation says
//
// rounded, and at most 99 if there is any error, warning or info. Findings that
// one fix would mend have one cause, and the worst of them counts for all: one
// variable that is wrong shows in many places and is one mistake. So a worse
// finding never raises the score, nor does one more, unless it shows that two
// others are one mistake; one error weighs more than two warnings; and the first
// causes weigh most: a workspace with ten is not ten times as broken as one with
// one.
func Score(findings []drift.Finding) (int, []drift.Burden) {
	groups := byCause(findings)
	left := 1.0
	counting := 0
	for _, group := range groups {
		// The worst comes first.
		slices.SortStableFunc(group, func(a, b int) int { return cmp.Compare(share(findings[b]), share(findings[a])) })
		taken := share(findings[group[0]])
		left *= 1 - taken
		if taken > 0 {
			counting++
		}
	}
	score := points(left, counting > 0)
	var burdens []drift.Burden
	for _, group := range groups {
		taken := share(findings[group[0]])
		if taken == 0 {
			continue
		}
		gain := func(rest float64) int {
			return points(left/(1-taken)*(1-rest), counting > 1 || rest > 0) - score
		}
		b := drift.Burden{Worst: group[0], Findings: len(group), Points: gain(0)}
		b.Fix, b.FixPoints = bestFix(findings, group, gain)
		burdens = append(burdens, b)
	}
	slices.SortStableFunc(burdens, func(a, b drift.Burden) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(share(findings[b.Worst]), share(findings[a.Worst])))
	})
	return score, burdens
}

func points(left float64, burdened bool) int {
	// A little more than a half is added: whichever way a product was made, it is
	// rounded alike.
	score := int(math.Floor(100*left + 0.5 + 1e-9))
	if burdened {
		score = min(99, score)
	}
	return score
}

// bestFix is the repair that gains most of what a cause takes, where the worst
// share that it leaves counts; of several that gain the same it is that of the
// worst finding.
func bestFix(findings []drift.Finding, group []int, gain func(rest float64) int) (*drift.Fix, int) {
	var best *drift.Fix
	most := -1
	for _, i := range group {
		fix := repairOf(findings[i])
		if fix == nil {
			continue
		}
		changed := map[target]bool{}
		for _, t := range targets(*fix) {
			changed[t] = true
		}
		rest := 0.0
		for _, j := range group {
			if !mended(findings[j], changed) {
				rest = max(rest, share(findings[j]))
			}
		}
		if n := gain(rest); n > most {
			best, most = fix, n
		}
		if rest == 0 {
			break // nothing gains more
		}
	}
	return best, max(0, most)
}

// mended reports whether what is changed is all that the finding's own repair
// would change.
func mended(f drift.Finding, changed map[target]bool) bool {
	fix := repairOf(f)
	if fix == nil {
		return false
	}
	return !slices.ContainsFunc(targets(*fix), func(t target) bool { return !changed[t] })
}
