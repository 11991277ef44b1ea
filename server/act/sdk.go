package act

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// An SDK is a whole Go under ~/sdk, as golang.org/dl unpacks it: goX.Y.Z with the
// file .unpacked-success in it (golang.org/dl/internal/version). It is for those
// whose go command cannot switch by GOTOOLCHAIN, or must not. godrift takes it from
// the module golang.org/toolchain, as the go command does: that is the same Go, it
// comes through the user's own GOPROXY, and the checksum database has it.

// unpacked is golang.org/dl's mark that an SDK is whole.
const unpacked = ".unpacked-success"

// sdkFolder is where an SDK belongs; empty without a home.
func sdkFolder(environ map[string]string, toolchain string) string {
	home := environ["HOME"]
	if runtime.GOOS == "windows" {
		home = environ["USERPROFILE"]
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "sdk", toolchain)
}

func checkSDK(opts *Options, a drift.Action) error {
	fail := func(text string) error { return fmt.Errorf("installing %s under ~/sdk: %s", a.Toolchain, text) }
	switch {
	case opts.Untrusted:
		return fail("nothing is downloaded for a folder that is not trusted; trust the folder and apply the fix again")
	case sdkFolder(opts.Environ, a.Toolchain) == "":
		return fail("there is no home folder; set HOME to an absolute path")
	}
	return checkToolchain(a.Toolchain)
}

// prepareSDK looks whether the place is free. What comes there is known once it is
// downloaded.
func (s *step) prepareSDK(opts *Options) (err error) {
	if exists(s.File) {
		return fmt.Errorf("%s exists already: %w", s.File, ErrChanged)
	}
	s.HashAfter = "not downloaded yet"
	if s.From = opts.fetched[s.ToolAfter]; s.From != "" {
		s.HashAfter, err = treeHash(s.From)
	}
	return err
}

// treeHash tells two trees apart by the names, sizes and kinds of what is in them.
// It reads no file: a Go has fifteen thousand. The mark of golang.org/dl and what
// the go command makes executable take no part in it.
func treeHash(root string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil || rel == unpacked {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		size := info.Size()
		if entry.IsDir() {
			size = 0
		}
		fmt.Fprintf(h, "%q %d %d\n", filepath.ToSlash(rel), size, info.Mode().Type())
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("looking at %s: %w", root, err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// placeOfSDK says whether an SDK is as before or after the step: of the two one is
// that there is none.
func (s step) placeOfSDK() (place, error) {
	if !exists(s.File) {
		if s.HashAfter == "" {
			return placeAfter, nil
		}
		return placeBefore, nil
	}
	hash, err := treeHash(s.File)
	switch {
	case err != nil:
		return placeForeign, err
	case hash == s.HashAfter:
		return placeAfter, nil
	case hash == s.HashBefore:
		return placeBefore, nil
	}
	return placeForeign, nil
}

// doSDK puts an SDK in place, or takes it away, by one rename.
func (s step) doSDK(opts *Options, token string) error {
	where, err := s.placeOfSDK()
	if err != nil {
		return err
	}
	if where != placeBefore {
		return fmt.Errorf("%s is not as expected: %w", s.File, ErrChanged)
	}
	dir, aside := filepath.Dir(s.File), tempName(s.File, token)
	if s.HashAfter == "" {
		// What is set aside is removed when all is done.
		if err := os.Rename(s.File, aside); err != nil {
			return fmt.Errorf("removing %s: %w", s.File, err)
		}
		opts.at("aside")
		return syncDir(dir)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of %s: %w", s.File, err)
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("copying %s: %w", s.ToolAfter, err)
	}
	opts.progress("Copying "+s.ToolAfter+" to "+dir, 0, 0)
	err = copyTree(s.From, aside, opts.at)
	if err == nil {
		err = os.WriteFile(filepath.Join(aside, unpacked), nil, 0o644) //nolint:gosec // as golang.org/dl writes it
	}
	if err == nil && exists(s.File) {
		err = fmt.Errorf("%s exists already: %w", s.File, ErrChanged)
	}
	if err == nil {
		opts.at("copied")
		err = os.Rename(aside, s.File)
	}
	if err != nil {
		os.RemoveAll(aside) //nolint:errcheck // the first error counts
		return fmt.Errorf("copying %s to %s: %w", s.ToolAfter, s.File, err)
	}
	opts.at("placed")
	return syncDir(dir)
}

// restoreSDK is restore for an SDK.
func (s step) restoreSDK(opts *Options, token string) error {
	aside := tempName(s.File, token)
	where, err := s.placeOfSDK()
	switch {
	case err != nil:
		return err
	case where == placeForeign:
		return fmt.Errorf("%s was changed by somebody else and is left as it is: %w", s.File, ErrChanged)
	case where == placeAfter && s.HashAfter == "":
		if err := os.Rename(aside, s.File); err != nil {
			return fmt.Errorf("bringing %s back: %w", s.File, err)
		}
		return nil
	case where == placeAfter:
		if err := s.reversed().doSDK(opts, token); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("removing what was copied of %s: %w", s.ToolAfter, err)
	}
	return nil
}

// fitSDK is fit for an SDK.
func (s step) fitSDK() (fitted step, there string, err error) {
	where, err := s.placeOfSDK()
	switch {
	case err != nil:
	case where == placeAfter:
		return s, asBefore(s.File), nil
	case where == placeForeign:
		err = fmt.Errorf("%s is not as it was installed, and may hold somebody's work: %w", s.File, ErrChanged)
	case s.HashAfter != "":
		if hash, herr := treeHash(s.From); herr != nil || hash != s.HashAfter {
			err = fmt.Errorf("%s is not in the module cache any more: apply the fix anew: %w", s.ToolAfter, ErrChanged)
		}
	}
	return s, "", err
}

// copyTree copies a Go from the module cache, where nothing is writable and
// programs become executable when they are first used (cmd/go/internal/toolchain,
// Exec).
func copyTree(from, to string, at func(string)) error {
	step := 0
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if entry.IsDir() {
			if step++; step%64 == 1 {
				at("copying")
			}
			return os.MkdirAll(target, 0o755)
		}
		if !entry.Type().IsRegular() {
			return fmt.Errorf("%s is no regular file (%s), which no Go has", name, entry.Type())
		}
		mode := fs.FileMode(0o644)
		if top := strings.Split(filepath.ToSlash(rel), "/"); slices.Contains([]string{"bin", "pkg"}, top[0]) && (top[0] == "bin" || len(top) > 1 && top[1] == "tool") || strings.HasSuffix(rel, "_exec") {
			mode = 0o755
		}
		return copyFile(name, target, mode)
	})
}

func copyFile(from, to string, mode fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
