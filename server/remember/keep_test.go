package remember

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKeepIsObeyed: what the user's configuration says is forgotten, and nothing is
// as long as there is a mistake in it.
func TestKeepIsObeyed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.toml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	opened := func() *Store {
		t.Helper()
		s, err := Open(filepath.Join(filepath.Dir(file), "state"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		s.Configure(file)
		return s
	}
	write("[history]\nage = \"10d\"\nentries = 3\n")
	s := opened()
	count := func() int {
		t.Helper()
		list, err := s.Moments(ctx, Filter{Root: "/w", Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	for i := range 6 {
		remembered(t, s, stateOf(i, map[string]string{"score": fmt.Sprint(i)}))
	}
	if n := count(); n != 6 {
		t.Fatalf("%d moments", n)
	}
	if err := s.Prune(ctx, begin.Add(24*time.Hour)); err != nil || count() != 3 {
		t.Errorf("by count: %d left, %v", count(), err)
	}
	if err := s.Prune(ctx, begin.Add(20*24*time.Hour)); err != nil || count() != 0 {
		t.Errorf("by age: %d left, %v", count(), err)
	}
	s.Close()
	write("[history]\nage = \"soon\"\n")
	s = opened()
	remembered(t, s, stateOf(7, map[string]string{"score": "7"}))
	notes := strings.Join(s.Notes(), "\n")
	if !strings.Contains(notes, "nothing is forgotten until that is corrected") || !strings.Contains(notes, file+`: history.age = "soon"`) {
		t.Errorf("notes %q", notes)
	}
	// Two chores, years apart: both are passed by.
	s.chores(ctx, begin.AddDate(3, 0, 0))
	s.chores(ctx, begin.AddDate(6, 0, 0))
	if n := count(); n != 1 {
		t.Errorf("%d moments are left beside a mistake", n)
	}
}
