package engine

import (
	"slices"

	"godrift.dev/server/drift"
)

// handless takes out the fixes that nobody can carry out in the environment of a monitor: it is
// neither a shell that somebody sits at nor an editor. What stands in files can be mended from
// everywhere.
func handless(findings []drift.Finding) {
	for i := range findings {
		findings[i].Fixes = slices.DeleteFunc(slices.Clone(findings[i].Fixes), func(f drift.Fix) bool {
			return f.NeedsShell() || f.NeedsEditor()
		})
		findings[i].Same = slices.Clone(findings[i].Same)
		handless(findings[i].Same)
	}
}

// mostFailed is how much of what could not be looked at is kept apart.
const mostFailed = 64

// condensed is what is due after many evaluations that failed, as they do while a folder is
// gone: to look at everything, and to take what only an event knows.
func condensed(events []drift.Event) []drift.Event {
	n := len(events)
	for _, ev := range events {
		n += len(ev.Files)
	}
	if n <= mostFailed {
		return events
	}
	out := []drift.Event{{Kind: drift.EventRescan, Cause: events[len(events)-1].Cause}}
	for _, ev := range events {
		switch ev.Kind {
		case drift.EventEdited, drift.EventClosed, drift.EventEnvironment, drift.EventTrust:
			out = merge(out, []drift.Event{ev})
		default:
		}
	}
	return out
}
