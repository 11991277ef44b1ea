package remember

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

var ctx = context.Background()

func TestStateDir(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are those of unix")
	}
	for _, c := range []struct {
		goos    string
		environ map[string]string
		want    string
	}{
		{"linux", map[string]string{"HOME": "/home/me"}, "/home/me/.local/state/godrift"},
		{"linux", map[string]string{"HOME": "/home/me", "XDG_STATE_HOME": "/x"}, "/x/godrift"},
		{"linux", map[string]string{"HOME": "/home/me", "XDG_STATE_HOME": "rel"}, "/home/me/.local/state/godrift"},
		{"linux", map[string]string{}, ""},
		{"darwin", map[string]string{"HOME": "/Users/me", "XDG_STATE_HOME": "/x"}, "/Users/me/Library/Application Support/godrift"},
		{"windows", map[string]string{"LOCALAPPDATA": "/l"}, "/l/godrift"},
		{"windows", map[string]string{"LocalAppData": "/l"}, "/l/godrift"},
	} {
		if got := stateDir(c.goos, c.environ); got != c.want {
			t.Errorf("%s %v: %q, want %q", c.goos, c.environ, got, c.want)
		}
	}
}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (s *Store) begin(t *testing.T, e Entry) int64 {
	t.Helper()
	if e.Kind == "" {
		e.Kind = KindFix
	}
	if e.Token == "" {
		e.Token = fmt.Sprint("token of ", e.Title)
	}
	id, err := s.Begin(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestJournal(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "deep", "state"))
	begun := time.UnixMilli(1700000000123).UTC()
	finished := begun.Add(time.Second)
	want := Entry{ID: 1, Time: begun, Root: "/ws", Kind: KindFix, Fix: "f1", Title: "raise", Token: "t1", State: StatePlanned, Steps: []byte("the steps")}
	if id := s.begin(t, want); id != 1 {
		t.Fatalf("the first entry has number %d", id)
	}
	check := func(want Entry) {
		t.Helper()
		got, err := s.Entry(ctx, want.ID)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("entry %d (-want +got):\n%s", want.ID, d)
		}
	}
	check(want)
	if err := s.Doing(ctx, 1, []byte("other steps")); err != nil {
		t.Fatal(err)
	}
	want.State, want.Steps = StateDoing, []byte("other steps")
	check(want)
	if list, err := s.Unfinished(ctx); err != nil || len(list) != 1 {
		t.Errorf("unfinished: %v, %v", list, err)
	}
	if _, err := s.LastDone(ctx, "/ws"); !errors.Is(err, ErrNoEntry) {
		t.Errorf("nothing is done yet: %v", err)
	}
	if err := s.Done(ctx, 1, finished); err != nil {
		t.Fatal(err)
	}
	want.State, want.Finished = StateDone, finished
	check(want)
	if list, err := s.Unfinished(ctx); err != nil || len(list) != 0 {
		t.Errorf("unfinished: %v, %v", list, err)
	}
	// What is closed stays as it is.
	for _, err := range []error{s.Doing(ctx, 1, nil), s.Failed(ctx, 1, finished, "x"), s.Done(ctx, 1, finished), s.Done(ctx, 77, finished)} {
		if !errors.Is(err, ErrNoEntry) {
			t.Errorf("changing a closed entry: %v", err)
		}
	}
	// An undo that is done makes its fix undone; one that failed does not.
	failed := s.begin(t, Entry{Root: "/ws", Kind: KindUndo, Of: 1, Title: "failed undo"})
	if err := s.Failed(ctx, failed, finished, "no"); err != nil {
		t.Fatal(err)
	}
	check(want)
	if last, err := s.LastDone(ctx, "/ws"); err != nil || last.ID != 1 {
		t.Errorf("the last fix is %+v, %v", last, err)
	}
	if _, err := s.Note(ctx, drift.Deed{Time: finished, Root: "/ws", Kind: drift.DeedFix, Title: "fix", By: drift.Actor{Kind: drift.ActorCommand}, Result: drift.DeedDone, Journal: 1}); err != nil {
		t.Fatal(err)
	}
	undoable := func(want bool) {
		t.Helper()
		if deeds, err := s.Deeds(ctx, "/ws", time.Time{}, time.Time{}, 10); err != nil || len(deeds) != 1 || deeds[0].Undoable != want {
			t.Errorf("the audit says %+v, %v", deeds, err)
		}
	}
	undoable(true)
	undo := s.begin(t, Entry{Root: "/ws", Kind: KindUndo, Of: 1, Title: "undo"})
	if err := s.Done(ctx, undo, finished); err != nil {
		t.Fatal(err)
	}
	want.State = StateUndone
	check(want)
	undoable(false)
	if _, err := s.LastDone(ctx, "/ws"); !errors.Is(err, ErrNoEntry) {
		t.Errorf("an undo is not what the next undo takes back: %v", err)
	}
	redo := s.begin(t, Entry{Root: "/ws", Kind: KindRedo, Of: undo, Title: "redo"})
	if err := s.Done(ctx, redo, finished); err != nil {
		t.Fatal(err)
	}
	if last, err := s.LastDone(ctx, "/ws"); err != nil || last.ID != redo {
		t.Errorf("the last fix is %+v, %v", last, err)
	}
	if list, err := s.Journal(ctx, "/ws", 3); err != nil || len(list) != 3 || list[0].ID != redo || list[2].ID != failed {
		t.Errorf("the journal is %+v, %v", list, err)
	}
	if list, err := s.Journal(ctx, "/other", 3); err != nil || len(list) != 0 {
		t.Errorf("the journal of another folder is %+v, %v", list, err)
	}
}

