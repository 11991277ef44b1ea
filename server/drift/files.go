package drift

import "io/fs"

// Files is a view of a file system: the disk, the disk with an editor's
// buffers over it, or a recorded one. Names are absolute. Errors satisfy
// errors.Is with fs.ErrNotExist and fs.ErrPermission as those of package os do.
type Files interface {
	// ReadFile returns the content of a regular file. Implementations bound the
	// size and refuse what is no regular file, so that a FIFO named go.mod
	// cannot block.
	ReadFile(name string) ([]byte, error)
	Stat(name string) (fs.FileInfo, error)
	Lstat(name string) (fs.FileInfo, error)
	ReadDir(name string) ([]fs.DirEntry, error)
	// EvalSymlinks is as filepath.EvalSymlinks.
	EvalSymlinks(name string) (string, error)
}
