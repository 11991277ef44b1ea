package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

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
}

// fenced is the file system as a workspace may look at it.
func fenced(files drift.Files, root string, trusted bool) drift.Files {
	if trusted {
		return files
	}
	return &fence{files, root}
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
	file, err := f.Files.EvalSymlinks(name)
	if err != nil {
		return nil // reading it fails as well
	}
	if dir, err := f.Files.EvalSymlinks(within); err == nil {
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
