package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"godrift.dev/server/drift"
)

// World is what is observed besides the workspace itself: a view of the files,
// and the environment of somebody.
type World struct {
	Files   drift.Files
	Environ map[string]string
	// Of says whose environment it is: see drift.Environment.
	Of   string
	Host drift.Host
}

// Here is the world of this process.
func Here(of string) World {
	environ := map[string]string{}
	for _, entry := range os.Environ() {
		// On Windows there are names such as "=C:".
		if i := strings.IndexByte(entry[min(1, len(entry)):], '='); i >= 0 {
			environ[entry[:i+1]] = entry[i+2:]
		}
	}
	return World{
		Files:   Disk(),
		Environ: environ,
		Of:      of,
		Host:    drift.Host{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH},
	}
}

// sizeMax bounds the files that are read whole. The largest go.mod known has
// less than a megabyte.
const sizeMax = 16 << 20

// ErrTooLarge says that a file is larger than anything that is read whole.
var ErrTooLarge = drift.ErrTooLarge

// ErrNotRegular says that a name leads to a folder, a pipe or a device.
var ErrNotRegular = errors.New("not a regular file")

// Disk is the real disk. Only regular files of bounded size can be read.
func Disk() drift.Files { return disk{} }

type disk struct{}

func (disk) ReadFile(name string) ([]byte, error) { return readRegular(name, nil) }

// readInto is ReadFile into space that the caller has, if that is enough.
func (disk) readInto(name string, space []byte) ([]byte, error) { return readRegular(name, space) }

// errIsDir has the text of the system's error and is an ErrNotRegular.
var errIsDir = fmt.Errorf("is a directory%w", silent{ErrNotRegular})

// silent is an error that adds no text to the one it stands behind.
type silent struct{ error }

func (silent) Error() string   { return "" }
func (s silent) Unwrap() error { return s.error }

func (disk) Open(name string) (drift.Content, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if err := regular(name, info.Mode()); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	return f, nil
}

// regular refuses what is no regular file.
func regular(name string, mode fs.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return &fs.PathError{Op: "read", Path: name, Err: errIsDir}
	}
	return &fs.PathError{Op: "read", Path: name, Err: ErrNotRegular}
}

func (disk) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (disk) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (disk) EvalSymlinks(name string) (string, error)   { return filepath.EvalSymlinks(name) }
