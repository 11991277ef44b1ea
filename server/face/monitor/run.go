package monitor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/face/monitor/web"
	"godrift.dev/server/tell"
	"godrift.dev/server/tell/alert"
	"godrift.dev/server/tell/telemetry"
)

// endTime is how long the monitor may take to end: the engines write down what they have
// seen.
const endTime = 8 * time.Second

// lastMeasures is how long it may take to send what was measured last.
const lastMeasures = 3 * time.Second

// monitor is one run. What is not guarded belongs to the goroutine of Run.
type monitor struct {
	opts    Options
	log     *slog.Logger
	mender  *engine.Mender
	memory  *engine.Memory
	claim   *engine.MonitorClaim
	note    *noteboard
	work    sync.WaitGroup
	checks  chan fullCheck
	sampled map[string]time.Time // build caches, and when a part was read; it belongs to the full checks
	machine string               // the folder that stands for the machine

	telemetry *telemetry.Telemetry
	moments   atomic.Int64 // in the history
	server    *web.Server  // nil if it does not listen
	alerts    *alert.Alerts

	config  config.Config
	broken  string // why an older configuration is obeyed
	probes  []*probe
	probing chan struct{} // holds a token for each that runs

	mu      sync.Mutex
	watched []*watched
}

// Run monitors until ctx ends or somebody says so. It returns the exit code of the
// process.
func Run(ctx context.Context, opts Options) int {
	opts = opts.withDefaults()
	err := run(ctx, opts)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(opts.Err, "godrift: %s\n", tell.Clean(drift.MaskText(err.Error())))
	var wrong configError
	if errors.As(err, &wrong) {
		return exitUsage
	}
	return exitFailed
}

// configError is one that a person mends in config.toml.
type configError struct{ err error }

func (e configError) Error() string { return e.err.Error() }
func (e configError) Unwrap() error { return e.err }

func run(ctx context.Context, opts Options) error {
	log, err := telemetry.Logger(opts.Err, opts.LogFormat)
	if err != nil {
		return configError{err}
	}
	c, err := opts.configured()
	if err != nil {
		return configError{err}
	}
	m := &monitor{opts: opts, log: log, config: c, checks: make(chan fullCheck, 2*config.MostWorkspaces), sampled: map[string]time.Time{}, probing: make(chan struct{}, atOnce)}
	m.mender = engine.NewMender(opts.StateDir, opts.World.Environ)
	defer func() {
		if err := m.mender.Close(); err != nil {
			log.Error("the history cannot be closed", "error", err)
		}
	}()
	m.memory = m.mender.Memory(drift.Actor{Kind: drift.ActorMonitor, Name: "godrift monitor"}, nil, engine.Listener{Moment: m.moment, Deed: m.deed})
	if m.machine, err = m.mender.MachineFolder(); err != nil {
		return err
	}
	last, _, err := m.mender.Monitor()
	if err != nil {
		log.Warn("what the last monitor told of itself is lost", "error", err)
	}
	if m.claim, err = m.mender.ClaimMonitor(ctx); err != nil {
		return err
	}
	m.note = newNoteboard(m, last)
	defer func() {
		if err := m.claim.Release(); err != nil {
			log.Error("the lock of the monitor cannot be given back", "error", err)
		}
	}()
	m.telemetry, err = telemetry.New(ctx, telemetry.Options{Version: opts.Version, Telemetry: c.Telemetry, Environ: opts.World.Environ, Log: log, Now: opts.Now})
	if err != nil {
		return err
	}
	defer m.measured()

	ctx, cancel := context.WithCancel(ctx)
	signals, stop := m.signals(ctx)
	defer stop()
	changed, stopWatching := m.watchConfig(ctx)
	defer stopWatching()

	defer cancel()
	serve, err := m.listen(ctx)
	if err == nil {
		err = m.newAlerts()
	}
	if err != nil {
		cancel()
		m.wait()
		m.note.ended() // or it would look as if it had been killed
		return err
	}
	serve()
	log.Info("the monitor has started", "version", opts.Version, "state", m.mender.Dir(), "config", c.File)
	m.work.Go(func() { m.note.run(ctx) })
	m.work.Go(func() { m.alerts.Run(ctx) })
	m.work.Go(func() { m.fullChecks(ctx) })
	m.work.Go(func() { m.audit(ctx) })
	m.countMoments(ctx)
	m.follow(ctx, c)
	m.loop(ctx, signals, changed)

	log.Info("the monitor ends")
	cancel()
	m.wait()
	m.note.last()
	return nil
}

// measured sends what was measured and not sent yet.
func (m *monitor) measured() {
	last, cancel := context.WithTimeout(context.Background(), lastMeasures)
	defer cancel()
	if err := m.telemetry.Shutdown(last); err != nil {
		m.log.Warn("the last measurements could not be sent", "error", err)
	}
}

// calm is how long config.toml has to be left alone until it is read: who saves it may
// empty it first.
const calm = 300 * time.Millisecond

// loop does what is due and what it is told, until it is to end.
func (m *monitor) loop(ctx context.Context, signals <-chan Signal, changed <-chan struct{}) {
	due, saved := time.NewTimer(0), time.NewTimer(time.Hour)
	defer due.Stop()
	defer saved.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case s := <-signals:
			if s == SignalEnd {
				return
			}
			m.reload(ctx, true)
			due.Reset(0)
		case <-changed:
			saved.Reset(calm)
		case <-saved.C:
			m.reload(ctx, false)
			due.Reset(0)
		case <-due.C:
			due.Reset(m.due())
		}
	}
}

// moment tells of a change that is remembered now.
func (m *monitor) moment(moment drift.Moment) {
	w := m.of(moment.Root)
	if w == nil {
		return // it is not watched any more
	}
	w.log.InfoContext(w.measures.Context(context.Background()), "a change is remembered", "cause", moment.Cause.String(), "changes", len(moment.Changes), "snapshot", drift.ShortID(moment.After))
	w.measures.Moment(moment)
	m.telemetry.History(int(m.moments.Add(1)))
	m.news(w.root)
}

// deed tells of what was done to a workspace.
func (m *monitor) deed(d drift.Deed) {
	w := m.of(d.Root)
	if w == nil {
		return
	}
	w.log.Info("something was done", "what", d.Title, "result", string(d.Result), "took", d.Duration)
	w.measures.Deed(d)
	m.news(w.root)
}

// countMoments says how long the history is: others add to it, and what is old is forgotten.
func (m *monitor) countMoments(ctx context.Context) {
	n, err := m.memory.Count(ctx)
	if err != nil {
		m.log.Warn("how long the history is cannot be told", "error", err)
		return
	}
	m.moments.Store(int64(n))
	m.telemetry.History(n)
}

// of is the workspace of a folder; nil if it is not watched.
func (m *monitor) of(root string) *watched {
	for _, w := range m.list() {
		if w.root == root {
			return w
		}
	}
	return nil
}

// wait waits for what is under way, but not for ever.
func (m *monitor) wait() {
	done := make(chan struct{})
	go func() {
		m.work.Wait()
		close(done)
	}()
	limit := time.NewTimer(endTime)
	defer limit.Stop()
	select {
	case <-done:
	case <-limit.C:
		m.log.Error("something takes too long to end and is given up", "limit", endTime)
	}
}
