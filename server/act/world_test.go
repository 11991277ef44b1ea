package act

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// world is a workspace folder, a GOENV file and a journal, all temporary.
type world struct {
	t     *testing.T
	root  string
	store *remember.Store
	opts  Options
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return worldIn(t, dir)
}

// worldIn uses a folder that another process may use too.
func worldIn(t *testing.T, dir string) *world {
	t.Helper()
	w := &world{t: t, root: filepath.Join(dir, "ws")}
	if err := os.MkdirAll(w.root, 0o755); err != nil {
		t.Fatal(err)
	}
	// The go command leaves a child behind that writes its telemetry into the home while
	// the test's folder is removed.
	mode := filepath.Join(dir, ".config", "go", "telemetry", "mode")
	if err := os.MkdirAll(filepath.Dir(mode), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mode, []byte("off"), 0o644); err != nil {
		t.Fatal(err)
	}
	store, err := remember.Open(filepath.Join(dir, "state"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w.store = store
	w.opts = Options{
		Root:    w.root,
		GOENV:   filepath.Join(dir, "config", "go", "env"),
		Environ: map[string]string{"PATH": os.Getenv("PATH"), "HOME": dir, "SHELL": "/bin/bash"},
		Store:   func() (*remember.Store, error) { return store, nil },
	}
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.root, name) }

func (w *world) write(name, text string) string {
	w.t.Helper()
	if !filepath.IsAbs(name) {
		name = w.path(name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		w.t.Fatal(err)
	}
	return name
}

// read returns a file's text, or "<none>".
func (w *world) read(name string) string {
	w.t.Helper()
	if !filepath.IsAbs(name) {
		name = w.path(name)
	}
	now, err := readDisk(name)
	if err != nil {
		w.t.Fatal(err)
	}
	if now == nil {
		return "<none>"
	}
	return string(now.Text)
}

func (w *world) want(name, text string) {
	w.t.Helper()
	if got := w.read(name); got != text {
		w.t.Errorf("%s is %q, want %q", name, got, text)
	}
}

// replace is the action that puts new in the place of the first old.
func (w *world) replace(name, old, new string) drift.Action {
	w.t.Helper()
	text := w.read(name)
	body := strings.TrimPrefix(text, string(bom))
	at := strings.Index(body, old)
	if at < 0 {
		w.t.Fatalf("%s holds no %q", name, old)
	}
	return drift.Action{
		Kind: drift.ActionEdit, File: w.path(name), Hash: hashOf([]byte(text)),
		Edits: []drift.TextEdit{{Span: drift.Span{Start: at, End: at + len(old)}, New: new}},
	}
}

func (w *world) create(name, text string) drift.Action {
	return drift.Action{Kind: drift.ActionEdit, File: w.path(name), Create: true, Edits: []drift.TextEdit{{New: text}}}
}

func setGOENV(name, value string) drift.Action {
	return drift.Action{Kind: drift.ActionSetGOENV, Variable: name, Value: value}
}

func unsetGOENV(name string) drift.Action {
	return drift.Action{Kind: drift.ActionUnsetGOENV, Variable: name}
}

func fixOf(actions ...drift.Action) drift.Fix {
	return drift.Fix{ID: "test", Title: "test fix", Kind: drift.FixRepair, Actions: actions}
}

func (w *world) apply(actions ...drift.Action) Result {
	w.t.Helper()
	res, err := Apply(context.Background(), w.opts, fixOf(actions...))
	if err != nil {
		w.t.Fatal(err)
	}
	return res
}

func (w *world) undo(id int64) Result {
	w.t.Helper()
	res, err := Undo(context.Background(), w.opts, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return res
}

// clean fails if a temporary file was left anywhere.
func (w *world) clean() {
	w.t.Helper()
	err := filepath.WalkDir(filepath.Dir(w.root), func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.Contains(path, ".godrift-") {
			w.t.Errorf("%s was left behind", path)
		}
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
}

// editorFake is an editor's environment in memory. failing makes the next
// change fail.
type editorFake struct {
	values  map[string]string
	failing error
}

func (e *editorFake) SetVariables(_ context.Context, set map[string]string, unset []string) (map[string]*string, error) {
	if e.failing != nil {
		return nil, e.failing
	}
	previous := map[string]*string{}
	note := func(name string) {
		previous[name] = nil
		if v, ok := e.values[name]; ok {
			previous[name] = &v
		}
	}
	for name, value := range set {
		note(name)
		e.values[name] = value
	}
	for _, name := range unset {
		note(name)
		delete(e.values, name)
	}
	return previous, nil
}

// readingEditor can also be asked.
type readingEditor struct{ *editorFake }

func (e readingEditor) Variables(_ context.Context, names []string) (map[string]*string, error) {
	out := map[string]*string{}
	for _, name := range names {
		if v, ok := e.values[name]; ok {
			out[name] = &v
		}
	}
	return out, nil
}
