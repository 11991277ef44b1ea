//go:build unix

package remember

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// A pipe in the place of what prompts compare with keeps nobody waiting, and is
// replaced.
func TestPublishOverPipe(t *testing.T) {
	dir, root := t.TempDir(), "/w"
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := AcceptedFile(dir, root)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(file, 0o600); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Publish(acceptedSample(root), nil) }()
	select {
	case err := <-done:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for the pipe")
	}
	if a, err := ReadAccepted(dir, root); err != nil || a.Record.Root != root {
		t.Errorf("read %+v, %v", a, err)
	}
}
