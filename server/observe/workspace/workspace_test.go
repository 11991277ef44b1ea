package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

// around is a world of its own below dir: a home without settings, and the go
// that runs this test on PATH, which must not switch.
func around(t testing.TB, dir string) World {
	t.Helper()
	world := Here("cli")
	world.Environ = map[string]string{"HOME": filepath.Join(dir, "home"), "GOTOOLCHAIN": "local", "GOPROXY": "off"}
	if exe, err := exec.LookPath("go"); err == nil {
		world.Environ["PATH"] = filepath.Dir(exe)
	}
	return world
}

// open opens a folder with a clock that stands still.
func open(t testing.TB, root string, world World) *Workspace {
	t.Helper()
	w, err := Open(context.Background(), Options{Root: root, World: world, Trusted: true, Now: func() time.Time { return time.Time{} }})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// next applies an event.
func next(t testing.TB, w *Workspace, ev drift.Event) *Workspace {
	t.Helper()
	n, err := w.Next(context.Background(), ev)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func edited(file, text string) drift.Event {
	return drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: []byte(text), Version: 1}}
}

func saved(files ...string) drift.Event { return drift.Event{Kind: drift.EventSaved, Files: files} }

// pinned lists a snapshot's pins as file=raw, relative to its root.
func pinned(t testing.TB, s *drift.Snapshot) string {
	t.Helper()
	var list []string
	for _, p := range s.Pins {
		rel, err := filepath.Rel(s.Root, p.Place.File)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, filepath.ToSlash(rel)+"="+p.Raw)
	}
	return strings.Join(list, " ")
}

