package engine

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// scriptCompiler plants a compiler that counts how often it is started, and
// refuses everything.
func scriptCompiler(t *testing.T, bin, text string) (count func() int) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the compiler is a shell script")
	}
	log := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(filepath.Join(bin, "gcc"), []byte("#!/bin/sh\n[ \"$1\" = -dumpmachine ] && { echo x86_64-linux-gnu; exit; }\necho x >> "+log+"\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return func() int {
		text, _ := os.ReadFile(log)
		return strings.Count(string(text), "x")
	}
}

// goBin is the folder of the go that runs this test.
func goBin(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(strings.TrimSpace(string(out)), "bin")
}

// TestCgoEvent holds that an engine tries the compiler after its first report, tells what
// came of it, and tries nothing where the folder is not trusted.
func TestCgoEvent(t *testing.T) {
	for _, trusted := range []bool{true, false} {
		dir, bin := cgoModule(t), t.TempDir()
		count := scriptCompiler(t, bin, "echo \"gcc: error: unrecognized command-line option '-m64'\" >&2; exit 1")
		world := Here("cli")
		world.Environ["PATH"] = bin + string(filepath.ListSeparator) + goBin(t)
		world.Environ["CGO_ENABLED"] = "1"
		e := New(Options{Root: dir, World: world, Trusted: trusted, StateDir: t.TempDir()})
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		var first *drift.Report
		e.Subscribe(func(r *drift.Report) {
			if first == nil {
				first = r
			}
		})
		go func() { ended <- e.Run(ctx) }()
		limit, stop := context.WithTimeout(ctx, time.Minute)
		report, err := e.Complete(limit)
		stop()
		if err != nil {
			t.Fatal(err)
		}
		found := slices.ContainsFunc(report.Findings, func(f drift.Finding) bool { return f.Code == "cgo-cannot-build" })
		if found != trusted || count() > 1 || trusted != (count() == 1) {
			t.Errorf("trusted %v: found %v after %d starts of the compiler", trusted, found, count())
		}
		if trusted && first.Snapshot.Cgo != nil {
			t.Error("the first report waited for the compiler")
		}
		// What changes nothing for the compiler has it not tried again.
		e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{filepath.Join(dir, "c.go")}, Cause: "saved"})
		if _, err := e.Complete(ctx); err != nil {
			t.Fatal(err)
		}
		if n := count(); n > 1 {
			t.Errorf("the compiler was started %d times", n)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
	}
}

// TestCgoRemembered holds that a trial which ended well counts until the compiler
// changes, and one that did not counts for nothing.
func TestCgoRemembered(t *testing.T) {
	needCompilers(t, "gcc")
	dir, bin, state := cgoModule(t), t.TempDir(), t.TempDir()
	count := scriptCompiler(t, bin, `exec /usr/bin/gcc "$@"`)
	world := Here("cli")
	world.Environ["PATH"] = bin + string(filepath.ListSeparator) + world.Environ["PATH"]
	world.Environ["CGO_ENABLED"] = "1"
	delete(world.Environ, "CC")
	opts := Options{Root: dir, World: world, Trusted: true, StateDir: state}
	look := func() drift.CgoTarget {
		t.Helper()
		report, err := Evaluate(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		return report.Snapshot.Cgo.Target
	}
	if got := look(); got.Verdict != drift.CgoWorks || got.Cached {
		t.Fatalf("the first trial is %+v", got)
	}
	if got := look(); got.Verdict != drift.CgoWorks || !got.Cached || got.Compiler.Machine == "" || count() != 1 {
		t.Errorf("the second look tried again (%d): %+v", count(), got)
	}
	info, err := os.Stat(filepath.Join(state, "cgo.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("what is remembered is kept as %v, %v", info, err)
	}
	count = scriptCompiler(t, bin, `exec /usr/bin/gcc  "$@"`)
	if got := look(); got.Cached || count() != 1 {
		t.Errorf("another compiler is not tried: %+v", got)
	}
	if err := os.WriteFile(filepath.Join(state, "cgo.json"), []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := look(); got.Verdict != drift.CgoWorks || got.Cached {
		t.Errorf("with a broken memory the look is %+v", got)
	}
	count = scriptCompiler(t, bin, `exit 1`)
	look()
	if look(); count() != 2 {
		t.Errorf("a compiler that failed was tried %d times in two looks", count())
	}
}

// TestCgoSilentlyOff holds that the code which misses a compiler is found.
func TestCgoSilentlyOff(t *testing.T) {
	dir := cgoModule(t)
	world := Here("cli")
	world.Environ["PATH"] = goBin(t)
	for _, name := range []string{"CC", "CGO_ENABLED", "GOOS", "GOARCH"} {
		delete(world.Environ, name)
	}
	world.Environ["GOENV"] = "off"
	for _, trusted := range []bool{true, false} {
		report, err := Evaluate(t.Context(), Options{Root: dir, World: world, Trusted: trusted, StateDir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(report.Findings, func(f drift.Finding) bool {
			return f.Code == "cgo-silently-off" && strings.Contains(f.Message, `import "C" in c.go`)
		}) {
			t.Errorf("trusted %v: %+v", trusted, report.Findings)
		}
	}
}
