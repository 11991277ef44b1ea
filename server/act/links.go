package act

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"godrift.dev/server/drift"
)

// stays refuses a file of a folder that is not trusted if links lead out of
// there.
func (o *Options) stays(name string) error {
	if !o.Untrusted || !drift.Within(o.Root, filepath.Clean(name)) {
		return nil
	}
	file, err := target(filepath.Clean(name))
	if err != nil {
		return err
	}
	root, err := filepath.EvalSymlinks(o.Root)
	if err != nil {
		return fmt.Errorf("following links to %s: %w", o.Root, err)
	}
	// Folders that are made first stand in the nearest one that there is.
	dir := filepath.Dir(file)
	real, err := filepath.EvalSymlinks(dir)
	for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
		real, err = filepath.EvalSymlinks(dir)
	}
	if err != nil {
		return fmt.Errorf("following links to %s: %w", file, err)
	}
	if !drift.Within(root, real) {
		return fmt.Errorf("%s is a link that leads out of the folder; not changed because the folder is not trusted", name)
	}
	return nil
}

// allStay is stays for what the journal says was changed in a folder: a file can
// have become a link since.
func (o *Options) allStay(root string, steps []step) error {
	there := *o
	there.Root = root
	for _, s := range steps {
		if s.Kind != stepFile {
			continue
		}
		if err := there.stays(s.File); err != nil {
			return err
		}
	}
	return nil
}