func TestOpen(t *testing.T) {
	root := tree(t, map[string]string{
		"go.work":           "go 1.25.0\n\nuse (\n\t./a\n\t../outside\n\t./vendor/v\n)\n",
		"a/go.mod":          "module example.com/a\n\ngo 1.24.0\n",
		"a-b/go.mod":        "module example.com/ab\n\ngo 1.23.0\n",
		"a/.go-version":     "1.25.1\n",
		"vendor/v/go.mod":   "module example.com/v\ngo 1.21\n",
		"vendor/w/go.mod":   "module example.com/w\ngo 1.20\n",
		"godrift.toml":      "# nothing\n",
		"../outside/go.mod": "module example.com/outside\ngo 1.22\n",
	})
	s := open(t, root, around(t, root)).Snapshot()
	if want := "../outside/go.mod=1.22 a-b/go.mod=1.23.0 a/.go-version=1.25.1 a/go.mod=1.24.0 go.work=1.25.0 vendor/v/go.mod=1.21"; pinned(t, s) != want {
		t.Errorf("got  %s\nwant %s", pinned(t, s), want)
	}
	var modules []string
	for _, m := range s.Modules {
		rel, err := filepath.Rel(root, m.File)
		if err != nil {
			t.Fatal(err)
		}
		modules = append(modules, fmt.Sprintf("%s(%s %d %v)", filepath.ToSlash(rel), m.Path, len(m.Uses), m.Work == filepath.Join(root, "go.work")))
		if m.Selection.Dir != m.Dir || m.Selection.How == "" {
			t.Errorf("%s: selection %+v", m.File, m.Selection)
		}
	}
	want := "../outside/go.mod(example.com/outside 0 false) go.work( 3 true) a/go.mod(example.com/a 0 true) a-b/go.mod(example.com/ab 0 true) vendor/v/go.mod(example.com/v 0 true)"
	if got := strings.Join(modules, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for _, p := range s.Pins {
		if doc := s.Documents[p.Place.File]; string(doc.Text[p.Place.Span.Start:p.Place.Span.End]) != p.Raw || doc.Hash == "" {
			t.Errorf("the document of %s does not hold its pin", p.Place.File)
		}
	}
	if _, ok := s.Documents[filepath.Join(root, "godrift.toml")]; !ok {
		t.Error("no document of the policy")
	}
	if s.Seq != 1 || s.ID == "" || !s.Trusted || s.Root != root || s.Environment.Of != "cli" {
		t.Errorf("snapshot %d %q %v %s %q", s.Seq, s.ID, s.Trusted, s.Root, s.Environment.Of)
	}
}

func TestOpenRefuses(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": ""})
	for _, dir := range []string{"relative", filepath.Join(root, "missing"), filepath.Join(root, "go.mod")} {
		if _, err := Open(context.Background(), Options{Root: dir, World: around(t, root)}); err == nil {
			t.Errorf("%s opens", dir)
		}
	}
}

func TestEditing(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\n\ngo 1.24.0\n", "README.md": "x"})
	file := filepath.Join(root, "go.mod")
	first := open(t, root, around(t, root))
	typed := next(t, first, edited(file, "module m\n\ngo 1.99.0\n"))
	if got := pinned(t, typed.Snapshot()); got != "go.mod=1.99.0" {
		t.Errorf("typed: %s", got)
	}
	if got := pinned(t, first.Snapshot()); got != "go.mod=1.24.0" {
		t.Errorf("the older snapshot was changed: %s", got)
	}
	doc := typed.Snapshot().Documents[file]
	if !doc.Open || doc.Version != 1 || doc.Hash == first.Snapshot().Documents[file].Hash {
		t.Errorf("document %+v", doc)
	}
	if typed.Snapshot().Seq != 2 || typed.Snapshot().ID == first.Snapshot().ID {
		t.Error("another text is the same snapshot")
	}
	if b, err := typed.World().Files.ReadFile(file); err != nil || !strings.Contains(string(b), "1.99.0") {
		t.Errorf("the world shows %q, error %v", b, err)
	}
	if n := next(t, typed, saved(file)); n != typed {
		t.Error("a save below an open buffer changes something")
	}
	if n := next(t, typed, edited(filepath.Join(root, "main.go"), "y")); n != typed {
		t.Error("an edit of another file changes something")
	}
	closed := next(t, typed, drift.Event{Kind: drift.EventClosed, Files: []string{file}})
	if closed.Snapshot().ID != first.Snapshot().ID {
		t.Error("closing without saving is not the state before")
	}
	fresh := filepath.Join(root, "new", "go.mod")
	if got := pinned(t, next(t, closed, edited(fresh, "module n\ngo 1.20\n")).Snapshot()); got != "go.mod=1.24.0 new/go.mod=1.20" {
		t.Errorf("a buffer without a file: %s", got)
	}
}

// TestMark keeps apart what an editor shows and what is on disk.
func TestMark(t *testing.T) {
	root := tree(t, map[string]string{".go-version": "\xef\xbb\xbf1.24.1\n"})
	file := filepath.Join(root, ".go-version")
	first := open(t, root, around(t, root))
	typed := next(t, first, edited(file, "1.24.1\n"))
	if doc := typed.Snapshot().Documents[file]; !doc.BOM || string(doc.Text) != "1.24.1\n" {
		t.Errorf("document %+v", doc)
	}
	if b, err := typed.World().Files.ReadFile(file); err != nil || !bytes.HasPrefix(b, byteOrderMark) {
		t.Errorf("the mark is lost: %q, error %v", b, err)
	}
	if typed.Snapshot().ID != first.Snapshot().ID {
		t.Error("the same text is another snapshot")
	}
}

func TestDisk(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.24.0\n", "sub/go.mod": "module s\ngo 1.23.0\n"})
	w := open(t, root, around(t, root))
	step := func(what, want string, ev drift.Event) {
		t.Helper()
		if w = next(t, w, ev); pinned(t, w.Snapshot()) != want {
			t.Errorf("%s: got %s, want %s", what, pinned(t, w.Snapshot()), want)
		}
	}
	write(t, filepath.Join(root, "go.mod"), "module m\ngo 1.24.1\n")
	step("save", "go.mod=1.24.1 sub/go.mod=1.23.0", saved(filepath.Join(root, "go.mod")))
	write(t, filepath.Join(root, ".go-version"), "1.24.2")
	step("create", ".go-version=1.24.2 go.mod=1.24.1 sub/go.mod=1.23.0", saved(filepath.Join(root, ".go-version")))
	if err := os.Rename(filepath.Join(root, "sub"), filepath.Join(root, "moved")); err != nil {
		t.Fatal(err)
	}
	step("folder moved", ".go-version=1.24.2 go.mod=1.24.1 moved/go.mod=1.23.0", saved(filepath.Join(root, "sub"), filepath.Join(root, "moved")))
	if err := os.Remove(filepath.Join(root, "go.mod")); err != nil {
		t.Fatal(err)
	}
	step("remove", ".go-version=1.24.2 moved/go.mod=1.23.0", saved(filepath.Join(root, "go.mod")))
	write(t, filepath.Join(root, "deep", "er", "go.mod"), "module d\ngo 1.22.0\n")
	step("rescan", ".go-version=1.24.2 deep/er/go.mod=1.22.0 moved/go.mod=1.23.0", drift.Event{Kind: drift.EventRescan})
	write(t, filepath.Join(root, "..", "go.mod"), "module above\ngo 1.21.0\n")
	step("above", "../go.mod=1.21.0 .go-version=1.24.2 deep/er/go.mod=1.22.0 moved/go.mod=1.23.0", saved(filepath.Join(root, "..", "go.mod")))
	if s := w.Snapshot(); s.Selection.Decider.File != "" && s.Selection.Decider.File != filepath.Join(root, "..", "go.mod") {
		t.Errorf("decider %s", s.Selection.Decider.File)
	}
}

// TestIndexEvent sees what git adds, also where git would ignore it.
func TestIndexEvent(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.24.0\n", "a/b/c/go.mod": "module c\ngo 1.23.0\n", ".gitignore": "/a/\n"})
	index := filepath.Join(root, ".git", "index")
	write(t, index, string(writeIndex(2, 20, plain("go.mod"))))
	w := open(t, root, around(t, root))
	if got := pinned(t, w.Snapshot()); got != "go.mod=1.24.0" {
		t.Fatalf("got %s", got)
	}
	write(t, index, string(writeIndex(2, 20, plain("a/b/c/go.mod", "go.mod"))))
	w = next(t, w, saved(index))
	if got := pinned(t, w.Snapshot()); got != "a/b/c/go.mod=1.23.0 go.mod=1.24.0" {
		t.Errorf("got %s", got)
	}
	if n := next(t, w, saved(index)); n != w {
		t.Error("the same index changes something")
	}
}

func TestEnvironment(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.24.0\n"})
	world := around(t, root)
	goenv := filepath.Join(root, "..", "goenv")
	world.Environ["GOENV"] = goenv
	w := open(t, root, world)
	value := func(name string) string {
		v, _ := w.Snapshot().Environment.Lookup(name)
		return v.Value
	}
	write(t, goenv, "GOFLAGS=-tags=one\n")
	if w = next(t, w, saved(goenv)); value("GOFLAGS") != "-tags=one" {
		t.Errorf("GOFLAGS after a save: %q", value("GOFLAGS"))
	}
	if doc := w.Snapshot().Documents[goenv]; string(doc.Text) != "GOFLAGS=-tags=one\n" {
		t.Errorf("document of the GOENV file: %q", doc.Text)
	}
	if w = next(t, w, edited(goenv, "GOFLAGS=-tags=two\n")); value("GOFLAGS") != "-tags=two" {
		t.Errorf("GOFLAGS after an edit: %q", value("GOFLAGS"))
	}
	w = next(t, w, drift.Event{Kind: drift.EventClosed, Files: []string{goenv}})
	environ := maps.Clone(world.Environ)
	environ["GOFLAGS"] = "-tags=three"
	w = next(t, w, drift.Event{Kind: drift.EventEnvironment, Of: "cli", Environ: environ})
	if value("GOFLAGS") != "-tags=three" || w.Snapshot().Environment.Of != "cli" {
		t.Errorf("GOFLAGS %q of %q", value("GOFLAGS"), w.Snapshot().Environment.Of)
	}
	if w = next(t, w, drift.Event{Kind: drift.EventTrust, Trusted: false}); w.Snapshot().Trusted {
		t.Error("still trusted")
	}
	dirs, files := w.Watch()
	for _, want := range []string{goenv, filepath.Join(root, "go.mod"), filepath.Join(root, ".go-version"), filepath.Join(root, "godrift.toml"), filepath.Join(world.Environ["PATH"], "go")} {
		if !slices.Contains(files, want) {
			t.Errorf("%s is not watched", want)
		}
	}
	if !slices.Contains(dirs, root) {
		t.Errorf("watched folders: %v", dirs)
	}
}

// TestGOWORK has a go.work elsewhere that a variable names.
func TestGOWORK(t *testing.T) {
	root := tree(t, map[string]string{
		"go.work": "go 1.24.0\nuse .\n", "go.mod": "module m\ngo 1.24.0\n",
		"../other/go.work": "go 1.23.0\nuse ./x\n", "../other/x/go.mod": "module x\ngo 1.22.0\n",
	})
	other := filepath.Join(filepath.Dir(root), "other", "go.work")
	for value, want := range map[string]string{"": filepath.Join(root, "go.work"), "off": "", other: other} {
		world := around(t, root)
		world.Environ["GOWORK"] = value
		s := open(t, root, world).Snapshot()
		m, ok := s.Module(root)
		if !ok || m.Work != want {
			t.Errorf("GOWORK=%s: go.work of %s is %q, want %q", value, m.File, m.Work, want)
		}
		if has := strings.Contains(pinned(t, s), "other/x/go.mod"); has != (value == other) {
			t.Errorf("GOWORK=%s: %s", value, pinned(t, s))
		}
	}
}

func TestUnreadable(t *testing.T) {
	root := tree(t, map[string]string{"go.mod/x": "a folder", "a/go.mod": "module a\ngo 1.24.0\n", "b/go.mod": "module b\ngo 1.23.0\n"})
	world := around(t, root)
	world.Files = refusing{world.Files, filepath.Join(root, "a", "go.mod")}
	w := open(t, root, world)
	s := w.Snapshot()
	if pinned(t, s) != "b/go.mod=1.23.0" || len(s.Problems) != 1 || !strings.Contains(s.Problems[0].Message, "permission denied") {
		t.Errorf("pins %s, problems %v", pinned(t, s), s.Problems)
	}
	if _, ok := s.Documents[s.Problems[0].Place.File]; !ok {
		t.Error("no document for the problem")
	}
}

// refusing refuses to read one file.
type refusing struct {
	drift.Files
	file string
}

func (r refusing) ReadFile(name string) ([]byte, error) {
	if name == r.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return r.Files.ReadFile(name)
}

func TestCancelled(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\ngo 1.24.0\n"})
	w := open(t, root, around(t, root))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, ev := range []drift.Event{{Kind: drift.EventRescan}, edited(filepath.Join(root, "go.mod"), "go 1.20\n")} {
		if _, err := w.Next(ctx, ev); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error %v", ev.Kind, err)
		}
	}
}

