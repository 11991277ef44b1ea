// Package watch turns changes on disk into events. It is the only importer of
// fsnotify.
//
// Folders are watched, never files: a watch on a file dies without a word when
// an editor saves by renaming a new file over it. A watched folder's parent is
// watched too, since a folder's own watch dies with the folder; what does not
// exist yet is awaited in its nearest existing ancestor.
package watch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"godrift.dev/server/drift"
)

// DefaultPoll is the time between two looks at the wanted files while the
// system refuses to watch all folders.
const DefaultPoll = 2 * time.Second

// Options says where events go.
type Options struct {
	// Send takes the events; it must not block.
	Send func(drift.Event)
	// Log is told once when the system's limit of watches is reached. It may be
	// nil.
	Log *slog.Logger
	// Poll replaces DefaultPoll if it is not zero.
	Poll time.Duration

	// start and add replace fsnotify's NewWatcher and Add, for tests of the
	// system's limits.
	start func() (*fsnotify.Watcher, error)
	add   func(w *fsnotify.Watcher, dir string) error
}

// Watcher watches a set of folders that can change at any time. Its methods
// may be called from any goroutine.
type Watcher struct {
	opts Options
	fs   *fsnotify.Watcher // nil if the system has none to give: then all is polled
	stop context.CancelFunc
	done sync.WaitGroup

	mu       sync.Mutex
	dirs     []string            // wanted, as given to Set
	files    []string            // wanted, as given to Set
	exact    map[string][]string // path on disk -> wanted files that it is or feeds
	patterns map[string][]string // folder -> base name patterns
	folders  map[string]bool     // true for wanted folders, false for their ancestors
	armed    map[string]bool     // folders that fsnotify watches
	told     bool                // the limit was reported
	polling  chan struct{}       // closed when polling begins
}

// New starts a watcher that watches nothing yet. It ends with ctx or Close.
// Where the system gives no watches at all it looks at the files at intervals.
func New(ctx context.Context, opts Options) *Watcher {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Poll == 0 {
		opts.Poll = DefaultPoll
	}
	if opts.start == nil {
		opts.start = fsnotify.NewWatcher
	}
	if opts.add == nil {
		opts.add = (*fsnotify.Watcher).Add
	}
	ctx, stop := context.WithCancel(ctx)
	w := &Watcher{opts: opts, stop: stop, armed: map[string]bool{}, polling: make(chan struct{})}
	fs, err := opts.start()
	if err != nil {
		w.fallBack("fs.inotify.max_user_instances", "", err)
	} else {
		w.fs = fs
		w.done.Go(func() { w.loop(ctx) })
	}
	w.done.Go(func() { w.poll(ctx) })
	return w
}

// Close stops the watcher. No event is sent after it has returned.
func (w *Watcher) Close() error {
	w.stop()
	var err error
	if w.fs != nil {
		err = w.fs.Close()
	}
	w.done.Wait()
	return err
}

// Set replaces what is watched: folders, and the absolute names of the files
// that matter, whose last element may be a pattern as of filepath.Match. The
// folder of every file is watched; a file that is a symbolic link is also
// watched where it points to.
func (w *Watcher) Set(dirs, files []string) {
	w.mu.Lock()
	if slices.Equal(dirs, w.dirs) && slices.Equal(files, w.files) && w.exact != nil {
		w.mu.Unlock()
		return
	}
	w.dirs, w.files = slices.Clone(dirs), slices.Clone(files)
	var fresh []string
	if w.fs != nil {
		fresh = w.arm()
	}
	w.mu.Unlock()
	if len(fresh) > 0 {
		w.opts.Send(drift.Event{Kind: drift.EventSaved, Cause: "watching begins", Files: fresh})
	}
}

// arm brings fsnotify's watches in line with what is wanted and what exists. It
// returns the wanted files in folders that were not watched before: they may
// have changed between the caller's look at them and now. The caller holds the
// lock.
func (w *Watcher) arm() (fresh []string) {
	for {
		found, appeared := w.armOnce()
		fresh = append(fresh, found...)
		if !appeared {
			slices.Sort(fresh)
			return slices.Compact(fresh)
		}
	}
}

// armOnce is one try of arm. A folder that is made between the look at it and
// the watch on its ancestor gives no event: appeared says that there is one, so
// that another try is needed.
func (w *Watcher) armOnce() (fresh []string, appeared bool) {
	w.exact = make(map[string][]string, len(w.files))
	w.patterns = map[string][]string{}
	w.folders = make(map[string]bool, len(w.dirs)+len(w.files))
	there := make(map[string]bool, len(w.files)) // folders that are known to exist
	for _, dir := range w.dirs {
		w.folders[dir] = true
	}
	for _, file := range w.files {
		dir, base := filepath.Split(file)
		dir = filepath.Clean(dir)
		w.folders[dir] = true
		if strings.ContainsAny(base, "*?[") {
			w.patterns[dir] = append(w.patterns[dir], base)
			continue
		}
		w.exact[file] = append(w.exact[file], file)
		info, err := os.Lstat(file)
		if err != nil {
			continue
		}
		// A folder with a file in it need not be looked at.
		for up := dir; !there[up]; up = filepath.Dir(up) {
			there[up] = true
		}
		if info.Mode()&os.ModeSymlink == 0 {
			continue
		}
		if target, ok := linkTarget(file); ok {
			w.exact[target] = append(w.exact[target], file)
			w.folders[filepath.Dir(target)] = true
		}
	}
	existing := make(map[string]bool, len(w.folders))
	for dir := range w.folders {
		existing[nearest(dir, there)] = true
		existing[nearest(filepath.Dir(dir), there)] = true
	}
	for dir := range w.folders { // those that are added meanwhile need no visit
		for up := filepath.Dir(dir); ; up = filepath.Dir(up) {
			if _, ok := w.folders[up]; ok {
				break // its ancestors are there, or will be
			}
			w.folders[up] = false
		}
	}
	for dir := range w.armed {
		if !existing[dir] {
			_ = w.fs.Remove(dir) // gone already is as good
			delete(w.armed, dir)
		}
	}
	var missing []string
	for dir := range existing {
		if !w.armed[dir] {
			missing = append(missing, dir)
		}
	}
	slices.Sort(missing)
	if len(w.armed) == 0 {
		w.armed = make(map[string]bool, len(missing))
	}
	begun := make(map[string]bool, len(missing))
	for _, dir := range missing {
		if err := w.opts.add(w.fs, dir); err != nil {
			w.refused(dir, err)
			continue
		}
		w.armed[dir], begun[dir] = true, true
	}
	for path, files := range w.exact {
		if begun[filepath.Dir(path)] {
			fresh = append(fresh, files...)
		}
	}
	for dir, wanted := range w.folders {
		if wanted && !there[dir] && len(begun) > 0 {
			if info, err := os.Stat(dir); err == nil && info.IsDir() {
				appeared = true
			}
		}
	}
	return fresh, appeared
}

