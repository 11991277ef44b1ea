package alert

import (
	"slices"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// act is what is to be done about one finding on one channel.
type act int

const (
	nothing act = iota
	news        // tell that it is there
	worse       // tell that it is worse than it was told
	again       // tell again that it is there
	gone        // tell that it is gone
	quietly     // count it as gone: it was told as one of many only
)

// step is an act and when it is due.
type step struct {
	act act
	at  time.Time
	// join is from when on it can go with others that are due: somebody wants to hear of
	// it, and it was not told too often.
	join time.Time
}

// rules is what decides: the configuration, and the silences that people made.
type rules struct {
	config   config.Alert
	silences []drift.Silence
}

// due says what is to be done about a finding that one channel was told this of; told
// is nil if it was never. It is a function of its arguments.
func (r rules) due(channel string, a drift.Standing, told *drift.Told, now time.Time) step {
	knows := told != nil && told.State == drift.AlertFiring
	var s step
	switch {
	case a.Firing && !knows:
		if !r.routed(channel, a) {
			return step{}
		}
		s = step{act: news, at: after(a.Changed, r.config.GroupWait, now)}
		if told != nil {
			s.join = r.damped(told.News, now)
			s.at = later(s.at, s.join)
		}
	case a.Firing && a.Level.Rank() > told.Level.Rank() && r.routed(channel, a):
		s = step{act: worse, at: now}
	case a.Firing && r.config.Repeat > 0 && r.routed(channel, a):
		s = step{act: again, at: after(told.At, r.config.Repeat, now)}
	case !a.Firing && knows && told.Summary:
		return step{act: quietly, at: after(a.Changed, r.config.ResolveWait, now)}
	case !a.Firing && knows:
		s = step{act: gone, at: after(a.Changed, r.config.ResolveWait, now)}
	default:
		return step{}
	}
	return r.hold(s, a, now)
}

// hold puts a step off for as long as nobody wants to hear of it.
func (r rules) hold(s step, a drift.Standing, now time.Time) step {
	at, forever := r.free(a, later(s.at, now))
	if forever {
		return step{}
	}
	s.join, forever = r.free(a, later(s.join, now))
	if forever {
		return step{}
	}
	s.at = later(at, s.join)
	return s
}

// free is the first time from at on at which somebody wants to hear of a finding.
func (r rules) free(a drift.Standing, at time.Time) (free time.Time, forever bool) {
	// A silence may begin in quiet hours and end after them, and the other way round.
	for range 1000 {
		until, forever := r.silenced(a, at)
		if forever {
			return at, true
		}
		next := quietUntil(r.config.Quiet, later(at, until), a.Level)
		if !next.After(at) {
			return at, false
		}
		at = next
	}
	return at, true
}

// damped is when something that came and went may be told as new again.
func (r rules) damped(times []time.Time, now time.Time) time.Time {
	recent := r.recent(times, now)
	if n := len(recent) - r.config.FlapLimit; n >= 0 {
		return recent[n].Add(r.config.FlapWindow)
	}
	return time.Time{}
}

// recent are the times that still count. What lies in the future was written by a
// clock that was wrong.
func (r rules) recent(times []time.Time, now time.Time) []time.Time {
	var out []time.Time
	for _, t := range times {
		if t = earlier(t, now); now.Sub(t) < r.config.FlapWindow {
			out = append(out, t)
		}
	}
	return out
}

// routed reports whether a channel is to be told of a finding: the first route that
// fits decides. Without routes everything at warning and above goes everywhere.
func (r rules) routed(channel string, a drift.Standing) bool {
	if len(r.config.Routes) == 0 {
		return a.Level.Rank() >= drift.SeverityWarning.Rank()
	}
	for _, route := range r.config.Routes {
		if a.Level.Rank() >= drift.Severity(route.Level).Rank() && config.Fits(route.Rules, a.Rule) && config.Fits(route.Workspaces, a.Workspace, a.Root) {
			return route.Channels == nil || slices.Contains(route.Channels, channel)
		}
	}
	return false
}

// silenced says until when a finding is silenced at a time; zero if it is not.
func (r rules) silenced(a drift.Standing, at time.Time) (until time.Time, forever bool) {
	until = at
	// One silence may begin where another ends.
	for found := true; found; {
		found = false
		for _, s := range r.config.Silences {
			if !config.Fits(s.Rules, a.Rule) || !config.Fits(s.Workspaces, a.Workspace, a.Root) {
				continue
			}
			if s.Until.IsZero() {
				return time.Time{}, true
			}
			if s.Until.After(until) {
				until, found = s.Until, true
			}
		}
		for _, s := range r.silences {
			if config.Fits(s.Rules, a.Rule) && config.Fits(s.Workspaces, a.Workspace, a.Root) && s.Until.After(until) {
				until, found = s.Until, true
			}
		}
	}
	if until.Equal(at) {
		return time.Time{}, false
	}
	return until, false
}

// after is when a wait is over that began at t. What began in the future was written by a
// clock that was wrong, and has waited long enough.
func after(t time.Time, wait time.Duration, now time.Time) time.Time {
	if t.After(now) {
		return now
	}
	return t.Add(wait)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
