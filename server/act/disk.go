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
)

// maxFile bounds what a fix reads and writes. No file that pins a Go is near
// it.
const maxFile = 16 << 20

// hashOf is the hex SHA-256 of a text: of the bytes on disk it is drift.Document's
// Hash.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// readDisk reads a regular file, nil if there is none.
func readDisk(name string) (*content, error) {
	// Opening a FIFO would block until somebody writes to it.
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("reading %s: it is no regular file (%s)", name, info.Mode().Type())
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("reading %s: it is larger than %d MB, which no fix changes", name, maxFile>>20)
	}
	return &content{Text: text}, nil
}

// target follows links to the name of the file that is really written. That
// file need not exist yet.
func target(name string) (string, error) {
	for range 40 {
		dir, err := filepath.EvalSymlinks(filepath.Dir(name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil // the folder is made later
		}
		if err != nil {
			return "", fmt.Errorf("following links to %s: %w", name, err)
		}
		name = filepath.Join(dir, filepath.Base(name))
		info, err := os.Lstat(name)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return name, nil
		}
		if err != nil {
			return "", fmt.Errorf("following links to %s: %w", name, err)
		}
		link, err := os.Readlink(name)
		if err != nil {
			return "", fmt.Errorf("following links to %s: %w", name, err)
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(dir, link)
		}
		name = link
	}
	return "", fmt.Errorf("following links to %s: there are too many, or they go round in a circle", name)
}

// tempName is where the new text of a file is written before the rename: in
// its folder, with a name that recovery can find again.
func tempName(file, token string) string {
	base := filepath.Base(file)
	if len(base) > 100 {
		base = base[:100]
	}
	return filepath.Join(filepath.Dir(file), "."+base+".godrift-"+token)
}

// replacement is one file that gets another text, or appears, or goes.
type replacement struct {
	file  string // with all links followed
	token string
	old   *content
	text  *content
	at    func(point string)
}

// do replaces the file in one step that is either seen as a whole or not at
// all. It fails with ErrChanged if the file is not as r.old says.
func (r replacement) do() error {
	if err := r.check(); err != nil {
		return err
	}
	if r.text == nil {
		r.at("remove")
		if err := os.Remove(r.file); err != nil {
			return fmt.Errorf("removing %s: %w", r.file, err)
		}
		r.at("removed")
		return syncDir(filepath.Dir(r.file))
	}
	dir := filepath.Dir(r.file)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making the folder of %s: %w", r.file, err)
	}
	tmp := tempName(r.file, r.token)
	if err := r.writeTemp(tmp); err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error counts
		return err
	}
	r.at("written")
	// Writing took its time: look again, as late as can be.
	if err := r.check(); err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error counts
		return err
	}
	if err := r.place(tmp); err != nil {
		os.Remove(tmp) //nolint:errcheck // the first error counts
		return err
	}
	r.at("renamed")
	return syncDir(dir)
}

func (r replacement) check() error {
	now, err := readDisk(r.file)
	if err != nil {
		return err
	}
	if !same(now, r.old) {
		return changed(r.file, now, r.old)
	}
	return nil
}

// changed says in which way a file is not as expected.
func changed(file string, now, want *content) error {
	switch {
	case want == nil:
		return fmt.Errorf("%s exists already: %w", file, ErrChanged)
	case now == nil:
		return fmt.Errorf("%s is not there any more: %w", file, ErrChanged)
	}
	return fmt.Errorf("%s has another text than expected: %w", file, ErrChanged)
}

func (r replacement) writeTemp(tmp string) error {
	fail := func(err error) error { return fmt.Errorf("writing %s: %w", r.file, err) }
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	perm := fs.FileMode(0o666)
	var info fs.FileInfo
	if r.old != nil {
		// A rename would replace a read-only file too, which is not what whoever
		// made it read-only expects.
		probe, err := os.OpenFile(r.file, os.O_WRONLY, 0)
		if err != nil {
			return fail(err)
		}
		info, err = probe.Stat()
		if err := errors.Join(err, probe.Close()); err != nil {
			return fail(err)
		}
		perm = 0o600
	}
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return fail(err)
	}
	r.at("temp")
	_, err = f.Write(r.text.Text)
	if err == nil && info != nil {
		err = keepOwner(f, info)
		if err == nil {
			// After the owner: changing that drops the set-uid bits.
			err = f.Chmod(info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky))
		}
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fail(err)
	}
	return nil
}

// place gives the temporary file its name. A file that must not exist yet is
// placed by a link, which fails if somebody was faster.
func (r replacement) place(tmp string) error {
	if r.old == nil {
		err := os.Link(tmp, r.file)
		if err == nil {
			r.at("linked")
			return os.Remove(tmp)
		}
		if errors.Is(err, fs.ErrExist) {
			return changed(r.file, nil, nil)
		}
		// There are file systems without links.
		if _, err := os.Lstat(r.file); !errors.Is(err, fs.ErrNotExist) {
			return changed(r.file, nil, nil)
		}
	}
	if err := os.Rename(tmp, r.file); err != nil {
		return fmt.Errorf("writing %s: %w", r.file, err)
	}
	return nil
}

// same compares two states of a file.
func same(a, b *content) bool {
	if a == nil || b == nil {
		return a == b
	}
	return string(a.Text) == string(b.Text)
}
