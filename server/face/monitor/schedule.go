package monitor

import (
	"context"
	"hash/fnv"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// soon is how long after the start a check that was missed waits at least, and checkLimit how long
// one may take.
const (
	soon       = time.Minute
	checkLimit = 10 * time.Minute
)

// schedule says when a workspace is looked at next and when all of it is read. What the
// last monitor had planned stays as it was; what it missed is done soon.
func (m *monitor) schedule(w *watched) {
	now, period := m.opts.Now(), m.config.Monitor.FullCheck
	// Neighbours are looked at one after the other.
	w.poll = now.Add(m.config.Monitor.Poll/2 + spread(phaseOf(w.root), m.config.Monitor.Poll/2))
	w.mu.Lock()
	defer w.mu.Unlock()
	planned := w.next
	if past := m.note.past[w.root]; planned.IsZero() {
		w.checked, planned = past.Checked, past.Next
	}
	switch {
	case planned.IsZero() || planned.After(now.Add(2*period)):
		w.next = after(now, period, phaseOf(w.root))
	case planned.Before(now):
		w.next = now.Add(soon + spread(phaseOf(w.root), 5*soon))
	default:
		w.next = planned
	}
}

// phaseOf is a number for a workspace on a machine that is always the same and
// another for others: neither all workspaces nor all machines check at one time.
func phaseOf(root string) uint64 {
	h := fnv.New64a()
	host, _ := os.Hostname() // without a name the folder alone decides
	h.Write([]byte(host + "\x00" + root))
	return h.Sum64()
}

// spread is a part of a length of time.
func spread(phase uint64, over time.Duration) time.Duration {
	return time.Duration(phase % uint64(over)) //nolint:gosec // it is not negative
}

// after is the first time after from that lies in the phase of a period. It is the same
// whenever it is computed, so that a restart neither skips a check nor adds one.
func after(from time.Time, period time.Duration, phase uint64) time.Time {
	at := from.Truncate(period).Add(spread(phase, period))
	for !at.After(from) {
		at = at.Add(period)
	}
	// Right after the last one would be too soon.
	if at.Sub(from) < period/8 {
		at = at.Add(period)
	}
	return at
}

// due sends what is due and says how long nothing more will be.
func (m *monitor) due() time.Duration {
	now, poll := m.opts.Now(), m.config.Monitor.Poll
	wait := poll
	for _, w := range m.list() {
		if !w.poll.After(now) || w.poll.After(now.Add(poll)) { // the latter if the clock was set back
			w.poll = now.Add(poll)
			w.send(drift.Event{Kind: drift.EventRescan, Cause: "regular look"})
		}
		w.mu.Lock()
		// What is planned for long after the next period was planned by a clock that ran ahead.
		period := m.config.Monitor.FullCheck
		late := !w.next.After(now) || w.next.After(now.Add(2*period))
		if late {
			w.next = after(now, period, phaseOf(w.root))
		}
		wait = min(wait, w.poll.Sub(now), w.next.Sub(now))
		w.mu.Unlock()
		if late {
			c := fullCheck{watched: w, period: period}
			for _, p := range m.probes {
				if p.root == w.root {
					c.probes = append(c.probes, p)
				}
			}
			select {
			case m.checks <- c:
			default: // it waits already
			}
		}
	}
	return max(wait, 100*time.Millisecond)
}

// fullCheck is one that is due.
type fullCheck struct {
	*watched
	period time.Duration // until the next one
	probes []*probe      // of the workspace
}

// fullChecks reads everything of one workspace after the other.
func (m *monitor) fullChecks(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-m.checks:
			m.fullCheck(ctx, c)
		}
	}
}

// fullCheck reads everything of a workspace again.
func (m *monitor) fullCheck(ctx context.Context, w fullCheck) {
	w.mu.Lock()
	e, problem := w.engine, w.problem
	w.mu.Unlock()
	if e == nil || problem != "" {
		return // it comes back by itself, and is read as a whole then
	}
	begun := m.opts.Now()
	limited, cancel := context.WithTimeout(ctx, checkLimit)
	defer cancel()
	e.Send(drift.Event{Kind: drift.EventRefresh, Cause: "full check"})
	if _, err := e.Complete(limited); err != nil {
		if ctx.Err() == nil {
			w.log.Warn("the full check was given up", "error", err)
		}
		return
	}
	m.lookAtCache(limited, w, e)
	m.countMoments(limited)
	if targets, err := e.Cgo(limited, engine.CgoRequest{Remembered: true}, false); err == nil {
		w.measures.Cgo(targets.Targets)
	}
	w.mu.Lock()
	w.checked = m.opts.Now()
	w.mu.Unlock()
	for _, p := range w.probes {
		p.ask()
	}
	w.log.Info("full check", "took", m.opts.Now().Sub(begun).Round(time.Millisecond))
	m.note.changed()
}

// lookAtCache measures the build cache of a workspace and reads a part of it, once for all
// workspaces that use it. What is bad is noted, and every look at a workspace tells of it.
func (m *monitor) lookAtCache(ctx context.Context, w fullCheck, e *engine.Engine) {
	report := e.Report()
	if report == nil {
		return
	}
	v, _ := report.Snapshot.Environment.Lookup("GOCACHE")
	if !filepath.IsAbs(v.Value) {
		return
	}
	dir, now := filepath.Clean(v.Value), m.opts.Now()
	if last := m.sampled[dir]; now.Sub(last).Abs() < w.period/2 {
		return
	}
	size, err := engine.MeasureCache(ctx, dir, now)
	if err != nil {
		return // there is none yet
	}
	if err := m.mender.RememberSize(ctx, size, now); err != nil {
		w.log.Warn("how large the build cache is cannot be remembered", "error", err)
	}
	check, err := engine.SampleCache(ctx, dir)
	if err != nil {
		w.log.Warn("no part of the build cache could be read", "cache", dir, "error", err)
		return
	}
	if len(m.sampled) >= config.MostWorkspaces {
		clear(m.sampled)
	}
	m.sampled[dir] = now
	w.log.Info("a part of the build cache was read", "cache", dir, "bytes", check.Bytes, "bad", len(check.Bad))
	if err := m.mender.RememberSample(ctx, check); err != nil {
		w.log.Warn("what is bad in the build cache cannot be remembered", "error", err)
	}
}
