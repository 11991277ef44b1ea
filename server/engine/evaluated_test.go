package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// Who measures is told of every evaluation, in order, with its times and before its report
// goes out.
func TestEvaluated(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.25.3\n"})
	root := opts.Root
	told := make(chan drift.Evaluation, 100)
	opts.Evaluated = func(ev drift.Evaluation) { told <- ev }
	e := engine.New(opts)
	var out []*drift.Report
	e.Subscribe(func(r *drift.Report) { out = append(out, r) })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	begun := time.Now()
	wait := func(kind drift.EventKind) drift.Evaluation {
		t.Helper()
		limit := time.After(patience)
		for {
			select {
			case ev := <-told:
				// What a compiler says may be looked at with it.
				if slices.ContainsFunc(ev.Events, func(e drift.Event) bool { return e.Kind == kind }) {
					return ev
				}
			case <-limit:
				t.Fatalf("no evaluation of %s", kind)
			}
		}
	}
	first := wait(drift.EventStart)
	if first.Report == nil || first.Err != nil || first.Root != root || first.Begun.Before(first.First) || first.Ended.Before(first.Begun) || first.Ended.Sub(begun) > time.Minute {
		t.Errorf("%+v", first)
	}
	sent := time.Now()
	put(t, root+"/go.mod", "module m\n\ngo 1.26.2\n")
	e.Send(drift.Event{Kind: drift.EventSaved, Cause: "test", Files: []string{root + "/go.mod"}})
	saved := wait(drift.EventSaved)
	if saved.Begun.Before(sent) || saved.Begun.Before(saved.First) || saved.Ended.Before(saved.Begun) || saved.Report == first.Report {
		t.Errorf("%+v", saved)
	}
	cancel()
	if err := <-done; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if len(out) < 2 || out[0] != first.Report {
		t.Errorf("%d reports went out", len(out))
	}
}
