package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/watch"
)

// MonitorClaim is the right to be the one monitor of a state folder.
type MonitorClaim = remember.MonitorClaim

// ErrMonitorRuns says that there is another monitor.
var ErrMonitorRuns = remember.ErrMonitorRuns

// ClaimMonitor makes this process the one monitor of the state folder. Of another one the
// error says what it told of itself.
func (m *Mender) ClaimMonitor(ctx context.Context) (*MonitorClaim, error) {
	store, err := m.open()
	if err != nil {
		return nil, err
	}
	claim, err := store.ClaimMonitor(ctx)
	if !errors.Is(err, remember.ErrMonitorRuns) {
		return claim, err
	}
	who := ""
	if note, _, err := store.Monitor(); err == nil && note.PID != 0 {
		who = fmt.Sprintf(", process %d", note.PID)
		if note.URL != "" {
			who += " at " + note.URL
		}
	}
	return nil, fmt.Errorf("%w with the state folder %s%s; godrift monitor status tells more", err, m.dir, who)
}

// Monitor is what the last monitor told of itself, and whether it runs.
func (m *Mender) Monitor() (note drift.MonitorNote, runs bool, err error) {
	store, err := m.open()
	if err != nil {
		return note, false, err
	}
	return store.Monitor()
}

// MachineFolder is the empty folder that stands for the machine: there the go command does
// what it does where no repository has a say.
func (m *Mender) MachineFolder() (string, error) {
	store, err := m.open()
	if err != nil {
		return "", err
	}
	return store.MachineFolder()
}

// WatchFiles calls changed, which must not block, whenever one of these files may have
// changed, until stop is called. The last element of a name can be a pattern. What does
// not exist yet is awaited.
func WatchFiles(ctx context.Context, log *slog.Logger, files []string, changed func(cause string)) (stop func()) {
	w := watch.New(ctx, watch.Options{Log: log, Send: func(ev drift.Event) { changed(ev.Cause) }})
	w.Set(nil, files)
	return func() { _ = w.Close() }
}

// AwaitFolder waits until a folder can be looked at. It is told by the system, and looks by
// itself whenever again sends.
func AwaitFolder(ctx context.Context, log *slog.Logger, dir string, again <-chan struct{}) error {
	appeared := make(chan struct{}, 1)
	w := watch.New(ctx, watch.Options{Log: log, Send: func(drift.Event) {
		select {
		case appeared <- struct{}{}:
		default:
		}
	}})
	defer w.Close()
	w.Set([]string{dir}, []string{dir})
	for {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			if _, err := os.ReadDir(dir); err == nil {
				return nil
			}
		}
		select {
		case <-appeared:
		case <-again:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
