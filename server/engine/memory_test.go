package engine_test

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// remembering starts an engine with a memory, and returns a channel of what it
// wrote down.
func remembering(t *testing.T, opts engine.Options, listeners ...func(*drift.Report)) (*engine.Engine, *engine.Memory, chan drift.Moment) {
	t.Helper()
	moments := make(chan drift.Moment, 100)
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	memory := mender.Memory(drift.Actor{Kind: drift.ActorEditor, Name: "test"}, map[string]string{"host.editor": "test"},
		engine.Listener{Moment: func(m drift.Moment) { moments <- m }})
	opts.Memory, opts.Settle = memory, time.Millisecond
	e := engine.New(opts)
	for _, f := range listeners {
		e.Subscribe(f)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		do(t, <-done)
		do(t, mender.Close())
	})
	return e, memory, moments
}

func next(t *testing.T, moments chan drift.Moment) drift.Moment {
	t.Helper()
	select {
	case m := <-moments:
		return m
	case <-time.After(patience):
		t.Fatal("nothing was remembered")
	}
	return drift.Moment{}
}

func keys(changes []drift.Change) map[string]drift.Change {
	out := map[string]drift.Change{}
	for _, c := range changes {
		out[c.Key] = c
	}
	return out
}

// Each saved state becomes a moment with its cause; unsaved text never does.
func TestRemembering(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.20\n", ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "0123456789abcdef\n"})
	e, memory, moments := remembering(t, opts)
	gomod := filepath.Join(opts.Root, "go.mod")

	first := next(t, moments)
	if first.Cause.Kind != drift.CauseFirst || first.Before != "" || len(first.Changes) != 0 || first.By.Name != "test" {
		t.Fatalf("first sight: %+v", first)
	}
	baseline, err := memory.Baseline(t.Context(), opts.Root)
	do(t, err)
	if baseline == nil || baseline.Record.ID() != first.After || baseline.Record.Values["host.editor"] != "test" {
		t.Fatalf("first sight is not the baseline: %+v", baseline)
	}

	// Unsaved text, and with it another file that is saved.
	e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: gomod, Text: []byte("module m\n\ngo 1.19\n"), Version: 1}})
	put(t, filepath.Join(opts.Root, ".go-version"), "1.20.1\n")
	e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{filepath.Join(opts.Root, ".go-version")}})
	saved := next(t, moments)
	changes := keys(saved.Changes)
	if _, ok := changes["pin.go.mod:go.mod:go"]; ok || changes["pin..go-version:.go-version"].New != "1.20.1" || saved.Cause != (drift.Cause{Kind: drift.CauseFile, Text: ".go-version"}) {
		t.Errorf("saved beside unsaved text: %+v", saved)
	}
	if saved.Before != first.After {
		t.Error("the moments are no chain")
	}

	put(t, gomod, "module m\n\ngo 1.21.0\n")
	put(t, filepath.Join(opts.Root, "go.sum"), "x\n")
	e.Send(drift.Event{Kind: drift.EventClosed, Files: []string{gomod}})
	e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{gomod}})
	get := next(t, moments)
	for get.Cause.Kind != drift.CauseGoGet {
		get = next(t, moments)
	}
	if c := keys(get.Changes)["pin.go.mod:go.mod:go"]; c.Trend != drift.TrendNewer {
		t.Errorf("go get: %+v", get)
	}

	put(t, filepath.Join(opts.Root, ".git/HEAD"), "ref: refs/heads/feature\n")
	put(t, filepath.Join(opts.Root, ".git/refs/heads/feature"), "fedcba9876543210\n")
	put(t, gomod, "module m\n\ngo 1.22.0\n")
	e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{gomod}})
	if branch := next(t, moments); branch.Cause != (drift.Cause{Kind: drift.CauseBranch, Text: "main → feature"}) {
		t.Errorf("branch: %+v", branch.Cause)
	}

	environ := maps.Clone(opts.World.Environ)
	environ["GOFLAGS"] = "-mod=mod"
	e.Send(drift.Event{Kind: drift.EventEnvironment, Of: "cli", Environ: environ})
	other := next(t, moments)
	if c := keys(other.Changes)["env.GOFLAGS"]; other.Cause.Kind != drift.CauseEnvironment || c.New != "-mod=mod" || c.NewLayer != "process" {
		t.Errorf("environment: %+v", other)
	}

	history, err := memory.History(t.Context(), engine.HistoryFilter{Root: opts.Root, Keys: []string{"env.GOFLAGS"}})
	do(t, err)
	if len(history) != 1 || history[0].ID != other.ID {
		t.Errorf("the history of GOFLAGS: %+v", history)
	}
}

