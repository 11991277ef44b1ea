package engine

import (
	"cmp"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/health"
)

// Narrow returns a report of only those findings that are wanted at their place
// or at a related one, with the score that they make. One cause can show in many
// places, of which only the first is the finding's own: where that one is not
// wanted, the finding moves to the first related place that is.
func Narrow(report *drift.Report, wanted func(f drift.Finding, at drift.Place) bool) *drift.Report {
	out := *report
	out.Findings = []drift.Finding{}
	moved := false
	for _, f := range report.Findings {
		if wanted(f, f.Place) {
			out.Findings = append(out.Findings, f)
			continue
		}
		i := slices.IndexFunc(f.Related, func(r drift.Related) bool { return wanted(f, r.Place) })
		if i >= 0 {
			out.Findings = append(out.Findings, move(f, i))
			moved = true
		}
	}
	if moved {
		slices.SortStableFunc(out.Findings, func(a, b drift.Finding) int {
			return cmp.Or(
				cmp.Compare(a.Place.File, b.Place.File),
				cmp.Compare(a.Place.Span.Start, b.Place.Span.Start),
				cmp.Compare(a.Place.Span.End, b.Place.Span.End),
				cmp.Compare(a.Code, b.Code),
			)
		})
	}
	out.Score, out.Burdens = health.Score(out.Findings)
	out.Usual = nil // it is the whole workspace's
	return &out
}

// move makes related place i the finding's own, and its own a related one.
func move(f drift.Finding, i int) drift.Finding {
	former := f.Place
	if f.Origin.File == "" {
		f.Origin = former
	}
	f.Place = f.Related[i].Place
	related := []drift.Related{{Place: former, Message: "reported here, too"}}
	related = append(related, f.Related[:i]...)
	f.Related = append(related, f.Related[i+1:]...)
	if m := slices.IndexFunc(f.Same, func(s drift.Finding) bool { return s.Place == f.Place }); m >= 0 {
		f = speak(f, f.Same[m], former)
	}
	return f
}

// speak has a moved finding say what it says of its place, with what mends that
// place; of the other places it names those that have the same cause.
func speak(f, own drift.Finding, former drift.Place) drift.Finding {
	f.Message, f.Subject, f.Value, f.Fixes = own.Message, own.Subject, own.Value, own.Fixes
	others := f.Related
	f.Related = slices.Clone(own.Related)
	for _, r := range others {
		isOther := func(s drift.Finding) bool { return s.Place == r.Place }
		if r.Place != former && slices.ContainsFunc(f.Same, isOther) {
			f.Related = append(f.Related, r)
		}
	}
	return f
}
