package modgraph

import (
	"errors"
	"go/version"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

var errTooLarge = errors.New("more modules than are looked at")

// Memo keeps what go.mod files in the module cache say: they never change.
type Memo struct {
	mu    sync.Mutex
	known map[string]*summary
}

// summary is modload.goModSummary: what the go.mod of a module says, or of what
// takes its place, without excluded versions. It is nil if that is not at hand.
func (r *resolver) summary(m module.Version) *summary {
	if s, ok := r.known[m]; ok {
		return s
	}
	s := r.read(m)
	if s != nil && len(r.excluded) > 0 {
		kept := &summary{pruned: s.pruned, goLine: s.goLine}
		for _, q := range s.require {
			if !r.excluded[q] {
				kept.require = append(kept.require, q)
			}
		}
		s = kept
	}
	r.known[m] = s
	return s
}

func (r *resolver) read(m module.Version) *summary {
	if m.Version == "" {
		for _, main := range r.mains {
			if main.path == m.Path {
				return summaryOf(main.file)
			}
		}
		return nil
	}
	actual := m
	if to, ok := r.replacement(m); ok {
		actual = to
	}
	if actual.Version == "" {
		file := filepath.Join(actual.Path, "go.mod")
		r.graph.Files = append(r.graph.Files, file)
		text, err := r.Files.ReadFile(file)
		if err != nil {
			return nil
		}
		return parse(text)
	}
	return r.cached(actual)
}

// cached reads a go.mod in the module cache, or remembers it.
func (r *resolver) cached(m module.Version) *summary {
	path, err := module.EscapePath(m.Path)
	if err != nil {
		return nil
	}
	version, err := module.EscapeVersion(m.Version)
	if err != nil || !filepath.IsAbs(r.Cache) {
		return nil
	}
	name := filepath.Join(r.Cache, "cache", "download", filepath.FromSlash(path), "@v", version+".mod")
	r.Memo.mu.Lock()
	s, ok := r.Memo.known[name]
	r.Memo.mu.Unlock()
	if ok {
		return s
	}
	text, err := r.Files.ReadFile(name)
	if err != nil {
		return nil // it may come
	}
	s = parse(text)
	r.Memo.mu.Lock()
	defer r.Memo.mu.Unlock()
	if r.Memo.known == nil || len(r.Memo.known) >= maxModules {
		r.Memo.known = map[string]*summary{}
	}
	r.Memo.known[name] = s
	return s
}

func parse(text []byte) *summary {
	f, err := modfile.ParseLax("go.mod", text, nil)
	if err != nil {
		return nil
	}
	return summaryOf(f)
}

// summaryOf is modload.summaryFromModFile. A go line below 1.17 does not name what
// is required indirectly (gover.ExplicitIndirectVersion).
func summaryOf(f *modfile.File) *summary {
	s := &summary{require: make([]module.Version, 0, len(f.Require))}
	if f.Go != nil {
		s.goLine = f.Go.Version
		s.pruned = version.Compare("go"+s.goLine, "go1.17") >= 0
	}
	for _, q := range f.Require {
		if !ofToolchain(q.Mod.Path) {
			s.require = append(s.require, q.Mod)
		}
	}
	return s
}

// ofToolchain reports whether a path is no module's: the go command keeps the go
// and toolchain lines in the same graph.
func ofToolchain(path string) bool {
	return path == "go" || path == "toolchain" || strings.HasPrefix(path, "go@")
}
