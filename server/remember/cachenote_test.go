package remember

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

func TestCacheNotes(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	const dir = "/home/me/.cache/go-build"
	if got := s.CacheNote(dir); got.Dir != dir || !got.Checked.IsZero() || s.CacheNotes() != nil {
		t.Errorf("nothing was noted, and there is %+v", got)
	}
	// Several processes note something at once: nothing is lost.
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			other, err := Open(s.Dir())
			if err == nil {
				err = other.NoteCache(t.Context(), dir, func(n *drift.CacheNote) { n.Entries++ })
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	at := time.Date(2026, 11, 1, 12, 0, 0, 5, time.UTC)
	bad := make([]drift.CacheBad, maxCacheBad+1)
	bad[0].Modified = at
	if err := s.NoteCache(t.Context(), dir+"/", func(n *drift.CacheNote) { n.Checked, n.Bad = at, bad }); err != nil {
		t.Fatal(err)
	}
	got := s.CacheNote(dir)
	if got.Entries != 8 || !got.Checked.Equal(at) || len(got.Bad) != maxCacheBad || !got.Bad[0].Modified.Equal(at) {
		t.Errorf("got %d entries, checked at %v, %d bad", got.Entries, got.Checked, len(got.Bad))
	}
	if list := s.CacheNotes(); len(list) != 1 || list[0].Dir != dir {
		t.Errorf("listed %d notes", len(list))
	}
	if err := s.NoteCache(t.Context(), "relative", func(*drift.CacheNote) {}); err == nil {
		t.Error("a relative folder was noted")
	}
	// A file that is cut, of another version or about another cache counts as nothing.
	for _, text := range []string{"", "{", `{"version":2,"dir":"/home/me/.cache/go-build"}`, `{"version":1,"dir":"/other"}`, `{"version":1,"dir":""}`} {
		if err := os.WriteFile(s.CacheNoteFile(dir), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := s.CacheNote(dir); !got.Checked.IsZero() || got.Dir != dir || len(s.CacheNotes()) != 0 {
			t.Errorf("%q: got %+v", text, got)
		}
	}
	if err := s.ForgetCache(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetCache(dir); err != nil {
		t.Errorf("forgotten twice: %v", err)
	}
}

// Notes of caches that are gone do not pile up, those of a switch stay.
func TestCacheNotesArePruned(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	base := t.TempDir()
	for i := range maxCacheNotes + 1 {
		dir := filepath.Join(base, string(rune('a'+i/26))+string(rune('a'+i%26)))
		if err := s.NoteCache(t.Context(), dir, func(n *drift.CacheNote) {
			if i == 3 {
				n.Left = time.Now()
			}
		}); err != nil {
			t.Fatal(err)
		}
	}
	if list := s.CacheNotes(); len(list) != 1 || filepath.Base(list[0].Dir) != "ad" {
		t.Errorf("%d notes stayed", len(list))
	}
}
