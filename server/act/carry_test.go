package act

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What is carried over has its text and its time; what is shared is the same file, what is
// copied is not.
func TestCarry(t *testing.T) {
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "deep", "new")
	old := time.Now().Add(-48 * time.Hour).Truncate(time.Second)
	put := func(name, text string) {
		t.Helper()
		file := filepath.Join(from, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644), os.Chtimes(file, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	put("00/out", "an output")
	put("01/folder/prog", "a program")
	put("02/entry", "an entry")
	if err := os.Chtimes(filepath.Join(from, "01", "folder"), old, old); err != nil {
		t.Fatal(err)
	}
	job := Carry{
		From: from, To: to, Folders: []string{"00", "01", "02", "03"},
		Share: []string{"00/out", "01/folder", "00/gone"}, Copy: []string{"02/entry", "02/gone"},
	}
	for range 2 { // what is there already stays
		if err := job.Do(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	for name, shared := range map[string]bool{"00/out": true, "01/folder/prog": true, "02/entry": false, "01/folder": false} {
		a, err := os.Stat(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.Stat(filepath.Join(to, name))
		switch {
		case err != nil:
			t.Error(err)
		case os.SameFile(a, b) != shared:
			t.Errorf("%s is the same file: %v", name, !shared)
		case !b.ModTime().Equal(old):
			t.Errorf("%s has the time %v, want %v", name, b.ModTime(), old)
		}
	}
	if _, err := os.Stat(filepath.Join(to, "03")); err != nil {
		t.Error(err)
	}
}

func TestCarryToAnotherDisk(t *testing.T) {
	const memory = "/dev/shm"
	to, err := os.MkdirTemp(memory, "godrift-carry-")
	if err != nil {
		t.Skipf("there is no second disk: %v", err)
	}
	defer os.RemoveAll(to)
	from := t.TempDir()
	file := filepath.Join(from, "out")
	if err := os.WriteFile(file, []byte("an output"), 0o600); err != nil {
		t.Fatal(err)
	}
	if os.Link(file, filepath.Join(to, "probe")) == nil {
		t.Skip("it is the same disk")
	}
	job := Carry{From: from, To: to, Share: []string{"out"}}
	if err := job.Do(t.Context()); !errors.Is(err, ErrOtherDisk) {
		t.Errorf("got %v", err)
	}
	job.Whole = true
	if err := job.Do(t.Context()); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(to, "out")); err != nil || string(text) != "an output" {
		t.Errorf("got %q, %v", text, err)
	}
}

// Only what is listed goes, and what came into use gets its name back.
func TestDiscard(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	aside := dir + ".gone"
	fill := func(names ...string) {
		t.Helper()
		for _, name := range names {
			file := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	own := func(string) ([]string, []string, error) {
		return []string{"00/own", "top"}, []string{"00", "01"}, nil
	}
	used := errors.New("it is in use")
	job := Discard{Dir: dir, Aside: aside, Own: own, Sure: func(string) error { return used }}

	fill("00/own", "top")
	if left, err := job.Do(t.Context()); !left || !errors.Is(err, used) || !exists(filepath.Join(dir, "top")) {
		t.Errorf("in use: %v, %v", left, err)
	}
	job.Sure = func(string) error { return nil }
	fill("00/thesis")
	if left, err := job.Do(t.Context()); !left || err != nil || !exists(filepath.Join(dir, "00", "thesis")) || exists(filepath.Join(dir, "top")) {
		t.Errorf("with a file of somebody: %v, %v", left, err)
	}
	if err := os.Remove(filepath.Join(dir, "00", "thesis")); err != nil {
		t.Fatal(err)
	}
	// After a kill in between it goes on where it was.
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	if left, err := job.Do(t.Context()); left || err != nil || exists(dir) || exists(aside) {
		t.Errorf("after a kill: %v, %v", left, err)
	}
	if _, err := job.Do(t.Context()); err == nil {
		t.Error("what is gone was removed again")
	}
	if err := os.Symlink(t.TempDir(), dir); err == nil {
		if _, err := job.Do(t.Context()); err == nil || !exists(dir) {
			t.Errorf("a link was followed: %v", err)
		}
	}
}

// A folder that was set aside goes first, and then the one that was made anew. What is
// behind a link with that name is somebody else's.
func TestDiscardWhereSomethingIsAside(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	aside, elsewhere := dir+".gone", t.TempDir()
	fill := func(dir string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, "top"), nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	sure := 0
	job := Discard{
		Dir: dir, Aside: aside,
		Own:  func(string) ([]string, []string, error) { return []string{"top"}, nil, nil },
		Sure: func(string) error { sure++; return nil },
	}
	fill(dir)
	fill(aside)
	if left, err := job.Do(t.Context()); left || err != nil || exists(dir) || exists(aside) || sure != 1 {
		t.Errorf("both there: %v, %v, looked %d times", left, err, sure)
	}
	fill(elsewhere)
	if err := os.Symlink(elsewhere, aside); err != nil {
		t.Skip(err) // Windows without the right to make links
	}
	for range 2 {
		if _, err := job.Do(t.Context()); err == nil || !exists(filepath.Join(elsewhere, "top")) {
			t.Errorf("a link was followed: %v", err)
		}
		fill(dir)
	}
}
