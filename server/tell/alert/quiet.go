package alert

import (
	"slices"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// quietUntil is the first time from at on that is not in the quiet hours, in the time
// zone of at: at itself for a level that is excepted.
func quietUntil(q config.Quiet, at time.Time, level drift.Severity) time.Time {
	if q.From == q.To || slices.Contains(q.Except, string(level)) {
		return at
	}
	minute := at.Hour()*60 + at.Minute()
	inside := minute >= q.From && minute < q.To
	if q.From > q.To { // over midnight
		inside = minute >= q.From || minute < q.To
	}
	if !inside {
		return at
	}
	day := at.Day()
	if q.From > q.To && minute >= q.From {
		day++
	}
	// A time that the change to summer leaves out is one that time.Date moves on.
	end := time.Date(at.Year(), at.Month(), day, q.To/60, q.To%60, 0, 0, at.Location())
	if !end.After(at) {
		return at // the hour that comes twice in autumn
	}
	return end
}
