package workspace

import (
	"io/fs"
	"path/filepath"
	"slices"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/toolchain"
)

// inventory is the list of toolchains on a machine with all that it depends on,
// so that a later look can tell at the price of a few stats that it is the
// same. It is safe for several goroutines.
type inventory struct {
	mu sync.Mutex
	// environ are the variables it was made with.
	environ map[string]string
	seen    []sighting
	list    []drift.Toolchain
}

// sighting is a name that was looked at and what was there.
type sighting struct {
	name  string
	state state
}

// state says whether a name is still what it was. The zero value stands for
// nothing.
type state struct {
	exists bool
	mode   uint32 // an fs.FileMode
	size   int64
	time   int64 // in nanoseconds
}

func glance(files drift.Files, name string) state {
	if v, ok := files.(*view); ok {
		if _, open := v.buffers[name]; !open {
			files = v.Files
		}
	}
	if f, ok := files.(*fence); ok {
		files = f.Files // nothing is read
	}
	if _, plain := files.(disk); plain {
		return stateOnDisk(name)
	}
	info, err := files.Stat(name)
	if err != nil {
		return state{}
	}
	return stateOf(info)
}

func stateOf(info fs.FileInfo) state {
	return state{true, uint32(info.Mode()), info.Size(), info.ModTime().UnixNano()}
}

// inventoryVariables are those that toolchain.Discover looks at.
var inventoryVariables = []string{
	"PATH", "HOME", "USERPROFILE", "GOPATH", "GOMODCACHE", "GOBIN", "MISE_DATA_DIR", "XDG_DATA_HOME",
	"ASDF_DATA_DIR", "GOENV_ROOT", "GVM_ROOT", "ProgramFiles", "ProgramW6432", "ProgramFiles(x86)",
}

// toolchains returns the list, made anew if anything changed.
func (i *inventory) toolchains(now drift.Files, environ map[string]string, host drift.Host) []drift.Toolchain {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current(now, environ) {
		return i.list
	}
	t := &tracker{Files: now, names: map[string]bool{}}
	i.list = toolchain.Discover(t, environ, host)
	i.seen = sightings(now, t.names, true)
	i.environ = map[string]string{}
	for _, name := range inventoryVariables {
		i.environ[name] = environ[name]
	}
	return i.list
}

// sightings are what has to stay the same. A folder that is there has to stay
// one; names says of which ones the entries matter too. With above, the nearest
// folder stands for a name that is not there: what appears below changes the
// folder's time. That makes few folders out of many names, but other changes in
// them count as well.
func sightings(now drift.Files, names map[string]bool, above bool) []sighting {
	states := map[string]state{}
	for name, entries := range names {
		have := glance(now, name)
		for above && !have.exists {
			parent := filepath.Dir(name)
			if parent == name {
				break
			}
			name, entries = parent, true
			have = glance(now, name)
		}
		if _, ok := states[name]; ok && !entries {
			continue
		}
		if !entries {
			have = have.kind()
		}
		states[name] = have
	}
	out := make([]sighting, 0, len(states))
	for name, state := range states {
		out = append(out, sighting{name, state})
	}
	return out
}

// kind is the state of a folder whose entries do not matter.
func (s state) kind() state {
	if fs.FileMode(s.mode).IsDir() {
		return state{exists: s.exists, mode: s.mode}
	}
	return s
}

// still reports whether a name is what it was.
func (s sighting) still(files drift.Files) bool {
	have := glance(files, s.name)
	if s.state.time == 0 {
		have = have.kind()
	}
	return have == s.state
}

func (i *inventory) current(now drift.Files, environ map[string]string) bool {
	if i.environ == nil {
		return false
	}
	for _, name := range inventoryVariables {
		if i.environ[name] != environ[name] {
			return false
		}
	}
	return i.unchanged(now)
}

// unchanged reports whether the list would come out the same.
func (i *inventory) unchanged(now drift.Files) bool {
	return !slices.ContainsFunc(i.seen, func(s sighting) bool { return !s.still(now) })
}

// tracker notes which names are looked at, and whether as folders to list.
type tracker struct {
	drift.Files
	names map[string]bool
}

func (t *tracker) note(name string) {
	if !t.names[name] {
		t.names[name] = false
	}
}

func (t *tracker) ReadFile(name string) ([]byte, error) {
	t.note(name)
	return t.Files.ReadFile(name)
}

func (t *tracker) Stat(name string) (fs.FileInfo, error) {
	t.note(name)
	return t.Files.Stat(name)
}

func (t *tracker) Lstat(name string) (fs.FileInfo, error) {
	t.note(name)
	return t.Files.Lstat(name)
}

func (t *tracker) ReadDir(name string) ([]fs.DirEntry, error) {
	t.names[name] = true
	return t.Files.ReadDir(name)
}

// EvalSymlinks is not noted: what is behind the name is looked at too.
func (t *tracker) EvalSymlinks(name string) (string, error) {
	return t.Files.EvalSymlinks(name)
}

// Open implements [drift.Opener].
func (t *tracker) Open(name string) (drift.Content, error) {
	t.note(name)
	return drift.Open(t.Files, name)
}
