package workspace

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// linked is a folder with files that are links, out of it and within it.
func linked(t *testing.T) (root string, world World) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"secret": "root:hunter2:1:2\n", "outside/go.mod": "module hunter2\n\ngo 1.hunter2\n",
		"real/app/go.mod": "module m\n\ngo 1.25.0\n", "real/version": "1.25.3\n",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, to := range map[string]string{
		"real/go.work": "../secret", "real/.go-version": "version", "real/sub": "../outside", "real/app/.go-version": "../../secret",
		"ws": "real",
	} {
		if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			t.Skip(err) // Windows demands a privilege
		}
	}
	return filepath.Join(dir, "ws"), around(t, dir)
}

func TestLinksOutAreNotReadUntrusted(t *testing.T) {
	root, world := linked(t)
	w, err := Open(context.Background(), Options{Root: root, World: world})
	if err != nil {
		t.Fatal(err)
	}
	said := func(s *drift.Snapshot) bool {
		for _, doc := range s.Documents {
			if bytes.Contains(doc.Text, []byte("hunter2")) {
				return true
			}
		}
		return strings.Contains(encoded(t, s), "hunter2")
	}
	s := w.Snapshot()
	if said(s) {
		t.Errorf("what is behind a link is told: %s", encoded(t, s))
	}
	problems := map[string]string{}
	for _, p := range s.Problems {
		problems[p.Place.File] = p.Message
	}
	for _, name := range []string{"go.work", "app/.go-version"} {
		const want = "the file is a link that leads out of the folder; not read because the folder is not trusted"
		if got := problems[filepath.Join(root, filepath.FromSlash(name))]; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := pinned(t, s); !strings.Contains(got, "1.25.3") || !strings.Contains(got, "1.25.0") {
		t.Errorf("the other files are not read: %s", got)
	}
	files := w.World().Files
	if _, err := files.ReadFile(filepath.Join(root, "sub", "go.mod")); !errors.Is(err, ErrLinkOut) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("through a folder: %v", err)
	}
	if _, err := drift.Open(files, filepath.Join(root, "go.work")); !errors.Is(err, ErrLinkOut) {
		t.Errorf("opened: %v", err)
	}

	trusted := next(t, w, drift.Event{Kind: drift.EventTrust, Trusted: true})
	if !said(trusted.Snapshot()) {
		t.Error("in a trusted folder links are followed")
	}
	if again := next(t, trusted, drift.Event{Kind: drift.EventTrust}); said(again.Snapshot()) {
		t.Error("trust was taken back, and what is behind the links is still told")
	}
}

// TestLinkAbove: a go.work above the folder may be of the same checkout.
func TestLinkAbove(t *testing.T) {
	root, world := linked(t)
	w, err := Open(context.Background(), Options{Root: filepath.Join(root, "app"), World: world})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(encoded(t, w.Snapshot()), "hunter2") {
		t.Errorf("what is behind a link is told: %s", encoded(t, w.Snapshot()))
	}
	if trusted := next(t, w, drift.Event{Kind: drift.EventTrust, Trusted: true}); !strings.Contains(encoded(t, trusted.Snapshot()), "hunter2") {
		t.Error("in a trusted folder links are followed")
	}
}
