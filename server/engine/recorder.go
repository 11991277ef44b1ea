package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/workspace"
)

// The recorder waits until a workspace is quiet before it remembers what it is
// now: switching a branch is one moment, however many files it writes. A stream
// of changes is remembered at the latest after longestSettle.
const (
	defaultSettle = 500 * time.Millisecond
	longestSettle = 5 * time.Second
	lastWords     = 2 * time.Second // for what is not remembered yet when the engine ends
)

// sighting is an evaluation that may have to be remembered, and what led to it.
type sighting struct {
	ws     *workspace.Workspace
	report *drift.Report
	events []drift.Event
}

// recorder remembers the states of one engine in a goroutine of its own: no
// report waits for the database.
type recorder struct {
	memory *Memory
	settle time.Duration
	engine *Engine

	recalled atomic.Pointer[drift.Memory] // what the rules look at; nil before it was read
	inbox    chan sighting
	known    bool // recalled was read at least once
	bell     atomic.Pointer[string]
}

func newRecorder(e *Engine) *recorder {
	if e.opts.Memory == nil {
		return nil
	}
	settle := e.opts.Settle
	if settle == 0 {
		settle = defaultSettle
	}
	return &recorder{memory: e.opts.Memory, settle: settle, engine: e, inbox: make(chan sighting, 1)}
}

// recall is what the rules look at, nil if nothing is known (yet).
func (r *recorder) recall() *drift.Memory {
	if r == nil {
		return nil
	}
	return r.recalled.Load()
}

// watched adds the recorder's bell to the files that are watched.
func (r *recorder) watched(dirs, files []string) ([]string, []string) {
	if r != nil {
		if bell := r.bell.Load(); bell != nil && *bell != "" {
			files = append(files, *bell)
			slices.Sort(files)
		}
	}
	return dirs, files
}

// saw hands over an evaluation. It never blocks: what was not looked at yet is
// replaced, and its events are kept. Only the engine's goroutine calls it.
func (r *recorder) saw(s sighting) {
	if r == nil {
		return
	}
	select {
	case old := <-r.inbox:
		s.events = merge(old.events, s.events)
	default:
	}
	r.inbox <- s
}

// run records until ctx is done; then what is still waiting is written down.
func (r *recorder) run(ctx context.Context) {
	var (
		waiting *sighting
		first   time.Time
		timer   = time.NewTimer(time.Hour)
	)
	defer timer.Stop()
	take := func(s sighting) {
		if waiting == nil {
			if !lasting(s.events) {
				return
			}
			first = time.Now()
			waiting = &s
		} else {
			s.events = merge(waiting.events, s.events)
			waiting = &s
		}
		timer.Reset(max(0, min(r.settle, longestSettle-time.Since(first))))
	}
	for {
		select {
		case s := <-r.inbox:
			take(s)
		case <-timer.C:
			if waiting == nil || !r.whole(*waiting) {
				continue // the tools are still to be read, which is another sighting
			}
			s := *waiting
			waiting = nil
			r.look(ctx, s)
		case <-ctx.Done():
			select {
			case s := <-r.inbox:
				take(s)
			default:
			}
			if waiting != nil && r.known && r.whole(*waiting) {
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
				r.look(last, *waiting)
				cancel()
			}
			return
		}
	}
}

// whole reports whether a sighting knows of the tools and the modules, too.
func (r *recorder) whole(s sighting) bool {
	return r.engine.opts.NoTools || len(later(s.report.Snapshot)) == 0
}

// lasting reports whether events can have changed what is saved. Keystrokes do
// not, and neither does what the engine tells itself.
func lasting(events []drift.Event) bool {
	for _, ev := range events {
		switch ev.Kind {
		case drift.EventEdited, drift.EventMemory, drift.EventTools, drift.EventCgo, drift.EventModules:
		default:
			return true
		}
	}
	return false
}

