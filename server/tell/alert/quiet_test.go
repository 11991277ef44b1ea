package alert

import (
	"testing"
	"time"
	_ "time/tzdata" // the test must know a zone that changes its clocks

	"pgregory.net/rapid"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

func at(t *testing.T, zone, text string) time.Time {
	t.Helper()
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	out, err := time.ParseInLocation("2006-01-02 15:04", text, location)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Quiet hours are those of the clock on the wall, over midnight and over the nights in
// which it is set.
func TestQuietHours(t *testing.T) {
	night := config.Quiet{From: 22 * 60, To: 7 * 60, Except: []string{"error"}}
	lunch := config.Quiet{From: 12 * 60, To: 13*60 + 30}
	gap := config.Quiet{From: 1 * 60, To: 2*60 + 30} // ends in the hour that Berlin leaves out in spring
	const berlin = "Europe/Berlin"
	for _, c := range []struct {
		quiet    config.Quiet
		at, want string
		level    drift.Severity
	}{
		{night, "2026-11-22 21:59", "2026-11-22 21:59", drift.SeverityWarning},
		{night, "2026-11-22 22:00", "2026-11-23 07:00", drift.SeverityWarning},
		{night, "2026-11-22 06:59", "2026-11-22 07:00", drift.SeverityWarning},
		{night, "2026-11-22 07:00", "2026-11-22 07:00", drift.SeverityWarning},
		{night, "2026-11-22 23:00", "2026-11-22 23:00", drift.SeverityError},
		{night, "2026-12-31 23:00", "2027-01-01 07:00", drift.SeverityInfo},
		{night, "2026-03-28 23:00", "2026-03-29 07:00", drift.SeverityInfo}, // summer time begins
		{night, "2026-10-24 23:00", "2026-10-25 07:00", drift.SeverityInfo}, // and ends
		{gap, "2026-03-29 01:30", "2026-03-29 03:30", drift.SeverityInfo},
		{lunch, "2026-11-22 12:15", "2026-11-22 13:30", drift.SeverityInfo},
		{lunch, "2026-11-22 13:30", "2026-11-22 13:30", drift.SeverityInfo},
		{config.Quiet{}, "2026-11-22 00:00", "2026-11-22 00:00", drift.SeverityInfo},
	} {
		if got, want := quietUntil(c.quiet, at(t, berlin, c.at), c.level), at(t, berlin, c.want); !got.Equal(want) {
			t.Errorf("%+v at %s: %s, want %s", c.quiet, c.at, got, want)
		}
	}
	location := at(t, berlin, "2026-01-01 00:00").Location()
	rapid.Check(t, func(t *rapid.T) {
		q := config.Quiet{From: rapid.IntRange(0, 1439).Draw(t, "from"), To: rapid.IntRange(0, 1439).Draw(t, "to")}
		now := time.Unix(rapid.Int64Range(1767222000, 1798758000).Draw(t, "now"), 0).In(location)
		end := quietUntil(q, now, drift.SeverityInfo)
		if end.Before(now) || end.Sub(now) > 25*time.Hour {
			t.Fatalf("%+v at %s: %s", q, now, end)
		}
		if again := quietUntil(q, end, drift.SeverityInfo); again.Sub(end) > time.Hour {
			t.Fatalf("%+v at %s: it ends at %s, which is quiet until %s", q, now, end, again)
		}
	})
}

// A finding whose rule cannot speak yet, because tools or modules are still read, is not
// gone: so it is after every start.
func TestNotReadYetIsNotGone(t *testing.T) {
	clock := &clockwork{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	letters := func(r *drift.Report) int {
		t.Helper()
		a := made(t, Options{Config: c, Outbox: shelf, Now: clock.Now}) // a new process each time
		a.Report(t.Context(), "app", r, nil)
		if _, err := a.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.move(time.Second)
		return len(shelf.letters)
	}
	all := []drift.Finding{finding("tool-too-old", drift.SeverityError, "gopls")}
	if n := letters(report("/w", all...)); n != 1 {
		t.Fatal(n)
	}
	pending := report("/w")
	pending.Snapshot.ToolsPending, pending.Snapshot.GraphPending, pending.Snapshot.CgoPending = true, true, true
	if n := letters(pending); n != 1 {
		t.Errorf("%d letters: it was told as gone before the tools were read", n)
	}
	if n := letters(report("/w", all...)); n != 1 {
		t.Errorf("%d letters", n)
	}
	if n := letters(report("/w")); n != 2 {
		t.Errorf("%d letters: it is gone", n)
	}
}

// What gets worse is told at once, and nothing is told when it gets better.
func TestWorse(t *testing.T) {
	clock := &clockwork{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	a := made(t, Options{Config: c, Outbox: shelf, Now: clock.Now})
	for _, step := range []struct {
		level drift.Severity
		want  int
	}{{drift.SeverityInfo, 0}, {drift.SeverityWarning, 1}, {drift.SeverityError, 2}, {drift.SeverityWarning, 2}, {drift.SeverityError, 2}} {
		a.Report(t.Context(), "app", report("/w", finding("env-drift", step.level, "X")), nil)
		if _, err := a.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.move(time.Second)
		if len(shelf.letters) != step.want {
			t.Errorf("at %s there are %d letters, want %d", step.level, len(shelf.letters), step.want)
		}
	}
}

// A clock that is set forward tells what waited, and one that is set back keeps nothing for
// ever.
func TestClockJumps(t *testing.T) {
	clock := &clockwork{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"30s\"\nresolve-wait = \"1m\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	a := made(t, Options{Config: c, Outbox: shelf, Now: clock.Now})
	turn := func(r *drift.Report) time.Time {
		t.Helper()
		if r != nil {
			a.Report(t.Context(), "app", r, nil)
		}
		next, err := a.turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return next
	}
	turn(report("/w"))
	clock.move(time.Minute)
	turn(nil)
	turn(report("/w", finding("env-drift", drift.SeverityError, "X")))
	clock.move(-365 * 24 * time.Hour)
	for range 4 {
		clock.move(30 * time.Second)
		turn(nil)
	}
	if len(shelf.letters) != 1 {
		t.Fatalf("%d letters after the clock was set back", len(shelf.letters))
	}
	clock.move(10 * 365 * 24 * time.Hour)
	turn(report("/w"))
	clock.move(time.Minute)
	turn(nil)
	if len(shelf.letters) != 2 {
		t.Errorf("%d letters after the clock was set forward", len(shelf.letters))
	}
}
