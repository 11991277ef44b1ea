package remember

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

var begin = time.UnixMilli(1777863721987).UTC()

// stateOf is what a workspace is after n seconds.
func stateOf(n int, values map[string]string) drift.Record {
	return drift.Record{Version: 1, Time: begin.Add(time.Duration(n) * time.Second), Root: "/w", Of: "editor", Values: values}
}

func tester() drift.Actor { return drift.Actor{Kind: drift.ActorEditor, Name: "test"} }

func remembered(t *testing.T, s *Store, r drift.Record) drift.Moment {
	t.Helper()
	m, fresh, err := s.Remember(ctx, Sighting{Record: r, By: tester(), Cause: func(b Before) drift.Cause {
		c := drift.Cause{Kind: drift.CauseFile}
		if len(b.Deeds) > 0 {
			c.Text = b.Deeds[0].Title
		}
		return c
	}})
	if err != nil || !fresh {
		t.Fatalf("%v was not remembered: %v", r.Values, err)
	}
	return m
}

func TestHistory(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	a := map[string]string{"go.selected": "go1.25.3", "env.GOFLAGS": "", "env.GOFLAGS@layer": "default", "pin.go.mod:go.mod:go": "1.25.0"}
	b := map[string]string{"go.selected": "go1.26.0", "env.GOFLAGS": "-mod=mod", "env.GOFLAGS@layer": "goenv /e", "pin.go.mod:go.mod:go": "1.25.0"}
	one := remembered(t, s, stateOf(0, a))
	if _, fresh, err := s.Remember(ctx, Sighting{Record: stateOf(1, a), By: tester()}); fresh || err != nil {
		t.Fatalf("the same is remembered twice: %v", err)
	}
	two := remembered(t, s, stateOf(2, b))
	three := remembered(t, s, stateOf(3, a))
	if one.After != three.After || two.Before != one.After || three.Before != two.After {
		t.Errorf("no chain: %+v %+v %+v", one, two, three)
	}
	terminal := stateOf(4, b)
	terminal.Of = "terminal"
	if m := remembered(t, s, terminal); m.Cause.Kind != drift.CauseFirst || m.Before != "" {
		t.Errorf("another environment has a history of its own: %+v", m)
	}
	elsewhere := stateOf(5, b)
	elsewhere.Root = "/other"
	remembered(t, s, elsewhere)

	// Another process finds it all.
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	ids := func(f Filter) string {
		t.Helper()
		f.Root = "/w"
		list, err := s.Moments(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, m := range list {
			out = append(out, fmt.Sprint(m.ID))
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		f    Filter
		want string
	}{
		{Filter{}, "4 3 2 1"},
		{Filter{Limit: 2}, "4 3"},
		{Filter{Before: 3}, "2 1"},
		{Filter{Of: "terminal"}, "4"},
		{Filter{Keys: []string{"env.GOFLAGS"}}, "3 2"},
		{Filter{Keys: []string{"env.*"}}, "3 2"},
		{Filter{Keys: []string{"pin.*"}}, ""},
		{Filter{Keys: []string{"pin.*", "go.selected"}}, "3 2"},
		{Filter{Cause: drift.CauseFirst}, "4 1"},
		{Filter{Since: begin.Add(2 * time.Second)}, "4 3 2"},
		{Filter{Until: begin.Add(2 * time.Second)}, "2 1"},
	} {
		if got := ids(c.f); got != c.want {
			t.Errorf("%+v: %q, want %q", c.f, got, c.want)
		}
	}
	list, err := s.Moments(ctx, Filter{Root: "/w", Before: 4, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]drift.Moment{three}, list); diff != "" {
		t.Errorf("a moment is not what it was:\n%s", diff)
	}

	r, err := s.Record(ctx, two.After)
	if err != nil {
		t.Fatal(err)
	}
	want := elsewhere // it was seen last there
	if diff := cmp.Diff(want, r); diff != "" {
		t.Errorf("a record is not what it was:\n%s", diff)
	}
	if _, err := s.Record(ctx, strings.Repeat("0", 64)); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a record that is not there: %v", err)
	}
	for prefix, want := range map[string]int{"": 2, one.After[:8]: 1, one.After: 1, one.After + "0": 0, "x": 0} {
		if got, err := s.IDs(ctx, "/w", prefix, 10); err != nil || len(got) != want {
			t.Errorf("IDs(%q) = %v, %v, want %d", prefix, got, err, want)
		}
	}

	base, err := s.Baseline(ctx, "/w")
	if err != nil || base.Record.ID() != one.After || base.Record.Of != "editor" || !base.AcceptedAt.Equal(begin) {
		t.Fatalf("first sight is accepted silently: %+v, %v", base, err)
	}
	before, err := s.Accept(ctx, drift.Baseline{Record: stateOf(9, b), AcceptedAt: begin.Add(time.Hour), By: tester(), Reason: "https://me:hunter2@x.example"})
	if err != nil || before != one.After {
		t.Errorf("accept: %q, %v", before, err)
	}
	if base, err = s.Baseline(ctx, "/w"); err != nil || base.Record.ID() != two.After || base.Reason != "https://***@x.example" {
		t.Errorf("the accepted baseline: %+v, %v", base, err)
	}
	if none, err := s.Baseline(ctx, "/never"); none != nil || err != nil {
		t.Errorf("a baseline of nothing: %v, %v", none, err)
	}
}

// What must not be stored is refused, and nothing of it is left.
func TestRefusesRecord(t *testing.T) {
	s := open(t, t.TempDir())
	for _, values := range []map[string]string{{"env.PATH": "/bin"}, {"env.GOPROXY": "https://me:hunter2@x.example"}, {"nonsense": ""}} {
		if _, _, err := s.Remember(ctx, Sighting{Record: stateOf(0, values), By: tester()}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%v: %v", values, err)
		}
	}
	if list, err := s.Moments(ctx, Filter{Root: "/w"}); err != nil || len(list) != 0 {
		t.Errorf("left: %v, %v", list, err)
	}
}

func TestDeeds(t *testing.T) {
	s := open(t, t.TempDir())
	remembered(t, s, stateOf(0, map[string]string{"score": "1"}))
	want := []drift.Deed{
		{Time: begin.Add(2 * time.Second), Duration: 3 * time.Microsecond, Root: "/w", Kind: drift.DeedRollback, Title: "GOFLAGS", By: tester(), Before: "a", After: "b", Result: drift.DeedRefused, Note: "no https://***@x.example", Journal: 7},
		{Time: begin.Add(time.Second), Root: "/w", Kind: drift.DeedFix, Title: "Raise the pin", By: tester(), Result: drift.DeedDone},
	}
	for i := range want {
		d := want[len(want)-1-i]
		d.Note = strings.Replace(d.Note, "***", "me:hunter2", 1)
		id, err := s.Note(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		want[len(want)-1-i].ID = id
	}
	got, err := s.Deeds(ctx, "/w", time.Time{}, time.Time{}, 10)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deeds (-want +got):\n%s", diff)
	}
	if got, err = s.Deeds(ctx, "/w", begin.Add(2*time.Second), time.Time{}, 10); err != nil || len(got) != 1 {
		t.Errorf("since: %v, %v", got, err)
	}
	// What comes next is the fix's doing, and what comes much later is not.
	if m := remembered(t, s, stateOf(3, map[string]string{"score": "2"})); m.Cause.Text != "Raise the pin" {
		t.Errorf("the cause: %+v", m.Cause)
	}
	if m := remembered(t, s, stateOf(4, map[string]string{"score": "3"})); m.Cause.Text != "" {
		t.Errorf("the cause: %+v", m.Cause)
	}
}

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	s.keep = 10
	for i := range 30 {
		remembered(t, s, stateOf(i, map[string]string{"score": fmt.Sprint(i)}))
	}
	id, err := s.Begin(ctx, Entry{Time: begin, Root: "/w", Kind: KindFix, Title: "old", Token: "old"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Done(ctx, id, begin); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(ctx, Entry{Time: begin, Root: "/w", Kind: KindFix, Title: "open", Token: "open"}); err != nil {
		t.Fatal(err)
	}
	// A lock of a killed process, one that is held, and one of all processes.
	for _, name := range []string{"killed", "files-07"} {
		file := filepath.Join(dir, "locks", name+".lock")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unlock, ok, err := s.TryLock("held")
	if err != nil || !ok {
		t.Fatal(err)
	}
	defer unlock()
	past := time.Now().Add(-72 * time.Hour)
	for _, name := range []string{"killed", "held", "files-07"} {
		if err := os.Chtimes(filepath.Join(dir, "locks", name+".lock"), past, past); err != nil {
			t.Fatal(err)
		}
	}
	count := func(table string) (n int) {
		t.Helper()
		if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			return db.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&n)
		}); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if err := s.Prune(ctx, time.Now()); err != nil { // by number, and the locks
		t.Fatal(err)
	}
	if n := count("moments"); n > 10 {
		t.Errorf("%d moments are left of 30, 10 may be", n)
	}
	for name, want := range map[string]bool{"killed": false, "held": true, "files-07": true} {
		if _, err := os.Stat(filepath.Join(dir, "locks", name+".lock")); (err == nil) != want {
			t.Errorf("the lock %s: %v", name, err)
		}
	}
	if err := s.Prune(ctx, begin.Add(2*config.DefaultHistory.Age)); err != nil { // by age
		t.Fatal(err)
	}
	if m, r, f, j := count("moments"), count("records"), count("touched"), count("journal"); m != 0 || r != 2 || f != 0 || j != 1 {
		t.Errorf("left: %d moments, %d records (baseline and present state), %d touched, %d fixes (the one that is not closed)", m, r, f, j)
	}
	// What it is now and the baseline are still known.
	if _, fresh, err := s.Remember(ctx, Sighting{Record: stateOf(99, map[string]string{"score": "29"}), By: tester()}); fresh || err != nil {
		t.Errorf("the present state is forgotten: %v", err)
	}
	if b, err := s.Baseline(ctx, "/w"); err != nil || b.Record.Values["score"] != "0" {
		t.Errorf("the baseline is forgotten: %v", err)
	}
}

// BenchmarkMillion opens a history of 1,000,000 moments and asks for the newest.
// Making it takes minutes, so it has to be asked for:
// GODRIFT_MILLION=/var/tmp/million go test -run '^$' -bench Million ./server/remember
func BenchmarkMillion(b *testing.B) {
	dir := os.Getenv("GODRIFT_MILLION")
	size := 1_000_000
	if dir == "" {
		dir, size = b.TempDir(), 2_000
	}
	fill(b, dir, size)
	for _, c := range []struct {
		name string
		f    Filter
	}{
		{"latest", Filter{Root: "/w", Limit: 20}},
		{"variable", Filter{Root: "/w", Limit: 20, Keys: []string{"env.GOVARIABLE7"}}},
		{"several", Filter{Root: "/w", Limit: 20, Keys: []string{"env.*"}}},
		{"until", Filter{Root: "/w", Limit: 20, Until: begin.Add(time.Duration(size/2) * time.Second)}},
	} {
		b.Run("open+"+c.name, func(b *testing.B) {
			for b.Loop() {
				s, err := Open(dir)
				if err != nil {
					b.Fatal(err)
				}
				list, err := s.Moments(ctx, c.f)
				if err != nil || len(list) == 0 {
					b.Fatal(len(list), err)
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("remember", func(b *testing.B) {
		s, err := Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		defer s.Close()
		s.keep = 2 * size // what is measured next time must still be there
		i := rand.IntN(1 << 30)
		for b.Loop() {
			i++
			if _, fresh, err := s.Remember(ctx, Sighting{Record: stateOf(2_000_000, map[string]string{"score": fmt.Sprint(i)}), By: tester()}); err != nil || !fresh {
				b.Fatal(err)
			}
		}
	})
}

// fill makes a history, if it is not there, in a few large transactions.
func fill(b *testing.B, dir string, size int) {
	s, err := Open(dir)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	if list, err := s.Moments(ctx, Filter{Root: "/w", Limit: 1}); err != nil || len(list) > 0 {
		return
	}
	const batch = 10_000
	before := head{}
	for done := 0; done < size; {
		if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			for range min(batch, size-done) {
				done++
				r := stateOf(done, map[string]string{"go.selected": "go1.26.8", drift.EnvKey(fmt.Sprintf("GOVARIABLE%d", done%10)): fmt.Sprint(done / 10 % 50)})
				m := drift.Moment{Time: r.Time, Root: r.Root, Of: r.Of, After: r.ID(), By: tester()}
				if err := next(ctx, tx, nil, Sighting{Record: r, By: tester()}, before, &m); err != nil {
					return err
				}
				if before, err = headOf(ctx, tx, r.Root, r.Of); err != nil {
					return err
				}
			}
			return tx.Commit()
		}); err != nil {
			b.Fatal(err)
		}
	}
}
