package act

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrOtherDisk says that files cannot be shared between two folders, which stand on
// different disks, or on one that knows no second name of a file.
var ErrOtherDisk = errors.New("files cannot be shared between them, since they are on different disks or the disk knows no hard links")

// Carry is what of one folder goes into another one: names relative to both.
type Carry struct {
	From, To string
	// Folders are made in To first.
	Folders []string
	// Share are files that get a second name, and folders whose files do; Copy are files
	// that are copied. Times are kept. What is gone meanwhile is passed over.
	Share, Copy []string
	// Whole copies what cannot be shared.
	Whole bool
	// Progress is told how many names are done; it may be nil.
	Progress func(done, total int)
}

// MakeOwn makes a folder that nobody else has made meanwhile, so that what is in it
// may be removed again when something fails.
func MakeOwn(dir string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o777); err != nil {
		return fmt.Errorf("making a folder: %w", err)
	}
	if err := os.Mkdir(dir, 0o777); err != nil {
		return fmt.Errorf("making a folder of one's own: %w", err)
	}
	return nil
}

// Do carries files over. Nothing that is in To is replaced. It is not journaled: nobody
// uses To yet.
func (c Carry) Do(ctx context.Context) error {
	for _, name := range append([]string{"."}, c.Folders...) {
		// The rights are those that the go command gives to its cache.
		if err := os.MkdirAll(filepath.Join(c.To, name), 0o777); err != nil {
			return fmt.Errorf("making a folder: %w", err)
		}
	}
	total := len(c.Share) + len(c.Copy)
	for i, name := range c.Share {
		if err := c.step(ctx, i, total); err != nil {
			return err
		}
		if err := c.share(name); err != nil {
			return err
		}
	}
	for i, name := range c.Copy {
		if err := c.step(ctx, len(c.Share)+i, total); err != nil {
			return err
		}
		if err := c.copyFile(name); err != nil {
			return err
		}
	}
	return nil
}

func (c Carry) step(ctx context.Context, done, total int) error {
	if c.Progress != nil && done%256 == 0 {
		c.Progress(done, total)
	}
	return ctx.Err()
}

// share gives a file a second name, or each file of a folder.
func (c Carry) share(name string) error {
	from := filepath.Join(c.From, name)
	info, err := os.Lstat(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("carrying over: %w", err)
	case info.Mode().IsRegular():
		return c.link(name)
	case !info.IsDir():
		return nil // not the go command's
	}
	list, err := os.ReadDir(from)
	if err != nil {
		return nil //nolint:nilerr // it cannot be used here either
	}
	to := filepath.Join(c.To, name)
	if err := os.MkdirAll(to, 0o777); err != nil {
		return fmt.Errorf("carrying over: %w", err)
	}
	for _, entry := range list {
		if entry.Type().IsRegular() {
			if err := c.link(filepath.Join(name, entry.Name())); err != nil {
				return err
			}
		}
	}
	return keepTime(to, info)
}

func (c Carry) link(name string) error {
	err := os.Link(filepath.Join(c.From, name), filepath.Join(c.To, name))
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist):
		return nil
	case !errors.Is(err, syscall.EXDEV) && !errors.Is(err, syscall.EPERM) && !errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("carrying over: %w", err)
	case !c.Whole:
		return fmt.Errorf("%s and %s: %w", c.From, c.To, ErrOtherDisk)
	}
	return c.copyFile(name)
}

func (c Carry) copyFile(name string) error {
	fail := func(err error) error {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrExist) {
			return nil // it is gone, or there already
		}
		return fmt.Errorf("carrying over: %w", err)
	}
	from := filepath.Join(c.From, name)
	info, err := os.Lstat(from)
	if err != nil {
		return fail(err)
	}
	if !info.Mode().IsRegular() {
		return nil // not the go command's
	}
	in, err := os.Open(from)
	if err != nil {
		return fail(err)
	}
	defer in.Close()
	to := filepath.Join(c.To, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return fail(err)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return fail(err)
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fail(err)
	}
	return keepTime(to, info)
}

// keepTime gives something the time of what it was made from.
func keepTime(name string, info fs.FileInfo) error {
	if err := os.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
		return fmt.Errorf("carrying over: %w", err)
	}
	return nil
}
