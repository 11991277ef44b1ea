package monitor

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell/telemetry"
)

// watched is one workspace under watch.
type watched struct {
	name    string
	root    string
	machine bool
	log     *slog.Logger
	cancel  context.CancelFunc
	again   chan struct{} // has a missing folder looked for

	poll time.Time // when it is looked at next; it belongs to the monitor's goroutine

	measures *telemetry.Workspace

	mu      sync.Mutex
	engine  *engine.Engine
	options engine.Options // that the engine was made with
	page    *engine.Page
	problem string // why it cannot be looked at now
	looked  time.Time
	checked time.Time
	next    time.Time
	report  *drift.Report
}

// watch begins to watch a workspace.
func (m *monitor) watch(ctx context.Context, w *watched) {
	ctx, w.cancel = context.WithCancel(ctx)
	w.again = make(chan struct{}, 1)
	w.measures = m.telemetry.Workspace(w.name, w.root)
	w.log.Info("a workspace is watched", "root", w.root)
	m.work.Go(func() {
		pause := time.Duration(0)
		for ctx.Err() == nil {
			e := m.engineOf(w)
			m.work.Go(func() { m.recover(ctx, w, e) })
			err := e.Run(ctx)
			if ctx.Err() != nil {
				return
			}
			// Only the first look can end an engine: as a rule the folder is missing.
			m.troubled(w, err)
			ended := time.Now()
			if engine.AwaitFolder(ctx, w.log, w.root, w.again) != nil {
				return
			}
			if time.Since(ended) > leastPause {
				pause = 0
				w.log.Info("the folder is there", "root", w.root)
				continue
			}
			// It was there all the time, and will fail again for the same reason.
			pause = min(max(2*pause, leastPause), longestPause)
			select {
			case <-ctx.Done():
			case <-time.After(pause):
			}
		}
	})
}

// The shortest and the longest pause before a folder that is there, and cannot be looked
// at, is tried again.
const (
	leastPause   = 200 * time.Millisecond
	longestPause = 10 * time.Minute
)

// recover finishes or takes back what a process left half done that was killed: a button of
// the last monitor's page, for one.
func (m *monitor) recover(ctx context.Context, w *watched, e *engine.Engine) {
	report, err := e.Settled(ctx)
	if err != nil {
		return // there is nothing to look at, or everything ends
	}
	found, err := m.mender.Recover(ctx, m.worldOf(w), report, engine.Hands{})
	if err != nil && ctx.Err() == nil {
		w.log.Warn("the journal of fixes could not be looked through", "error", err)
	}
	for _, r := range found {
		w.log.Warn("a fix that was cut short has been dealt with", "root", r.Root, "fix", r.Title, "outcome", string(r.Outcome), "text", r.Text)
	}
	if len(found) > 0 {
		e.Send(drift.Event{Kind: drift.EventRefresh, Cause: "after recovery"})
	}
}

// engineOf gives a workspace a new engine.
func (m *monitor) engineOf(w *watched) *engine.Engine {
	opts := engine.Options{
		Root: w.root, World: m.worldOf(w), Trusted: true, Watch: true, Now: m.opts.Now, Log: w.log,
		StateDir: m.mender.Dir(), Memory: m.memory, Evaluated: w.measures.Evaluated,
	}
	e := engine.New(opts)
	e.Subscribe(func(report *drift.Report) { m.saw(w, e, report) })
	w.mu.Lock()
	defer w.mu.Unlock()
	w.engine, w.options, w.page = e, opts, engine.NewPage(e, m.memory, opts, w.name)
	return e
}

// saw takes a report. It is called by the engine and must not block.
func (m *monitor) saw(w *watched, e *engine.Engine, report *drift.Report) {
	if err := e.Failure(); err != nil {
		m.troubled(w, err)
		return
	}
	w.mu.Lock()
	before := w.problem
	w.problem, w.looked, w.report = "", m.opts.Now(), report
	w.mu.Unlock()
	if before != "" {
		w.log.Info("the workspace can be looked at again", "root", w.root)
	}
	var recent []drift.Moment
	if memory := e.Recalled(); memory != nil {
		recent = memory.Recent
	}
	m.alerts.Report(w.measures.Context(context.Background()), w.name, report, recent)
	m.note.changed()
	m.news(w.root)
}

// troubled notes why a workspace cannot be looked at, and says it once.
func (m *monitor) troubled(w *watched, err error) {
	text := drift.MaskText(err.Error())
	if errors.Is(err, fs.ErrNotExist) {
		text = "the folder is not there"
	}
	w.mu.Lock()
	same := w.problem == text
	w.problem = text
	w.mu.Unlock()
	if !same {
		w.log.Warn("the workspace cannot be looked at; it comes back by itself", "root", w.root, "error", text)
		m.news(w.root)
	}
	m.note.changed()
}

// send hands an event to the engine, if there is one, and has a missing folder looked for.
func (w *watched) send(ev drift.Event) {
	w.mu.Lock()
	e := w.engine
	w.mu.Unlock()
	if e != nil {
		e.Send(ev)
	}
	select {
	case w.again <- struct{}{}:
	default:
	}
}

// stop ends the watch.
func (w *watched) stop() {
	w.log.Info("a workspace is not watched any more", "root", w.root)
	w.cancel()
	w.measures.Close()
}

// present is what others may know of it.
func (w *watched) present() drift.MonitoredWorkspace {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := drift.MonitoredWorkspace{
		Name: w.name, Root: w.root, Machine: w.machine,
		Looked: w.looked, Problem: w.problem, Checked: w.checked, Next: w.next,
	}
	if w.report != nil {
		p.Score, p.Findings = w.report.Score, len(w.report.Findings)
	}
	return p
}
