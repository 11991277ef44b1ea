//go:build unix

package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	script := filepath.Join(dir, "own")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho own\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 1000)
	for _, c := range []struct {
		sh, value, err string
	}{
		{"echo 17", "17", ""},
		{"printf '\\n\\n  a b\\tc \\nmore\\n'", "a b c", ""},
		{"printf 'a\\033[31mb\\342\\200\\256c\\377d'", "a[31mbcd", ""},
		{"echo https://user:hunter2secret@example.com/", "https://***@example.com/", ""},
		{"echo " + long, drift.ClipTo(long, 200), ""},
		{"pwd", dir, ""},
		{"true", "", ""},
		{"echo no >&2; exit 3", "", "sh failed: no"},
		{"exit 3", "", "sh failed: it says nothing on standard error"},
		{"echo token=https://user:hunter2secret@example.com/ >&2; exit 1", "", "***"},
		{"sleep 60 & sleep 60", "", "sh was stopped after 2s"},
		{"yes", "", "sh was stopped after 2s"},
	} {
		begun := time.Now()
		value, _, err := engine.Probe{Command: []string{"sh", "-c", c.sh}, Dir: dir, Environ: map[string]string{"PATH": os.Getenv("PATH")}, Limit: 2 * time.Second}.Run(t.Context())
		if value != c.value || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %q %v, want %q %s", c.sh, value, err, c.value, c.err)
		}
		if took := time.Since(begun); took > 20*time.Second {
			t.Errorf("%s: it took %s", c.sh, took)
		}
	}
	// A program is found on PATH, in whole folders alone.
	for path, found := range map[string]bool{dir: true, "": false, ".": false, "bin:" + dir: true} {
		value, _, err := engine.Probe{Command: []string{"own"}, Dir: dir, Environ: map[string]string{"PATH": path}, Limit: 10 * time.Second}.Run(t.Context())
		if found != (err == nil) || found && value != "own" {
			t.Errorf("PATH=%s: %q %v", path, value, err)
		}
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := (engine.Probe{Command: []string{script}, Dir: dir, Limit: time.Minute}).Run(over); err == nil {
		t.Error("it ran although nobody wants to know any more")
	}
}

// What a probe says is a fact like others: it is remembered, told when it changes, and a
// restart changes nothing.
func TestProbed(t *testing.T) {
	root, state := t.TempDir(), t.TempDir()
	world := engine.Here("monitor")
	mender := engine.NewMender(state, world.Environ)
	defer mender.Close()
	memory := mender.Memory(drift.Actor{Kind: drift.ActorMonitor}, nil, engine.Listener{})
	opts := engine.Options{Root: root, World: world, Trusted: true, StateDir: state, Memory: memory, Record: true, NoTools: true}
	look := func() drift.Moment {
		t.Helper()
		if _, err := engine.Evaluate(t.Context(), opts); err != nil {
			t.Fatal(err)
		}
		list, err := memory.History(t.Context(), engine.HistoryFilter{Root: root, Limit: 1})
		if err != nil || len(list) == 0 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	if !memory.Probed(root, "libc", "2.36") || memory.Probed(root, "libc", "2.36") {
		t.Error("whether it is something else is told wrongly")
	}
	first := look()
	memory.Probed(root, "libc", "2.41")
	memory.Probed(t.TempDir(), "libc", "2.99") // another workspace
	second := look()
	if len(second.Changes) != 1 || second.Changes[0].Key != "probe.libc" || second.Changes[0].Old != "2.36" || second.Changes[0].New != "2.41" || second.Cause.String() != "the machine changed: probe libc" {
		t.Errorf("from %v to %+v", first, second)
	}
	memory = mender.Memory(drift.Actor{Kind: drift.ActorMonitor}, nil, engine.Listener{})
	opts.Memory = memory
	if err := memory.RecallProbes(t.Context(), root, "monitor", []string{"libc", "other"}); err != nil {
		t.Fatal(err)
	}
	if again := look(); again.ID != second.ID {
		t.Errorf("a restart is a change: %+v", again)
	}
	memory.Probed(root, "libc", "")
	if gone := look(); len(gone.Changes) != 1 || gone.Changes[0].Kind != drift.ChangeRemoved {
		t.Errorf("without a word: %+v", gone)
	}
}
