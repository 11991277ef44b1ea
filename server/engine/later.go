package engine

import (
	"time"

	"godrift.dev/server/drift"
)

// longestOwed is how long a second pass may be put off by people who type: each
// keystroke that comes while it is under way has it begin anew.
const longestOwed = 2 * time.Second

// later are the events that a report does not wait for: they read what takes
// longer than people like to wait.
func later(s *drift.Snapshot) []drift.Event {
	var events []drift.Event
	if s.GraphPending {
		events = append(events, drift.Event{Kind: drift.EventModules, Cause: "the report is out"})
	}
	if s.ToolsPending {
		events = append(events, drift.Event{Kind: drift.EventTools, Cause: "the report is out"})
	}
	return events
}

// secondPass reports whether events are those of later alone. A snapshot says that they
// are due until they were looked at, so they can be dropped.
func secondPass(events []drift.Event) bool {
	for _, ev := range events {
		if ev.Kind != drift.EventModules && ev.Kind != drift.EventTools {
			return false
		}
	}
	return len(events) > 0
}

// owe says since when a second pass is due after a report, and how long to wait with
// it. After a keystroke it waits for the next one, which would have it begin anew.
func (e *Engine) owe(snap *drift.Snapshot, since time.Time, done []drift.Event) (owed time.Time, wait time.Duration) {
	if since.IsZero() || secondPass(done) {
		since = time.Now()
	}
	if onlyEdits(done) && time.Since(since) < longestOwed {
		wait = min(e.opts.Quiet, e.opts.MaxDelay)
	}
	if len(later(snap)) == 0 {
		since = time.Time{}
	}
	return since, wait
}
