package cli

import (
	"bytes"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// entry is one file of git's index that is not as the folder has it.
type entry struct {
	file             string
	mode, modeBefore string
	blob, before     string
	// gone says that the next commit does not hold the file.
	gone bool
}

// index shows the files that git tracks as the next commit would hold them, and
// all others as they are on disk.
type index struct {
	drift.Files
	repo    *repository
	entries map[string]entry
	// bases are the last elements of the entries' names: most files need no
	// further look.
	bases map[string]bool
	ctx   context.Context
}

func (x *index) add(e entry) {
	x.entries[e.file] = e
	x.bases[filepath.Base(e.file)] = true
}

func notExist(op, name string) error { return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist} }

// entry finds a file; it may be named through another path to the same folder.
func (x *index) entry(name string) (entry, bool) {
	if e, ok := x.entries[name]; ok {
		return e, true
	}
	if !x.bases[filepath.Base(name)] {
		return entry{}, false
	}
	dir, err := x.Files.EvalSymlinks(filepath.Dir(name))
	if err != nil {
		return entry{}, false
	}
	e, ok := x.entries[filepath.Join(dir, filepath.Base(name))]
	return e, ok
}

func (x *index) ReadFile(name string) ([]byte, error) {
	e, ok := x.entry(name)
	switch {
	case !ok:
		return x.Files.ReadFile(name)
	case e.gone:
		return nil, notExist("open", name)
	case !e.regular():
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	text, err := x.repo.blob(x.ctx, e.blob)
	if err != nil {
		return nil, &fs.PathError{Op: "git cat-file", Path: name, Err: err}
	}
	return text, nil
}

// regular reports whether it is a file, and no link and no submodule.
func (e entry) regular() bool { return strings.HasPrefix(e.mode, "100") }

func (x *index) Stat(name string) (fs.FileInfo, error) { return x.stat("stat", name, x.Files.Stat) }

func (x *index) Lstat(name string) (fs.FileInfo, error) { return x.stat("lstat", name, x.Files.Lstat) }

func (x *index) stat(op, name string, disk func(string) (fs.FileInfo, error)) (fs.FileInfo, error) {
	e, ok := x.entry(name)
	switch {
	case !ok || !e.gone && !e.regular():
		return disk(name)
	case e.gone:
		return nil, notExist(op, name)
	}
	text, err := x.repo.blob(x.ctx, e.blob)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return stagedInfo{name: filepath.Base(name), size: int64(len(text))}, nil
}

func (x *index) EvalSymlinks(name string) (string, error) {
	if e, ok := x.entry(name); ok {
		if e.gone {
			return "", notExist("lstat", name)
		}
		if e.regular() {
			dir, err := x.Files.EvalSymlinks(filepath.Dir(name))
			return filepath.Join(dir, filepath.Base(name)), err
		}
	}
	return x.Files.EvalSymlinks(name)
}

func (x *index) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := x.Files.ReadDir(name)
	if err != nil {
		return list, err
	}
	list = slices.DeleteFunc(slices.Clone(list), func(d fs.DirEntry) bool {
		e, ok := x.entry(filepath.Join(name, d.Name()))
		return ok && e.gone
	})
	for file, e := range x.entries {
		base := filepath.Base(file)
		known := slices.ContainsFunc(list, func(d fs.DirEntry) bool { return d.Name() == base })
		if filepath.Dir(file) == name && e.regular() && !e.gone && !known {
			list = append(list, fs.FileInfoToDirEntry(stagedInfo{name: base}))
		}
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list, nil
}

// stagedInfo tells of a file in the index.
type stagedInfo struct {
	name string
	size int64
}

func (s stagedInfo) Name() string     { return s.name }
func (stagedInfo) Mode() fs.FileMode  { return 0o644 }
func (stagedInfo) ModTime() time.Time { return time.Time{} }
func (stagedInfo) IsDir() bool        { return false }
func (stagedInfo) Sys() any           { return nil }
func (s stagedInfo) Size() int64      { return s.size }

// Open reads a file here and there, as drift.Opener has it.
func (x *index) Open(name string) (drift.Content, error) {
	if _, ok := x.entry(name); !ok {
		return drift.Open(x.Files, name)
	}
	text, err := x.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return stagedContent{bytes.NewReader(text)}, nil
}

type stagedContent struct{ *bytes.Reader }

func (stagedContent) Close() error { return nil }
