package terminal

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestEncode(t *testing.T) {
	r := Report{Shell: "bash", Process: 7, Born: "99", Dir: "/a b\n", Time: time.Date(2026, 5, 4, 3, 2, 1, 5, time.UTC), Environ: map[string]string{
		"GOFLAGS": "-a='x' \xff\n=", "PATH": "", "GOROOT": "/go",
	}}
	want := "#TERMINAL v1|time=2026-05-04T03:02:01.000000005Z|shell=bash|process=7|born=99|dir=/a b\n||GOFLAGS=-a='x' \xff\n=|GOROOT=/go|PATH=|"
	if got := strings.ReplaceAll(string(r.encode()), "\x00", "|"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Name() != "terminal:bash 7" {
		t.Error(r.Name())
	}
	for name, text := range map[string]string{
		"empty": "", "other": "#TERMINAL v2", "cut": string(r.encode()[:60]), "cut in a value": strings.TrimSuffix(string(r.encode()), "\x00"),
		"no time": strings.Replace(string(r.encode()), "2026", "x", 1), "no number": strings.Replace(string(r.encode()), "process=7", "process=x", 1),
		"twice": string(r.encode()) + "PATH=x\x00", "no name": string(r.encode()) + "=x\x00", "no value": string(r.encode()) + "X\x00",
		"huge": string(r.encode()) + "X=" + strings.Repeat("x", maxReport) + "\x00",
	} {
		if got, err := decode([]byte(text)); err == nil {
			t.Errorf("%s was read as %+v", name, got)
		}
	}
}

// TestRoundTrip holds that what is written is read back, whatever a variable holds.
func TestRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.Map(rapid.SliceOfN(rapid.ByteRange(1, 255), 0, 20), func(b []byte) string { return string(b) })
		r := Report{
			Shell: "zsh", Process: rapid.IntRange(1, 1<<22).Draw(t, "process"), Born: "1", Dir: "/" + text.Draw(t, "dir"),
			Time: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "time"), 0).UTC(), Environ: rapid.MapOf(rapid.StringMatching(`[A-Z_]{1,9}`), text).Draw(t, "environ"),
		}
		got, err := decode(r.encode())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(Report{Shell: "bash", Process: 7, Dir: "/a", Environ: map[string]string{"GOFLAGS": "-v", "PATH": ""}}.encode())
	f.Add([]byte("#TERMINAL v1\x00time=\x00shell=\x00process=\x00born=\x00dir=\x00\x00"))
	f.Add([]byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := decode(text)
		if err != nil {
			return
		}
		again, err := decode(r.encode())
		if err != nil {
			t.Fatalf("%q was read, and not what was made of it: %v", text, err)
		}
		if len(text) < maxValue {
			if diff := cmp.Diff(r, again); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}

// TestLeave holds that a file is private, bounded and older than now, and that only
// the shell that wrote it is taken for its writer.
func TestLeave(t *testing.T) {
	dir := Folder(filepath.Join(t.TempDir(), "it's state"))
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	self := os.Getpid()
	file := File(dir, self)
	if _, err := Read(dir, self); !errors.Is(err, ErrNone) {
		t.Errorf("nothing was left, and read: %v", err)
	}
	environ := map[string]string{"GOFLAGS": "-race", "CGO_CFLAGS": strings.Repeat("x", maxValue)}
	for range 2 {
		if err := Leave(file, Report{Shell: "fish", Dir: "/w", Environ: environ}); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("mode %o", info.Mode().Perm())
	}
	if age := time.Since(info.ModTime()); age < lag {
		t.Errorf("it is %s old", age)
	}
	r, err := Read(dir, self)
	if err != nil {
		t.Fatal(err)
	}
	if r.Environ["GOFLAGS"] != "-race" || len(r.Environ) != 1 || r.Shell != "fish" || r.Dir != "/w" || time.Since(r.Time) > time.Hour {
		t.Errorf("%+v", r)
	}
	if all := All(dir); len(all) != 1 || all[0].Process != self {
		t.Errorf("%+v", all)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Error("something else was left", entries, err)
	}

	// A process of the same number that was started at another time is another.
	if runtime.GOOS == "linux" {
		if r.Born == "" {
			t.Error("when this process was started is not known")
		}
		r.Born += "1"
		if err := os.WriteFile(file, r.encode(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir, self); !errors.Is(err, ErrNone) {
			t.Errorf("another process was taken for it: %v", err)
		}
	}
	if err := os.WriteFile(file, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(dir, self); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("nonsense gives %v", err)
	}
	if len(All(dir)) != 0 {
		t.Error("nonsense is listed")
	}
}

// TestPrepare holds that what is left of shells that are gone is removed.
func TestPrepare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "prompt")
	if err := Prepare("relative"); err == nil {
		t.Error("a relative folder is fine")
	}
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	gone := exec.Command(os.Args[0], "-test.run=^$")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * keep)
	for name, stays := range map[int]bool{os.Getpid(): true, gone.Process.Pid: runtime.GOOS == "windows"} {
		if err := Leave(File(dir, name), Report{}); err != nil {
			t.Fatal(err)
		}
		if err := Prepare(dir); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(File(dir, name)); (err == nil) != stays {
			t.Errorf("%d: %v", name, err)
		}
	}
	if err := os.Chtimes(File(dir, os.Getpid()), old, old); err != nil {
		t.Fatal(err)
	}
	if err := Prepare(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(File(dir, os.Getpid())); err == nil {
		t.Error("what is old stays")
	}
}

// TestLeaveWithoutRoom holds that a shell is not asked at each prompt because
// nothing can be written.
func TestLeaveWithoutRoom(t *testing.T) {
	dir := t.TempDir()
	file := File(dir, os.Getpid())
	if err := os.Mkdir(file+".new", 0o700); err != nil { // in the way
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(file+".new", "x"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Leave(file, Report{}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || time.Since(info.ModTime()) < lag {
		t.Error("the look was not noted", err)
	}
	if err := Leave(filepath.Join(dir, "none", "1"), Report{}); err == nil || !strings.Contains(err.Error(), "new shell") {
		t.Errorf("a folder that is gone gives %v", err)
	}
}
