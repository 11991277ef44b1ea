package terminal

import (
	"bytes"
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
	r := Report{Shell: "bash", Process: 7, Born: "99", Dir: "/a b\n", Environ: map[string]string{
		"GOFLAGS": "-a='x' \xff\n=", "PATH": "", "GOROOT": "/go",
	}}
	want := "#TERMINAL v1 24ia62xa3pzps|shell=bash|process=7|born=99|dir=/a b\n||GOFLAGS=-a='x' \xff\n=|GOROOT=/go|PATH=|"
	if got := strings.ReplaceAll(string(r.encode()), "\x00", "|"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if r.Name() != "terminal:bash 7" {
		t.Error(r.Name())
	}
	whole := string(r.encode())
	_, body, _ := strings.Cut(whole, "\x00")
	resummed := func(body string) string { return heading + sum([]byte(body)) + "\x00" + body }
	if _, err := decode([]byte(resummed(body))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty": "", "other": "#TERMINAL v2" + whole[len(heading)-1:], "cut": whole[:60], "half of another": whole[:60] + strings.Repeat("x", len(whole)-60),
		"longer": whole + "X=y\x00", "cut in a value": resummed(strings.TrimSuffix(body, "\x00")),
		"no number": resummed(strings.Replace(body, "process=7", "process=x", 1)),
		"twice":     resummed(body + "PATH=x\x00"), "no name": resummed(body + "=x\x00"), "no value": resummed(body + "X\x00"),
		"huge": resummed(body + "X=" + strings.Repeat("x", maxReport) + "\x00"),
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
			Environ: rapid.MapOf(rapid.StringMatching(`[A-Z_]{1,9}`), text).Draw(t, "environ"),
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
	f.Add([]byte("#TERMINAL v1 x\x00shell=\x00process=\x00born=\x00dir=\x00\x00"))
	f.Add([]byte("\x00\x00"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, body, ok := bytes.Cut(text, []byte{0}); ok { // nobody guesses a sum
			text = append([]byte(heading+sum(body)+"\x00"), body...)
		}
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
	// It gets shorter, and as old again without being written.
	if err := Leave(file, Report{Shell: "sh", Dir: "/"}); err != nil {
		t.Fatal(err)
	}
	if r, err = Read(dir, self); err != nil || r.Shell != "sh" || len(r.Environ) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if err := os.Chmod(file, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := Leave(file, Report{Shell: "sh", Dir: "/"}); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(file, 0o600); err != nil {
		t.Fatal(err)
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

// TestLeaveNowhere holds that a folder that is gone is told, with what to do.
func TestLeaveNowhere(t *testing.T) {
	if err := Leave(filepath.Join(t.TempDir(), "none", "1"), Report{}); err == nil || !strings.Contains(err.Error(), "new shell") {
		t.Errorf("a folder that is gone gives %v", err)
	}
}
