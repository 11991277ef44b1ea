package workspace

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/modgraph"
	"godrift.dev/server/observe/tools"
)

// shelf is what is known about tools in one running workspace. What is read of
// programs and of files stays true for later states, so all of them share it.
type shelf struct {
	memo    tools.Memo
	modules modgraph.Memo

	mu   sync.Mutex
	pins map[*entry][]drift.ToolPin
}

// pinsOf reads which tools a file asks for, once.
func (s *shelf) pinsOf(e *entry, rel string) []drift.ToolPin {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, ok := s.pins[e]
	if !ok {
		list = tools.Pins(e.doc, rel)
		if s.pins == nil {
			s.pins = map[*entry][]drift.ToolPin{}
		}
		s.pins[e] = list
	}
	return list
}

// keep forgets the entries that are not there any more.
func (s *shelf) keep(entries []*entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pins) <= 2*len(entries)+16 {
		return
	}
	fresh := make(map[*entry][]drift.ToolPin, len(entries))
	for _, e := range entries {
		if list, ok := s.pins[e]; ok {
			fresh[e] = list
		}
	}
	s.pins = fresh
}

// readTools looks at the tools of the machine. It is kept out of the first look
// at a workspace, of which people wait for the end.
func (w *Workspace) readTools(ctx context.Context) error {
	w.toolPins = w.listToolPins()
	where := w.whereTools()
	for _, pin := range w.toolPins {
		where.Pinned = append(where.Pinned, pin.Name)
	}
	found := tools.Find(ctx, w.world.Files, where, &w.shelf.memo)
	w.readCache(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	w.tools, w.toolsPending, w.toolsRead = found, false, true
	return nil
}

// readCache has the build cache looked at, at which only the machine's own disk shows
// anything.
func (w *Workspace) readCache(ctx context.Context) {
	w.cache = nil
	if w.lookAtCache == nil || w.environment.Error != "" && w.cacheDir() == "" {
		return
	}
	var policy drift.Document
	if e := w.entry(filepath.Join(w.root, policyFile)); e != nil {
		policy = e.doc
	}
	w.cache = w.lookAtCache(ctx, w.cacheDir(), policy)
}

// cacheDir is the value of GOCACHE.
func (w *Workspace) cacheDir() string {
	v, _ := w.environment.Lookup("GOCACHE")
	return v.Value
}

// listToolPins are the pins of tools in all files.
func (w *Workspace) listToolPins() []drift.ToolPin {
	var list []drift.ToolPin
	for _, e := range w.entries {
		list = append(list, w.shelf.pinsOf(e, w.rel(e.doc.File))...)
	}
	w.shelf.keep(w.entries)
	return list
}

// whereTools says where tools are looked for.
func (w *Workspace) whereTools() tools.Where {
	value := func(name string) string {
		if v, ok := w.environment.Lookup(name); ok {
			return v.Value
		}
		return w.world.Environ[name]
	}
	where := tools.Where{
		Path:    filepath.SplitList(w.world.Environ["PATH"]),
		Home:    w.world.Environ["HOME"],
		Windows: w.world.Host.GOOS == "windows",
	}
	if where.Home == "" {
		where.Home = w.world.Environ["USERPROFILE"]
	}
	if dir := value("GOBIN"); dir != "" {
		where.Gobin = append(where.Gobin, dir)
	}
	for _, dir := range filepath.SplitList(value("GOPATH")) {
		if filepath.IsAbs(dir) {
			where.Gobin = append(where.Gobin, filepath.Join(dir, "bin"))
		}
	}
	return where
}

// toolFiles are the names to watch for changes of tools.
func (w *Workspace) toolFiles() []string {
	if !w.toolsRead {
		return nil
	}
	var files []string
	for _, dir := range w.whereTools().Gobin {
		if filepath.IsAbs(dir) {
			files = append(files, filepath.Join(dir, "*"))
		}
	}
	for _, t := range w.tools {
		if t.Origin == drift.ToolOnPath {
			files = append(files, t.Path)
		}
	}
	if w.cacheFiles != nil && w.cache != nil {
		files = append(files, w.cacheFiles(w.cache.Dir)...)
	}
	return files
}

// ofTools reports whether a file is a tool, or could have become one.
func (w *Workspace) ofTools(file string) bool {
	return slices.ContainsFunc(w.toolFiles(), func(name string) bool {
		return name == file || strings.HasSuffix(name, "*") && filepath.Dir(name) == filepath.Dir(file)
	})
}
