//go:build unix

package workspace

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFIFO opens folders with pipes that nobody writes to: nothing may wait.
func TestFIFO(t *testing.T) {
	root := tree(t, map[string]string{"a/go.mod": "module a\ngo 1.24.0\n"})
	for _, name := range []string{"go.mod", "go.work", ".go-version", "godrift.toml", ".git"} {
		if err := syscall.Mkfifo(filepath.Join(root, name), 0o600); err != nil {
			t.Skip("no pipes here:", err)
		}
	}
	if err := os.Symlink("/dev/zero", filepath.Join(root, "a", ".go-version")); err != nil {
		t.Fatal(err)
	}
	w := open(t, root, around(t, root))
	s := w.Snapshot()
	if got := pinned(t, s); got != "a/go.mod=1.24.0" {
		t.Errorf("pins %s", got)
	}
	if len(s.Problems) != 5 {
		t.Errorf("problems %v", s.Problems)
	}
	for _, p := range s.Problems {
		if !strings.Contains(p.Message, "not a regular file") {
			t.Errorf("%s: %s", p.Place.File, p.Message)
		}
	}
	if n := next(t, w, saved(filepath.Join(root, "go.mod"))); pinned(t, n.Snapshot()) != pinned(t, s) {
		t.Error("a save of a pipe changes the pins")
	}
}
