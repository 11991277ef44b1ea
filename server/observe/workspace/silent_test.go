package workspace

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"godrift.dev/server/drift"
)

const (
	silentYAML = "kind: ConfigMap\ndata: {a: google}\n"
	loudYAML   = "kind: Pod\nspec: {containers: [{image: 'golang:1.24'}]}\n"
)

// Of a file that says nothing about Go no text is kept, and what happens to it
// is no change until it says something.
func TestSilent(t *testing.T) {
	root := tree(t, map[string]string{"go.mod": "module m\n\ngo 1.25.0\n", "pod.yaml": silentYAML, "Dockerfile": "FROM scratch\n"})
	world := around(t, root)
	file := filepath.Join(root, "pod.yaml")
	w := open(t, root, world)
	doc, ok := w.Snapshot().Documents[file]
	if !ok || len(doc.Text) > 0 || doc.Hash != "" {
		t.Errorf("there is a document: %v, with %d bytes and the hash %q", ok, len(doc.Text), doc.Hash)
	}
	if doc := w.Snapshot().Documents[filepath.Join(root, "go.mod")]; len(doc.Text) == 0 {
		t.Error("the text of go.mod is missing")
	}
	first := w.Snapshot().ID

	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("# longer\n" + silentYAML)
	if n := next(t, w, saved(file)); n != w {
		t.Error("a change in a file that says nothing is a change")
	}
	same := func(n *Workspace, pins string) {
		t.Helper()
		if got := pinned(t, n.Snapshot()); got != pins {
			t.Errorf("pins are %s, want %s", got, pins)
		}
		if n.Snapshot().ID != open(t, root, world).Snapshot().ID {
			t.Error("a fresh look has another ID")
		}
	}
	write(loudYAML)
	loud := next(t, w, saved(file))
	same(loud, "go.mod=1.25.0 pod.yaml=1.24")
	if got := string(loud.Snapshot().Documents[file].Text); got != loudYAML {
		t.Errorf("the text is %q", got)
	}
	write(silentYAML)
	quiet := next(t, loud, saved(file))
	same(quiet, "go.mod=1.25.0")
	if quiet.Snapshot().ID != first {
		t.Error("the same state has another ID")
	}

	typed := next(t, quiet, edited(file, silentYAML+"# typing\n"))
	if doc := typed.Snapshot().Documents[file]; !doc.Open || len(doc.Text) == 0 {
		t.Error("an open buffer has no text")
	}
	if typed.Snapshot().ID != first {
		t.Error("typing what says nothing changes the ID")
	}
	typed = next(t, typed, edited(file, loudYAML))
	if got := pinned(t, typed.Snapshot()); got != "go.mod=1.25.0 pod.yaml=1.24" {
		t.Errorf("pins are %s", got)
	}
	closed := next(t, typed, drift.Event{Kind: drift.EventClosed, Files: []string{file}})
	same(closed, "go.mod=1.25.0")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	gone := next(t, closed, saved(file))
	same(gone, "go.mod=1.25.0")
	if _, ok := gone.Snapshot().Documents[file]; ok {
		t.Error("there is a document of a file that is gone")
	}
}

// counted is a disk that notes which files are read.
type counted struct {
	drift.Files
	mu    sync.Mutex
	reads map[string]int
}

func (c *counted) ReadFile(name string) ([]byte, error) {
	c.mu.Lock()
	c.reads[name]++
	c.mu.Unlock()
	return c.Files.ReadFile(name)
}

func (c *counted) taken(root string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var files []string
	for name, n := range c.reads {
		if rel, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(rel) {
			files = append(files, fmt.Sprintf("%s %d", filepath.ToSlash(rel), n))
		}
	}
	slices.Sort(files)
	clear(c.reads)
	return files
}

// Opening a folder reads each file that can hold a pin once and no other, and
// one edit on disk reads that file again and no other.
func TestReads(t *testing.T) {
	files := map[string]string{"go.mod": "module m\n\ngo 1.25.0\n", "Dockerfile": "FROM golang:1.25\n"}
	want := []string{"Dockerfile 1", "go.mod 1"}
	for i := range 300 {
		dir := fmt.Sprintf("d%d/", i)
		maps.Copy(files, map[string]string{
			dir + "a.go": "package a\n", dir + "b_test.go": "package a\n", dir + "README.html": "x", dir + "data.json": "{}", dir + "testdata/go.mod": "module x\n",
			dir + "pod.yaml": silentYAML, dir + "vendor/x.yaml": loudYAML,
		})
		want = append(want, dir+"pod.yaml 1")
	}
	root := tree(t, files)
	world := around(t, t.TempDir())
	disk := &counted{Files: world.Files, reads: map[string]int{}}
	world.Files = disk
	w := open(t, root, world)
	slices.Sort(want)
	if got := disk.taken(root); !slices.Equal(got, want) {
		t.Errorf("opening read %d files, %d can hold a pin:\n%s", len(got), len(want), strings.Join(got[:min(len(got), 20)], "\n"))
	}
	for _, c := range []struct{ file, text string }{
		{"d7/pod.yaml", loudYAML}, {"d8/pod.yaml", silentYAML + "#\n"}, {"Dockerfile", "FROM golang:1.24\n"}, {"go.mod", "module m\n\ngo 1.24.0\n"},
	} {
		file := filepath.Join(root, filepath.FromSlash(c.file))
		if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		w = next(t, w, saved(file))
		if got := disk.taken(root); len(got) != 1 || got[0] != c.file+" 1" {
			t.Errorf("a change of %s read %q", c.file, got)
		}
		w = next(t, w, edited(file, c.text+"\n"))
		if got := disk.taken(root); len(got) != 0 {
			t.Errorf("typing in %s read %q", c.file, got)
		}
		w = next(t, w, drift.Event{Kind: drift.EventClosed, Files: []string{file}})
		disk.taken(root)
	}
	if got := pinned(t, w.Snapshot()); got != "Dockerfile=1.24 d7/pod.yaml=1.24 go.mod=1.24.0" {
		t.Errorf("pins are %s", got)
	}
}

// What is kept of a file is kept apart from the space it was read into.
func TestReadIntoSpace(t *testing.T) {
	files := map[string]string{}
	for i := range 100 {
		files[fmt.Sprintf("d%02d/Dockerfile", i)] = fmt.Sprintf("# %s\nFROM golang:1.%d\n", strings.Repeat("x", i*i), 10+i%10)
	}
	root := tree(t, files)
	s := open(t, root, around(t, t.TempDir())).Snapshot()
	if len(s.Pins) != len(files) {
		t.Errorf("%d pins, want %d", len(s.Pins), len(files))
	}
	for _, p := range s.Pins {
		rel, err := filepath.Rel(root, p.Place.File)
		if err != nil {
			t.Fatal(err)
		}
		text := files[filepath.ToSlash(rel)]
		if got := string(s.Documents[p.Place.File].Text); got != text || text[p.Place.Span.Start:p.Place.Span.End] != p.Raw {
			t.Errorf("%s: the pin %q has the text %q", rel, p.Raw, got)
		}
	}
}
