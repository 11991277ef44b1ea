package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// The first report does without the tools, and the second one has them. A tool
// that comes later is seen when somebody says so.
func TestToolsComeAfterTheFirstReport(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.24.0\n"})
	bin := filepath.Join(opts.World.Environ["HOME"], "go", "bin")
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	install := func(name string) string {
		put(t, filepath.Join(bin, "keep.txt"), "")
		if err := os.Symlink(program, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(bin, name)
	}
	install("one")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	e := engine.New(opts)
	var reports []*drift.Report // of the engine's goroutine, until it has ended
	e.Subscribe(func(r *drift.Report) { reports = append(reports, r) })
	ended := make(chan error, 1)
	running, stop := context.WithCancel(ctx)
	go func() { ended <- e.Run(running) }()

	r, err := e.Complete(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := names(r); !slices.Equal(got, []string{"one"}) || r.Snapshot.Tools[0].State != drift.ToolRead {
		t.Errorf("tools %+v", r.Snapshot.Tools)
	}
	e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{install("two")}})
	if r, err = e.Complete(ctx); err != nil {
		t.Fatal(err)
	}
	if got := names(r); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("after a second one was installed: %v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if first := reports[0].Snapshot; len(first.Tools) != 0 || !first.ToolsPending {
		t.Errorf("the first report waited for the tools: %v", first.Tools)
	}
	if once, err := engine.Evaluate(ctx, opts); err != nil || !slices.Equal(names(once), []string{"one", "two"}) {
		t.Errorf("a single evaluation: %v, %v", once, err)
	}
	opts.NoTools = true
	if none, err := engine.Evaluate(ctx, opts); err != nil || len(none.Snapshot.Tools) != 0 {
		t.Errorf("without tools: %v, %v", none, err)
	}
}

func names(r *drift.Report) []string {
	var out []string
	for _, t := range r.Snapshot.Tools {
		out = append(out, t.Name)
	}
	return out
}
