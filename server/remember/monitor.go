package remember

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"

	"godrift.dev/server/drift"
)

// ErrMonitorRuns says that a monitor has claimed the state folder.
var ErrMonitorRuns = errors.New("a monitor runs already")

// monitorLock is the name of the lock that a monitor holds as long as it lives, and
// monitorFile the file in which it tells of itself. Neither is in the database: who asks
// whether a monitor runs does not want to wait for that.
const (
	monitorLock = "monitor"
	monitorFile = "monitor.json"
)

// claimWait is how long a monitor tries to get its lock.
const claimWait = 300 * time.Millisecond

// monitorVersion is the version of the layout of the file; one of another version says
// nothing, and the next monitor writes it anew.
const monitorVersion = 1

// maxMonitorFile bounds what is read of it.
const maxMonitorFile = 1 << 20

type monitorNote struct {
	Version int `json:"version"`
	drift.MonitorNote
}

// MonitorClaim is the right to be the one monitor of a state folder. The system takes it
// back when the process ends in whichever way.
type MonitorClaim struct {
	store *Store
	lock  *flock.Flock
}

// ClaimMonitor makes this process the one monitor of the state folder, or says with
// ErrMonitorRuns that there is another.
func (s *Store) ClaimMonitor(ctx context.Context) (*MonitorClaim, error) {
	file, err := s.lockFile(monitorLock)
	if err != nil {
		return nil, err
	}
	l := flock.New(file, flock.SetPermissions(0o600))
	// Who only asks whether one runs holds the lock for a moment.
	limited, cancel := context.WithTimeout(ctx, claimWait)
	defer cancel()
	switch ok, err := l.TryLockContext(limited, 10*time.Millisecond); {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded), err == nil && !ok:
		return nil, ErrMonitorRuns
	case err != nil:
		return nil, fmt.Errorf("locking %s: %w", file, err)
	}
	return &MonitorClaim{store: s, lock: l}, nil
}

// Note writes what others may know of the monitor.
func (c *MonitorClaim) Note(n drift.MonitorNote) error {
	text, err := json.Marshal(monitorNote{monitorVersion, n})
	if err == nil {
		err = replaceFile(c.store.monitorFile(), text)
	}
	if err != nil {
		return fmt.Errorf("telling others of this monitor in %s: %w", c.store.monitorFile(), err)
	}
	return nil
}

// Release gives the right back.
func (c *MonitorClaim) Release() error { return c.lock.Unlock() }

func (s *Store) monitorFile() string { return filepath.Join(s.dir, monitorFile) }

// Monitor is what the last monitor of the state folder told of itself, and whether it
// still runs. Where none ever was, the note is empty.
func (s *Store) Monitor() (note drift.MonitorNote, runs bool, err error) {
	runs = s.held(monitorLock)
	file := s.monitorFile()
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return note, runs, nil
	case err != nil:
		return note, runs, fmt.Errorf("looking for the monitor: %w", err)
	case !info.Mode().IsRegular() || info.Size() > maxMonitorFile:
		return note, runs, fmt.Errorf("looking for the monitor: %s is no file of %d bytes at most; move it away", file, maxMonitorFile)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return note, runs, fmt.Errorf("looking for the monitor: %w", err)
	}
	var n monitorNote
	if json.Unmarshal(text, &n) != nil || n.Version != monitorVersion {
		return note, runs, nil // the next one writes it anew
	}
	return n.MonitorNote, runs, nil
}

// MachineFolder is an empty folder of godrift's own: what a go command does there is what it
// does on this machine where no repository has a say.
func (s *Store) MachineFolder() (string, error) {
	dir, err := s.folder("machine")
	if err != nil || runtime.GOOS == "windows" {
		return dir, err
	}
	// The names of workspaces are compared, and the state folder may stand behind a link.
	return filepath.EvalSymlinks(dir)
}
