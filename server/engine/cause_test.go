package engine_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// Each change is explained by what wrote that very file or variable, and by
// nothing else that happened lately.
func TestCausePerChange(t *testing.T) {
	const from, to = "FROM golang:1.24.0\n", "FROM golang:1.24.1\n"
	opts := workspace(t, map[string]string{
		"go.mod": "module m\n\ngo 1.20\n", "Dockerfile": from, ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": "0123456789abcdef\n",
	})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	t.Cleanup(func() { do(t, mender.Close()) })
	opts.Memory, opts.Record = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{}), true
	dockerfile := filepath.Join(opts.Root, "Dockerfile")
	goenv := filepath.Join(opts.World.Environ["HOME"], ".config", "go", "env")
	environ := opts.World.Environ
	with := func(name, value string) { opts.World.Environ = maps.Clone(environ); opts.World.Environ[name] = value }
	look := func() *drift.Report {
		t.Helper()
		report, err := engine.Evaluate(t.Context(), opts)
		do(t, err)
		return report
	}
	expect := func(kind drift.CauseKind, text string) {
		t.Helper()
		look()
		history, err := opts.Memory.History(t.Context(), engine.HistoryFilter{Root: opts.Root, Limit: 1})
		do(t, err)
		if got := history[0].Cause; got != (drift.Cause{Kind: kind, Text: text}) {
			t.Errorf("got %q of kind %s, want %q of kind %s, over %+v", got.Text, got.Kind, text, kind, history[0].Changes)
		}
	}
	fix := func() {
		t.Helper()
		report := look()
		doc, ok := report.Snapshot.Documents[dockerfile]
		if !ok {
			t.Fatal("the Dockerfile is not known")
		}
		edit := drift.TextEdit{Span: drift.Span{End: len(doc.Text)}, New: to}
		_, err := mender.Apply(t.Context(), opts.World, report, drift.Fix{
			ID: "f", Title: "Write 1.24.1", Actions: []drift.Action{{Kind: drift.ActionEdit, File: dockerfile, Hash: doc.Hash, Edits: []drift.TextEdit{edit}}},
		}, engine.Hands{})
		do(t, err)
	}
	undo := func() {
		t.Helper()
		_, err := mender.Undo(t.Context(), opts.World, look(), 0, engine.Hands{})
		do(t, err)
	}

	fix()
	expect(drift.CauseGodrift, "Write 1.24.1")
	undo()
	put(t, filepath.Join(opts.Root, ".git/refs/heads/main"), "fedcba9876543210\n")
	put(t, filepath.Join(opts.Root, "go.mod"), "module m\n\ngo 1.21\n")
	expect(drift.CauseGodrift, "Undid the last fix; branch switch: main, 0123456789 → fedcba9876")

	fix()
	look()
	undo()
	look()
	put(t, goenv, "GOFLAGS=-mod=mod\n")
	expect(drift.CauseGoEnv, "GOFLAGS")
	do(t, os.Remove(goenv))
	look()

	put(t, filepath.Join(opts.Root, ".git/HEAD"), "ref: refs/heads/other\n")
	with("GOFLAGS", "-mod=mod")
	expect(drift.CauseVariable, "GOFLAGS")
	with("GOTOOLCHAIN", "go1.99.0")
	expect(drift.CauseVariable, "GOFLAGS, GOTOOLCHAIN")
	opts.World.Environ = environ
	look()

	// What is agreed upon is remembered, with the file that says so.
	put(t, filepath.Join(opts.Root, "godrift.toml"), "[go]\nversion = \"1.26.8\"\n")
	expect(drift.CauseFile, "godrift.toml")
}

// The go command gives GOROOT to the toolchain that it switches to: no shell did, and
// what is told is who asked for another Go.
func TestCauseOfASwitch(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.20\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	t.Cleanup(func() { do(t, mender.Close()) })
	opts.Memory, opts.Record = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{}), true
	home := opts.World.Environ["HOME"]
	delete(opts.World.Environ, "GOROOT")
	for _, version := range []string{"go1.98.0", "go1.99.0"} {
		module := "v0.0.1-" + version + "." + runtime.GOOS + "-" + runtime.GOARCH
		put(t, filepath.Join(home, "go/pkg/mod/cache/download/golang.org/toolchain/@v", module+".ziphash"), "h1:\n")
		tree := filepath.Join(home, "go/pkg/mod/golang.org", "toolchain@"+module)
		put(t, filepath.Join(tree, "VERSION"), version+"\ntime 2026-01-01T00:00:00Z\n")
		for _, name := range []string{"go.env", "bin/go"} {
			put(t, filepath.Join(tree, name), "")
		}
		do(t, os.Chmod(filepath.Join(tree, "bin/go"), 0o755))
	}
	goenv := filepath.Join(home, ".config", "go", "env")
	look := func() drift.Moment {
		t.Helper()
		_, err := engine.Evaluate(t.Context(), opts)
		do(t, err)
		history, err := opts.Memory.History(t.Context(), engine.HistoryFilter{Root: opts.Root, Limit: 1})
		do(t, err)
		return history[0]
	}
	look()
	for _, line := range []string{"GOTOOLCHAIN=go1.98.0\n", "GOTOOLCHAIN=go1.99.0\n", ""} {
		put(t, goenv, line)
		got := look()
		if !slices.ContainsFunc(got.Changes, func(c drift.Change) bool { name, _ := c.Variable(); return name == "GOROOT" }) {
			t.Fatalf("%q: GOROOT has not moved: %+v", line, got.Changes)
		}
		if want := (drift.Cause{Kind: drift.CauseGoEnv, Text: "GOTOOLCHAIN"}); got.Cause != want {
			t.Errorf("%q: got %q of kind %s, want %q", line, got.Cause.Text, got.Cause.Kind, want.Text)
		}
	}
}
