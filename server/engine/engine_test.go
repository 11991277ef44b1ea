package engine_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; a test that needs it all has failed.
const patience = 30 * time.Second

// workspace makes a folder with files, and an environment in which the Go that
// runs this test is the only one and may not switch.
func workspace(t testing.TB, files map[string]string) engine.Options {
	t.Helper()
	home := t.TempDir()
	root := filepath.Join(home, "ws")
	goroot := filepath.Join(home, "goroot")
	put(t, filepath.Join(goroot, "go.env"), "GOTOOLCHAIN=local\n")
	put(t, filepath.Join(goroot, "bin", "keep"), "")
	tree := realGOROOT(t)
	for _, name := range []string{"VERSION", "pkg", "src", filepath.Join("bin", "go")} {
		if err := os.Symlink(filepath.Join(tree, name), filepath.Join(goroot, name)); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		put(t, filepath.Join(root, name), text)
	}
	world := engine.Here("cli")
	world.Environ = map[string]string{"HOME": home, "PATH": filepath.Join(goroot, "bin"), "GOROOT": goroot}
	return engine.Options{Root: root, World: world, Trusted: true, StateDir: filepath.Join(home, "state")}
}

// realGOROOT is the tree of the Go that runs this test.
func realGOROOT(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func put(t testing.TB, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func codes(r *drift.Report) []string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, f.Code)
	}
	return out
}

// run starts an engine and ends it with the test.
func run(t testing.TB, opts engine.Options) (e *engine.Engine, reports chan *drift.Report) {
	t.Helper()
	e = engine.New(opts)
	reports = make(chan *drift.Report, 10_000)
	e.Subscribe(func(r *drift.Report) { reports <- r })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return e, reports
}

func settled(t testing.TB, e *engine.Engine) *drift.Report {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r, err := e.Settled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const tooNew = "module example.com/m\n\ngo 1.999.0\n"

func TestEvaluate(t *testing.T) {
	r, err := engine.Evaluate(t.Context(), workspace(t, map[string]string{"go.mod": tooNew}))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(codes(r), "toolchain-unavailable") || !r.Drift || r.Score >= 100 {
		t.Errorf("findings %v, drift %v, score %d", codes(r), r.Drift, r.Score)
	}
	want := fmt.Sprintf("go: go.mod requires go >= 1.999.0 (running go %s; GOTOOLCHAIN=local)", strings.TrimPrefix(r.Snapshot.Selection.Selected, "go"))
	if got := r.Snapshot.Selection.LoadError; got != want {
		t.Errorf("load error %q, want %q", got, want)
	}
}

// The engine and the one-off evaluation must not part company.
func TestEngineAgreesWithEvaluate(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": tooNew, ".go-version": "1.24.1\n", "sub/go.mod": "module example.com/m/sub\n\ngo 1.21\ntoolchain go1.20\n"})
	once, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := run(t, opts)
	kept := settled(t, e)
	if once.Snapshot.ID != kept.Snapshot.ID {
		t.Errorf("snapshot %s, want %s", kept.Snapshot.ID, once.Snapshot.ID)
	}
	if !slices.Equal(codes(once), codes(kept)) {
		t.Errorf("findings %v, want %v", codes(kept), codes(once))
	}
}

func TestBufferCountsAndClosingItGivesTheDiskBack(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	e, _ := run(t, opts)
	if r := settled(t, e); slices.Contains(codes(r), "toolchain-unavailable") {
		t.Fatalf("findings at the start: %v", codes(r))
	}
	file := filepath.Join(opts.Root, "go.mod")
	e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: []byte(tooNew), Open: true, Version: 2}})
	if r := settled(t, e); !slices.Contains(codes(r), "toolchain-unavailable") {
		t.Errorf("findings with the buffer: %v", codes(r))
	}
	e.Send(drift.Event{Kind: drift.EventClosed, Files: []string{file}})
	if r := settled(t, e); slices.Contains(codes(r), "toolchain-unavailable") {
		t.Errorf("findings after closing: %v", codes(r))
	}
}

func TestEnvironmentEvent(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	e, _ := run(t, opts)
	settled(t, e)
	environ := map[string]string{"HOME": opts.World.Environ["HOME"], "PATH": "/nowhere"}
	e.Send(drift.Event{Kind: drift.EventEnvironment, Of: "cli", Environ: environ})
	if r := settled(t, e); !slices.Contains(codes(r), "go-missing") {
		t.Errorf("findings without a go: %v", codes(r))
	}
}

func TestChangesOnDisk(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	opts.Watch = true
	e, reports := run(t, opts)
	settled(t, e)
	home := opts.World.Environ["HOME"]
	await := func(what string, ok func(*drift.Report) bool) {
		t.Helper()
		limit := time.After(patience)
		for {
			select {
			case r := <-reports:
				if ok(r) {
					return
				}
			case <-limit:
				t.Fatalf("no report with %s; the last one has %v", what, codes(e.Report()))
			}
		}
	}
	put(t, filepath.Join(opts.Root, "go.mod"), tooNew)
	await("the new go.mod", func(r *drift.Report) bool { return slices.Contains(codes(r), "toolchain-unavailable") })
	do(t, os.Rename(filepath.Join(home, "goroot", "bin", "go"), filepath.Join(home, "goroot", "bin", "gone")))
	await("no Go", func(r *drift.Report) bool { return r.Snapshot.Selection.How == drift.HowNoGo })
	do(t, os.Rename(filepath.Join(home, "goroot", "bin", "gone"), filepath.Join(home, "goroot", "bin", "go")))
	await("the Go again", func(r *drift.Report) bool { return r.Snapshot.Selection.How == drift.HowLocal })
	put(t, filepath.Join(home, ".config", "go", "env"), "GOTOOLCHAIN=nonsense\n")
	await("the GOENV file", func(r *drift.Report) bool { return strings.Contains(r.Snapshot.Selection.Error, "nonsense") })
	put(t, filepath.Join(opts.Root, ".go-version"), "1.26.2\n")
	await(".go-version", func(r *drift.Report) bool { return r.Pinned.Version == "go1.26.2" })
}

