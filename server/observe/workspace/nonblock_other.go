//go:build !unix

package workspace

import (
	"io"
	"io/fs"
	"os"
)

// nonblock: no file name leads to a pipe here.
const nonblock = 0

// readRegular reads a regular file of bounded size, into space of its own.
func readRegular(name string, _ []byte) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := regular(name, info.Mode()); err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(f, sizeMax+1))
	if err != nil {
		return nil, err
	}
	if len(text) > sizeMax {
		return nil, &fs.PathError{Op: "read", Path: name, Err: ErrTooLarge}
	}
	return text, nil
}
