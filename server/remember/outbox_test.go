package remember

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func outbox(t *testing.T) *Store {
	t.Helper()
	return open(t, filepath.Join(t.TempDir(), "state"))
}

func put(t *testing.T, s *Store, channel, key string, about ...string) {
	t.Helper()
	err := s.Tell(ctx, drift.Telling{Channel: channel, Letters: []drift.Letter{{Key: key, Channel: channel, Created: noon, Next: noon, Fingerprints: about, Body: []byte("{}")}}})
	if err != nil {
		t.Fatal(err)
	}
}

func claim(t *testing.T, s *Store, owner string, now time.Time) (*drift.Letter, time.Time) {
	t.Helper()
	l, next, err := s.Claim(ctx, "c", owner, now, now.Add(time.Minute), 12*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return l, next
}

func finish(t *testing.T, s *Store, l drift.Letter, owner string, hold time.Time) {
	t.Helper()
	if err := s.Finish(ctx, l, owner, hold); err != nil {
		t.Fatal(err)
	}
}

// What is kept of alerts comes back as it was.
func TestLedger(t *testing.T) {
	s := outbox(t)
	standing := []drift.Standing{
		{Fingerprint: "f1", ID: "i1", Workspace: "app", Root: "/w", Rule: "r", Level: drift.SeverityError, Firing: true, Changed: noon, Since: noon, Event: []byte(`{"a":1}`)},
		{Fingerprint: "f2", ID: "i2", Workspace: "app", Root: "/w", Rule: "r", Level: drift.SeverityHint, Changed: noon.Add(time.Second), Since: noon.Add(time.Millisecond), Event: []byte(`{}`)},
	}
	if err := s.Stand(ctx, standing, nil); err != nil {
		t.Fatal(err)
	}
	told := drift.Told{Fingerprint: "f1", Channel: "c", State: drift.AlertFiring, ID: "i1", Level: drift.SeverityError, At: noon, News: []time.Time{noon}, Summary: true}
	if err := s.Tell(ctx, drift.Telling{Channel: "c", Tolds: []drift.Told{told}, Seen: []string{"/w", "/w"}}); err != nil {
		t.Fatal(err)
	}
	told.Turn = 1
	silence := drift.Silence{Rules: []string{"pin-*"}, Workspaces: []string{}, Created: noon, Until: noon.Add(time.Hour), Reason: "why"}
	id, err := s.Silence(ctx, silence)
	if err != nil {
		t.Fatal(err)
	}
	silence.ID = id
	want := drift.Ledger{Standing: standing, Told: []drift.Told{told}, Silences: []drift.Silence{silence}, Seen: map[string][]string{"c": {"/w"}}}
	got, err := s.Ledger(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if err := s.Stand(ctx, nil, []string{"f1"}); err != nil {
		t.Fatal(err)
	}
	if ok, err := s.Unsilence(ctx, id); !ok || err != nil {
		t.Error(ok, err)
	}
	if ok, err := s.Unsilence(ctx, id); ok || err != nil {
		t.Error("it is taken back twice")
	}
	if got, err = s.Ledger(ctx); err != nil || len(got.Standing) != 1 || len(got.Told) != 0 || len(got.Silences) != 0 {
		t.Errorf("%+v %v", got, err)
	}
}

// A silence that has ended makes room for the next one.
func TestSilencesEnd(t *testing.T) {
	s := outbox(t)
	for i := range mostSilences + 10 {
		at := noon.Add(time.Duration(i) * time.Hour)
		if _, err := s.Silence(ctx, drift.Silence{Rules: []string{"x"}, Created: at, Until: at.Add(time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	if l, err := s.Ledger(ctx); err != nil || len(l.Silences) != 1 {
		t.Errorf("%d %v", len(l.Silences), err)
	}
}

// Two cannot tell the same: what was told meanwhile is told by nobody else, and of a telling
// that is refused nothing stays.
func TestToldOnce(t *testing.T) {
	s := outbox(t)
	told := drift.Told{Fingerprint: "f", Channel: "c", State: drift.AlertFiring, ID: "i", Level: drift.SeverityError, At: noon}
	telling := func(key string) drift.Telling {
		return drift.Telling{Channel: "c", Tolds: []drift.Told{told}, Seen: []string{"/" + key}, Letters: []drift.Letter{{Key: key, Channel: "c", Created: noon, Next: noon, Body: []byte("{}")}}}
	}
	if err := s.Tell(ctx, telling("k1")); err != nil {
		t.Fatal(err)
	}
	if err := s.Tell(ctx, telling("k2")); !errors.Is(err, drift.ErrToldBefore) {
		t.Error(err)
	}
	told.Turn = 1
	if err := s.Tell(ctx, telling("k1")); !errors.Is(err, drift.ErrToldBefore) {
		t.Errorf("a key is used twice: %v", err)
	}
	told.Turn = 7
	if err := s.Tell(ctx, telling("k3")); !errors.Is(err, drift.ErrToldBefore) {
		t.Error(err)
	}
	l, err := s.Ledger(ctx)
	if err != nil || len(l.Told) != 1 || l.Told[0].Turn != 1 || len(l.Seen["c"]) != 1 {
		t.Errorf("%+v %v", l, err)
	}
	if list, err := s.Letters(ctx, 10, drift.LetterPending); err != nil || len(list) != 1 {
		t.Errorf("%+v %v", list, err)
	}
}

// The queue is bounded; sent and dead letters take no room.
func TestQueueIsBounded(t *testing.T) {
	s := outbox(t)
	full := func() error {
		return s.Tell(ctx, drift.Telling{Channel: "c", Room: 2, Letters: []drift.Letter{{Key: time.Now().String(), Channel: "c", Created: noon, Next: noon, Body: []byte("{}")}}})
	}
	for range 2 {
		if err := full(); err != nil {
			t.Fatal(err)
		}
	}
	if err := full(); !errors.Is(err, drift.ErrOutboxFull) {
		t.Fatal(err)
	}
	l, _ := claim(t, s, "o", noon)
	if err := full(); !errors.Is(err, drift.ErrOutboxFull) {
		t.Error("what is being sent takes room")
	}
	l.State, l.Ended = drift.LetterDead, noon
	finish(t, s, *l, "o", time.Time{})
	if err := full(); err != nil {
		t.Error(err)
	}
}

// What is told of one finding arrives in order, whatever becomes of the first message;
// what is about another finding does not wait for it.
func TestOrder(t *testing.T) {
	s := outbox(t)
	put(t, s, "c", "k1", "f1")
	put(t, s, "c", "k2", "f1", "f2")
	put(t, s, "c", "k3", "f3")
	put(t, s, "other", "k4", "f3")
	first, _ := claim(t, s, "o", noon)
	third, _ := claim(t, s, "o", noon)
	if first.Key != "k1" || third.Key != "k3" {
		t.Fatalf("%s %s", first.Key, third.Key)
	}
	if l, next := claim(t, s, "o", noon); l != nil || !next.Equal(noon.Add(time.Minute)) {
		t.Fatalf("%+v %s", l, next)
	}
	first.State, first.Next, first.Error = drift.LetterPending, noon.Add(time.Hour), "no"
	finish(t, s, *first, "o", time.Time{})
	if l, next := claim(t, s, "o", noon.Add(time.Second)); l != nil || !next.Equal(noon.Add(time.Minute)) {
		t.Fatalf("%+v %s", l, next)
	}
	again, _ := claim(t, s, "o", noon.Add(2*time.Hour))
	if again == nil || again.Key != "k3" || !again.Unsure {
		t.Fatalf("%+v: its lease is over", again)
	}
	again, _ = claim(t, s, "o", noon.Add(2*time.Hour))
	if again == nil || again.Key != "k1" || again.Attempts != 2 || again.Unsure || !again.First.Equal(noon) {
		t.Fatalf("%+v", again)
	}
	again.State, again.Ended = drift.LetterDead, noon
	finish(t, s, *again, "o", time.Time{})
	if l, _ := claim(t, s, "o", noon.Add(2*time.Hour)); l == nil || l.Key != "k2" {
		t.Fatalf("%+v: what comes after a dead letter is sent", l)
	}
}

// A lease that was lost cannot be finished any more: somebody else has the message.
func TestLostLease(t *testing.T) {
	s := outbox(t)
	put(t, s, "c", "k", "f")
	mine, _ := claim(t, s, "me", noon)
	theirs, _ := claim(t, s, "them", noon.Add(2*time.Minute))
	if theirs == nil || !theirs.Unsure || theirs.Attempts != 2 {
		t.Fatalf("%+v", theirs)
	}
	mine.State = drift.LetterSent
	if err := s.Finish(ctx, *mine, "me", time.Time{}); !errors.Is(err, drift.ErrNoLetter) {
		t.Error(err)
	}
	theirs.State, theirs.Ended = drift.LetterSent, noon
	finish(t, s, *theirs, "them", time.Time{})
	if l, next := claim(t, s, "me", noon.Add(time.Hour)); l != nil || !next.IsZero() {
		t.Errorf("%+v %s", l, next)
	}
}

// A clock that was years ahead leaves nothing that waits for years.
func TestClockSetBack(t *testing.T) {
	s := outbox(t)
	put(t, s, "c", "k", "f")
	put(t, s, "c", "k2", "g")
	future := noon.AddDate(5, 0, 0)
	l, _ := claim(t, s, "o", future)
	l.State, l.Next = drift.LetterPending, future.Add(time.Hour)
	finish(t, s, *l, "o", time.Time{})
	leased, _ := claim(t, s, "killed", future)
	if leased.Key != "k2" {
		t.Fatalf("%+v", leased)
	}
	keys := ""
	for range 2 {
		l, _ := claim(t, s, "o", noon)
		if l == nil {
			t.Fatal("it waits for years")
		}
		keys += l.Key
	}
	if keys != "k2k" && keys != "kk2" {
		t.Error(keys)
	}
}

// When a server asks to be left alone everything for its channel waits; when something
// gets through again nothing does.
func TestHold(t *testing.T) {
	s := outbox(t)
	for i := range 3 {
		put(t, s, "c", fmt.Sprint("k", i), fmt.Sprint("f", i))
	}
	l, _ := claim(t, s, "o", noon)
	l.State, l.Next = drift.LetterPending, noon.Add(time.Hour)
	finish(t, s, *l, "o", noon.Add(time.Hour))
	if l, next := claim(t, s, "o", noon.Add(time.Minute)); l != nil || !next.Equal(noon.Add(time.Hour)) {
		t.Fatalf("%+v %s", l, next)
	}
	put(t, s, "other", "x")
	if l, _, err := s.Claim(ctx, "other", "o", noon.Add(time.Minute), noon, time.Hour); err != nil || l == nil {
		t.Errorf("another channel waits, too: %v", err)
	}
	l, _ = claim(t, s, "o", noon.Add(time.Hour))
	l.State, l.Next = drift.LetterPending, noon.Add(10*time.Hour)
	finish(t, s, *l, "o", l.Next)
	if l, next := claim(t, s, "o", noon.Add(2*time.Hour)); l != nil || !next.Equal(noon.Add(10*time.Hour)) {
		t.Fatalf("%+v %s", l, next)
	}
	l, _ = claim(t, s, "o", noon.Add(10*time.Hour))
	l.State, l.Ended, l.Attempts = drift.LetterSent, noon.Add(10*time.Hour), 2
	finish(t, s, *l, "o", time.Time{})
	for range 2 {
		if l, _ := claim(t, s, "o", noon.Add(10*time.Hour)); l == nil {
			t.Error("the way is open, and something waits")
		}
	}
}

// Old letters go, dead ones later; one that waits never does.
func TestSweep(t *testing.T) {
	s := outbox(t)
	for i, state := range []drift.LetterState{drift.LetterSent, drift.LetterDead} {
		put(t, s, "c", fmt.Sprint(i), "f"+fmt.Sprint(i))
		l, _ := claim(t, s, "o", noon)
		l.State, l.Ended = state, noon
		finish(t, s, *l, "o", time.Time{})
	}
	put(t, s, "c", "waits")
	gone := func(fingerprint string, firing bool, state drift.AlertState) {
		x := drift.Standing{Fingerprint: fingerprint, ID: fingerprint, Root: "/w", Rule: "r", Level: drift.SeverityError, Firing: firing, Changed: noon, Since: noon, Event: []byte("{}")}
		if err := s.Stand(ctx, []drift.Standing{x}, nil); err != nil {
			t.Fatal(err)
		}
		if err := s.Tell(ctx, drift.Telling{Channel: "c", Tolds: []drift.Told{{Fingerprint: fingerprint, Channel: "c", ID: fingerprint, State: state, Level: drift.SeverityError, At: noon}}}); err != nil {
			t.Fatal(err)
		}
	}
	gone("gone", false, drift.AlertResolved)
	gone("believed", false, drift.AlertFiring)
	gone("stands", true, drift.AlertFiring)
	count := func() int {
		list, err := s.Letters(ctx, 100, drift.LetterSent, drift.LetterDead, drift.LetterPending)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for _, c := range []struct {
		days, want int
	}{{6, 3}, {8, 2}, {91, 1}, {10_000, 1}} {
		if err := s.Sweep(ctx, noon.AddDate(0, 0, c.days)); err != nil || count() != c.want {
			t.Errorf("after %d days there are %d, want %d: %v", c.days, count(), c.want, err)
		}
	}
	if l, err := s.Ledger(ctx); err != nil || len(l.Standing) != 2 || len(l.Told) != 2 {
		t.Errorf("what is kept of findings is %+v and %+v: %v", l.Standing, l.Told, err)
	}
	var about int
	if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		return db.QueryRowContext(ctx, "SELECT count(*) FROM about").Scan(&about)
	}); err != nil || about != 0 {
		t.Errorf("%d lines are about nothing: %v", about, err)
	}
}

// Of many processes that look at once each message goes to one.
func TestClaimedOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := open(t, dir)
	const n = 60
	for i := range n {
		put(t, s, "c", fmt.Sprint("k", i), fmt.Sprint("f", i%7))
	}
	var mu sync.Mutex
	by := map[string]int{}
	last := map[string]int64{}
	var group sync.WaitGroup
	for p := range 4 {
		other := open(t, dir)
		owner := fmt.Sprint("p", p)
		group.Go(func() {
			for {
				l, next, err := other.Claim(ctx, "c", owner, noon, noon.Add(time.Minute), time.Hour)
				if err != nil {
					t.Error(err)
					return
				}
				if l == nil && next.IsZero() {
					return
				}
				if l == nil {
					continue // another one is sending what comes first
				}
				mu.Lock()
				by[l.Key]++
				for _, f := range l.Fingerprints {
					if last[f] > l.ID {
						t.Errorf("%s: %d after %d", f, l.ID, last[f])
					}
					last[f] = l.ID
				}
				mu.Unlock()
				l.State, l.Ended = drift.LetterSent, noon
				if err := other.Finish(ctx, *l, owner, time.Time{}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	for key, times := range by {
		if times != 1 {
			t.Errorf("%s was taken %d times", key, times)
		}
	}
	if len(by) != n {
		t.Errorf("%d of %d", len(by), n)
	}
}

// A database of before alerts gets their tables, and keeps what it has.
func TestFromVersionSix(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := open(t, dir)
	put(t, s, "c", "k")
	if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		_, err := db.ExecContext(ctx, "DROP TABLE standing; DROP TABLE told; DROP TABLE heard; DROP TABLE about; DROP TABLE letters; DROP TABLE silences; PRAGMA user_version = 6")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	put(t, again, "c", "k")
	if n, err := again.Waiting(ctx); err != nil || n["c"][drift.LetterPending] != 1 {
		t.Errorf("%v %v", n, err)
	}
}
