package workspace

import (
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"godrift.dev/server/drift"
)

// ignoreFile is the name of git's files of patterns in folders.
const ignoreFile = ".gitignore"

// The most that is read of one file of patterns; git has none longer by hand.
const (
	maxIgnoreSize = 1 << 20
	maxIgnores    = 10_000
	maxPattern    = 1 << 10
)

// ignores knows what git leaves out of one checkout, as gitignore(5) says: by
// the .gitignore files and info/exclude. Of a person's own settings, such as
// core.excludesFile, it knows nothing. It is safe for several goroutines.
type ignores struct {
	files drift.Files
	top   string
	// common are the patterns of info/exclude.
	common []ignorePattern

	mu    sync.Mutex
	byDir map[string][]ignorePattern // by folder from top, with slashes; empty for top
	dirs  map[string]bool            // by folder: whether it is left out
}

// ignorePattern is one line of such a file.
type ignorePattern struct {
	glob string
	// name says that the last element is compared, not the path; keep that what
	// matches is not ignored after all.
	name, keep, dirOnly bool
}

func newIgnores(files drift.Files, top, git string) *ignores {
	common := git
	if text, err := files.ReadFile(filepath.Join(git, "commondir")); err == nil { // a worktree
		if common = filepath.FromSlash(strings.TrimSpace(string(text))); !filepath.IsAbs(common) {
			common = filepath.Join(git, common)
		}
	}
	return &ignores{
		files: files, top: top, common: readIgnores(files, filepath.Join(common, "info", "exclude")),
		byDir: map[string][]ignorePattern{}, dirs: map[string]bool{},
	}
}

func readIgnores(files drift.Files, name string) []ignorePattern {
	text, err := files.ReadFile(name)
	if err != nil || len(text) > maxIgnoreSize {
		return nil
	}
	var list []ignorePattern
	for line := range strings.Lines(strings.TrimPrefix(string(text), string(byteOrderMark))) {
		if p, ok := parseIgnore(line); ok && len(list) < maxIgnores {
			list = append(list, p)
		}
	}
	return list
}

// braces are plain letters in a pattern of git's.
var braces = strings.NewReplacer(`\{`, `\{`, `\}`, `\}`, "{", `\{`, "}", `\}`)

func parseIgnore(line string) (p ignorePattern, ok bool) {
	line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if strings.HasPrefix(line, "#") || len(line) > maxPattern {
		return p, false
	}
	line, p.keep = strings.CutPrefix(line, "!")
	line, p.dirOnly = strings.CutSuffix(line, "/")
	p.name = !strings.Contains(line, "/")
	line = braces.Replace(strings.TrimPrefix(line, "/"))
	if strings.HasSuffix(line, "/**") {
		line += "/*" // what is in it, not the folder
	}
	p.glob = line
	return p, line != "" && doublestar.ValidatePattern(line)
}

func (p ignorePattern) match(rel string, dir bool) bool {
	if p.dirOnly && !dir {
		return false
	}
	if p.name {
		rel = path.Base(rel)
	}
	return doublestar.MatchUnvalidated(p.glob, rel)
}

// ignored reports whether git leaves a file or folder out, by its path from top
// with slashes. Nothing in a folder that is left out can be kept.
func (i *ignores) ignored(rel string, dir bool) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.leavesOut(rel, dir)
}

func (i *ignores) leavesOut(rel string, dir bool) bool {
	if rel == "." || rel == "" {
		return false
	}
	if known, ok := i.dirs[rel]; dir && ok {
		return known
	}
	out := i.leavesOut(path.Dir(rel), true) || i.matches(rel, dir)
	if dir {
		i.dirs[rel] = out
	}
	return out
}

// matches looks for the last pattern that speaks of a path: the nearest file of
// patterns counts first.
func (i *ignores) matches(rel string, dir bool) bool {
	for in := path.Dir(rel); ; in = path.Dir(in) {
		from := rel
		if in != "." {
			from = rel[len(in)+1:]
		}
		if keep, ok := lastOf(i.in(in), from, dir); ok {
			return !keep
		}
		if in == "." {
			break
		}
	}
	keep, ok := lastOf(i.common, rel, dir)
	return ok && !keep
}

func lastOf(list []ignorePattern, rel string, dir bool) (keep, ok bool) {
	for n := len(list) - 1; n >= 0; n-- {
		if list[n].match(rel, dir) {
			return list[n].keep, true
		}
	}
	return false, false
}

// in is what the .gitignore of a folder says; git follows no link to one.
func (i *ignores) in(dir string) []ignorePattern {
	list, ok := i.byDir[dir]
	if !ok {
		name := filepath.Join(i.top, filepath.FromSlash(dir), ignoreFile)
		if info, err := i.files.Lstat(name); err == nil && info.Mode().IsRegular() {
			list = readIgnores(i.files, name)
		}
		i.byDir[dir] = list
	}
	return list
}
