package engine_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// TestFloorRaisedByGoGet does what go get does to the files, and then what a
// person does.
func TestFloorRaisedByGoGet(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.24.1\n", "go.sum": "a\n"})
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	opts.Memory, opts.Record, opts.Trusted = mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "test"}, nil, engine.Listener{}), true, true
	look := func() (message string) {
		t.Helper()
		report, err := engine.Evaluate(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		if i := slices.IndexFunc(report.Findings, func(f drift.Finding) bool { return f.Code == "floor-raised" }); i >= 0 {
			return report.Findings[i].Message
		}
		return ""
	}
	if m := look(); m != "" {
		t.Fatalf("at first sight: %s", m)
	}
	cache := filepath.Join(opts.World.Environ["HOME"], "go", "pkg", "mod", "cache", "download")
	put(t, filepath.Join(cache, "example.com", "dep", "@v", "v1.2.0.mod"), "module example.com/dep\n\ngo 1.25.0\n")
	put(t, filepath.Join(opts.Root, "go.mod"), "module example.com/m\n\ngo 1.25.0\n\nrequire example.com/dep v1.2.0\n")
	put(t, filepath.Join(opts.Root, "go.sum"), "a\nb\n")
	want := "go.mod:3 says go 1.25.0; accepted was 1.24.1. go get, go mod tidy or a bot raised it, for example.com/dep v1.2.0 asks for it"
	for range 2 {
		if m := look(); !strings.HasPrefix(m, want) {
			t.Errorf("after go get: %q", m)
		}
	}
	put(t, filepath.Join(opts.Root, "go.mod"), "module example.com/m\n\ngo 1.25.1\n\nrequire example.com/dep v1.2.0\n")
	if m := look(); m != "" {
		t.Errorf("after a person's edit: %q", m)
	}
}
