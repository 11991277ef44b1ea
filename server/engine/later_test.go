package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// TestSecondPassAfterEdits holds that keystrokes, each of which comes before or while
// the module graph is read again, do not lose that reading.
func TestSecondPassAfterEdits(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "go.mod")
	if err := os.WriteFile(file, []byte("module m\n\ngo 1.24.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := New(Options{Root: root, World: Here("editor"), Trusted: true, StateDir: t.TempDir()})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	go func() { ended <- e.Run(running) }()
	last := ""
	for i := range int32(30) {
		last = fmt.Sprintf("example.com/m%d", i)
		e.Send(drift.Event{Kind: drift.EventEdited, Cause: "typed", Buffer: drift.Document{File: file, Open: true, Text: []byte("module " + last + "\n\ngo 1.24.0\n"), Version: i + 1}})
		if _, err := e.Settled(ctx); err != nil {
			t.Fatal(err)
		}
	}
	report, err := e.Complete(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if g := report.Snapshot.Graph; report.Snapshot.GraphPending || len(g.Mains) != 1 || g.Mains[0] != last {
		t.Errorf("after the edits the graph is of %q (pending: %v), want of %s", g.Mains, report.Snapshot.GraphPending, last)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
}

// TestOwe holds when the second pass begins: at once after what is no keystroke, or
// when it was put off for long, else when nobody typed for a moment.
func TestOwe(t *testing.T) {
	e := New(Options{Quiet: time.Second, MaxDelay: time.Minute})
	due, edits := &drift.Snapshot{GraphPending: true}, []drift.Event{{Kind: drift.EventEdited}}
	now := time.Now()
	for _, tt := range []struct {
		name  string
		snap  *drift.Snapshot
		since time.Time
		done  []drift.Event
		owed  bool
		wait  time.Duration
	}{
		{"a save", due, time.Time{}, []drift.Event{{Kind: drift.EventSaved}}, true, 0},
		{"a keystroke", due, time.Time{}, edits, true, time.Second},
		{"typing for long", due, now.Add(-longestOwed), edits, true, 0},
		{"nothing is due", &drift.Snapshot{}, now, edits, false, time.Second},
	} {
		owed, wait := e.owe(tt.snap, tt.since, tt.done)
		if owed.IsZero() == tt.owed || wait != tt.wait {
			t.Errorf("after %s: owed since %v, wait %s; want owed %v, wait %s", tt.name, owed, wait, tt.owed, tt.wait)
		}
	}
	second := later(&drift.Snapshot{GraphPending: true, ToolsPending: true})
	if !secondPass(second) || secondPass(append(second, edits...)) || secondPass(nil) {
		t.Error("the events of a second pass are not told from others")
	}
}
