package gocache

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// beingWritten is how long after its last write an output that no action entry
// names yet may be unfinished: the go command writes the entry last.
const beingWritten = 10 * time.Second

// folder reads one of the 256 folders.
func (r *reader) folder(ctx context.Context, n byte) {
	dir := filepath.Join(r.dir, fmt.Sprintf("%02x", n))
	list, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return // the go command makes it when it is needed
	case err != nil:
		if info, statErr := os.Lstat(dir); statErr == nil && !info.IsDir() {
			r.report(dir, ReasonNotAFile, "it should be a folder", 0)
		} else {
			r.report(dir, ReasonUnreadable, reasonOf(err), 0)
		}
		return
	}
	for _, entry := range list {
		if ctx.Err() != nil {
			return
		}
		path := filepath.Join(dir, entry.Name())
		id, kind, ok := parseName(n, entry.Name())
		switch {
		case !ok:
			r.report(path, ReasonForeign, "its name is not one that go gives", 0)
		case kind == 'a':
			r.entry(path, id)
		default:
			r.output(path, id)
		}
	}
}

// entry reads an action entry.
func (r *reader) entry(path string, id ID) {
	e, reason, detail := r.readEntry(path, id)
	r.mu.Lock()
	r.entries++
	if reason == "" {
		r.claims = append(r.claims, claim{path, e})
	}
	r.mu.Unlock()
	if reason != "" && reason != gone {
		r.report(path, reason, detail, entrySize)
	}
}

// gone says that a file was removed while the cache was read, which is the go
// command's good right.
const gone Reason = "gone"

func (r *reader) readEntry(path string, id ID) (e Entry, reason Reason, detail string) {
	f, _, reason, detail := openRegular(path)
	if reason != "" {
		return Entry{}, reason, detail
	}
	defer f.Close()
	n, err := io.ReadFull(f, r.buf[:entrySize+1])
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Entry{}, ReasonUnreadable, reasonOf(err)
	}
	if e, err = ParseEntry(r.buf[:n]); err != nil {
		return Entry{}, ReasonEntry, err.Error()
	}
	if e.Action != id {
		return Entry{}, ReasonEntry, "it names another action than its file name"
	}
	return e, "", ""
}

// openRegular opens a file if it is one: a pipe must not block.
func openRegular(path string) (f *os.File, info fs.FileInfo, reason Reason, detail string) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, gone, ""
	case err != nil:
		return nil, nil, ReasonUnreadable, reasonOf(err)
	case !info.Mode().IsRegular():
		return nil, info, ReasonNotAFile, "it is a " + kindOf(info.Mode())
	}
	f, err = os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, gone, ""
	case err != nil:
		return nil, nil, ReasonUnreadable, reasonOf(err)
	}
	return f, info, "", ""
}

func kindOf(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "folder"
	case mode&fs.ModeSymlink != 0:
		return "symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "pipe"
	default:
		return "special file"
	}
}

// reasonOf is an error without the path, which stands beside it.
func reasonOf(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// output reads an output, or the program in its folder.
func (r *reader) output(path string, id ID) {
	file := path
	if info, err := os.Lstat(path); err == nil && info.IsDir() {
		list, err := os.ReadDir(path)
		switch {
		case err != nil:
			r.broken(path, id, ReasonUnreadable, reasonOf(err), 0)
			return
		case len(list) != 1:
			r.broken(path, id, ReasonNotAFile, fmt.Sprintf("the folder of a program should hold one file, and holds %d", len(list)), 0)
			return
		}
		file = filepath.Join(path, list[0].Name())
	}
	f, info, reason, detail := openRegular(file)
	if reason == gone {
		return
	}
	if reason != "" {
		r.broken(path, id, reason, detail, 0)
		return
	}
	defer f.Close()
	head, size, sum, err := r.hash(f)
	switch {
	case err != nil:
		r.broken(path, id, ReasonUnreadable, reasonOf(err), info.Size())
	case sum != id:
		r.broken(path, id, ReasonContent, fmt.Sprintf("the SHA-256 of its %d bytes is %s", size, sum), size)
	default:
		r.mu.Lock()
		r.outputs[id] = output{size: size, action: head}
		r.mu.Unlock()
	}
}

func (r *reader) broken(path string, id ID, reason Reason, detail string, size int64) {
	r.mu.Lock()
	r.outputs[id] = output{size: size, broken: true}
	r.mu.Unlock()
	r.report(path, reason, detail, size)
}

// hash reads a file to its end. action is the action that the file says it was
// made by.
func (r *reader) hash(f *os.File) (action string, size int64, sum ID, err error) {
	r.sum.Reset()
	for {
		n, err := f.Read(r.buf)
		if size == 0 {
			action = madeBy(r.buf[:n])
		}
		size += int64(n)
		r.bytes.Add(int64(n))
		r.sum.Write(r.buf[:n])
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", size, ID{}, err
		}
	}
	r.sum.Sum(sum[:0])
	return action, size, sum, nil
}
