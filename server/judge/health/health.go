// Package health sums the findings of a workspace up in one number that a
// status bar or a chart can show.
package health

import (
	"math"

	"godrift.dev/server/drift"
)

// The share of the health that one finding takes away, by severity.
const (
	errorShare   = 0.30
	warningShare = 0.10
	infoShare    = 0.02
)

// Score is the health of a workspace from 0 (worst) to 100 (nothing found):
//
//	100 x 0.70^errors x 0.90^warnings x 0.98^infos
//
// rounded, and at most 99 if there is any error, warning or info. Hints count
// for nothing. So one more finding, or a worse one, never raises the score, one
// error weighs more than three warnings, and the first findings weigh most: a
// workspace with ten errors is not ten times as broken as one with one.
func Score(findings []drift.Finding) int {
	n := map[drift.Severity]float64{}
	for _, f := range findings {
		n[f.Severity]++
	}
	if n[drift.SeverityError]+n[drift.SeverityWarning]+n[drift.SeverityInfo] == 0 {
		return 100
	}
	health := math.Pow(1-errorShare, n[drift.SeverityError]) *
		math.Pow(1-warningShare, n[drift.SeverityWarning]) *
		math.Pow(1-infoShare, n[drift.SeverityInfo])
	return min(99, int(math.Round(100*health)))
}
