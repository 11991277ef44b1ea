// Package engine is the one loop that every face of godrift is built on: an
// event comes in, a snapshot of the workspace is made, the rules judge it, and
// a report goes out.
//
// One evaluation serves all faces. Evaluate is the command line's way in; an
// Engine is the same evaluation kept up to date while files, buffers and
// environments change.
package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/workspace"
	"godrift.dev/server/watch"
)

// Engine keeps the report of one workspace folder up to date.
//
// All state is owned by the goroutine of Run. Send and the reading methods may
// be called from anywhere at any time.
type Engine struct {
	opts     Options
	inbox    inbox
	closed   chan struct{}
	recorder *recorder // nil if nothing is remembered

	mu        sync.Mutex
	report    *drift.Report
	failure   error // of the last evaluation; report is then an older one
	ws        *workspace.Workspace
	sent      uint64 // events sent
	settled   uint64 // events that the present report accounts for
	changed   chan struct{}
	listeners []func(*drift.Report)
}

// New makes an Engine. Nothing happens before Run.
func New(opts Options) *Engine {
	e := &Engine{
		opts:    opts.withDefaults(),
		inbox:   inbox{ready: make(chan struct{}, 1)},
		closed:  make(chan struct{}),
		changed: make(chan struct{}),
	}
	e.recorder = newRecorder(e)
	return e
}

// Root is the folder this engine looks at.
func (e *Engine) Root() string { return e.opts.Root }

// Subscribe calls f with every new report, in order, from the engine's own
// goroutine: f must not block. Call it before Run.
func (e *Engine) Subscribe(f func(*drift.Report)) { e.listeners = append(e.listeners, f) }

// Send hands over an event. It never blocks and never fails; events of a
// stopped engine are dropped.
func (e *Engine) Send(ev drift.Event) {
	e.mu.Lock()
	e.sent++
	e.inbox.put(ev)
	e.mu.Unlock()
}

// Report returns the newest report, nil before the first.
func (e *Engine) Report() *drift.Report {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.report
}

// Recalled is what the rules compare with: the baseline and the newest moments.
// It is nil before it was read, and where nothing is remembered.
func (e *Engine) Recalled() *drift.Memory { return e.recorder.recall() }

// Failure is why the newest report is out of date: the last evaluation could
// not be made, for example because the folder is gone. It is nil in ordinary
// times.
func (e *Engine) Failure() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.failure
}

// result is what one evaluation goroutine hands back to the loop.
type result struct {
	ws     *workspace.Workspace
	report *drift.Report
	err    error
}

