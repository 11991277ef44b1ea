package monitor

import (
	"context"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// atOnce is how many probes run at the same time, and probeCalm how long their files have to
// be left alone until they run.
const (
	atOnce    = 4
	probeCalm = 200 * time.Millisecond
)

// probe is one probe of the user's own at work.
type probe struct {
	config.Probe
	root   string // of the workspace that its value belongs to
	again  chan struct{}
	cancel context.CancelFunc
	done   chan struct{}
	failed string // how the last run went wrong; it belongs to the probe's goroutine
}

// followProbes has the probes run that a configuration names. Those that stay are left alone.
func (m *monitor) followProbes(ctx context.Context, wanted []config.Probe) {
	before := m.probes
	var now []*probe
	var names []string
	for _, p := range wanted {
		w := m.ownerOf(p)
		if w == nil {
			m.log.Error("a probe does not run: there is no such workspace", "probe", p.Name, "workspace", p.Workspace)
			continue
		}
		names = append(names, p.Name)
		i := slices.IndexFunc(before, func(old *probe) bool { return old.root == w.root && reflect.DeepEqual(old.Probe, p) })
		if i >= 0 {
			now = append(now, before[i])
			continue
		}
		now = append(now, &probe{Probe: p, root: w.root, again: make(chan struct{}, 1)})
	}
	for _, old := range before {
		if slices.Contains(now, old) {
			continue
		}
		old.cancel()
		<-old.done
		if !slices.ContainsFunc(now, func(p *probe) bool { return p.root == old.root && p.Name == old.Name }) {
			m.probed(old.root, old.Name, "")
		}
	}
	m.telemetry.Probes(names)
	m.probes = now
	for _, p := range now {
		if p.cancel == nil {
			m.startProbe(ctx, p)
		}
	}
}

// ownerOf is the workspace that a probe tells of, nil if there is none: the one it names, else
// the machine.
func (m *monitor) ownerOf(p config.Probe) *watched {
	for _, w := range m.list() {
		if p.Workspace == "" && w.machine || p.Workspace != "" && w.name == p.Workspace {
			return w
		}
	}
	return nil
}

func (m *monitor) startProbe(ctx context.Context, p *probe) {
	ctx, p.cancel = context.WithCancel(ctx)
	p.done = make(chan struct{})
	m.log.Info("a probe begins", "probe", p.Name)
	m.work.Go(func() {
		defer close(p.done)
		m.runProbe(ctx, p)
	})
}

// runProbe runs a probe at once, and whenever it is due, until ctx ends.
func (m *monitor) runProbe(ctx context.Context, p *probe) {
	if len(p.Files) > 0 {
		stop := engine.WatchFiles(ctx, m.log.With("probe", p.Name), p.Files, func(string) { p.ask() })
		defer stop()
	}
	var every <-chan time.Time
	if p.Every > 0 {
		ticker := time.NewTicker(p.Every)
		defer ticker.Stop()
		every = ticker.C
	}
	calm := time.NewTimer(0)
	defer calm.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.again:
			calm.Reset(probeCalm)
		case <-every:
			m.probeOnce(ctx, p)
		case <-calm.C:
			m.probeOnce(ctx, p)
		}
	}
}

// ask has it run soon. It never blocks.
func (p *probe) ask() {
	select {
	case p.again <- struct{}{}:
	default:
	}
}

// probeOnce runs the command of a probe and tells what it says. A run that fails changes
// nothing but the count of those that did.
func (m *monitor) probeOnce(ctx context.Context, p *probe) {
	select {
	case m.probing <- struct{}{}:
		defer func() { <-m.probing }()
	case <-ctx.Done():
		return
	}
	value, took, err := engine.Probe{Command: p.Command, Dir: p.root, Environ: m.opts.World.Environ, Limit: p.Timeout}.Run(ctx)
	if ctx.Err() != nil {
		return
	}
	number, isNumber := numberOf(value)
	m.telemetry.Probe(p.Name, took, err, number, isNumber && p.Metric)
	switch {
	case err != nil && err.Error() != p.failed:
		m.log.Warn("a probe failed; what it said before stands", "probe", p.Name, "error", err)
		p.failed = err.Error()
	case err == nil:
		if p.failed != "" {
			m.log.Info("a probe works again", "probe", p.Name)
		}
		p.failed = ""
		m.probed(p.root, p.Name, value)
	}
}

// numberOf reads the number that a value begins with, as in "17" and "17 GB".
func numberOf(value string) (float64, bool) {
	first, _, _ := strings.Cut(value, " ")
	n, err := strconv.ParseFloat(first, 64)
	return n, err == nil && !math.IsInf(n, 0) && !math.IsNaN(n)
}

// probed makes what a probe says a fact of its workspace.
func (m *monitor) probed(root, name, value string) {
	if !m.memory.Probed(root, name, value) {
		return
	}
	m.log.Info("a probe says something else", "probe", name, "value", value)
	if w := m.of(root); w != nil {
		w.send(drift.Event{Kind: drift.EventProbe, Cause: "probe " + name})
	}
}

// recallProbes has a workspace that is about to be watched begin with what its probes said
// last.
func (m *monitor) recallProbes(ctx context.Context, w *watched) {
	var names []string
	for _, p := range m.config.Probes {
		if p.Workspace == w.name || p.Workspace == "" && w.machine {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return
	}
	if err := m.memory.RecallProbes(ctx, w.root, drift.OfMonitor, names); err != nil {
		w.log.Warn("what the probes said last cannot be read", "error", err)
	}
}
