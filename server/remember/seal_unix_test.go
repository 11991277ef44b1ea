//go:build unix

package remember

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestKeyIsAPipe: reading it would wait for ever.
func TestKeyIsAPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	if _, err := s.Unfinished(ctx); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("%v", err)
	}
	if _, err := s.Keyed(); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("%v", err)
	}
}