// A stream of events that never pauses must not starve the report.
func TestStreamIsNotStarved(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": tooNew})
	opts.Quiet, opts.MaxDelay = time.Hour, 10*time.Millisecond
	e, reports := run(t, opts)
	settled(t, e)
	<-reports
	limit := time.After(patience)
	file := filepath.Join(opts.Root, "go.mod")
	for n := int32(1); ; n++ {
		e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: []byte(tooNew + strings.Repeat("\n", int(n%100))), Open: true, Version: n}})
		e.Send(drift.Event{Kind: drift.EventSaved, Files: []string{file}})
		select {
		case <-reports:
			return
		case <-limit:
			t.Fatal("no report while events come")
		default:
		}
	}
}

func TestRootThatIsNotThere(t *testing.T) {
	opts := workspace(t, nil)
	opts.Root = filepath.Join(opts.Root, "missing")
	e := engine.New(opts)
	if err := e.Run(t.Context()); err == nil || !strings.Contains(err.Error(), opts.Root) {
		t.Errorf("error is %v, want one that names the folder", err)
	}
	if _, err := e.Settled(t.Context()); err == nil {
		t.Error("Settled of a stopped engine returned no error")
	}
	e.Send(drift.Event{Kind: drift.EventRefresh}) // must not block or panic
}

// A fix that is applied makes its finding go away, and undoing it brings it
// back, byte for byte.
func TestFixAndUndo(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m // m\r\n\r\ngo 1.25.0\r\ntoolchain 1.25.3 // ours\r\n"})
	before, err := os.ReadFile(filepath.Join(opts.Root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(r.Findings, func(f drift.Finding) bool { return f.Code == "pin-invalid" })
	if i < 0 {
		t.Fatalf("findings %v, want pin-invalid", codes(r))
	}
	mender := engine.NewMender(opts.StateDir, opts.World.Environ)
	defer mender.Close()
	fix := r.Findings[i].Fixes[0]
	if _, err := mender.Plan(t.Context(), opts.World, r, fix); err != nil {
		t.Fatal(err)
	}
	result, err := mender.Apply(t.Context(), opts.World, r, fix, engine.Hands{})
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := os.ReadFile(filepath.Join(opts.Root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(string(before), "toolchain 1.25.3", "toolchain go1.25.3", 1); string(fixed) != want {
		t.Errorf("after the fix:\n%q, want\n%q", fixed, want)
	}
	if r, err = engine.Evaluate(t.Context(), opts); err != nil || slices.Contains(codes(r), "pin-invalid") {
		t.Errorf("after the fix: %v, %v", codes(r), err)
	}
	if _, err := mender.Undo(t.Context(), opts.World, r, result.ID, engine.Hands{}); err != nil {
		t.Fatal(err)
	}
	if after, err := os.ReadFile(filepath.Join(opts.Root, "go.mod")); err != nil || string(after) != string(before) {
		t.Errorf("after undo: %q, %v", after, err)
	}
}

// BenchmarkEdit measures one keystroke: from Send to the new report.
func BenchmarkEdit(b *testing.B) {
	for _, modules := range []int{1, 300} {
		b.Run(fmt.Sprintf("modules=%d", modules), func(b *testing.B) {
			files := map[string]string{"go.mod": tooNew}
			for i := range modules - 1 {
				files[fmt.Sprintf("m%d/go.mod", i)] = fmt.Sprintf("module example.com/m%d\n\ngo 1.25.0\n", i)
			}
			opts := workspace(b, files)
			e, reports := run(b, opts)
			settled(b, e)
			<-reports
			file := filepath.Join(opts.Root, "go.mod")
			version := int32(0)
			for b.Loop() {
				version++
				e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: fmt.Appendf(nil, "%s// %d\n", tooNew, version), Open: true, Version: version}})
				<-reports
			}
		})
	}
}

// BenchmarkEvaluate measures a whole look at a workspace.
func BenchmarkEvaluate(b *testing.B) {
	opts := workspace(b, map[string]string{"go.mod": tooNew})
	for b.Loop() {
		if _, err := engine.Evaluate(b.Context(), opts); err != nil {
			b.Fatal(err)
		}
	}
}

// What came while the workspace could not be looked at counts as soon as it can
// be: an edit must not be lost because the disk failed in that moment.
func TestNoEventIsLostToAFailure(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module example.com/m\n\ngo 1.25.0\n"})
	e, _ := run(t, opts)
	settled(t, e)
	away := opts.Root + "-away"
	do(t, os.Rename(opts.Root, away))
	file := filepath.Join(opts.Root, "go.mod")
	e.Send(drift.Event{Kind: drift.EventRescan, Cause: "test"})
	e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: []byte(tooNew), Open: true, Version: 2}})
	settled(t, e)
	if err := e.Failure(); err == nil || !strings.Contains(err.Error(), opts.Root) {
		t.Errorf("failure %v, want one that names the folder", err)
	}
	do(t, os.Rename(away, opts.Root))
	e.Send(drift.Event{Kind: drift.EventRefresh, Cause: "test"})
	if r := settled(t, e); !slices.Contains(codes(r), "toolchain-unavailable") {
		t.Errorf("findings %v: the edit is lost", codes(r))
	}
	if err := e.Failure(); err != nil {
		t.Errorf("failure %v after the folder came back", err)
	}
}
