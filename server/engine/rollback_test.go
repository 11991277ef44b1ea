package engine_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
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
		plan := engine.PlanRollback(report, drift.Record{}, accepted.Record, engine.RollbackWanted{Drifted: true}, time.Now())
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
		if again := engine.PlanRollback(after, drift.Record{}, accepted.Record, engine.RollbackWanted{Variables: plan.Variables}, time.Now()); len(again.Fix.Actions) > 0 {
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
	plan := engine.PlanRollback(report, drift.Record{}, accepted, engine.RollbackWanted{Drifted: true}, time.Now())
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

// TestPinsAreRolledBack holds that pins get the text back that they had, whatever
// was written in their place, that what cannot go back is named and left alone,
// and that undo restores every byte.
func TestPinsAreRolledBack(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	opts.Memory, opts.NoTools = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{}), true
	version := rapid.SampledFrom([]string{"1.24.1", "1.25.3", "1.26.0", "1.26rc1"})
	files := rapid.Custom(func(t *rapid.T) map[string]string {
		v := func(label string) string { return version.Draw(t, label) }
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
		mod := "module example.com/m\n\ngo " + v("go") + "\n"
		if rapid.Bool().Draw(t, "toolchain") {
			mod += "\ntoolchain go" + v("line") + "\n"
		}
		digest := ""
		if rapid.Bool().Draw(t, "digest") {
			digest = "@sha256:" + strings.Repeat("ab", 32)
		}
		docker := strings.Repeat("# a comment"+end, rapid.IntRange(0, 3).Draw(t, "comments"))
		for range rapid.IntRange(1, 3).Draw(t, "stages") {
			docker += "FROM golang:" + v("image") + digest + " AS build" + end
		}
		return map[string]string{
			"go.mod": strings.ReplaceAll(mod, "\n", end), "Dockerfile": docker, ".go-version": v("file") + end,
			".github/workflows/ci.yml": "jobs:\n  b:\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: '" + v("ci") + "'\n",
		}
	})
	write := func(rt *rapid.T, all map[string]string) {
		for name, text := range all {
			file := filepath.Join(opts.Root, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				rt.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				rt.Fatal(err)
			}
		}
	}
	look := func(rt *rapid.T) (*drift.Report, drift.Record) {
		report, err := engine.Evaluate(t.Context(), opts)
		if err != nil {
			rt.Fatal(err)
		}
		r, err := opts.Memory.Present(opts.World, report)
		if err != nil {
			rt.Fatal(err)
		}
		return report, r
	}
	rapid.Check(t, func(rt *rapid.T) {
		write(rt, files.Draw(rt, "then"))
		_, then := look(rt)
		now := files.Draw(rt, "now")
		write(rt, now)
		report, present := look(rt)
		plan := engine.PlanRollback(report, present, then, engine.RollbackWanted{Pins: true}, time.Now())
		if len(plan.Fix.Actions) == 0 {
			return
		}
		result, after, err := mender.Rollback(t.Context(), opts, report, plan, engine.Hands{})
		if err != nil {
			rt.Fatal(err)
		}
		r, err := opts.Memory.Present(opts.World, after)
		if err != nil {
			rt.Fatal(err)
		}
		for _, c := range drift.Diff(then, r) {
			file, _, _, ok := drift.ParsePinKey(c.Key)
			named := slices.ContainsFunc(plan.Left, func(n engine.RollbackNote) bool { return n.Variable == file })
			if ok && !named {
				rt.Fatalf("%s is %q, was %q; left %v", c.Key, c.New, c.Old, plan.Left)
			}
		}
		if _, err := mender.Undo(t.Context(), opts.World, after, result.ID, engine.Hands{}); err != nil {
			rt.Fatal(err)
		}
		for name, text := range now {
			if have, err := os.ReadFile(filepath.Join(opts.Root, name)); err != nil || string(have) != text {
				rt.Fatalf("undone: %s is %q (%v), want %q", name, have, err, text)
			}
		}
	})
}

// TestPinsThatAreNoPins checks that a record with other texts than pins have, as
// somebody's export may hold it, changes no file.
func TestPinsThatAreNoPins(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n", "Dockerfile": "FROM golang:1.25.3\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"1.24.1\nRUN evil", "1.24.1\r", "", "\x1b[31m", "1.2\x00", strings.Repeat("1", 201), "tok" + drift.Masked, "1.24.1 && evil", "1.24.1 AS x", "\xff"} {
		r := drift.NewRecord(report, drift.Facts{})
		r.Values["pin.Dockerfile:dockerfile:from"] = text
		plan := engine.PlanRollback(report, drift.Record{}, r, engine.RollbackWanted{Pins: true}, time.Now())
		if len(plan.Fix.Actions) > 0 {
			_, _, err = mender.Rollback(t.Context(), opts, report, plan, engine.Hands{})
			if err == nil || !strings.Contains(err.Error(), "everything is as it was before the rollback") {
				t.Errorf("%q: %v", text, err)
			}
		} else if len(plan.Left) != 1 || plan.Left[0].Variable != "Dockerfile" {
			t.Errorf("%q: left %v", text, plan.Left)
		}
		if now, err := os.ReadFile(filepath.Join(opts.Root, "Dockerfile")); err != nil || string(now) != "FROM golang:1.25.3\n" {
			t.Errorf("%q: the file is %q (%v)", text, now, err)
		}
	}
}
