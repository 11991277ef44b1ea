package monitor

import (
	"context"
	"os"
	"sync"
	"time"

	"godrift.dev/server/drift"
)

// noteEvery is how often at most what others may know is written anew.
const noteEvery = 2 * time.Second

// noteboard keeps the file in the state folder up to date that tells others of this
// monitor.
type noteboard struct {
	m     *monitor
	dirty chan struct{}
	past  map[string]drift.MonitoredWorkspace // as the last monitor left them, by root

	mu     sync.Mutex
	note   drift.MonitorNote
	failed bool // the last time it could not be written
}

func newNoteboard(m *monitor, last drift.MonitorNote) *noteboard {
	n := &noteboard{m: m, dirty: make(chan struct{}, 1), past: map[string]drift.MonitoredWorkspace{}}
	for _, w := range last.Workspaces {
		n.past[w.Root] = w
	}
	n.note = drift.MonitorNote{
		PID: os.Getpid(), Started: m.opts.Now().UTC().Truncate(time.Millisecond), Version: m.opts.Version, Config: m.config.File,
		Workspaces: last.Workspaces, // until they are watched, so that a kill loses no time of a check
	}
	n.write()
	return n
}

// changed has the file written anew, soon. It never blocks.
func (n *noteboard) changed() {
	select {
	case n.dirty <- struct{}{}:
	default:
	}
}

// brokenBy notes why an older configuration is obeyed.
func (n *noteboard) brokenBy(text string) {
	n.mu.Lock()
	n.note.Broken = text
	n.mu.Unlock()
	n.changed()
}

// at notes where the page is.
func (n *noteboard) at(address string) {
	n.mu.Lock()
	n.note.URL = address
	n.mu.Unlock()
	n.write()
}

// run writes until ctx is done.
func (n *noteboard) run(ctx context.Context) {
	wait := time.NewTimer(0)
	defer wait.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.dirty:
		}
		n.gather()
		n.write()
		wait.Reset(noteEvery)
		select {
		case <-ctx.Done():
			return
		case <-wait.C:
		}
	}
}

// last notes that the monitor has ended.
func (n *noteboard) last() {
	n.gather()
	n.ended()
}

// ended notes that it has, with the workspaces as they were noted before.
func (n *noteboard) ended() {
	n.mu.Lock()
	n.note.Ended = n.m.opts.Now().UTC().Truncate(time.Millisecond)
	n.mu.Unlock()
	n.write()
}

// gather asks the workspaces.
func (n *noteboard) gather() {
	list := []drift.MonitoredWorkspace{}
	for _, w := range n.m.list() {
		list = append(list, w.present())
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.note.Workspaces = list
}

func (n *noteboard) write() {
	n.mu.Lock()
	defer n.mu.Unlock()
	err := n.m.claim.Note(n.note)
	if err != nil && !n.failed {
		n.m.log.Warn("others cannot be told of this monitor", "error", err)
	}
	n.failed = err != nil
}
