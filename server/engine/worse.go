package engine

import (
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// complaint is what a finding says of one of its places, wherever in the file
// that has moved to.
type complaint struct{ code, file, text string }

// spot is one place that findings of one rule stand at, or are related to.
type spot struct {
	code string
	at   drift.Place
}

// Worse says of each place of after's findings whether before had no such
// complaint there, or only milder ones. Places are compared by their text, so
// that lines around them may come and go. Of equal complaints in one file, those
// count as new that stand in the part of it that was changed.
func Worse(before, after *drift.Report) func(f drift.Finding, at drift.Place) bool {
	old, _ := complaints(before)
	now, order := complaints(after)
	worse := map[spot]bool{}
	for _, c := range order {
		places, left := now[c], len(now[c])-len(old[c])
		// First those in what was changed, then the last ones.
		for _, inChange := range []bool{true, false} {
			for i := len(places) - 1; i >= 0 && left > 0; i-- {
				s := spot{c.code, places[i]}
				if !worse[s] && changedAt(before, after, s.at) == inChange {
					worse[s] = true
					left--
				}
			}
		}
	}
	milder := severities(before)
	return func(f drift.Finding, at drift.Place) bool {
		was, known := milder[subject{f.Code, f.Subject, relative(after, f.Place.File)}]
		return worse[spot{f.Code, at}] || known && at == f.Place && f.Severity.Rank() > was
	}
}

// complaints are the places of a report's findings by what is said of them, and
// the keys in the order of the report.
func complaints(r *drift.Report) (map[complaint][]drift.Place, []complaint) {
	texts := tell.TextsOf(r.Snapshot)
	out := map[complaint][]drift.Place{}
	var order []complaint
	seen := map[spot]bool{}
	for _, f := range r.Findings {
		places := []drift.Place{f.Place}
		for _, rel := range f.Related {
			places = append(places, rel.Place)
		}
		for _, at := range places {
			if s := (spot{f.Code, at}); seen[s] {
				continue
			} else {
				seen[s] = true
			}
			c := complaint{f.Code, relative(r, at.File), texts.At(at)}
			if out[c] == nil {
				order = append(order, c)
			}
			out[c] = append(out[c], at)
		}
	}
	return out, order
}

// subject is what a finding is about.
type subject struct{ code, name, file string }

// severities are how bad the worst finding about each subject is.
func severities(r *drift.Report) map[subject]int {
	out := map[subject]int{}
	for _, f := range r.Findings {
		s := subject{f.Code, f.Subject, relative(r, f.Place.File)}
		out[s] = max(out[s], f.Severity.Rank())
	}
	return out
}

func relative(r *drift.Report, file string) string { return tell.Relative(r.Snapshot.Root, file) }

// changedAt reports whether a place stands neither in the beginning nor in the
// end that a file's text before and after have in common.
func changedAt(before, after *drift.Report, at drift.Place) bool {
	a, b := before.Snapshot.Documents[at.File].Text, after.Snapshot.Documents[at.File].Text
	n := min(len(a), len(b))
	head, tail := 0, 0
	for head < n && a[head] == b[head] {
		head++
	}
	for tail < n-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return at.Span.End > head && at.Span.Start < len(b)-tail
}
