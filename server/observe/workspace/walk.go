package workspace

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"godrift.dev/server/drift"
)

// walkers is how many goroutines list folders at once: enough to keep a disk
// busy, few enough to leave the machine to others.
const walkers = 2

// folder is a folder that waits to be listed.
type folder struct {
	dir   string
	rel   string // from the root, with slashes; empty or with a slash at its end
	depth int
}

// walk is the way to the files outside a git checkout. Each walker goes down on
// its own and hands folders over only when another one has nothing to do.
type walk struct {
	*finder
	ctx context.Context
	// ignored says what git leaves out; nil outside a checkout.
	ignored func(file string, dir bool) bool
	entries atomic.Int64
	idle    atomic.Int32
	stopped atomic.Bool

	mu     sync.Mutex
	more   *sync.Cond
	shared []folder
}

// walk lists the folders below the root. Folders behind symbolic links are not
// entered, so there is no way in circles; checkouts on the way are read from
// their index.
func (f *finder) walk(ctx context.Context) error {
	if _, err := f.files.ReadDir(f.root); err != nil {
		return fmt.Errorf("list %s: %w", f.root, err)
	}
	f.walkFrom(ctx, []folder{{dir: f.root}}, nil)
	return ctx.Err()
}

// walkFrom lists folders and what is below them, less what is ignored.
func (f *finder) walkFrom(ctx context.Context, from []folder, ignored func(file string, dir bool) bool) {
	w := &walk{finder: f, ctx: ctx, shared: from, ignored: ignored}
	w.more = sync.NewCond(&w.mu)
	var group sync.WaitGroup
	for range walkers {
		group.Go(w.work)
	}
	group.Wait()
	if w.entries.Load() > int64(f.limits.entries) {
		f.problem(f.root, fmt.Sprintf("there are more than %d files here; the rest is not looked at. Open a smaller folder", f.limits.entries))
	}
}

// work is one walker.
func (w *walk) work() {
	var all seen
	var own []folder
	for {
		if len(own) == 0 {
			if own = w.take(); own == nil {
				break
			}
		}
		next := own[len(own)-1]
		own = own[:len(own)-1]
		s := w.look(next)
		all.add(s)
		own = append(own, s.folders...)
		if w.entries.Add(int64(s.entries)) > int64(w.limits.entries) || w.ctx.Err() != nil {
			w.stopped.Store(true)
		}
		if w.stopped.Load() {
			own = nil
		} else if len(own) > 1 && w.idle.Load() > 0 {
			half := len(own) / 2
			w.give(own[:half])
			own = append([]folder(nil), own[half:]...)
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found.files = append(w.found.files, all.files...)
	w.folders = append(w.folders, all.top...)
	w.problems = append(w.problems, all.problems...)
	w.checkouts = append(w.checkouts, all.checkouts...)
}

// take waits for folders that another walker hands over; nil says that all is
// done.
func (w *walk) take() []folder {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.idle.Add(1)
	for len(w.shared) == 0 && w.idle.Load() < walkers && !w.stopped.Load() {
		w.more.Wait()
	}
	if len(w.shared) == 0 || w.stopped.Load() {
		w.more.Broadcast()
		return nil
	}
	w.idle.Add(-1)
	taken := w.shared
	w.shared = nil
	return taken
}

// give hands folders over.
func (w *walk) give(folders []folder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shared = append(w.shared, folders...)
	w.more.Signal()
}

// seen is what folders yield.
type seen struct {
	files    []string
	folders  []folder
	entries  int
	problems []drift.Problem
	top      []string
	// checkouts are the folders with a .git.
	checkouts []string
}

// add adds what another folder yields, less the folders in it.
func (s *seen) add(other seen) {
	s.files = append(s.files, other.files...)
	s.problems = append(s.problems, other.problems...)
	s.top = append(s.top, other.top...)
	s.checkouts = append(s.checkouts, other.checkouts...)
}

// look lists one folder.
func (w *walk) look(in folder) (s seen) {
	entries, err := w.files.ReadDir(in.dir)
	s.entries = len(entries)
	alone := &finder{files: w.files, root: w.root, limits: w.limits, declared: w.declared}
	if err != nil {
		alone.cannotList(in.dir, err)
	}
	if in.depth > 0 {
		for _, e := range entries {
			if e.Name() != ".git" {
				continue
			}
			git := gitDir(w.files, in.dir)
			if git == "" {
				continue
			}
			s.checkouts = append(s.checkouts, in.dir)
			if w.ignored != nil {
				return s // another checkout in this one, which git leaves alone
			}
			if alone.fromIndex(w.ctx, in.dir, git, 0) {
				alone.byName(in.dir, topNames)
				s.files, s.problems, s.checkouts = alone.found.files, alone.problems, append(s.checkouts, alone.checkouts...)
				return s
			}
			alone.found.files = nil
		}
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() {
			if leftOut[name] {
				continue
			}
			dir := filepath.Join(in.dir, name)
			if w.ignored != nil && w.ignored(dir, true) {
				continue
			}
			if in.depth == 0 {
				s.top = append(s.top, dir)
			}
			if in.depth+1 > w.limits.depth {
				alone.problem(dir, fmt.Sprintf("folders are nested more than %d deep here; what is below is not looked at", w.limits.depth))
				continue
			}
			s.folders = append(s.folders, folder{dir: dir, rel: in.rel + name + "/", depth: in.depth + 1})
			continue
		}
		if (!strings.HasSuffix(name, ".go") || w.declared.GoSource()) && candidate(in.rel+name, w.declared) &&
			(w.ignored == nil || !w.ignored(filepath.Join(in.dir, name), false)) {
			s.files = append(s.files, filepath.Join(in.dir, name))
		}
	}
	s.problems = alone.problems
	return s
}
