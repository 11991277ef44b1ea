package modgraph_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/observe/modgraph"
)

func TestRequirements(t *testing.T) {
	cache := t.TempDir()
	for name, text := range map[string]string{
		"example.com/dep/@v/v1.2.0.mod":      "module example.com/dep\n\ngo 1.25.0 // why\n",
		"github.com/!big/mod/@v/v0.1.0.mod":  "module github.com/Big/mod\n\ngo 1.19\n",
		"example.com/replaced/@v/v1.0.0.mod": "module example.com/replaced\n\ngo 1.30\n",
	} {
		file := filepath.Join(cache, "cache", "download", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	gomod := []byte("module m\n\nrequire (\n\texample.com/dep v1.2.0\n\tgithub.com/Big/mod v0.1.0 // indirect\n\texample.com/replaced v1.0.0\n\texample.com/gone v1.0.0\n)\n\nreplace example.com/replaced => ../x\n")
	files := engine.Here("cli").Files
	want := []drift.Requirement{
		{Path: "example.com/dep", Version: "v1.2.0", Go: "1.25.0"},
		{Path: "github.com/Big/mod", Version: "v0.1.0", Indirect: true, Go: "1.19"},
		{Path: "example.com/gone", Version: "v1.0.0"},
	}
	if diff := cmp.Diff(want, modgraph.Requirements(files, cache, gomod)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := modgraph.Requirements(files, "", gomod); got != nil {
		t.Errorf("without a cache: %v", got)
	}
}

func FuzzRequirements(f *testing.F) {
	f.Add([]byte("module m\nrequire a.b/c v1.0.0\n"))
	f.Add([]byte("require (\n\t../../x v1\n\ta/@v/b v0.0.0\n)"))
	files := engine.Here("cli").Files
	f.Fuzz(func(t *testing.T, gomod []byte) {
		for _, r := range modgraph.Requirements(files, t.TempDir(), gomod) {
			if r.Path == "" || r.Go != "" {
				t.Errorf("%+v from an empty cache", r)
			}
		}
	})
}