// TestNextIsOpen holds the law of incremental work: after any events the
// workspace is what somebody who opens it now sees.
func TestNextIsOpen(t *testing.T) {
	base := tree(t, nil)
	run := 0
	rapid.Check(t, func(r *rapid.T) {
		run++
		root := filepath.Join(base, fmt.Sprint(run), "w")
		world := around(t, filepath.Dir(root))
		goenv := filepath.Join(filepath.Dir(root), "goenv")
		world.Environ["GOENV"] = goenv
		write(t, filepath.Join(root, "go.mod"), "module m\ngo 1.24.0\n")
		w := open(t, root, world)
		names := rapid.SampledFrom([]string{
			"go.mod", "go.work", "a/go.mod", "a/b/go.mod", "b/go.mod", ".go-version", "a/.go-version", "godrift.toml",
			"../go.mod", "../go.work", "../goenv", "../out/go.mod", "vendor/x/go.mod", "a/x.go",
		})
		texts := rapid.SampledFrom([]string{
			"module m\n\ngo 1.24.0\n", "module m\ngo 1.99.0\n", "go 1.25.0\nuse ./a\nuse ./b\nuse ../out\n", "go 1.23.0\nuse .\n",
			"1.22.3\n", "GOFLAGS=-x\n", "GOWORK=off\n", "GOTOOLCHAIN=auto\n", "", "module m\nrequire (\n\tgo 1.98\n", "\xef\xbb\xbf1.21\n",
		})
		for range rapid.IntRange(1, 12).Draw(r, "events") {
			file := filepath.Join(root, filepath.FromSlash(names.Draw(r, "file")))
			var ev drift.Event
			switch rapid.IntRange(0, 6).Draw(r, "what") {
			case 0, 1:
				write(t, file, texts.Draw(r, "text"))
				ev = saved(file)
			case 2:
				_ = os.Remove(file)
				ev = saved(file)
			case 3:
				ev = edited(file, texts.Draw(r, "text"))
			case 4:
				ev = drift.Event{Kind: drift.EventClosed, Files: []string{file}}
			case 5:
				_ = os.RemoveAll(filepath.Join(root, "b"))
				_ = os.Rename(filepath.Join(root, "a"), filepath.Join(root, "b"))
				ev = saved(filepath.Join(root, "a"), filepath.Join(root, "b"))
			case 6:
				environ := maps.Clone(w.world.Environ)
				environ["GOWORK"] = rapid.SampledFrom([]string{"", "off", filepath.Join(filepath.Dir(root), "go.work")}).Draw(r, "GOWORK")
				ev = drift.Event{Kind: drift.EventEnvironment, Environ: environ}
			}
			w = next(t, w, ev)
		}
		again := &Workspace{root: root, world: w.world, trusted: true, now: w.now, limits: w.limits, buffers: w.buffers, shelf: &shelf{}}
		if err := again.rescan(context.Background()); err != nil {
			r.Fatal(err)
		}
		if err := again.readTools(context.Background()); err != nil {
			r.Fatal(err)
		}
		again.publish(1)
		w = next(t, w, drift.Event{Kind: drift.EventTools})
		w = next(t, w, drift.Event{Kind: drift.EventCgo})
		if got, want := encoded(t, w.Snapshot()), encoded(t, again.Snapshot()); got != want {
			r.Errorf("after the events (-) and opened now (+):\n%s", cmp.Diff(strings.Split(got, "\n"), strings.Split(want, "\n")))
		}
	})
}

// encoded is all of a snapshot but its number.
func encoded(t testing.TB, s *drift.Snapshot) string {
	t.Helper()
	c := *s
	c.Seq = 0
	docs := map[string]string{}
	for name, doc := range s.Documents {
		docs[name] = fmt.Sprintf("%v %s %s", doc.Open, doc.Hash, doc.Text)
	}
	b, err := json.MarshalIndent(map[string]any{"snapshot": c, "documents": docs}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func BenchmarkOpen(b *testing.B) {
	root := forest(b, 400)
	world := around(b, root)
	b.ReportAllocs()
	for b.Loop() {
		open(b, root, world)
	}
}

func BenchmarkNext(b *testing.B) {
	root := forest(b, 400)
	w := open(b, root, around(b, root))
	file := w.Snapshot().Modules[7].File
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		w = next(b, w, edited(file, fmt.Sprintf("module m\n// %d\ngo 1.24.0\n", i)))
	}
}
