package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"godrift.dev/server/drift"
)

// ErrLinkOut says that a file of a folder that is not trusted is a link to
// something outside, which whoever wrote the folder could not read otherwise.
var ErrLinkOut = fmt.Errorf("is a link that leads out of the folder; not read because the folder is not trusted%w%w", silent{fs.ErrPermission}, silent{drift.ErrNotRead})

// fence is a drift.Files that follows no link out of a folder: what is behind
// it would be shown in messages.
type fence struct {
	drift.Files
	root string
	// folders are where folders lead, for as long as nothing is thought to
	// change; nil to ask each time.
	folders *sync.Map
}

// quick is a fence for reading many files at once, which asks where a folder
// leads only once.
func (f *fence) quick() *fence { return &fence{f.Files, f.root, &sync.Map{}} }

// resolve is EvalSymlinks of a folder.
func (f *fence) resolve(dir string) (string, error) {
	if f.folders == nil {
		return f.Files.EvalSymlinks(dir)
	}
	if to, ok := f.folders.Load(dir); ok {
		return to.(string), nil
	}
	to, err := f.Files.EvalSymlinks(dir)
	if err == nil {
		f.folders.Store(dir, to)
	}
	return to, err
}

// behind is EvalSymlinks of a file.
func (f *fence) behind(name string) (string, error) {
	info, err := f.Files.Lstat(name)
	if err != nil {
		return "", err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return f.Files.EvalSymlinks(name)
	}
	dir, err := f.resolve(filepath.Dir(name))
	return filepath.Join(dir, filepath.Base(name)), err
}

// fenced is the file system as a workspace may look at it.
func fenced(files drift.Files, root string, trusted bool) drift.Files {
	if trusted {
		return files
	}
	return &fence{Files: files, root: root}
}

// check refuses a name whose links lead out of the root, or for a file above it
// that counts in the root, out of that file's folder.
func (f *fence) check(name string) error {
	name = filepath.Clean(name)
	within := f.root
	if !drift.Within(f.root, name) {
		within = filepath.Dir(name)
		if !drift.Within(within, f.root) || !slices.Contains(topNames, filepath.Base(name)) {
			return nil
		}
	}
	file, err := f.behind(name)
	if err != nil {
		return nil // reading it fails as well
	}
	if dir, err := f.resolve(within); err == nil {
		within = dir
	}
	if drift.Within(within, file) {
		return nil
	}
	return &fs.PathError{Op: "read", Path: name, Err: ErrLinkOut}
}

// ReadFile implements [drift.Files].
func (f *fence) ReadFile(name string) ([]byte, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	return f.Files.ReadFile(name)
}

// readInto reads a file into space that the caller has, if that is enough.
func (f *fence) readInto(name string, space []byte) ([]byte, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	if d, ok := f.Files.(disk); ok {
		return d.readInto(name, space)
	}
	return f.Files.ReadFile(name)
}

// Open implements [drift.Opener].
func (f *fence) Open(name string) (drift.Content, error) {
	if err := f.check(name); err != nil {
		return nil, err
	}
	return drift.Open(f.Files, name)
}

// unreadable is the problem of a file that cannot be read.
func unreadable(file string, err error) drift.Problem {
	message := "the file cannot be read (" + reason(err) + ")"
	if errors.Is(err, ErrLinkOut) {
		message = "the file " + reason(err)
	}
	return drift.Problem{Place: drift.Place{File: file}, Message: message}
}
