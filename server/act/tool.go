package act

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
)

// Programs are too large for the journal: it holds their hashes, and a folder in
// the state folder holds the programs, each under its hash, from before the
// change until keptFor is over.

const keptFor = 30 * 24 * time.Hour

// errForgotten says that a program from before is not kept any more.
var errForgotten = errors.New("the program that was there before is kept for 30 days and is gone; install it again")

// keptTools is the folder of programs that a fix replaced or put in place.
func keptTools(opts *Options) (string, error) {
	if opts.Store == nil {
		return "", errors.New("there is no journal to write to, and nothing is changed without one")
	}
	store, err := opts.Store()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(store.Dir(), "tools")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the folder for programs that are kept: %w", err)
	}
	return dir, nil
}

// sweepTools removes what was kept long enough.
func sweepTools(opts *Options) {
	dir, err := keptTools(opts)
	if err != nil {
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && opts.now().Sub(info.ModTime()) > keptFor {
			os.RemoveAll(filepath.Join(dir, entry.Name())) //nolint:errcheck // the next fix tries again
		}
	}
}

// hashFile is the hex SHA-256 of a file, empty if there is none.
func hashFile(name string) (string, error) {
	h := sha256.New()
	err := stream(name, h)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// stream writes a regular file to w.
func stream(name string, w io.Writer) error {
	info, err := os.Stat(name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("reading %s: it is no regular file (%s)", name, info.Mode().Type())
	}
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	defer f.Close()
	if _, err := io.Copy(w, f); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}
	return nil
}

// prepareTool looks at the program that is to be replaced. What it is replaced
// by is known once it is built.
func (s *step) prepareTool(opts *Options, a drift.Action) error {
	info, err := buildinfo.ReadFile(a.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not there any more: %w", a.File, ErrChanged)
	case err != nil:
		return fmt.Errorf("looking at %s: %w", a.File, err)
	case info.GoVersion != a.Value:
		return fmt.Errorf("%s was built with %s and not with %s: %w", a.File, info.GoVersion, a.Value, ErrChanged)
	}
	if s.HashBefore, err = hashFile(a.File); err != nil {
		return err
	}
	s.ToolBefore = programOf(info.Path) + " " + info.Main.Version + ", built with " + info.GoVersion
	s.ToolAfter = programOf(a.Package) + " " + a.Version + ", built with " + a.Toolchain
	s.HashAfter = opts.built[a.File]
	return nil
}

// placeOfTool says whether a step's program is that before or after the step.
func (s step) placeOfTool() (place, error) {
	hash, err := hashFile(s.File)
	switch {
	case err != nil:
		return placeForeign, err
	case hash == s.HashAfter && hash != "":
		return placeAfter, nil
	case hash == s.HashBefore:
		return placeBefore, nil
	}
	return placeForeign, nil
}

// keepTool puts a copy of the program that a step replaces where an undo finds
// it.
func (s step) keepTool(opts *Options) error {
	dir, err := keptTools(opts)
	if err != nil {
		return err
	}
	kept := filepath.Join(dir, s.HashBefore)
	if have, err := hashFile(kept); err == nil && have == s.HashBefore {
		now := opts.now()
		return os.Chtimes(kept, now, now)
	}
	tmp := kept + ".part"
	if err := copyProgram(s.File, tmp, s.HashBefore, 0o600, nil); err != nil {
		return err
	}
	if err := os.Rename(tmp, kept); err != nil {
		return fmt.Errorf("keeping a copy of %s: %w", s.File, err)
	}
	return syncDir(dir)
}

// kept is the program that a step puts in place.
func (s step) kept(opts *Options) (string, error) {
	dir, err := keptTools(opts)
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, s.HashAfter)
	if _, err := os.Stat(file); s.HashAfter == "" || errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("replacing %s: %w", s.File, errForgotten)
	}
	return file, nil
}

// replaceTool puts one program in the place of another in one step.
func (s step) replaceTool(opts *Options, token string) error {
	from, err := s.kept(opts)
	if err != nil {
		return err
	}
	file, err := target(s.File)
	if err != nil {
		return err
	}
	check := func() error {
		if hash, err := hashFile(file); err != nil || hash != s.HashBefore {
			return errors.Join(err, fmt.Errorf("%s is another program than expected: %w", s.File, ErrChanged))
		}
		return nil
	}
	if err := check(); err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("replacing %s: %w", s.File, err)
	}
	opts.at("temp")
	tmp := tempName(file, token)
	if err := copyProgram(from, tmp, s.HashAfter, info.Mode().Perm(), info); err != nil {
		return err
	}
	opts.at("written")
	if err := check(); err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error counts
		return err
	}
	if err := os.Rename(tmp, file); err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error counts
		return fmt.Errorf("replacing %s: %w", s.File, err)
	}
	opts.at("renamed")
	return syncDir(filepath.Dir(file))
}

// copyProgram copies a file that must have this hash, through to the disk. The
// copy gets the owner of like, if there is one.
func copyProgram(from, to, hash string, mode fs.FileMode, like fs.FileInfo) error {
	fail := func(err error) error {
		os.Remove(to) //nolint:errcheck // the first error counts
		return fmt.Errorf("copying %s: %w", from, err)
	}
	if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fail(err)
	}
	h := sha256.New()
	err = stream(from, io.MultiWriter(f, h))
	if err == nil && hex.EncodeToString(h.Sum(nil)) != hash {
		err = ErrChanged
	}
	if err == nil && like != nil {
		err = keepOwner(f, like)
	}
	if err == nil {
		err = errors.Join(f.Chmod(mode), f.Sync())
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fail(err)
	}
	return nil
}

// restoreTool is restore for a program.
func (s step) restoreTool(opts *Options, token string) error {
	file, err := target(s.File)
	if err == nil {
		err = removeTemp(file, token)
	}
	if err != nil {
		return err
	}
	where, err := s.placeOfTool()
	switch {
	case err != nil || where == placeBefore:
		return err
	case where == placeForeign:
		return fmt.Errorf("%s was changed by somebody else and is left as it is: %w", s.File, ErrChanged)
	}
	return s.reversed().replaceTool(opts, token)
}

// fitTool is fit for a program.
func (s step) fitTool(opts *Options) (fitted step, there string, err error) {
	where, err := s.placeOfTool()
	switch {
	case err != nil:
	case where == placeAfter:
		return s, asBefore(s.File), nil
	case where == placeForeign:
		err = fmt.Errorf("%s is another program than expected: %w", s.File, ErrChanged)
	default:
		_, err = s.kept(opts)
	}
	return s, "", err
}
