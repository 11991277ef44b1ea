package modgraph_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/observe/modgraph"
)

// Whatever stands in the files, the list is sorted, names nothing twice, and is the
// same again; and what has no scope has no modules.
func FuzzResolve(f *testing.F) {
	f.Add([]byte("module m\n\ngo 1.21\n\nrequire a.example/b v1.0.0\nreplace a.example/b => ./b\n"), []byte("module a.example/b\nrequire c.example/d v1.0.0\n"), []byte("a.example/b v1.0.0 h1:x=\n"), false)
	f.Add([]byte("module m\nrequire m v1.0.0\nexclude a v1.0.0\nreplace m => ./b\n"), []byte("module m\nrequire (\n\tm v1.0.1\n)\n"), []byte("# a.example/b v1.0.0 => ../x y\n## explicit\na.example/b\n"), true)
	f.Add([]byte("module m\nrequire a.example/b master\n"), []byte("\x00"), []byte("# # v1.0.0\n# => =>"), true)
	files := engine.Here("cli").Files
	f.Fuzz(func(t *testing.T, gomod, other, third []byte, vendor bool) {
		dir := t.TempDir()
		req := modgraph.Request{Files: files, Cache: filepath.Join(dir, "cache"), Root: dir, Top: dir, Mod: filepath.Join(dir, "go.mod"), Mode: "readonly"}
		sums := "go.sum"
		if vendor {
			req.Mode, sums = "vendor", filepath.Join("vendor", "modules.txt")
		}
		for name, text := range map[string][]byte{"go.mod": gomod, filepath.Join("b", "go.mod"): other, sums: third} {
			file := filepath.Join(dir, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		g := modgraph.Resolve(t.Context(), req)
		if again := modgraph.Resolve(t.Context(), req); again.Print != g.Print || again.Said != g.Said {
			t.Errorf("%q, and again %q", g.Fact(), again.Fact())
		}
		if g.Scope == drift.ModulesNone && (len(g.Modules) > 0 || g.Print != "") {
			t.Errorf("of no scope: %+v", g)
		}
		sorted := slices.IsSortedFunc(g.Modules, func(a, b drift.ResolvedModule) int { return cmp.Compare(a.Path, b.Path) })
		unique := len(slices.CompactFunc(slices.Clone(g.Modules), func(a, b drift.ResolvedModule) bool { return a.Path == b.Path }))
		if !sorted || unique != len(g.Modules) {
			t.Errorf("not sorted, or twice the same: %+v", g.Modules)
		}
		list, err := drift.DecodeModules(g.List().Encode())
		if err != nil || len(list) != len(g.Modules) {
			t.Errorf("it cannot be remembered: %v, %+v", err, g.Modules)
		}
	})
}
