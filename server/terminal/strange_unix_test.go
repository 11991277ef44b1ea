//go:build unix

package terminal

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// Whatever stands in the place of a shell's file, the prompt does not wait for it, and
// nothing is written through it.
func TestLeaveWhereSomethingElseIs(t *testing.T) {
	dir := t.TempDir()
	precious := filepath.Join(t.TempDir(), "precious")
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	file := File(dir, os.Getpid())
	for name, put := range map[string]func() error{
		"a pipe":      func() error { return syscall.Mkfifo(file, 0o600) },
		"a link":      func() error { return os.Symlink(precious, file) },
		"a dead link": func() error { return os.Symlink(filepath.Join(dir, "none"), file) },
		"a huge file": func() error {
			if err := os.WriteFile(file, nil, 0o600); err != nil {
				return err
			}
			return os.Truncate(file, 1<<40)
		},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(precious, []byte("precious"), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(precious, old, old); err != nil {
				t.Fatal(err)
			}
			if err := put(); err != nil {
				t.Skip(err) // a disk that knows no such file
			}
			defer os.Remove(file)
			done := make(chan error, 1)
			go func() {
				done <- Leave(file, Report{Shell: "bash", Dir: "/w", Environ: map[string]string{"GOFLAGS": "-v"}})
			}()
			select {
			case err := <-done:
				if err != nil {
					t.Fatal(err)
				}
			case <-time.After(20 * time.Second):
				t.Fatal("the prompt waits")
			}
			if r, err := Read(dir, os.Getpid()); err != nil || r.Environ["GOFLAGS"] != "-v" {
				t.Errorf("read %+v, %v", r, err)
			}
			text, err := os.ReadFile(precious)
			if info, serr := os.Stat(precious); err != nil || serr != nil || string(text) != "precious" || !info.ModTime().Equal(old) {
				t.Errorf("the file behind the link was changed: %q, %v, %v", text, err, serr)
			}
			if _, err := os.Lstat(filepath.Join(dir, "none")); err == nil {
				t.Error("a file was made behind the dead link")
			}
		})
	}
	if _, err := os.Lstat(filepath.Join(dir, strconv.Itoa(os.Getpid()))); err == nil {
		t.Error("the last file is still there")
	}
}
