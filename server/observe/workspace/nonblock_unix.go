//go:build unix

package workspace

import (
	"errors"
	"io/fs"
	"syscall"
)

// nonblock keeps opening a pipe from waiting for a writer.
const nonblock = syscall.O_NONBLOCK

// readRegular reads a regular file of bounded size with as few calls into the
// system as there can be: every probe reads a handful of small files, and
// package os asks more than twice as often. Opening does not wait for the other
// end of a pipe. The content stands in space if that is large enough.
func readRegular(name string, space []byte) ([]byte, error) {
	failed := func(op string, err error) ([]byte, error) {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	fd, err := again(func() (int, error) {
		return syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	})
	if err != nil {
		return failed("open", err)
	}
	defer func() { _ = syscall.Close(fd) }()
	var st syscall.Stat_t
	if err := syscall.Fstat(fd, &st); err != nil {
		return failed("stat", err)
	}
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
	case syscall.S_IFDIR:
		return failed("read", errIsDir)
	default:
		return failed("read", ErrNotRegular)
	}
	if st.Size > sizeMax {
		return failed("read", ErrTooLarge)
	}
	// One byte more than there should be: less than that is the whole file, and
	// a file that grew meanwhile is read on.
	text := space[:cap(space)]
	if int64(len(text)) <= st.Size {
		text = make([]byte, max(st.Size+1, min(2*int64(len(text)), scratchMax)))
	}
	for n := 0; ; {
		more, err := again(func() (int, error) { return syscall.Read(fd, text[n:]) })
		if err != nil {
			return failed("read", err)
		}
		n += more
		switch {
		case n < len(text):
			return text[:n], nil
		case n > sizeMax:
			return failed("read", ErrTooLarge)
		}
		text = append(text, make([]byte, len(text))...)
	}
}

// again repeats a call that a signal interrupted.
func again(call func() (int, error)) (int, error) {
	for {
		n, err := call()
		if !errors.Is(err, syscall.EINTR) {
			return n, err
		}
	}
}
