package tools

import (
	"cmp"
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/knowntools"
)

// The most files that are looked at in one folder, and in all.
const (
	maxFolder = 500
	maxTools  = 1000
)

// Where says where tools are looked for.
type Where struct {
	// Path are the folders of PATH, in their order; only absolute ones count.
	// There only programs are looked at that are known or that Pinned names.
	Path []string
	// Gobin are the folders of go install: GOBIN, and bin of every GOPATH.
	Gobin []string
	// Home is the user's home folder, below which editors keep the Go extension.
	Home string
	// Windows says that programs end in .exe.
	Windows bool
	// Pinned are the names of further tools that matter.
	Pinned []string
}

// Memo remembers what files are as long as their size and time stay the same.
// Its zero value is ready, and it is safe for several goroutines.
type Memo struct {
	mu    sync.Mutex
	known map[string]remembered
}

type remembered struct {
	size int64
	time int64
	tool drift.Tool
}

// read is Read through the memo.
func (m *Memo) read(files drift.Files, path string, info fs.FileInfo) drift.Tool {
	size, time := info.Size(), info.ModTime().UnixNano()
	m.mu.Lock()
	have, ok := m.known[path]
	m.mu.Unlock()
	if ok && have.size == size && have.time == time {
		return have.tool
	}
	tool := Read(files, path)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) > 2*maxTools {
		m.known = map[string]remembered{}
	}
	m.known[path] = remembered{size, time, tool}
	return tool
}

// finder collects tools.
type finder struct {
	ctx   context.Context
	files drift.Files
	memo  *Memo
	where Where
	out   []drift.Tool
	seen  map[string]bool // paths
	first map[string]bool // names that PATH has answered for
}

// Find lists the tools on a machine: those on PATH first, in the order of their
// names, then those that stand elsewhere. It returns what it has if ctx ends.
func Find(ctx context.Context, files drift.Files, where Where, memo *Memo) []drift.Tool {
	f := &finder{ctx: ctx, files: files, memo: memo, where: where, seen: map[string]bool{}, first: map[string]bool{}}
	var names []string
	for _, t := range knowntools.All {
		names = append(names, t.Name)
	}
	for _, name := range where.Pinned {
		if name != "" && !strings.ContainsAny(name, `/\:*?"<>|`+"\x00") && len(names) < maxFolder {
			names = append(names, name)
		}
	}
	gobin := clean(where.Gobin)
	for _, dir := range clean(where.Path) {
		if slices.ContainsFunc(gobin, func(g string) bool { return f.same(g, dir) }) {
			f.folder(dir, drift.ToolGobin, true)
			continue
		}
		for _, name := range names {
			f.file(filepath.Join(dir, f.exe(name)), drift.ToolOnPath, true)
		}
	}
	for _, dir := range gobin {
		onPath := func(p string) bool { return f.same(p, dir) }
		if !slices.ContainsFunc(clean(where.Path), onPath) {
			f.folder(dir, drift.ToolGobin, false)
		}
	}
	for _, dir := range f.extensions() {
		f.folder(dir, drift.ToolExtension, false)
	}
	slices.SortStableFunc(f.out, func(a, b drift.Tool) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), rank(b)-rank(a), cmp.Compare(a.Path, b.Path))
	})
	return f.out
}

// same reports whether two names lead to one folder: a home on another disk is
// often a link, which one variable spells out and the other does not.
func (f *finder) same(a, b string) bool {
	if a == b {
		return true
	}
	realA, errA := f.files.EvalSymlinks(a)
	realB, errB := f.files.EvalSymlinks(b)
	return errA == nil && errB == nil && realA == realB
}

func rank(t drift.Tool) int {
	if t.First {
		return 1
	}
	return 0
}

// clean keeps absolute folders, each once.
func clean(dirs []string) []string {
	var out []string
	for _, dir := range dirs {
		if dir = filepath.Clean(dir); filepath.IsAbs(dir) && !slices.Contains(out, dir) {
			out = append(out, dir)
		}
	}
	return out
}

func (f *finder) exe(name string) string {
	if f.where.Windows {
		return name + ".exe"
	}
	return name
}

// folder looks at every program in a folder.
func (f *finder) folder(dir string, origin drift.ToolOrigin, onPath bool) {
	entries, err := f.files.ReadDir(dir)
	if err != nil {
		return // most people have no such folder
	}
	n := 0
	for _, entry := range entries {
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || f.where.Windows && !strings.HasSuffix(entry.Name(), ".exe") {
			continue
		}
		if n++; n > maxFolder {
			return
		}
		f.file(filepath.Join(dir, entry.Name()), origin, onPath)
	}
}

// file looks at one program, if it is one that can be started.
func (f *finder) file(path string, origin drift.ToolOrigin, onPath bool) {
	name := nameOf(path)
	if f.ctx.Err() != nil || f.seen[path] || len(f.out) >= maxTools || origin == drift.ToolOnPath && f.first[name] {
		return
	}
	info, err := f.files.Stat(path)
	if err != nil || !info.Mode().IsRegular() || !f.where.Windows && info.Mode()&0o111 == 0 {
		return
	}
	f.seen[path] = true
	tool := f.memo.read(f.files, path, info)
	tool.Name, tool.Origin = name, origin
	if onPath && !f.first[name] {
		tool.First, f.first[name] = true, true
	}
	f.out = append(f.out, tool)
}

// extensions are the folders of the Go extension in the editors that are like
// VS Code, which keep them below the home folder.
func (f *finder) extensions() []string {
	if f.where.Home == "" {
		return nil
	}
	var out []string
	for _, editor := range []string{".vscode", ".vscode-insiders", ".vscode-server", ".vscode-oss", ".cursor", ".windsurf"} {
		dir := filepath.Join(f.where.Home, editor, "extensions")
		entries, err := f.files.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), "golang.go-") {
				out = append(out, filepath.Join(dir, entry.Name(), "bin"))
			}
		}
	}
	return out
}
