package remember

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/gofrs/flock"
)

// ErrBusy says that another godrift holds a lock for longer than is sensible.
var ErrBusy = errors.New("another godrift is busy with it")

// stripes bounds the number of lock files: two names may share one, which only
// makes one of them wait.
const stripes = 64

// lockWait is how long LockFiles waits for others: they hold a lock for the
// time of a few writes.
const lockWait = 15 * time.Second

// TryLock takes the lock of that name if nobody holds it, and reports whether
// it did. The system gives it back when the process ends in whichever way. The
// unlock function also removes the lock's file, so a name must not be used
// again for another thing.
func (s *Store) TryLock(name string) (unlock func(), ok bool, err error) {
	file, err := s.lockFile(name)
	if err != nil {
		return nil, false, err
	}
	l := flock.New(file, flock.SetPermissions(0o600))
	ok, err = l.TryLock()
	if err != nil {
		return nil, false, fmt.Errorf("locking %s: %w", file, err)
	}
	if !ok {
		return nil, false, nil
	}
	return func() {
		// Removing comes first: an unlocked file could be taken by another
		// process in between, and then vanish under it. Windows refuses to remove
		// an open file; there the empty file is removed after it was closed.
		early := os.Remove(file)
		l.Unlock() //nolint:errcheck // closing the file gives the lock back
		if early != nil {
			os.Remove(file) //nolint:errcheck // an empty file that stays does no harm
		}
	}, true, nil
}

// LockFiles keeps every other godrift of this user from changing the named
// files until unlock is called. Waiting is bounded; then the error is ErrBusy.
func (s *Store) LockFiles(ctx context.Context, names ...string) (unlock func(), err error) {
	var locks []string
	for _, stripe := range stripesOf(names) {
		locks = append(locks, fmt.Sprintf("files-%02d", stripe))
	}
	return s.lock(ctx, locks...)
}

// lock takes locks in the given order, which must be the same for everybody, or
// two could wait for each other.
func (s *Store) lock(ctx context.Context, names ...string) (unlock func(), err error) {
	var taken []*flock.Flock
	unlock = func() {
		for _, l := range slices.Backward(taken) {
			l.Unlock() //nolint:errcheck // closing the file gives the lock back
		}
	}
	ctx, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	for _, name := range names {
		file, err := s.lockFile(name)
		if err != nil {
			unlock()
			return nil, err
		}
		l := flock.New(file, flock.SetPermissions(0o600))
		if ok, err := l.TryLockContext(ctx, 5*time.Millisecond); !ok || err != nil {
			unlock()
			if errors.Is(err, context.DeadlineExceeded) {
				err = ErrBusy
			}
			return nil, fmt.Errorf("locking %s: %w", file, err)
		}
		taken = append(taken, l)
	}
	return unlock, nil
}

// entryPrefix begins the names of the locks of the journal's entries.
const entryPrefix = "entry-"

// EntryLock names the lock of an entry that is being worked on. Its file is left
// behind by a kill.
func EntryLock(token string) string { return entryPrefix + token }

// Interrupted reads the entries that a kill left behind, oldest first. Where no
// fix was killed the database is not even opened, and nothing is written.
func (s *Store) Interrupted(ctx context.Context) ([]Entry, error) {
	left, err := filepath.Glob(filepath.Join(s.dir, "locks", entryPrefix+"*.lock"))
	if err != nil || len(left) == 0 {
		return nil, nil //nolint:nilerr // a folder that is no pattern has no such files
	}
	if exists, err := s.Exists(); err != nil || !exists {
		return nil, err
	}
	open, err := s.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(open, func(e Entry) bool { return s.held(EntryLock(e.Token)) }), nil
}

// held reports whether somebody holds a lock. The file stays as it is.
func (s *Store) held(name string) bool {
	file := filepath.Join(s.dir, "locks", name+".lock")
	if _, err := os.Lstat(file); err != nil {
		return false
	}
	l := flock.New(file, flock.SetFlag(os.O_RDONLY))
	ok, err := l.TryRLock()
	if ok {
		l.Unlock() //nolint:errcheck // closing the file gives the lock back
	}
	return err == nil && !ok
}

func stripesOf(names []string) []uint32 {
	var out []uint32
	for _, name := range names {
		h := fnv.New32a()
		h.Write([]byte(name))
		out = append(out, h.Sum32()%stripes)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// lockFile names the lock's file and makes its folder.
func (s *Store) lockFile(name string) (string, error) {
	dir, err := s.folder("locks")
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, name+".lock"), nil
}
