package engine_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// TestRollbackIsTakenBack holds that whatever is done to a GOENV file, a rollback
// brings the accepted values back, and its undo every byte.
func TestRollbackIsTakenBack(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	goenv := filepath.Join(opts.World.Environ["HOME"], ".config", "go", "env")
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	opts.Memory = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{})
	if err := os.MkdirAll(filepath.Dir(goenv), 0o755); err != nil {
		t.Fatal(err)
	}
	line := rapid.OneOf(
		rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"GOFLAGS=", "CGO_ENABLED=", "GOEXPERIMENT=", "GOPRIVATE=", "GOARCH="}).Draw(t, "name") +
				rapid.SampledFrom([]string{"", "0", "1", "-trimpath", "-mod=mod -tags='a b'", "synctest", "arm64", "a\r", "ä$!`\\\""}).Draw(t, "value")
		}),
		rapid.SampledFrom([]string{"", "# a comment", "not a setting", " GOFLAGS=-v", "goflags=x"}),
	)
	file := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(line, 0, 6).Draw(t, "lines"), "\n") + rapid.SampledFrom([]string{"", "\n"}).Draw(t, "end")
	})
	put := func(rt *rapid.T, text string) {
		if err := os.WriteFile(goenv, []byte(text), 0o600); err != nil {
			rt.Fatal(err)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		put(rt, file.Draw(rt, "accepted"))
		report, err := engine.Evaluate(t.Context(), opts)
		if err != nil {
			rt.Fatal(err)
		}
		accepted, err := opts.Memory.Accept(t.Context(), opts.World, report, "")
		if err != nil {
			rt.Fatal(err)
		}
		drifted := file.Draw(rt, "drifted")
		put(rt, drifted)
		if report, err = engine.Evaluate(t.Context(), opts); err != nil {
			rt.Fatal(err)
		}
		plan := engine.PlanRollback(report, accepted.Record, nil, time.Now())
		if len(plan.Fix.Actions) == 0 {
			return
		}
		result, after, err := mender.Rollback(t.Context(), opts, report, plan, engine.Hands{})
		if err != nil {
			if now, rerr := os.ReadFile(goenv); rerr != nil || string(now) != drifted {
				rt.Fatalf("it failed (%v) and left %q (%v), which was %q", err, now, rerr, drifted)
			}
			return // a value that go env -w refuses, too
		}
		for _, name := range plan.Variables {
			v, _ := after.Snapshot.Environment.Lookup(name)
			if want, _, _ := accepted.Record.Variable(name); v.Value != want {
				rt.Fatalf("%s is %q, want %q", name, v.Value, want)
			}
		}
		if again := engine.PlanRollback(after, accepted.Record, plan.Variables, time.Now()); len(again.Fix.Actions) > 0 {
			rt.Fatalf("rolled back twice: %v", again.Fix.Actions)
		}
		if _, err := mender.Undo(t.Context(), opts.World, after, result.ID, engine.Hands{}); err != nil {
			rt.Fatal(err)
		}
		if now, err := os.ReadFile(goenv); err != nil || !bytes.Equal(now, []byte(drifted)) {
			rt.Fatalf("undone: %q (%v), want %q", now, err, drifted)
		}
	})
}

// TestRollbackThatDoesNotHold checks that everything is as before if what was to
// be back is not.
func TestRollbackThatDoesNotHold(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	goenv := filepath.Join(opts.World.Environ["HOME"], ".config", "go", "env")
	put(t, goenv, "GOFLAGS=-mod=mod\n")
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	accepted := drift.NewRecord(report, drift.Facts{})
	accepted.Values[drift.EnvKey("GOFLAGS")] = "-trimpath"
	plan := engine.PlanRollback(report, accepted, nil, time.Now())
	// Somebody exports another value between the plan and the second look.
	other := opts
	other.World.Environ = map[string]string{"GOFLAGS": "-v"}
	for name, value := range opts.World.Environ {
		other.World.Environ[name] = value
	}
	_, _, err = mender.Rollback(t.Context(), other, report, plan, engine.Hands{})
	if err == nil || !strings.Contains(err.Error(), `everything is as it was before the rollback`) || !strings.Contains(err.Error(), `GOFLAGS is "-v" and not "-trimpath"`) {
		t.Errorf("error: %v", err)
	}
	if text, err := os.ReadFile(goenv); err != nil || string(text) != "GOFLAGS=-mod=mod\n" {
		t.Errorf("left: %q %v", text, err)
	}
}
