package engine_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// In the environment of a monitor nothing is offered that only a person at a shell, or an
// editor, could do; what stands in files can be mended.
func TestMonitorOffersFilesAlone(t *testing.T) {
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module example.com/a\n\ngo 1.21\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "godrift.toml"), []byte("[contract]\nrequire.CGO_ENABLED = \"0\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	offered := func(of string) (all, hands int) {
		world := engine.Here(of)
		world.Environ["GOENV"], world.Environ["CGO_ENABLED"] = filepath.Join(root, "goenv"), "1"
		report, err := engine.Evaluate(t.Context(), engine.Options{Root: root, World: world, Trusted: true, NoTools: true, StateDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range drift.Spread(report.Findings) {
			for _, fix := range f.Fixes {
				all++
				if fix.NeedsShell() || fix.NeedsEditor() {
					hands++
				}
			}
		}
		return all, hands
	}
	if _, hands := offered("cli"); hands == 0 {
		t.Fatal("nothing is offered to a shell: this proves nothing")
	}
	if all, hands := offered(drift.OfMonitor); hands != 0 || all == 0 {
		t.Errorf("a monitor offers %d fixes, %d of them for a shell or an editor", all, hands)
	}
}

// However much happens while a folder is gone, what waits for it to come back stays small, and
// nothing of it is lost.
func TestFolderComesBackAfterManyChanges(t *testing.T) {
	root := filepath.Join(t.TempDir(), "ws")
	mod := filepath.Join(root, "go.mod")
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(root, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(mod, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("module example.com/a\n\ngo 1.21\n")
	e := engine.New(engine.Options{Root: root, World: engine.Here("monitor"), Trusted: true, NoTools: true, StateDir: t.TempDir(), Quiet: time.Microsecond, MaxDelay: time.Millisecond})
	done := make(chan error, 1)
	go func() { done <- e.Run(t.Context()) }()
	if _, err := e.Settled(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	for i := range 300 {
		ev := drift.Event{Kind: drift.EventRescan, Cause: "regular look"}
		if i%2 == 0 {
			ev = drift.Event{Kind: drift.EventSaved, Cause: "save", Files: []string{mod}}
		}
		if i == 10 {
			ev = drift.Event{Kind: drift.EventEnvironment, Cause: "reported", Of: "monitor", Environ: map[string]string{"GOFLAGS": "-mod=mod", "GOENV": "off"}}
		}
		e.Send(ev)
		if _, err := e.Settled(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if e.Failure() == nil {
		t.Fatal("the folder is gone, and nothing is wrong")
	}
	write("module example.com/a\n\ngo 1.22\n")
	e.Send(drift.Event{Kind: drift.EventSaved, Cause: "save", Files: []string{mod}})
	report, err := e.Settled(t.Context())
	if err != nil || e.Failure() != nil {
		t.Fatal(err, e.Failure())
	}
	if v, _ := report.Snapshot.Environment.Lookup("GOFLAGS"); v.Value != "-mod=mod" {
		t.Errorf("GOFLAGS is %q: the environment that was reported meanwhile is lost", v.Value)
	}
	if len(report.Snapshot.Pins) == 0 || report.Snapshot.Pins[0].Version != "1.22" {
		t.Errorf("the pins are %+v", report.Snapshot.Pins)
	}
}
