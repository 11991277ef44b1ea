package workspace

import (
	"bytes"
	"io/fs"
	"path/filepath"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/goenv"
)

// memo is a drift.Files that asks another one about each name once.
type memo struct {
	files drift.Files

	mu       sync.Mutex
	stats    map[string]answer[fs.FileInfo]
	texts    map[string]answer[[]byte]
	resolved map[string]answer[string]
	parsed   map[string]*goenv.File
}

type answer[T any] struct {
	value T
	err   error
}

func newMemo(files drift.Files) *memo {
	return &memo{
		files:    files,
		stats:    map[string]answer[fs.FileInfo]{},
		texts:    map[string]answer[[]byte]{},
		resolved: map[string]answer[string]{},
		parsed:   map[string]*goenv.File{},
	}
}

// once looks a name up in a table, or asks and remembers.
func once[T any](m *memo, table map[string]answer[T], name string, ask func(string) (T, error)) (T, error) {
	m.mu.Lock()
	a, ok := table[name]
	m.mu.Unlock()
	if !ok {
		a.value, a.err = ask(name)
		m.mu.Lock()
		table[name] = a
		m.mu.Unlock()
	}
	return a.value, a.err
}

func (m *memo) Stat(name string) (fs.FileInfo, error) {
	return once(m, m.stats, name, m.files.Stat)
}

func (m *memo) ReadFile(name string) ([]byte, error) {
	return once(m, m.texts, name, m.read)
}

// read reads a file. Over a disk with buffers a link leads to the buffer of the
// file it names, unless the link itself is open.
func (m *memo) read(name string) ([]byte, error) {
	if _, plain := m.files.(disk); plain {
		return m.files.ReadFile(name)
	}
	name = filepath.Clean(name)
	text, err := m.files.ReadFile(name)
	if info, lerr := m.files.Lstat(name); lerr != nil || info.Mode()&fs.ModeSymlink == 0 {
		return text, err
	}
	resolved, rerr := m.EvalSymlinks(name)
	if rerr != nil || resolved == name {
		return text, err
	}
	behind, rerr := m.files.ReadFile(resolved)
	if rerr != nil || bytes.Equal(text, behind) || m.open(name) {
		return text, err
	}
	return behind, nil
}

// open reports whether a name is open in an editor, which then has no program
// to offer under it.
func (m *memo) open(name string) bool {
	o, ok := m.files.(drift.Opener)
	if !ok {
		return false
	}
	f, err := o.Open(name)
	if err == nil {
		f.Close()
	}
	return err != nil
}

func (m *memo) EvalSymlinks(name string) (string, error) {
	return once(m, m.resolved, name, m.files.EvalSymlinks)
}

func (m *memo) Lstat(name string) (fs.FileInfo, error)     { return m.files.Lstat(name) }
func (m *memo) ReadDir(name string) ([]fs.DirEntry, error) { return m.files.ReadDir(name) }
func (m *memo) Open(name string) (drift.Content, error)    { return drift.Open(m.files, name) }

// parse reads a file in the grammar of GOENV.
func (m *memo) parse(name string) *goenv.File {
	m.mu.Lock()
	f, ok := m.parsed[name]
	m.mu.Unlock()
	if ok {
		return f
	}
	if text, err := m.ReadFile(name); err == nil {
		f = goenv.Parse(text)
	}
	m.mu.Lock()
	m.parsed[name] = f
	m.mu.Unlock()
	return f
}
