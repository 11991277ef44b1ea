package drift

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
)

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

// ErrTooLarge says that a file is larger than anything that is read whole. It
// is godrift's own limit: the go command may well read the file.
var ErrTooLarge error = notRead("it is larger than the 16 MiB that godrift reads")

type notRead string

func (e notRead) Error() string { return string(e) }

func (e notRead) Is(target error) bool { return target == ErrNotRead }

// ErrNotRead says that a file was left unread for godrift's own reasons, though
// the go command may well read it: errors that are no fault of the file satisfy
// errors.Is with it, ErrTooLarge among them.
var ErrNotRead = errors.New("godrift does not read it")

// Content is an open file that is read here and there.
type Content interface {
	io.ReaderAt
	io.Closer
}

// Opener is what a Files may offer besides, so that a few bytes of a large
// program can be read without reading it whole.
type Opener interface {
	// Open opens a regular file for reading.
	Open(name string) (Content, error)
}

// Open opens a file through its Opener if it is one, or else reads it whole.
func Open(files Files, name string) (Content, error) {
	if o, ok := files.(Opener); ok {
		return o.Open(name)
	}
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return content{bytes.NewReader(text)}, nil
}

type content struct{ *bytes.Reader }

func (content) Close() error { return nil }
