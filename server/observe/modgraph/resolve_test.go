package modgraph_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/mod/sumdb/dirhash"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/observe/modgraph"
)

// world is a module cache full of modules and folders that use them.
type world struct {
	t     *testing.T
	r     *rand.Rand
	cache string
	top   string
}

func newWorld(t *testing.T, seed uint64) *world {
	if _, err := exec.LookPath("go"); err != nil {
		t.Fatalf("the go command is what modules are held against: %v", err)
	}
	dir := t.TempDir()
	return &world{t, rand.New(rand.NewPCG(seed, 1)), filepath.Join(dir, "cache"), filepath.Join(dir, "top")}
}

func (w *world) write(file, text string) {
	w.t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
}

const modules, releases = 9, 4

// goLine is one of those that graphs are pruned by, or not.
func (w *world) goLine() string {
	return []string{"", "go 1.16\n", "go 1.17\n", "go 1.21.0\n"}[w.r.IntN(4)]
}

// requires are require lines of modules after the given one, so that there are
// cycles only now and then.
func (w *world) requires(from, most int) string {
	var b strings.Builder
	seen := map[int]bool{}
	for range w.r.IntN(most + 1) {
		n := from + 1 + w.r.IntN(modules)
		if w.r.IntN(10) > 0 {
			n = min(n, modules)
		}
		n %= modules + 1
		if n == from || n == 0 || seen[n] {
			continue
		}
		seen[n] = true
		comment := ""
		if w.r.IntN(3) == 0 {
			comment = " // indirect"
		}
		fmt.Fprintf(&b, "require example.com/m%d v1.%d.0%s\n", n, w.r.IntN(releases), comment)
	}
	return b.String()
}

// fill writes the go.mod of every version of every module into the cache.
func (w *world) fill() {
	for n := 1; n <= modules; n++ {
		dir := filepath.Join(w.cache, "cache", "download", "example.com", fmt.Sprintf("m%d", n), "@v")
		for v := range releases {
			name := filepath.Join(dir, fmt.Sprintf("v1.%d.0", v))
			w.write(name+".mod", fmt.Sprintf("module example.com/m%d\n%s%s", n, w.goLine(), w.requires(n, 3)))
			w.write(name+".info", fmt.Sprintf(`{"Version":"v1.%d.0","Time":"2024-01-01T00:00:00Z"}`, v))
		}
	}
}

// edits are replace and exclude lines.
func (w *world) edits(main string) string {
	var b strings.Builder
	for n := 1; n <= modules; n++ {
		v := w.r.IntN(releases)
		switch w.r.IntN(12) {
		case 0:
			dir := filepath.Join(w.top, main+fmt.Sprintf("-fork%d", n))
			w.write(filepath.Join(dir, "go.mod"), fmt.Sprintf("module example.com/m%d\n%s%s", n, w.goLine(), w.requires(n, 3)))
			fmt.Fprintf(&b, "replace example.com/m%d => ../%s\n", n, filepath.Base(dir))
		case 1:
			fmt.Fprintf(&b, "replace example.com/m%d v1.%d.0 => example.com/m%d v1.%d.0\n", n, v, n, w.r.IntN(releases))
		case 2:
			fmt.Fprintf(&b, "exclude example.com/m%d v1.%d.0\n", n, v)
		}
	}
	return b.String()
}

func (w *world) main(name, goLine string, edits bool) string {
	more := ""
	if edits {
		more = w.edits(name)
	}
	file := filepath.Join(w.top, name, "go.mod")
	w.write(file, fmt.Sprintf("module example.com/%s\n%s%s%s", name, goLine, w.requires(0, 5), more))
	return file
}

// golist is what the go command itself says: a line for each module.
func (w *world) golist(dir, mod string) ([]string, error) {
	args := []string{"list", "-m", "-f", "{{if not .Main}}{{.Path}} {{.Version}}{{with .Replace}} => {{.Path}}{{with .Version}} {{.}}{{end}}{{end}}{{end}}"}
	if mod != "" {
		args = append(args, "-mod="+mod)
	}
	cmd := exec.Command("go", append(args, "all")...)
	cmd.Dir = dir
	cmd.Env = w.environ(dir)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s", errs.String())
	}
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' }), nil
}

