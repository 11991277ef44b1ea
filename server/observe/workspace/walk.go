package workspace

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

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

// walk is the way to the files outside a git checkout.
type walk struct {
	*finder
	ctx context.Context

	mu      sync.Mutex
	more    *sync.Cond
	waiting []folder
	busy    int
	entries int
	stopped bool
}

// walk lists the folders below the root. Folders behind symbolic links are not
// entered, so there is no way in circles; checkouts on the way are read from
// their index.
func (f *finder) walk(ctx context.Context) error {
	w := &walk{finder: f, ctx: ctx, waiting: []folder{{dir: f.root}}}
	w.more = sync.NewCond(&w.mu)
	if _, err := f.files.ReadDir(f.root); err != nil {
		return fmt.Errorf("list %s: %w", f.root, err)
	}
	var group sync.WaitGroup
	for range walkers {
		group.Go(w.work)
	}
	group.Wait()
	return ctx.Err()
}

func (w *walk) work() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for {
		for len(w.waiting) == 0 && w.busy > 0 && !w.stopped {
			w.more.Wait()
		}
		if len(w.waiting) == 0 || w.stopped {
			w.more.Broadcast()
			return
		}
		next := w.waiting[len(w.waiting)-1]
		w.waiting = w.waiting[:len(w.waiting)-1]
		w.busy++
		w.mu.Unlock()
		seen := w.look(next)
		w.mu.Lock()
		w.busy--
		w.take(seen)
		w.more.Broadcast()
	}
}

// seen is what one folder yields.
type seen struct {
	files    []string
	folders  []folder
	entries  int
	problems []drift.Problem
	top      []string
}

// look lists one folder.
func (w *walk) look(in folder) (s seen) {
	entries, err := w.files.ReadDir(in.dir)
	s.entries = len(entries)
	alone := &finder{files: w.files, root: w.root, limits: w.limits}
	if err != nil {
		alone.cannotList(in.dir, err)
	}
	if in.depth > 0 {
		for _, e := range entries {
			if e.Name() != ".git" {
				continue
			}
			if git := gitDir(w.files, in.dir); git != "" && alone.fromIndex(w.ctx, in.dir, git, 0) {
				alone.byName(in.dir, topNames)
				s.files, s.problems = alone.found.files, alone.problems
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
		if !strings.HasSuffix(name, ".go") && candidate(in.rel+name) {
			s.files = append(s.files, filepath.Join(in.dir, name))
		}
	}
	s.problems = alone.problems
	return s
}

// take adds what a folder yielded. The caller holds the lock.
func (w *walk) take(s seen) {
	w.found.files = append(w.found.files, s.files...)
	w.folders = append(w.folders, s.top...)
	w.problems = append(w.problems, s.problems...)
	w.waiting = append(w.waiting, s.folders...)
	w.entries += s.entries
	if w.ctx.Err() != nil {
		w.stopped = true
	}
	if w.entries > w.limits.entries && !w.stopped {
		w.stopped = true
		w.problem(w.root, fmt.Sprintf("there are more than %d files here; the rest is not looked at. Open a smaller folder", w.limits.entries))
	}
}
