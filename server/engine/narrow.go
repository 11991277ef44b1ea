package engine

import (
	"context"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/judge/health"
)

// Narrow returns a report of only those findings that keep wants, with the
// score that they make.
func Narrow(report *drift.Report, keep func(drift.Finding) bool) *drift.Report {
	out := *report
	out.Findings = []drift.Finding{}
	for _, f := range report.Findings {
		if keep(f) {
			out.Findings = append(out.Findings, f)
		}
	}
	out.Score = health.Score(out.Findings)
	return &out
}

// PlanUndo says what taking a fix back would change, without changing
// anything; id is as for Undo.
func (m *Mender) PlanUndo(ctx context.Context, world World, report *drift.Report, id int64) (Preview, error) {
	return act.PlanUndo(ctx, m.options(world, report, Hands{}), id)
}