// look compares a state with what is remembered, and remembers it.
func (r *recorder) look(ctx context.Context, s sighting) {
	if !s.report.Snapshot.Trusted {
		return
	}
	log := r.engine.opts.Log
	defer r.notes()
	if !r.known {
		// The rules have not seen the baseline yet: the score may be another then.
		// What they say with it comes back here as another sighting.
		memory, err := r.memory.Recall(ctx, s.report.Snapshot.Root)
		if err != nil {
			log.Warn("what godrift remembers cannot be read; it is not compared with", "error", err)
			return
		}
		r.known = true
		bell := r.memory.bell(s.report.Snapshot.Root)
		r.bell.Store(&bell)
		if memory != nil {
			r.recalled.Store(memory)
			r.engine.Send(drift.Event{Kind: drift.EventMemory, Cause: "the baseline is read"})
			report, err := r.engine.Complete(ctx)
			if err != nil {
				return
			}
			s.report = report
		}
	}
	report, err := r.saved(ctx, s)
	if err != nil {
		log.Warn("the state of the workspace cannot be remembered", "error", err)
		return
	}
	world := s.ws.World()
	world.Files = r.engine.opts.World.Files
	if _, _, err := r.memory.Remember(ctx, world, report, s.events); err != nil {
		log.Warn("the state of the workspace cannot be remembered", "error", err)
		return
	}
	r.refresh(ctx, report.Snapshot.Root)
}

// notes logs what the store has to say about itself.
func (r *recorder) notes() {
	for _, note := range r.memory.mender.Notes() {
		r.engine.opts.Log.Warn(drift.MaskText(note))
	}
}

// saved is the report of what is on disk. With unsaved text in an editor it is
// another than the one that people see.
func (r *recorder) saved(ctx context.Context, s sighting) (*drift.Report, error) {
	if !s.ws.Unsaved() {
		return s.report, nil
	}
	opts := r.engine.opts
	opts.World.Environ, opts.World.Of = s.ws.World().Environ, s.ws.World().Of
	opts.Trusted = true
	return evaluate(ctx, opts, r.recall, r.memory)
}

// refresh reads again what the rules look at, and has them look if it is
// another.
func (r *recorder) refresh(ctx context.Context, root string) {
	memory, err := r.memory.Recall(ctx, root)
	if err != nil {
		r.engine.opts.Log.Warn("what godrift remembers cannot be read", "error", err)
		return
	}
	if sameMemory(r.recalled.Load(), memory) {
		return
	}
	r.recalled.Store(memory)
	r.engine.Send(drift.Event{Kind: drift.EventMemory, Cause: "the memory changed"})
}

// Baseline is the accepted state as the rules know it; nil if there is none, or it
// was not read yet.
func (e *Engine) Baseline() *drift.Baseline {
	if memory := e.recorder.recall(); memory != nil {
		return memory.Baseline
	}
	return nil
}

// Recall has the rules look at what is remembered now, and not only when the
// workspace is quiet again: at what a fix has just chosen.
func (e *Engine) Recall(ctx context.Context) {
	if e.recorder.recall() == nil {
		return
	}
	memory, err := e.recorder.memory.Recall(ctx, e.opts.Root)
	if err != nil {
		e.opts.Log.Warn("what godrift remembers cannot be read", "error", err)
		return
	}
	e.recorder.recalled.Store(memory)
}

func sameMemory(a, b *drift.Memory) bool {
	if a == nil || b == nil {
		return a == b
	}
	if a.Baseline.Record.ID() != b.Baseline.Record.ID() || !a.Baseline.AcceptedAt.Equal(b.Baseline.AcceptedAt) || len(a.Recent) != len(b.Recent) {
		return false
	}
	if (a.Consent == nil) != (b.Consent == nil) || a.Consent != nil && *a.Consent != *b.Consent {
		return false
	}
	return len(a.Recent) == 0 || a.Recent[0].ID == b.Recent[0].ID
}
