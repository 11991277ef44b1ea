package act

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Discard removes what of a folder whoever made it can make anew. It is not journaled.
type Discard struct {
	// Dir is the folder, and Aside the name that it gets first, at once for everybody: an
	// interrupted removal is gone on with there.
	Dir, Aside string
	// Own lists what may go, by names relative to the folder: files and folders with
	// all that is in them, then folders that go if they are empty.
	Own func(dir string) (names, folders []string, err error)
	// Sure has a last look after the folder has its other name. An error puts it back.
	Sure func(dir string) error
}

// Do removes it. What is not listed stays, and has the former name again; left says so.
func (d Discard) Do(ctx context.Context) (left bool, err error) {
	if exists(d.Aside) {
		if err := plainFolder(d.Aside); err != nil {
			return true, err
		}
		// The folder may have been made anew since, and then it is the next one.
		if left, err := d.empty(ctx); left || err != nil || !exists(d.Dir) {
			return left, err
		}
	}
	if err := plainFolder(d.Dir); err != nil {
		return true, err
	}
	if err := os.Rename(d.Dir, d.Aside); err != nil {
		return true, fmt.Errorf("removing %s: %w", d.Dir, err)
	}
	if err := d.Sure(d.Aside); err != nil {
		return true, errors.Join(err, d.back())
	}
	return d.empty(ctx)
}

// plainFolder refuses what is no folder itself: behind a link is somebody else's.
func plainFolder(dir string) error {
	info, err := os.Lstat(dir)
	if err == nil && !info.IsDir() {
		err = errors.New("it is no folder, but a link or a file: remove it by hand")
	}
	if err != nil {
		return fmt.Errorf("removing %s: %w", dir, err)
	}
	return nil
}

// empty removes what may go of the folder that was set aside.
func (d Discard) empty(ctx context.Context) (left bool, err error) {
	names, folders, err := d.Own(d.Aside)
	if err != nil {
		return true, errors.Join(err, d.back())
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return true, err
		}
		path := filepath.Join(d.Aside, name)
		if err := os.RemoveAll(path); err != nil {
			return true, fmt.Errorf("removing what is not used: %w", err)
		}
	}
	for _, name := range append(folders, ".") {
		os.Remove(filepath.Join(d.Aside, name)) //nolint:errcheck // one that is not empty holds what is somebody's
	}
	if exists(d.Aside) {
		return true, d.back()
	}
	return false, nil
}

// back gives the folder its former name, unless something has it by now.
func (d Discard) back() error {
	if exists(d.Dir) {
		return fmt.Errorf("%s was made anew; what is left of it is %s", d.Dir, d.Aside)
	}
	if err := os.Rename(d.Aside, d.Dir); err != nil {
		return fmt.Errorf("giving %s its name back: %w", d.Aside, err)
	}
	return nil
}
