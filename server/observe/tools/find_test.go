//go:build unix

package tools

import (
	"os"
	"path/filepath"
	"testing"
)

// A GOBIN that PATH names through a link is one folder: each tool in it is listed
// once, and as what go install put there.
func TestFindThroughALink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "disk", "bin"), filepath.Join(dir, "home")
	if err := os.MkdirAll(real, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Dir(real), link); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(real, "gopls"), []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range [][]string{{real}, {filepath.Join(link, "bin")}, {"/nowhere", real}} {
		found := Find(t.Context(), osFiles{}, Where{Path: path, Gobin: []string{filepath.Join(link, "bin")}}, &Memo{})
		if len(found) != 1 || found[0].Origin != "GOBIN" || !found[0].First {
			t.Errorf("PATH=%s: %+v", path, found)
		}
	}
}
