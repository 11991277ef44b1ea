package rules

import (
	"fmt"
	"go/version"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// rel is a file as people name it: relative to the workspace if it is in it.
func (in Input) rel(file string) string {
	root := in.Snapshot.Root
	if root != "" && file != root && drift.Within(root, file) {
		if r, err := filepath.Rel(root, file); err == nil {
			return filepath.ToSlash(r)
		}
	}
	return file
}

// at names a place as "file:line".
func (in Input) at(p drift.Place) string {
	doc, ok := in.Snapshot.Documents[p.File]
	if !ok || p.Span == (drift.Span{}) {
		return in.rel(p.File)
	}
	return fmt.Sprintf("%s:%d", in.rel(p.File), drift.PositionOf(doc.Text, p.Span.Start).Line)
}

// line is the place of a whole line of a file, without its end.
func (in Input) line(file string, number int) drift.Place {
	place := drift.Place{File: file}
	doc, ok := in.Snapshot.Documents[file]
	if !ok || number < 1 {
		return place
	}
	start := 0
	for i, text := range strings.SplitAfter(string(doc.Text), "\n") {
		if i+1 == number {
			place.Span = drift.Span{Start: start, End: start + len(strings.TrimRight(text, "\r\n"))}
			break
		}
		start += len(text)
	}
	return place
}

// spot is a folder in which the go command is started, with what it does there.
type spot struct {
	drift.Module
	// pin is the go line that counts there; its Source is empty if there is none.
	pin drift.Pin
}

// spots are the modules and workspaces that a person works on, those nearest to
// the root first. Modules among test data are left out: the go command passes
// them by, and they are often wrong on purpose.
func (in Input) spots() []spot { return in.index.spots }

func (in Input) testData(dir string) bool {
	parts := strings.Split(in.rel(dir), "/")
	for i, part := range parts {
		if part == "testdata" || part == "vendor" || strings.HasPrefix(part, "_") && len(part) > 1 {
			return true
		}
		// Copies of other people's modules, under their paths:
		// vendor-internal/github.com/..., third_party/golang.org/...
		if (strings.HasPrefix(part, "vendor") || part == "third_party") && i+2 < len(parts) && isHost(parts[i+1]) {
			return true
		}
	}
	return false
}

// isHost reports whether the name of a folder is that of a host of modules.
func isHost(name string) bool {
	return strings.IndexByte(name, '.') > 0 && !strings.Contains(name, "..")
}

// checkout is the folder that a file of no module speaks for: its own, or for the
// settings of a CI system, such as those below .github, the one that holds them.
func checkout(file string) string {
	dir := filepath.Dir(file)
	for up := dir; up != filepath.Dir(up); up = filepath.Dir(up) {
		if base := filepath.Base(up); len(base) > 1 && base[0] == '.' {
			return filepath.Dir(up)
		}
	}
	return dir
}

// goLine is the go line of a go.mod or go.work.
func (in Input) goLine(file string) drift.Pin { return in.index.goLines[file] }

// place is where a finding about a spot is shown: its go line, else its file.
func (s spot) place() drift.Place {
	if s.pin.Source != "" {
		return s.pin.Place
	}
	return drift.Place{File: s.File}
}

// floor is the least Go that a spot's file accepts.
func (s spot) floor() string {
	switch {
	case s.pin.Version != "":
		return name(s.pin.Version)
	case len(s.Uses) > 0 || strings.HasSuffix(s.File, "go.work"):
		return "go1.18" // what the go command takes a missing go line for
	}
	return "go1.16"
}

// mainPlace is where a finding about the machine as a whole is shown: the module
// line of the go.mod nearest to the root, for no version is to blame; without
// one, the go line.
func (in Input) mainPlace() drift.Place {
	spots := in.spots()
	if len(spots) == 0 {
		return drift.Place{}
	}
	for _, s := range spots {
		if s.Dir != spots[0].Dir {
			break
		}
		if at, ok := in.moduleLine(s.File); ok {
			return at
		}
	}
	return spots[0].place()
}

// moduleLine is the line that names the module of a go.mod.
func (in Input) moduleLine(file string) (drift.Place, bool) {
	doc, ok := in.Snapshot.Documents[file]
	if !ok || filepath.Base(file) != "go.mod" {
		return drift.Place{}, false
	}
	start := 0
	for text := range strings.Lines(string(doc.Text)) {
		code, _, _ := strings.Cut(text, "//")
		if f := strings.Fields(code); len(f) == 2 && f[0] == "module" {
			begin := start + strings.Index(code, "module")
			return drift.Place{File: file, Span: drift.Span{Start: begin, End: start + len(strings.TrimRight(code, " \t\r\n"))}}, true
		}
		start += len(text)
	}
	return drift.Place{}, false
}

// belowGoLine reports whether a toolchain line is lower than the go line of the
// same file, so that the go command passes it by.
func (in Input) belowGoLine(pin drift.Pin) bool {
	line := in.goLine(pin.Place.File)
	return line.Version != "" && version.Compare(name(pin.Version), firstRelease(line.Version)) < 0
}

// homeOf is the spot whose build a pin decides: that of the folder which a
// workflow's job works in, else that of the pin's file.
func (in Input) homeOf(pin drift.Pin) (spot, bool) {
	dir := filepath.FromSlash(pin.Extra["dir"])
	if dir == "" || !filepath.IsLocal(dir) || strings.Contains(dir, "$") {
		return in.home(pin.Place.File)
	}
	root := in.Snapshot.Root
	mark := string(filepath.Separator) + ".github" + string(filepath.Separator)
	if at := strings.LastIndex(pin.Place.File, mark); at > 0 {
		root = pin.Place.File[:at]
	}
	return in.home(filepath.Join(root, dir, "go.mod"))
}

// home is the spot that a pin's file belongs to: that of its own folder or of
// the nearest above it. With a go.work and a go.mod in one folder the go.work
// counts, for it is what the go command looks at. A checkout is built elsewhere
// too, so nothing above its top counts.
func (in Input) home(file string) (spot, bool) {
	for dir := filepath.Dir(file); ; dir = filepath.Dir(dir) {
		if s, ok := in.index.byDir[dir]; ok {
			return s, true
		}
		if dir == filepath.Dir(dir) || slices.Contains(in.Snapshot.Checkouts, dir) {
			return spot{}, false
		}
	}
}