func (w *world) environ(dir string) []string {
	return append(os.Environ(), "GOMODCACHE="+w.cache, "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=", "GOTOOLCHAIN=local", "GOENV=off", "GOWORK=", "GO111MODULE=", "PWD="+dir)
}

func shown(g drift.ModuleGraph) []string {
	var out []string
	for _, m := range g.Modules {
		line := m.Path + " " + m.Version
		if m.Replace != "" {
			line += " => " + m.Replace
		}
		out = append(out, line)
	}
	return out
}

func (w *world) resolve(req modgraph.Request) drift.ModuleGraph {
	req.Files, req.Cache = engine.Here("cli").Files, w.cache
	if req.Root == "" {
		req.Root = filepath.Dir(req.Mod + req.Work)
	}
	req.Top = w.top
	return modgraph.Resolve(w.t.Context(), req)
}

// The list is the go command's own, for modules of every age, with replacements
// and exclusions, also where go.mod has to be updated first.
func TestResolveAsGoDoes(t *testing.T) {
	behind := 0
	for seed := range uint64(80) {
		w := newWorld(t, seed)
		w.fill()
		mod := w.main("app", w.goLine(), true)
		got := w.resolve(modgraph.Request{Mod: mod, Mode: "mod"})
		if len(got.Behind) > 0 {
			behind++
		}
		if seed%2 == 0 {
			w.sum(filepath.Dir(mod))
		}
		readonly := w.resolve(modgraph.Request{Mod: mod, Mode: "readonly"})
		_, err := w.golist(filepath.Dir(mod), "readonly")
		w.refused(seed, mod, readonly, err)
		want, err := w.golist(filepath.Dir(mod), "mod")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(want, shown(got), cmpopts.EquateEmpty()); diff != "" {
			text, _ := os.ReadFile(mod)
			t.Errorf("seed %d, go list (-) and Resolve (+):\n%s\n%s", seed, diff, text)
		}
		if got.Scope != drift.ModulesGraph {
			t.Errorf("seed %d: %s", seed, got.Scope)
		}
	}
	if behind < 3 {
		t.Errorf("only %d of these go.mod files were to be updated: the test does not see what it is for", behind)
	}
}

// sum writes the go.sum that has a line for everything.
func (w *world) sum(dir string) {
	var b strings.Builder
	for n := 1; n <= modules; n++ {
		for v := range releases {
			mod := filepath.Join(w.cache, "cache", "download", "example.com", fmt.Sprintf("m%d", n), "@v", fmt.Sprintf("v1.%d.0.mod", v))
			hash, err := dirhash.Hash1([]string{"go.mod"}, func(string) (io.ReadCloser, error) { return os.Open(mod) })
			if err != nil {
				w.t.Fatal(err)
			}
			fmt.Fprintf(&b, "example.com/m%d v1.%d.0/go.mod %s\n", n, v, hash)
		}
	}
	w.write(filepath.Join(dir, "go.sum"), b.String())
}

// refused holds what a go command that may not write go.mod and go.sum says against
// what was found.
func (w *world) refused(seed uint64, mod string, got drift.ModuleGraph, err error) {
	w.t.Helper()
	says := ""
	if err != nil {
		says = err.Error()
	}
	if unsummed := strings.Contains(says, "missing go.sum entry for go.mod file"); unsummed != (got.UnsummedCount > 0) {
		w.t.Errorf("seed %d: without a line in go.sum are %v, go says %q", seed, got.Unsummed, says)
	} else if unsummed {
		return // which it says first
	}
	text, err := os.ReadFile(mod)
	if err != nil {
		w.t.Fatal(err)
	}
	if strings.Contains(says, "ignoring requirement on excluded version") || !strings.Contains(string(text), "\ngo ") {
		return // go has another reason to write go.mod
	}
	if stops := strings.Contains(says, "updates to go.mod needed"); stops != (len(got.Behind) > 0) {
		w.t.Errorf("seed %d: behind are %v, go says %q\n%s", seed, got.Behind, says, text)
	}
}