// TestNothingIsReadable: what the steps hold is not in any file in clear, and
// nobody else may read the files.
func TestNothingIsReadable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	const secret = "hunter2-hunter2-hunter2"
	s.begin(t, Entry{Title: "x", Steps: []byte(secret)})
	files := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		if entry.IsDir() {
			return nil
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(secret)) {
			t.Errorf("%s holds the secret", path)
		}
		return err
	})
	if err != nil || files < 3 {
		t.Errorf("%d files, %v", files, err)
	}
}

// TestLostKey: without the key the steps are gone, the rest is not.
func TestLostKey(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	s.begin(t, Entry{Title: "x", Steps: []byte("steps")})
	s.Close()
	if err := os.Remove(filepath.Join(dir, "key")); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	e, err := s.Entry(ctx, 1)
	if err != nil || e.Title != "x" || e.Steps != nil || e.Unreadable == nil {
		t.Errorf("entry %+v, %v", e, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	s = open(t, dir)
	if _, err := s.Entry(ctx, 1); err == nil || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("with a short key: %v", err)
	}
}

func TestOpenIsLazy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	s := open(t, dir)
	if exists, err := s.Exists(); err != nil || exists {
		t.Errorf("Exists = %v, %v", exists, err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open made %s: %v", dir, err)
	}
	if _, err := Open("relative"); err == nil {
		t.Error("a relative folder was accepted")
	}
	if _, err := Open(""); err == nil {
		t.Error("no folder was accepted")
	}
}

// TestDamaged: whatever is in the file, it is set aside whole, and work goes
// on with a note.
func TestDamaged(t *testing.T) {
	healthy := func(t *testing.T, dir string) {
		s := open(t, dir)
		for i := range 50 {
			s.begin(t, Entry{Title: fmt.Sprint(i), Steps: bytes.Repeat([]byte{byte(i)}, 3000)})
		}
		s.Close()
	}
	for name, damage := range map[string]func(t *testing.T, dir, file string){
		"no database": func(t *testing.T, _, file string) {
			if err := os.WriteFile(file, bytes.Repeat([]byte("not a database "), 1000), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"broken pages": func(t *testing.T, dir, file string) {
			healthy(t, dir)
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i := 100; i < len(text); i++ {
				text[i] ^= 0x5a
			}
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"cut short": func(t *testing.T, dir, file string) {
			healthy(t, dir)
			if err := os.Truncate(file, 4096+17); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, dbName)
			damage(t, dir, file)
			was, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := open(t, dir)
			s.begin(t, Entry{Title: "after"})
			if list, err := s.Unfinished(ctx); err != nil || len(list) != 1 {
				t.Errorf("the new database holds %d entries, %v", len(list), err)
			}
			notes := s.Notes()
			if len(notes) != 1 || !strings.Contains(notes[0], dbName+".damaged-") {
				t.Errorf("notes: %q", notes)
			}
			if again := s.Notes(); again != nil {
				t.Errorf("notes are told twice: %q", again)
			}
			aside, err := filepath.Glob(file + ".damaged-*")
			if err != nil || len(aside) == 0 {
				t.Fatalf("set aside: %v, %v", aside, err)
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, was) {
				t.Errorf("%s is not what was there (%v)", aside[0], err)
			}
		})
	}
}

func TestNewerLayout(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	s.begin(t, Entry{Title: "x"})
	s.Close()
	db, err := sql.Open("sqlite", dsn(runtime.GOOS, filepath.Join(dir, dbName)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(ctx, "PRAGMA user_version = 999"); err != nil {
		t.Fatal(err)
	}
	db.Close()
	s = open(t, dir)
	if _, err := s.Unfinished(ctx); err == nil || !strings.Contains(err.Error(), "newer godrift") {
		t.Errorf("a newer layout: %v", err)
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "*damaged*")); len(aside) > 0 {
		t.Errorf("a newer database was set aside: %v", aside)
	}
}

func TestLocks(t *testing.T) {
	dir := t.TempDir()
	a, b := open(t, dir), open(t, dir)
	unlock, ok, err := a.TryLock("x")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if _, ok, err := b.TryLock("x"); ok || err != nil {
		t.Errorf("a lock was given twice: %v %v", ok, err)
	}
	unlock()
	again, ok, err := b.TryLock("x")
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	again()
	if left, _ := filepath.Glob(filepath.Join(dir, "locks", "x*")); len(left) > 0 {
		t.Errorf("lock files stay: %v", left)
	}

	release, err := a.LockFiles(ctx, "/one", "/two", "/one")
	if err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := b.LockFiles(cancelled, "/two"); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting with a cancelled context: %v", err)
	}
	short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancel()
	if _, err := b.LockFiles(short, "/two"); !errors.Is(err, ErrBusy) {
		t.Errorf("waiting too long: %v", err)
	}
	release()
	release, err = b.LockFiles(ctx, "/two")
	if err != nil {
		t.Fatal(err)
	}
	release()
}

const (
	childDir  = "GODRIFT_TEST_CHILD_DIR"
	childName = "GODRIFT_TEST_CHILD_NAME"
	perChild  = 20
)

// TestChild is not a test of its own: TestManyProcesses runs it in several
// processes.
func TestChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	s := open(t, dir)
	for i := range perChild {
		id := s.begin(t, Entry{Root: "/ws", Title: fmt.Sprint(os.Getenv(childName), " ", i), Steps: []byte("steps")})
		if err := s.Doing(ctx, id, []byte("steps")); err != nil {
			t.Fatal(err)
		}
		if err := s.Done(ctx, id, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// TestManyProcesses: several processes begin a new database and write to it at
// once; nothing is lost, nobody fails.
func TestManyProcesses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	const many = 4
	var children []*exec.Cmd
	var outs [many]bytes.Buffer
	for i := range many {
		cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.timeout=120s")
		cmd.Env = append(os.Environ(), childDir+"="+dir, fmt.Sprint(childName, "=", i))
		cmd.Stdout, cmd.Stderr = &outs[i], &outs[i]
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		children = append(children, cmd)
	}
	for i, cmd := range children {
		if err := cmd.Wait(); err != nil {
			t.Errorf("child %d: %v\n%s", i, err, outs[i].String())
		}
	}
	s := open(t, dir)
	list, err := s.Journal(ctx, "/ws", 1000)
	if err != nil || len(list) != many*perChild {
		t.Fatalf("%d entries, %v; want %d", len(list), err, many*perChild)
	}
	for _, e := range list {
		if e.State != StateDone || string(e.Steps) != "steps" {
			t.Errorf("entry %+v", e)
		}
	}
}

func FuzzUnseal(f *testing.F) {
	key := bytes.Repeat([]byte{1}, keySize)
	sealed, err := seal(key, []byte("text"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, []byte("text"))
	f.Add([]byte{}, []byte{})
	f.Fuzz(func(t *testing.T, any, plain []byte) {
		if got, err := unseal(key, any); err == nil && len(any) < 12+16 {
			t.Fatalf("%x, too short for a nonce and a tag, was opened as %q", any, got)
		}
		sealed, err := seal(key, plain)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := unseal(key, sealed); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("%q came back as %q, %v", plain, got, err)
		}
	})
}
