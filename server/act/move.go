package act

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// checkMove refuses what is no plain move of one name to another.
func checkMove(from, to string) error {
	if !filepath.IsAbs(from) || !filepath.IsAbs(to) {
		return fmt.Errorf("moving %q to %q: both names must be absolute", from, to)
	}
	if filepath.Clean(from) == filepath.Clean(to) {
		return fmt.Errorf("moving %q: its new name is its old one", from)
	}
	return nil
}

// exists reports whether anything has that name, a broken link included.
func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// movable says whether a move can be done as things stand.
func (s step) movable() error {
	switch {
	case !exists(s.File):
		return fmt.Errorf("%s is not there any more: %w", s.File, ErrChanged)
	case exists(s.To):
		return fmt.Errorf("%s exists already: %w", s.To, ErrChanged)
	}
	return nil
}

// whereMoved says whether what a move is about still has its old name or has
// its new one already.
func (s step) whereMoved() place {
	switch from, to := exists(s.File), exists(s.To); {
	case from && !to:
		return placeBefore
	case to && !from:
		return placeAfter
	}
	return placeForeign
}

// move carries a move out: one rename, which is either seen as a whole or not at
// all.
func (s step) move(at func(string)) error {
	if err := s.movable(); err != nil {
		return err
	}
	dir := filepath.Dir(s.To)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making a folder for %s: %w", s.To, err)
	}
	err := os.Rename(s.File, s.To)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not there any more: %w", s.File, ErrChanged)
	case errors.Is(err, syscall.EXDEV):
		return fmt.Errorf("moving %s to %s: they are on different disks", s.File, s.To)
	case err != nil:
		return fmt.Errorf("moving %s: %w", s.File, err)
	}
	at("moved")
	return errors.Join(syncDir(dir), syncDir(filepath.Dir(s.File)))
}

// moveBack brings a move back, if it was done and nothing new has the old name.
func (s step) moveBack(at func(string)) error {
	switch s.whereMoved() {
	case placeBefore:
		return nil
	case placeAfter:
		return s.reversed().move(at)
	case placeForeign:
	}
	if exists(s.File) {
		return fmt.Errorf("%s was made anew in the meantime; what it was is %s: %w", s.File, s.To, ErrChanged)
	}
	return fmt.Errorf("%s is gone from both places: %w", s.File, ErrChanged)
}

// fitMove is fit for a move.
func (s step) fitMove() (fitted step, there string, err error) {
	switch s.whereMoved() {
	case placeBefore:
		return s, "", nil
	case placeAfter:
		return s, asBefore(s.To), nil
	case placeForeign:
	}
	if !exists(s.To) {
		return s, "", fmt.Errorf("%s is not there any more: %w", s.File, ErrChanged)
	}
	return s, s.To + " was made anew since, and is left as it is", nil
}
