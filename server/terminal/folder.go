package terminal

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// keep is how long the file of a shell stays of which it is not known whether it
// still runs.
const keep = 30 * 24 * time.Hour

// lag is how much older than now a file is made: the times that a file system
// writes lag by some milliseconds, and what changes from now on must be newer.
const lag = 20 * time.Millisecond

// Folder is where the files of this machine's shells are, in a state folder that
// several machines may share.
func Folder(state string) string {
	host, err := os.Hostname()
	if err != nil || host == "" || host != filepath.Base(host) {
		host = "localhost"
	}
	return filepath.Join(state, "prompt", host)
}

// File is that of a shell.
func File(dir string, process int) string { return filepath.Join(dir, strconv.Itoa(process)) }

// Prepare makes the folder and removes what shells have left that are gone.
func Prepare(dir string) error {
	if !filepath.IsAbs(dir) {
		return errors.New("there is no folder for godrift's state; set HOME or XDG_STATE_HOME to an absolute path")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make a folder for the prompt's hook: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look at the folder of the prompt's hook: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		process, err := strconv.Atoi(e.Name())
		if time.Since(info.ModTime()) > keep || err == nil && !runs(process) {
			_ = os.Remove(filepath.Join(dir, e.Name())) // another shell may have been faster
		}
	}
	return nil
}

// Leave writes the file of a shell. What changes from now on is newer than it.
//
// The file is written where it stands, and only if it says something else now: a
// file that replaces another has file systems write it to the disk at once (ext4's
// auto_da_alloc), for which nobody at a prompt would wait.
func Leave(file string, r Report) error {
	r.Process, _ = strconv.Atoi(filepath.Base(file))
	r.Born = born(r.Process)
	text := r.encode()
	before, err := written(file)
	if err != nil || !bytes.Equal(before, text) {
		// Without room on the disk it does not tell, but how old it is counts more.
		_ = write(file, text, len(before))
	}
	if err := touch(file); err != nil {
		return fmt.Errorf("note when the prompt's hook looked: %w; start a new shell to have its folder made", err)
	}
	return nil
}

// written is what stands in the file of a shell. What the hook cannot have written
// is taken away: a pipe would keep the prompt waiting, and what is written to a link
// would go to another file.
func written(file string) ([]byte, error) {
	info, err := os.Lstat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxReport {
		return nil, cmp.Or(os.Remove(file), errForm)
	}
	return os.ReadFile(file)
}

// write puts a text in place of one of another length.
func write(file string, text []byte, before int) error {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	if err == nil && len(text) < before {
		err = f.Truncate(int64(len(text)))
	}
	return errors.Join(err, f.Close())
}

// touch makes the file as old as it has to be.
func touch(file string) error {
	old := time.Now().Add(-lag)
	return os.Chtimes(file, old, old)
}

// ErrNone says that a shell has left nothing, or runs no more.
var ErrNone = errors.New("no such shell has told of itself")

// Read returns what a shell that runs has left behind.
func Read(dir string, process int) (Report, error) {
	file := File(dir, process)
	info, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && (!info.Mode().IsRegular() || info.Size() == 0) {
		return Report{}, ErrNone
	}
	if err == nil && info.Size() > maxReport {
		err = fmt.Errorf("%d bytes: at most %d are read", info.Size(), maxReport)
	}
	var text []byte
	if err == nil {
		text, err = os.ReadFile(file)
	}
	var r Report
	if err == nil {
		r, err = decode(text)
	}
	if err != nil {
		return Report{}, fmt.Errorf("read what a terminal's shell left in %s: %w; the next prompt of that shell writes it anew", file, err)
	}
	r.Time = info.ModTime().Add(lag)
	if r.Process != process || !runs(process) || r.Born != "" && r.Born != born(process) {
		return Report{}, ErrNone
	}
	return r, nil
}

// All returns what all shells that run have left behind, the newest first. What
// cannot be read is left out.
func All(dir string) []Report {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var all []Report
	for _, e := range entries {
		process, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if r, err := Read(dir, process); err == nil {
			all = append(all, r)
		}
	}
	slices.SortFunc(all, func(a, b Report) int {
		return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.Process, b.Process))
	})
	return all
}