// So it is in a workspace of several modules.
func TestResolveWorkspaceAsGoDoes(t *testing.T) {
	for seed := range uint64(40) {
		w := newWorld(t, 1000+seed)
		w.fill()
		w.main("a", "go 1.17\n", seed%2 == 0)
		w.main("b", "go 1.16\n", false)
		w.main("c", "go 1.21.0\n", false)
		work := filepath.Join(w.top, "go.work")
		w.write(work, "go 1.21.0\n\nuse (\n\t./a\n\t./b\n\t./c\n)\n")
		want, err := w.golist(w.top, "")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		got := w.resolve(modgraph.Request{Work: work, Mode: "readonly"})
		if diff := cmp.Diff(want, shown(got), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("seed %d, go list (-) and Resolve (+):\n%s", seed, diff)
		}
	}
}

// Modules that require the main module, as those of one repository do, get it as it
// is here.
func TestResolveCycleAsGoDoes(t *testing.T) {
	for seed := range uint64(12) {
		w := newWorld(t, 3000+seed)
		w.fill()
		download := filepath.Join(w.cache, "cache", "download", "example.com")
		w.write(filepath.Join(download, "app", "@v", "v1.7.0.mod"), "module example.com/app\n"+w.goLine()+w.requires(0, 2))
		w.write(filepath.Join(download, "app", "@v", "v1.7.0.info"), `{"Version":"v1.7.0","Time":"2024-01-01T00:00:00Z"}`)
		cycle := filepath.Join(w.top, "cycle", "go.mod")
		w.write(cycle, "module example.com/cycle\n"+w.goLine()+"require example.com/app v1.7.0\n")
		mod := w.main("app", w.goLine(), false)
		text, err := os.ReadFile(mod)
		if err != nil {
			t.Fatal(err)
		}
		more := "require example.com/cycle v1.0.0\nreplace example.com/cycle => ../cycle\n"
		if seed%3 == 0 {
			more += "replace example.com/app => ../app\n"
		}
		w.write(mod, string(text)+more)
		got := w.resolve(modgraph.Request{Mod: mod, Mode: "mod"})
		want, err := w.golist(filepath.Dir(mod), "mod")
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if diff := cmp.Diff(want, shown(got)); diff != "" {
			t.Errorf("seed %d, go list (-) and Resolve (+):\n%s", seed, diff)
		}
		for _, m := range got.Behind {
			if m.Path == "example.com/app" {
				t.Errorf("seed %d: the main module is behind itself: %+v", seed, m)
			}
		}
	}
}

// A direct requirement without a line for its content stops go build at the first
// package of it, and only that.
func TestUnprovenStopsBuilds(t *testing.T) {
	for seed := range uint64(12) {
		w := newWorld(t, 2000+seed)
		w.fill()
		mod := w.main("app", "go 1.25\n", false)
		dir := filepath.Dir(mod)
		w.sum(dir)
		got := w.resolve(modgraph.Request{Mod: mod, Mode: "readonly"})
		if len(got.Behind) > 0 {
			continue // it stops over something else
		}
		for i, name := range got.Unproven {
			path, version, _ := strings.Cut(name, "@")
			build := func() string {
				w.write(filepath.Join(dir, "main.go"), fmt.Sprintf("package main\n\nimport _ %q\n\nfunc main() {}\n", path))
				cmd := exec.Command("go", "build", "./...")
				cmd.Dir, cmd.Env = dir, w.environ(dir)
				out, _ := cmd.CombinedOutput() // there is no such module to build with
				return string(out)
			}
			const missing = "missing go.sum entry for module providing package"
			if out := build(); !strings.Contains(out, missing) {
				t.Errorf("seed %d: %s is not proven, and go build says %q", seed, name, out)
			}
			if i > 0 {
				continue
			}
			sums, err := os.ReadFile(filepath.Join(dir, "go.sum"))
			if err != nil {
				t.Fatal(err)
			}
			w.write(filepath.Join(dir, "go.sum"), string(sums)+fmt.Sprintf("%s %s h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", path, version))
			if out := build(); strings.Contains(out, missing) {
				t.Errorf("seed %d: %s is proven, and go build says %q", seed, name, out)
			}
			if again := w.resolve(modgraph.Request{Mod: mod, Mode: "readonly"}); slices.Contains(again.Unproven, name) {
				t.Errorf("seed %d: %s has a line now", seed, name)
			}
		}
	}
}
