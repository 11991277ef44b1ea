package workspace

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"godrift.dev/server/drift"
)

// TestPeers holds that the environment of somebody else stands beside the
// workspace's own and follows what changes.
func TestPeers(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.24.0\n"})
	world := around(t, root)
	goenv := filepath.Join(root, "..", "goenv")
	world.Environ["GOENV"] = goenv
	w := open(t, root, world)
	login := maps.Clone(world.Environ)
	login["GOFLAGS"], login["PATH"] = "-tags=login", filepath.Join(root, "nowhere")
	says := func(of, name, want string) {
		t.Helper()
		for _, o := range w.Snapshot().Others {
			if v, _ := o.Environment.Lookup(name); o.Environment.Of == of && v.Value == want {
				return
			}
		}
		t.Errorf("%s of %s is not %q: %+v", name, of, want, w.Snapshot().Others)
	}

	first := w
	w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: drift.OfLoginShell, Environ: login})
	says(drift.OfLoginShell, "GOFLAGS", "-tags=login")
	if s := w.Snapshot(); s.Environment.Of != "cli" || s.ID == first.Snapshot().ID || len(first.Snapshot().Others) != 0 {
		t.Errorf("of %s, ID %s, before %d others", s.Environment.Of, s.ID, len(first.Snapshot().Others))
	}
	if how := w.Snapshot().Others[0].Selection.How; how != drift.HowNoGo || w.Snapshot().Selection.How == how {
		t.Errorf("%q for the login shell, %q here", how, w.Snapshot().Selection.How)
	}
	if again := next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: drift.OfLoginShell, Environ: maps.Clone(login)}); again != w {
		t.Error("the same environment changes something")
	}
	if _, files := w.Watch(); !slices.Contains(files, filepath.Join(root, "nowhere", "go")) {
		t.Error("nobody would see that a go comes to the login shell's PATH")
	}

	// What files say reaches both.
	write(t, goenv, "GOPRIVATE=example.com\n")
	w = next(t, w, saved(goenv))
	says(drift.OfLoginShell, "GOPRIVATE", "example.com")
	terminal := maps.Clone(login)
	terminal["GOFLAGS"] = ""
	w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: "terminal:7", Environ: terminal})
	w = next(t, w, edited(filepath.Join(root, "go.mod"), "module m\ngo 1.25.0\n"))
	says(drift.OfLoginShell, "GOFLAGS", "-tags=login")
	says("terminal:7", "GOFLAGS", "")
	w = next(t, w, drift.Event{Kind: drift.EventRescan})
	says("terminal:7", "GOPRIVATE", "example.com")

	w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: drift.OfLoginShell})
	if others := w.Snapshot().Others; len(others) != 1 || others[0].Environment.Of != "terminal:7" {
		t.Errorf("others: %+v", others)
	}
	w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: "terminal:7"})
	if w = next(t, w, drift.Event{Kind: drift.EventClosed, Files: []string{filepath.Join(root, "go.mod")}}); len(w.Snapshot().Others) != 0 {
		t.Errorf("others: %+v", w.Snapshot().Others)
	}
}