// refused deals with a folder that cannot be watched. The caller holds the lock.
func (w *Watcher) refused(dir string, err error) {
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrPermission) {
		return // its parent is watched and tells when that changes
	}
	w.fallBack("fs.inotify.max_user_watches", dir, err)
}

// fallBack begins to poll and says so, once.
func (w *Watcher) fallBack(limit, dir string, err error) {
	if w.told {
		return
	}
	w.told = true
	w.opts.Log.Warn(fmt.Sprintf("the system refuses to watch more folders; godrift looks at its files every %v instead. On Linux, raise %s.", w.opts.Poll, limit),
		"folder", dir, "error", err)
	close(w.polling)
}

// nearest is the folder itself or its nearest ancestor that exists. It adds to
// there, the folders that are known to exist, what it finds out.
func nearest(dir string, there map[string]bool) string {
	for {
		if there[dir] {
			return dir
		}
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			there[dir] = true
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return dir
		}
		dir = up
	}
}

// linkTarget is where a symbolic link finally points, also if nothing is there.
func linkTarget(file string) (string, bool) {
	if target, err := filepath.EvalSymlinks(file); err == nil {
		return target, true
	}
	target, err := os.Readlink(file)
	if err != nil {
		return "", false
	}
	if !filepath.IsAbs(target) {
		target = filepath.Join(filepath.Dir(file), target)
	}
	return filepath.Clean(target), true
}

func (w *Watcher) loop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case ev, ok := <-w.fs.Events:
			if !ok {
				return
			}
			w.handle(ev)
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			if errors.Is(err, fsnotify.ErrEventOverflow) {
				w.rearm()
				w.opts.Send(drift.Event{Kind: drift.EventRescan, Cause: "more changes on disk than the system could tell"})
				continue
			}
			w.opts.Log.Warn("watching the disk", "error", err)
		}
	}
}

// rearm looks again at what exists; whoever calls it asks for a rescan after.
func (w *Watcher) rearm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arm()
}

// handle translates one event of fsnotify.
func (w *Watcher) handle(ev fsnotify.Event) {
	w.mu.Lock()
	name := filepath.Clean(ev.Name)
	files := slices.Clone(w.exact[name])
	for _, pattern := range w.patterns[filepath.Dir(name)] {
		if ok, err := filepath.Match(pattern, filepath.Base(name)); ok && err == nil {
			files = append(files, name)
			break
		}
	}
	if ev.Has(fsnotify.Create | fsnotify.Remove | fsnotify.Rename) {
		if ev.Has(fsnotify.Remove|fsnotify.Rename) && w.armed[name] {
			// Its watch sits on the old folder, wherever that is now.
			_ = w.fs.Remove(name)
			delete(w.armed, name)
		}
		if below := w.wantedBelow(name); len(below) > 0 {
			files = append(files, below...)
			for dir := range w.armed {
				if dir != name && drift.Within(name, dir) {
					_ = w.fs.Remove(dir)
					delete(w.armed, dir)
				}
			}
			w.arm()
		} else if len(files) > 0 {
			w.arm() // a file may have become a link, or ceased to be one
		}
	}
	w.mu.Unlock()
	if len(files) > 0 {
		slices.Sort(files)
		w.opts.Send(drift.Event{Kind: drift.EventSaved, Cause: cause(ev.Op, name), Files: slices.Compact(files)})
	}
}

// wantedBelow lists the wanted files in a folder that appeared or went away,
// and the wanted folders themselves. The caller holds the lock.
func (w *Watcher) wantedBelow(name string) []string {
	if _, ok := w.folders[name]; !ok {
		return nil
	}
	var below []string
	for dir, wanted := range w.folders {
		if wanted && drift.Within(name, dir) {
			below = append(below, dir)
		}
	}
	for path, files := range w.exact {
		if path != name && drift.Within(name, path) {
			below = append(below, files...)
		}
	}
	return below
}

func cause(op fsnotify.Op, name string) string {
	base := filepath.Base(name)
	switch {
	case op.Has(fsnotify.Create):
		return "creation of " + base
	case op.Has(fsnotify.Rename):
		return "rename of " + base
	case op.Has(fsnotify.Remove):
		return "removal of " + base
	case op.Has(fsnotify.Write):
		return "save of " + base
	}
	return "change of " + base
}
