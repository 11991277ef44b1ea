package remember

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

// day is a state of a number of days after begin.
func day(n int, score string) drift.Record {
	return stateOf(n*24*60*60, map[string]string{"score": score})
}

func scores(t *testing.T, s *Store, f Filter) string {
	t.Helper()
	f.Root, f.Limit = "/w", 1000
	list, err := s.Moments(ctx, f)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range list {
		r, err := s.Record(ctx, m.After)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.Values["score"])
	}
	return strings.Join(out, " ")
}

// TestClockJump: a clock that jumps ahead by years and comes back deletes
// nothing, and what was seen last stays the last.
func TestClockJump(t *testing.T) {
	s := open(t, t.TempDir())
	remembered(t, s, day(0, "1"))
	remembered(t, s, day(1, "2"))
	remembered(t, s, day(3000, "3")) // the clock is wrong
	remembered(t, s, day(2, "4"))    // and right again
	remembered(t, s, day(3, "5"))
	if have := scores(t, s, Filter{Seen: true}); have != "5 4 3 2 1" {
		t.Errorf("what is kept, in the order in which it was seen: %s", have)
	}
	// What is old goes when a second look, a day later, says so too.
	remembered(t, s, day(500, "6"))
	if have := scores(t, s, Filter{Seen: true}); have != "6 5 4 3 2 1" {
		t.Errorf("after the first look: %s", have)
	}
	remembered(t, s, day(502, "7"))
	if have := scores(t, s, Filter{Seen: true}); have != "7 6 3" {
		t.Errorf("after the second look: %s", have)
	}
}

// TestImportFromTheFuture: it is refused as a whole.
func TestImportFromTheFuture(t *testing.T) {
	s := open(t, t.TempDir())
	lines := func(n int) []record.Line {
		r := day(n, "imported")
		return []record.Line{{Record: &r}, {Moment: &drift.Moment{Time: r.Time, Root: r.Root, Of: r.Of, After: r.ID(), By: tester()}}}
	}
	for n, want := range map[int]bool{-1: true, 1: true, 2: false, 20000: false} {
		fresh, err := s.Import(ctx, lines(n), begin.Add(time.Hour))
		if want != (err == nil && fresh == 1) || !want && !strings.Contains(err.Error(), "in the future") {
			t.Errorf("%d days ahead: %d, %v", n, fresh, err)
		}
	}
}

// TestImportedGoesFirst: what was seen here is not pushed out by what came from
// elsewhere, and is the last.
func TestImportedGoesFirst(t *testing.T) {
	s := open(t, t.TempDir())
	s.keep = 6
	for i := range 4 {
		remembered(t, s, day(i, fmt.Sprint(i)))
	}
	var lines []record.Line
	for i := range 5 {
		r := stateOf(4*24*60*60+i, map[string]string{"score": fmt.Sprint("imported", i)})
		lines = append(lines, record.Line{Record: &r}, record.Line{Moment: &drift.Moment{Time: r.Time, Root: r.Root, Of: r.Of, After: r.ID(), By: tester()}})
	}
	if n, err := s.Import(ctx, lines, begin.Add(5*24*time.Hour)); n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if err := s.Prune(ctx, begin); err != nil {
		t.Fatal(err)
	}
	if have := scores(t, s, Filter{Seen: true}); have != "3 2 1 0 imported4 imported3" {
		t.Errorf("kept: %s", have)
	}
}

// TestInterrupted: an entry that is open and that nobody holds was killed. The
// sign of it outlives the sweeping of old locks, and looking changes nothing.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if list, err := s.Interrupted(ctx); len(list) != 0 || err != nil || s.db != nil {
		t.Fatalf("nothing was ever done: %v %v, opened: %v", list, err, s.db != nil)
	}
	unlock, ok, err := s.TryLock(EntryLock("killed"))
	if !ok || err != nil {
		t.Fatal(err)
	}
	id := s.begin(t, Entry{Root: "/w", Title: "killed", Token: "killed"})
	if list, err := s.Interrupted(ctx); len(list) != 0 || err != nil {
		t.Errorf("it is being worked on: %v %v", list, err)
	}
	if !s.held(EntryLock("killed")) {
		t.Error("looking released the lock")
	}
	unlock() // and leave the file, as a kill does
	if err := os.WriteFile(filepath.Join(dir, "locks", EntryLock("killed")+".lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, now := range []time.Time{time.Now(), time.Now().Add(100 * 24 * time.Hour)} {
		if err := s.Prune(ctx, now); err != nil {
			t.Fatal(err)
		}
		if list, err := s.Interrupted(ctx); err != nil || len(list) != 1 || list[0].ID != id {
			t.Errorf("interrupted: %v %v", list, err)
		}
	}
	if err := s.Failed(ctx, id, time.Now(), "taken back"); err != nil {
		t.Fatal(err)
	}
	if list, err := s.Interrupted(ctx); len(list) != 0 || err != nil {
		t.Errorf("it is closed: %v %v", list, err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Interrupted(cancelled); !errors.Is(err, context.Canceled) {
		t.Errorf("an error is hidden: %v", err)
	}
}
