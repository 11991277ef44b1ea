package gocache

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// fakeProcess puts a process into a folder that looks like /proc.
func fakeProcess(t *testing.T, proc string, pid int, name string, ticks int, environ, opened string) {
	t.Helper()
	base := filepath.Join(proc, strconv.Itoa(pid))
	if err := os.MkdirAll(filepath.Join(base, "fd"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(base, "stat"), []byte(fmt.Sprintf("%d (%s) S%s %d 0\n", pid, name, strings.Repeat(" 0", 18), ticks)))
	write(t, filepath.Join(base, "environ"), []byte(environ))
	if opened != "" {
		if err := os.Symlink(opened, filepath.Join(base, "fd", "3")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestUsers(t *testing.T) {
	proc := t.TempDir()
	const dir, home = "/home/me/.cache/go-build", "/home/me"
	boot := time.Unix(1_700_000_000, 0)
	write(t, filepath.Join(proc, "stat"), []byte("cpu 1 2\nbtime 1700000000\n"))
	env := func(entries ...string) string { return strings.Join(append(entries, ""), "\x00") }
	fakeProcess(t, proc, 1, "init", 0, "", "")
	fakeProcess(t, proc, 10, "go", 1000, env("HOME="+home), "")                             // before the switch
	fakeProcess(t, proc, 11, "go", 9000, env("HOME="+home), "")                             // after it
	fakeProcess(t, proc, 12, "go", 1000, env("HOME=/home/you"), "")                         // somebody else's
	fakeProcess(t, proc, 13, "go", 1000, env("HOME="+home, "GOCACHE=/elsewhere"), "")       // has its own
	fakeProcess(t, proc, 14, "a) (b", 9000, env("HOME="+home, "GOCACHE="+dir+"/"), "")      // says so
	fakeProcess(t, proc, 15, "prog", 9000, env("HOME="+home), dir+"/3f/3f00-d/prog")        // has it open
	fakeProcess(t, proc, 16, "prog", 9000, env("HOME="+home), dir+"-2/3f/3f00-d/prog")      // has another open
	fakeProcess(t, proc, 17, "go", 1000, env("HOME="+home, "GOCACHE="+dir), dir+"/3f/3f-d") // is this process
	got := users(proc, 17, dir, home, boot.Add(50*time.Second))
	want := []string{
		"go (process 10) was started when it was the cache in use",
		"a) (b (process 14) has GOCACHE=" + dir + "/",
		"prog (process 15) has it open",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := users(filepath.Join(proc, "none"), 1, dir, home, boot); got != nil {
		t.Errorf("without /proc: %q", got)
	}
}

// A process can name the cache by a link.
func TestLeadsTo(t *testing.T) {
	real, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{real, real + "/", link, link + "/."} {
		if !leadsTo(name, real, real) {
			t.Errorf("%s does not lead to %s", name, real)
		}
	}
	for _, name := range []string{filepath.Dir(real), link + "/in", "link", "off", ""} {
		if leadsTo(name, real, real) {
			t.Errorf("%s leads to %s", name, real)
		}
	}
}

// The real /proc shows a file that this test has open.
func TestUsersOfThisMachine(t *testing.T) {
	dir := t.TempDir()
	f, err := os.Create(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got := users("/proc", 0, dir, "", time.Time{}); len(got) != 1 || !strings.Contains(got[0], "has it open") {
		t.Errorf("got %q", got)
	}
}
