package readers

import (
	"fmt"
	"go/version"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// folder is the folder that is asked about, and the workspace it is in.
type folder struct {
	s      *drift.Snapshot
	dir    string
	byFile map[string][]drift.Pin
}

func newFolder(s *drift.Snapshot, dir string) *folder {
	f := &folder{s: s, dir: dir, byFile: map[string][]drift.Pin{}}
	for _, p := range s.Pins {
		f.byFile[p.Place.File] = append(f.byFile[p.Place.File], p)
	}
	return f
}

// up lists the folder and those above it, up to the workspace's root.
func (f *folder) up() []string {
	dirs := []string{f.dir}
	for dir := f.dir; dir != f.s.Root && dir != filepath.Dir(dir) && drift.Within(f.s.Root, dir); {
		dir = filepath.Dir(dir)
		dirs = append(dirs, dir)
	}
	return dirs
}

// has reports whether the snapshot knows a file.
func (f *folder) has(file string) bool {
	if len(f.byFile[file]) > 0 {
		return true
	}
	_, ok := f.s.Documents[file]
	return ok
}

// nearest is the file of that name in the folder or the nearest one above;
// empty if there is none.
func (f *folder) nearest(name string) string {
	for _, dir := range f.up() {
		if file := filepath.Join(dir, name); f.has(file) {
			return file
		}
	}
	return ""
}

// pin finds the first pin of a source in a file that stands in for no other one.
func (f *folder) pin(file string, source drift.Source) (drift.Pin, bool) {
	for _, p := range f.byFile[file] {
		if p.Source == source && p.Extra["fallback"] == "" && p.Extra["earlyscan"] == "" {
			return p, true
		}
	}
	return drift.Pin{}, false
}

// lines are the go and the toolchain line of a go.mod or go.work.
func (f *folder) lines(file string) (goLine, toolchain drift.Pin) {
	if strings.HasSuffix(file, ".work") {
		goLine, _ = f.pin(file, drift.SourceGoWorkGo)
		toolchain, _ = f.pin(file, drift.SourceGoWorkToolchain)
		return goLine, toolchain
	}
	goLine, _ = f.pin(file, drift.SourceGoModGo)
	toolchain, _ = f.pin(file, drift.SourceGoModToolchain)
	return goLine, toolchain
}

// work is the go.work in effect in the folder; empty if none is.
func (f *folder) work() string {
	if m, ok := f.s.Module(f.dir); ok {
		return m.Work
	}
	return ""
}

// selection is what the go command does in the folder.
func (f *folder) selection() drift.Selection {
	if m, ok := f.s.Module(f.dir); ok && f.dir != f.s.Root {
		return m.Selection
	}
	return f.s.Selection
}

// floor is the go line of the module that a folder belongs to.
func (f *folder) floor(dir string) drift.Pin {
	for ; drift.Within(f.s.Root, dir); dir = filepath.Dir(dir) {
		if file := filepath.Join(dir, "go.mod"); f.has(file) {
			line, _ := f.lines(file)
			return line
		}
		if dir == filepath.Dir(dir) {
			break
		}
	}
	return drift.Pin{}
}

// at names a place as "file:line", seen from the workspace's root.
func (f *folder) at(p drift.Pin) string {
	doc, ok := f.s.Documents[p.Place.File]
	if !ok {
		return f.rel(p.Place.File)
	}
	return fmt.Sprintf("%s:%d", f.rel(p.Place.File), drift.PositionOf(doc.Text, p.Place.Span.Start).Line)
}

func (f *folder) rel(file string) string {
	if drift.Within(f.s.Root, file) {
		if r, err := filepath.Rel(f.s.Root, file); err == nil {
			return filepath.ToSlash(r)
		}
	}
	return file
}

// places names the places of some pins, the first few of them.
func (f *folder) places(pins []drift.Pin) string {
	const most = 3
	var names []string
	for _, p := range pins {
		names = append(names, f.at(p))
	}
	if more := len(names) - most; more > 0 {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(names, ", ")
}

// line is the text of the line a pin stands in.
func (f *folder) line(p drift.Pin) string {
	text := f.s.Documents[p.Place.File].Text
	start := min(p.Place.Span.Start, len(text))
	from := strings.LastIndexByte(string(text[:start]), '\n') + 1
	line, _, _ := strings.Cut(string(text[from:]), "\n")
	return line
}

// installed is the newest Go of one origin whose version starts with v.
func (f *folder) installed(origin drift.Origin, v string) string {
	best := ""
	for _, t := range f.s.Environment.Toolchains {
		have := strings.TrimPrefix(t.Version, "go")
		if t.Origin == origin && (have == v || strings.HasPrefix(have, v+".")) && (best == "" || version.Compare("go"+have, "go"+best) > 0) {
			best = have
		}
	}
	return best
}

func join(dir, name string) string { return filepath.Join(dir, name) }
