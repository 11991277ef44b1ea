package workspace

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// TestDeclared holds that files of the team's own are read as declared, and
// again when the declaration changes.
func TestDeclared(t *testing.T) {
	root := tree(t, map[string]string{
		"godrift.toml": "rev", "go.mod": "module m\n\ngo 1.25.0\n", "go.toolchain.rev": "go1.26.1\n",
		"build/version.go": "package build\n\nconst go1.24.1\n", "vendor/go.toolchain.rev": "go1.1.1\n",
	})
	declared := func(doc drift.Document) []drift.DeclaredPin {
		if len(doc.Text) == 0 {
			return nil
		}
		return []drift.DeclaredPin{{Path: "**/*" + string(doc.Text), Pattern: `go(1\.\S+)$`, Role: drift.RoleBuild}}
	}
	w, err := Open(context.Background(), Options{Root: root, World: World{Files: Disk(), Environ: map[string]string{}, Of: "test"}, Declared: declared})
	if err != nil {
		t.Fatal(err)
	}
	check := func(want string) {
		t.Helper()
		var got []string
		for _, pin := range w.Snapshot().Pins {
			if pin.Source == drift.SourceDeclared {
				got = append(got, fmt.Sprintf("%s=%s", filepath.Base(pin.Place.File), pin.Version))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	check("go.toolchain.rev=1.26.1")
	next := func(ev drift.Event) {
		t.Helper()
		if w, err = w.Next(context.Background(), ev); err != nil {
			t.Fatal(err)
		}
	}
	policy := filepath.Join(root, "godrift.toml")
	next(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: policy, Text: []byte(".go"), Version: 1}})
	check("version.go=1.24.1")
	next(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: policy, Text: []byte("mod"), Version: 2}})
	check("") // the pattern finds nothing there, and the go line is one still
	if len(w.Snapshot().Pins) != 1 {
		t.Errorf("pins %v", w.Snapshot().Pins)
	}
	next(drift.Event{Kind: drift.EventClosed, Files: []string{policy}})
	check("go.toolchain.rev=1.26.1")
	if err := os.WriteFile(filepath.Join(root, "go.toolchain.rev"), []byte("go1.26.2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	next(drift.Event{Kind: drift.EventSaved, Files: []string{filepath.Join(root, "go.toolchain.rev")}})
	check("go.toolchain.rev=1.26.2")
	if err := os.Remove(policy); err != nil {
		t.Fatal(err)
	}
	next(drift.Event{Kind: drift.EventSaved, Files: []string{policy}})
	check("")
}