// Run evaluates until ctx is done. The first report comes without waiting for
// an event. It returns an error only if the first evaluation is impossible.
func (e *Engine) Run(ctx context.Context) error {
	defer close(e.closed)
	var w *watch.Watcher
	if e.opts.Watch {
		w = watch.New(ctx, watch.Options{Send: e.Send, Log: e.opts.Log})
		defer w.Close()
	}
	if e.recorder != nil {
		recording, stop := context.WithCancel(ctx)
		recorded := make(chan struct{})
		go func() { defer close(recorded); e.recorder.run(recording) }()
		defer func() { stop(); <-recorded }()
	}

	trial := cgoTrial{engine: e}
	defer trial.stop()

	var (
		ws      *workspace.Workspace
		pending = []drift.Event{{Kind: drift.EventStart, Cause: "start"}}
		taken   uint64 // events taken from the inbox
		timer   = time.NewTimer(0)
		due     = time.NewTimer(time.Hour) // for changes that are held back
		first   = time.Now()               // when the oldest pending event came
		running context.CancelFunc
		done    = make(chan result, 1)
		busy    []drift.Event // events of the evaluation under way
		since   time.Time     // when the oldest of them came
		begun   time.Time     // when it began, if somebody wants to know
		owed    time.Time     // since when a second pass is due, zero if none is
	)
	defer timer.Stop()
	defer due.Stop()
	defer func() {
		if running != nil {
			running()
			<-done
		}
	}()

	for {
		select {
		case <-ctx.Done():
			return nil

		case <-e.inbox.ready:
			events, n := e.take()
			taken = n
			now := time.Now()
			if len(pending) == 0 {
				first = now
			}
			pending = merge(pending, events)
			wait := min(e.opts.Quiet, e.opts.MaxDelay-now.Sub(first))
			if onlyEdits(pending) && now.Sub(first) == 0 && (running == nil || secondPass(busy)) {
				wait = 0 // a single keystroke after a pause is judged at once
			}
			timer.Reset(max(wait, 0))

		case <-due.C:
			e.Send(drift.Event{Kind: drift.EventMemory, Cause: "a change that was held back may count now"})

		case <-timer.C:
			if running != nil {
				// What is under way is out of date: give it up, unless it has
				// been put off long enough.
				limit := e.opts.MaxDelay
				if secondPass(busy) {
					limit = longestOwed
				}
				if time.Since(since) < limit {
					running()
				}
				continue
			}
			if len(pending) == 0 && ws != nil && !e.opts.NoTools {
				if pending, first = later(ws.Snapshot()), owed; len(pending) == 0 {
					trial.look(ctx, ws)
				}
			}
			if len(pending) == 0 {
				continue
			}
			busy, pending, since = pending, nil, first
			if e.opts.Evaluated != nil {
				begun = time.Now()
			}
			evalCtx, cancel := context.WithCancel(ctx)
			running = cancel
			go func(ws *workspace.Workspace, events []drift.Event) {
				done <- e.evaluate(evalCtx, ws, events)
			}(ws, busy)

		case r := <-done:
			running()
			running = nil
			switch {
			case ctx.Err() != nil:
				return nil
			case errors.Is(r.err, context.Canceled) && secondPass(busy):
				// What came meanwhile does not wait for it: it is due again after that.
			case errors.Is(r.err, context.Canceled):
				pending, first = merge(busy, pending), since
			case r.err != nil && ws == nil:
				return fmt.Errorf("cannot look at %s: %w", e.opts.Root, r.err)
			case r.err != nil:
				e.opts.Log.Error("evaluation failed; the last report stays until something else changes", "root", e.opts.Root, "error", r.err)
				e.evaluated(r, busy, since, begun)
				e.publish(ws, e.Report(), r.err, taken)
				pending, first = condensed(merge(busy, pending)), since
				busy = nil
				continue // what failed is tried again with the next event
			default:
				ws = r.ws
				if away := r.report.Away; away != nil && !away.Due.IsZero() {
					due.Reset(max(time.Second, away.Due.Sub(e.opts.Now())))
				}
				e.recorder.saw(sighting{ws, r.report, busy})
				if w != nil {
					w.Set(e.recorder.watched(ws.Watch()))
				}
				e.evaluated(r, busy, since, begun)
				if len(pending) == 0 {
					e.publish(ws, r.report, nil, taken)
				} else {
					e.publish(ws, r.report, nil, 0)
				}
			}
			wait := time.Duration(0)
			if ws != nil && len(pending) == 0 {
				owed, wait = e.owe(ws.Snapshot(), owed, busy)
			}
			busy = nil
			timer.Reset(wait)
		}
	}
}

// take empties the inbox; n is the number of all events sent so far.
func (e *Engine) take() (events []drift.Event, n uint64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.inbox.take(), e.sent
}

func (e *Engine) evaluate(ctx context.Context, ws *workspace.Workspace, events []drift.Event) result {
	var err error
	for _, ev := range events {
		if ws == nil {
			if ws, err = workspace.Open(ctx, e.opts.workspace()); err != nil {
				return result{err: err}
			}
			if ev.Kind == drift.EventStart {
				continue
			}
		}
		if ws, err = ws.Next(ctx, ev); err != nil {
			return result{err: err}
		}
	}
	report, err := judge(ctx, e.opts.World.Files, ws.Snapshot(), e.opts.Now(), e.recorder.recall(), e.opts.Memory)
	return result{ws: ws, report: report, err: err}
}

// evaluated tells of an evaluation to whoever measures them.
func (e *Engine) evaluated(r result, events []drift.Event, first, begun time.Time) {
	if e.opts.Evaluated != nil {
		e.opts.Evaluated(drift.Evaluation{Root: e.opts.Root, Events: events, First: first, Begun: begun, Ended: time.Now(), Report: r.report, Err: r.err})
	}
}

// publish makes a report the present one. settled is the number of events it
// accounts for, 0 if it is not known to account for more than the last one.
func (e *Engine) publish(ws *workspace.Workspace, report *drift.Report, failure error, settled uint64) {
	e.mu.Lock()
	e.ws, e.report, e.failure = ws, report, failure
	e.settled = max(e.settled, settled)
	close(e.changed)
	e.changed = make(chan struct{})
	e.mu.Unlock()
	for _, f := range e.listeners {
		f(report)
	}
}
