package engine

import (
	"slices"

	"godrift.dev/server/drift"
)

// inbox is an unbounded queue whose content is merged while it waits: a stream
// of saves of one file is one event, so it cannot grow with the stream. Its
// caller holds the lock.
type inbox struct {
	events []drift.Event
	ready  chan struct{}
}

func (b *inbox) put(ev drift.Event) {
	b.events = merge(b.events, []drift.Event{ev})
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

func (b *inbox) take() []drift.Event {
	events := b.events
	b.events = nil
	return events
}

// merge appends newer events to older ones and drops what the newer ones make
// superfluous. It never reorders events about the same file.
func merge(older, newer []drift.Event) []drift.Event {
	out := slices.Clone(older)
	for _, ev := range newer {
		if n := len(out); n > 0 && absorb(&out[n-1], ev) {
			continue
		}
		out = append(out, ev)
	}
	return out
}

// absorb folds ev into last, if one event can say both.
func absorb(last *drift.Event, ev drift.Event) bool {
	if last.Kind != ev.Kind {
		return false
	}
	switch ev.Kind {
	case drift.EventSaved:
		files := slices.Clone(last.Files)
		for _, f := range ev.Files {
			if !slices.Contains(files, f) {
				files = append(files, f)
			}
		}
		last.Files, last.Cause = files, ev.Cause
		return true
	case drift.EventEdited:
		if last.Buffer.File != ev.Buffer.File {
			return false
		}
		*last = ev
		return true
	case drift.EventEnvironment:
		if last.Of != ev.Of {
			return false
		}
		*last = ev
		return true
	case drift.EventRescan, drift.EventRefresh, drift.EventTrust, drift.EventTools, drift.EventCgo, drift.EventModules, drift.EventProbe, drift.EventMemory:
		*last = ev
		return true
	}
	return false
}

func onlyEdits(events []drift.Event) bool {
	for _, ev := range events {
		if ev.Kind != drift.EventEdited {
			return false
		}
	}
	return true
}