// An evaluation without a loop remembers once, and nothing of a workspace that
// is not trusted.
func TestEvaluateRecords(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.20\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	opts.Memory, opts.Record = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "godrift check"}, nil, engine.Listener{}), true
	defer mender.Close()
	untrusted := opts
	untrusted.Trusted = false
	_, err := engine.Evaluate(t.Context(), untrusted)
	do(t, err)
	for range 3 {
		_, err = engine.Evaluate(t.Context(), opts)
		do(t, err)
	}
	put(t, filepath.Join(opts.World.Environ["HOME"], ".config", "go", "env"), "GOFLAGS=-mod=mod\n")
	report, err := engine.Evaluate(t.Context(), opts)
	do(t, err)
	history, err := opts.Memory.History(t.Context(), engine.HistoryFilter{Root: opts.Root})
	do(t, err)
	if len(history) != 2 || history[0].Cause.Kind != drift.CauseGoEnv {
		t.Fatalf("the history: %+v", history)
	}

	recalled, err := opts.Memory.Recall(t.Context(), opts.Root)
	do(t, err)
	if m, ok := recalled.Since("cli", "env.GOFLAGS"); !ok || m.ID != history[0].ID {
		t.Errorf("since when: %+v", m)
	}
	accepted, err := opts.Memory.Accept(t.Context(), opts.World, report, "it is meant so")
	do(t, err)
	if changes := drift.Diff(recalled.Baseline.Record, accepted.Record); len(keys(changes)) == 0 {
		t.Error("the baseline did not change")
	}
	baseline, err := opts.Memory.Baseline(t.Context(), opts.Root)
	do(t, err)
	if baseline.Record.ID() != history[0].After || baseline.Reason != "it is meant so" {
		t.Errorf("the baseline: %+v", baseline)
	}
	deeds, err := opts.Memory.Audit(t.Context(), opts.Root, time.Time{}, time.Time{}, 10)
	do(t, err)
	if len(deeds) != 1 || deeds[0].Kind != drift.DeedAccept || deeds[0].Result != drift.DeedDone || deeds[0].Before != history[1].After || deeds[0].After != history[0].After {
		t.Errorf("the audit: %+v", deeds)
	}
}

// What is accepted in a terminal counts in the editor at once.
func TestAcceptedElsewhere(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.20\n"})
	opts.Watch = true
	reports := make(chan struct{}, 1000)
	e, _, moments := remembering(t, opts, func(*drift.Report) { reports <- struct{}{} })
	next(t, moments)
	until := func(what string, done func() bool) {
		t.Helper()
		deadline := time.After(patience)
		for !done() {
			select {
			case <-reports:
			case <-deadline:
				t.Fatal("never: " + what)
			}
		}
	}
	until("the baseline is known", func() bool { return e.Recalled() != nil })

	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	terminal := mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "terminal"}, nil, engine.Listener{})
	_, err := terminal.Accept(t.Context(), opts.World, e.Report(), "from a terminal")
	do(t, err)
	until("the new baseline", func() bool { return e.Recalled().Baseline.Reason == "from a terminal" })
}

// BenchmarkEditRemembered is BenchmarkEdit in a workspace that is remembered:
// rules compare every keystroke with the baseline.
func BenchmarkEditRemembered(b *testing.B) {
	for _, remembered := range []bool{false, true} {
		b.Run(fmt.Sprintf("remembered=%t", remembered), func(b *testing.B) {
			opts := workspace(b, map[string]string{"go.mod": tooNew})
			mender := engine.NewMender(opts.StateDir, opts.World.Environ)
			defer mender.Close()
			if remembered {
				opts.Memory = mender.Memory(drift.Actor{Kind: drift.ActorEditor}, nil, engine.Listener{})
				opts.Record = true
				_, err := engine.Evaluate(b.Context(), opts)
				do(b, err)
				opts.Settle = time.Millisecond
			}
			e, reports := run(b, opts)
			settled(b, e)
			<-reports
			for remembered && e.Recalled() == nil {
				<-reports
			}
			file := filepath.Join(opts.Root, "go.mod")
			version := int32(0)
			for b.Loop() {
				version++
				e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: fmt.Appendf(nil, "%s// %d\n", tooNew, version), Open: true, Version: version}})
				<-reports
			}
		})
	}
}
