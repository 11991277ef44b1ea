package alert

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"godrift.dev/server/drift"
)

// turn looks at what came and tells what is due. It returns when the next is due, zero
// if nothing waits.
func (a *Alerts) turn(ctx context.Context) (time.Time, error) {
	a.mu.Lock()
	c := a.config
	came := slices.SortedFunc(maps.Values(a.inbox), func(x, y sighting) int {
		return cmp.Compare(x.report.Snapshot.Root, y.report.Snapshot.Root)
	})
	clear(a.inbox)
	a.mu.Unlock()
	now := a.o.Now()
	if gone := now.Sub(a.swept); gone > sweepEvery || gone < 0 {
		if err := a.o.Outbox.Sweep(ctx, now); err != nil {
			return time.Time{}, err
		}
		a.swept = now
	}
	// It is read anew each time: a command may have made a silence, and another process
	// may have told something.
	l, err := a.o.Outbox.Ledger(ctx)
	for i, s := range came {
		if err == nil {
			l, err = a.observe(ctx, l, s, now, c)
		}
		if err != nil {
			a.putBack(came[i:])
			return time.Time{}, err
		}
		if root := s.report.Snapshot.Root; a.first[root].IsZero() || a.first[root].After(now) {
			a.first[root] = now
		}
	}
	if err != nil {
		return time.Time{}, err
	}
	if len(came) > 0 {
		a.count(rules{c, l.Silences}, l, came, now)
		a.o.Changed()
	}
	var next time.Time
	for _, channel := range c.Channels {
		at, err := a.tell(ctx, rules{c, l.Silences}, channel, l, now)
		if err != nil {
			return time.Time{}, fmt.Errorf("deciding what %s is told: %w", channel.Name, err)
		}
		if next.IsZero() || !at.IsZero() && at.Before(next) {
			next = at
		}
	}
	return next, nil
}

// count says how much of what the reports show is not told, and why.
func (a *Alerts) count(r rules, l drift.Ledger, came []sighting, now time.Time) {
	here := map[string]bool{}
	for _, s := range came {
		here[s.report.Snapshot.Root] = true
	}
	for _, channel := range r.config.Channels {
		told := toldBy(l, channel.Name)
		for _, s := range l.Standing {
			if !here[s.Root] || !s.Firing {
				continue
			}
			if t := told[s.Fingerprint]; t != nil && t.State == drift.AlertFiring {
				a.o.Told(channel.Name, "deduplicated", 0)
			} else if until, forever := r.silenced(s, now); r.routed(channel.Name, s) && (forever || !until.IsZero()) {
				a.o.Told(channel.Name, "silenced", 0)
			}
		}
	}
}

// putBack keeps what could not be looked at, unless something newer came.
func (a *Alerts) putBack(list []sighting) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, s := range list {
		if _, newer := a.inbox[s.report.Snapshot.Root]; !newer {
			a.inbox[s.report.Snapshot.Root] = s
		}
	}
}
