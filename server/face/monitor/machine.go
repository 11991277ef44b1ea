package monitor

import (
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// worldOf is what the engine of a workspace sees. The machine itself is looked at from a
// folder of godrift's own that stands for no repository.
func (m *monitor) worldOf(w *watched) engine.World {
	world := m.opts.World
	if w.machine {
		world.Files = apart{world.Files, w.root}
	}
	return world
}

// apart shows a folder as if it stood below no workspace: a go.mod or a checkout in a folder
// above it, as it is left in a home folder by accident, is not there.
type apart struct {
	drift.Files
	root string
}

// inherited are what decides in the folders below it, too.
func inherited() []string { return []string{"go.mod", "go.work", ".go-version", ".git"} }

func (a apart) hides(op, name string) error {
	dir, base := filepath.Split(name)
	dir = strings.TrimRight(dir, string(filepath.Separator)) + string(filepath.Separator)
	if slices.Contains(inherited(), base) && strings.HasPrefix(a.root, dir) {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
	}
	return nil
}

// ReadFile is as that of the files, but for what is hidden; so are the others.
func (a apart) ReadFile(name string) ([]byte, error) {
	if err := a.hides("open", name); err != nil {
		return nil, err
	}
	return a.Files.ReadFile(name)
}

// Stat follows links.
func (a apart) Stat(name string) (fs.FileInfo, error) {
	if err := a.hides("stat", name); err != nil {
		return nil, err
	}
	return a.Files.Stat(name)
}

// Lstat follows none.
func (a apart) Lstat(name string) (fs.FileInfo, error) {
	if err := a.hides("lstat", name); err != nil {
		return nil, err
	}
	return a.Files.Lstat(name)
}
