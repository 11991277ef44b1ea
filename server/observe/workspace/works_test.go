package workspace

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// lowWork writes a go.work that is lower than all of its modules.
func lowWork(t testing.TB, dir string, modules int) {
	t.Helper()
	var work strings.Builder
	work.WriteString("go 1.20\n")
	for i := range modules {
		fmt.Fprintf(&work, "use ./m%d\n", i)
		sub := filepath.Join(dir, fmt.Sprintf("m%d", i))
		if err := os.MkdirAll(sub, 0o755); err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprintf("module example.com/m%d\n\ngo 1.26.0\n", i)
		if err := os.WriteFile(filepath.Join(sub, "go.mod"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "go.work"), []byte(work.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every module of a workspace has an error that is about all the others: four
// times the modules cost about four times as much, not sixteen times.
func TestLowWorkIsLinear(t *testing.T) {
	opened := func(modules int) uint64 {
		dir := t.TempDir()
		lowWork(t, dir, modules)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := open(t, dir, around(t, dir)).Snapshot()
		runtime.ReadMemStats(&after)
		last, ok := s.Module(filepath.Join(dir, fmt.Sprintf("m%d", modules-1)))
		if !ok || !strings.HasPrefix(last.Selection.LoadError, "go: module ") ||
			!strings.HasSuffix(last.Selection.LoadError, fmt.Sprintf("\n(and %d more modules)", modules-20)) {
			t.Errorf("the last of %d modules says %q", modules, last.Selection.LoadError)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	opened(30) // what is compiled and cached once
	few, many := opened(100), opened(400)
	if many > 8*few {
		t.Errorf("100 modules take %d bytes, 400 take %d", few, many)
	}
}

func BenchmarkLowWork(b *testing.B) {
	dir := b.TempDir()
	lowWork(b, dir, 1000)
	b.ReportAllocs()
	for b.Loop() {
		open(b, dir, around(b, dir))
	}
}

// A module outside the root counts for the go.work that uses it, wherever its
// own folder is.
func TestUsedModuleOutsideTheRootIsSeen(t *testing.T) {
	base := tree(t, nil)
	root := filepath.Join(base, "w")
	world := around(t, base)
	write(t, filepath.Join(root, "go.mod"), "module m\n\ngo 1.24.0\n")
	write(t, filepath.Join(root, "go.work"), "go 1.25.0\n\nuse .\n\nuse ../out\n")
	w := open(t, root, world)
	if got := w.Snapshot().Selection.LoadError; !strings.Contains(got, "no such file") {
		t.Fatalf("without the module: %q", got)
	}
	out := filepath.Join(base, "out", "go.mod")
	write(t, out, "module out\n\ngo 1.24.0\n")
	w = next(t, w, saved(out))
	if got := w.Snapshot().Selection.LoadError; got != "" {
		t.Errorf("with the module: %q", got)
	}
}

// TestWorkSwitchedOff: with a go.work that only GOWORK names, the module that it
// alone uses goes when GOWORK does.
func TestWorkSwitchedOff(t *testing.T) {
	dir := t.TempDir()
	root, work := filepath.Join(dir, "w"), filepath.Join(dir, "else", "go.work")
	write(t, filepath.Join(root, "go.mod"), "module m\ngo 1.24.0\n")
	write(t, filepath.Join(dir, "out", "go.mod"), "module out\ngo 1.24.0\n")
	write(t, work, "go 1.24.0\nuse ../out\n")
	world := around(t, dir)
	w := open(t, root, world)
	for _, gowork := range []string{work, "off"} {
		environ := maps.Clone(world.Environ)
		environ["GOWORK"] = gowork
		w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Environ: environ})
		_, used := w.Snapshot().Module(filepath.Join(dir, "out"))
		if want := gowork != "off"; used != want {
			t.Errorf("GOWORK=%s: the module out is looked at: %v", gowork, used)
		}
	}
}
