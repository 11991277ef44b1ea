package workspace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// policyFile is the policy's name in the workspace's root.
const policyFile = "godrift.toml"

// topNames are the files that are looked for by name where a list of tracked
// files is used, since they are new or ignored more often than others.
var topNames = []string{"go.mod", "go.work", ".go-version"}

// leftOut are the folders whose files say nothing about this workspace.
var leftOut = map[string]bool{
	"node_modules": true, "vendor": true, "testdata": true, ".git": true, ".hg": true, ".svn": true, ".jj": true,
}

// limits bound what one workspace can cost.
type limits struct{ entries, depth, candidates, submodules, listed, watched int }

// Of a checkout with 17,000 files some 700 folders hold tracked ones.
var defaultLimits = limits{entries: 1_000_000, depth: 64, candidates: 20_000, submodules: 8, listed: 1_000, watched: 200}

// found is what a search for files that can hold pins yields.
type found struct {
	// files are absolute, sorted, without doubles.
	files    []string
	problems []drift.Problem
	// index is the git index the files came from; empty if folders were walked.
	index string
	// folders are the root's direct folders that are not left out, and others
	// that git does not track.
	folders []string
	// checkouts are the tops of the checkouts that the root stands in or holds.
	checkouts []string
	// ignores is what git ignores of the root's checkout; nil if folders were
	// walked.
	ignores *ignores
}

// finder looks for files that can hold pins.
type finder struct {
	files    drift.Files
	root     string
	limits   limits
	declared *pins.Declarations
	found
}

// find looks for all files below root that can hold pins, and for those above
// that the go command would find from root.
func find(ctx context.Context, files drift.Files, root, temp string, lim limits, declared *pins.Declarations) (found, error) {
	f := &finder{files: files, root: root, limits: lim, declared: declared}
	top, git := checkout(files, root)
	if top != "" {
		f.checkouts = append(f.checkouts, top)
	}
	listed := git != "" && f.fromIndex(ctx, top, git, 0)
	var err error
	if listed {
		f.index = filepath.Join(git, "index")
		err = f.top()
	} else {
		f.found.files = nil
		f.ignores = nil
		err = f.walk(ctx)
	}
	if err != nil {
		return found{}, err
	}
	f.above(top, temp)
	f.finish()
	return f.found, ctx.Err()
}

func (f *finder) finish() {
	slices.Sort(f.found.files)
	f.found.files = slices.Compact(f.found.files)
	slices.Sort(f.folders)
	f.folders = slices.Compact(f.folders)
	slices.Sort(f.checkouts)
	f.checkouts = slices.Compact(f.checkouts)
	if len(f.found.files) > f.limits.candidates {
		f.problem(f.root, fmt.Sprintf("more than %d files here say which Go to use; the rest is left out. Open a smaller folder", f.limits.candidates))
		f.found.files = f.found.files[:f.limits.candidates]
	}
	slices.SortFunc(f.problems, func(a, b drift.Problem) int { return strings.Compare(a.Place.File, b.Place.File) })
}

func (f *finder) problem(file, message string) {
	f.problems = append(f.problems, drift.Problem{Place: drift.Place{File: file}, Message: message})
}

// candidate reports whether a file can hold pins, by its path from the root
// with slashes.
func candidate(rel string, declared *pins.Declarations) bool {
	return rel == policyFile || (pins.Of(rel) != nil || declared.Match(rel)) && !excluded(rel)
}

// excluded reports whether one of the folders of a path is left out.
func excluded(rel string) bool {
	for {
		dir, rest, ok := strings.Cut(rel, "/")
		if !ok {
			return false
		}
		if leftOut[dir] {
			return true
		}
		rel = rest
	}
}

var goSuffix = []byte(".go")

// fromIndex lists the files below the root that git tracks, or does not track
// and does not ignore. It reports whether any is tracked: the root can be an
// untracked folder of a checkout.
func (f *finder) fromIndex(ctx context.Context, top, git string, depth int) bool {
	for _, hashLen := range []int{20, 32} {
		before, any := len(f.found.files), false
		var submodules []string
		t := newTracked()
		err := f.readIndex(ctx, top, git, hashLen, &any, &submodules, t)
		if errors.Is(err, errIndex) && hashLen == 20 {
			f.found.files = f.found.files[:before]
			continue // perhaps a repository with SHA-256
		}
		if err != nil || !any {
			return false
		}
		at := top
		if drift.Within(top, f.root) {
			at = f.root
		}
		f.untracked(ctx, top, at, git, t)
		for _, sub := range submodules {
			if git := gitDir(f.files, sub); git != "" && depth < f.limits.submodules {
				f.checkouts = append(f.checkouts, sub)
				f.fromIndex(ctx, sub, git, depth+1)
			}
		}
		return true
	}
	return false
}

func (f *finder) readIndex(ctx context.Context, top, git string, hashLen int, any *bool, submodules *[]string, t *tracked) error {
	// A path of the index, relative to top, is below the root if it starts with
	// prefix; a submodule's is, with another folder in front.
	var prefix []byte
	lead := ""
	if rel, err := filepath.Rel(top, f.root); err == nil && rel != "." {
		if drift.Within(top, f.root) {
			prefix = []byte(filepath.ToSlash(rel) + "/")
		} else if rel, err = filepath.Rel(f.root, top); err == nil {
			lead = filepath.ToSlash(rel) + "/"
		}
	}
	n := 0
	return readIndexFile(f.files, filepath.Join(git, "index"), hashLen, func(path []byte, mode uint32) {
		n++
		if !bytes.HasPrefix(path, prefix) || n&0xfff == 0 && ctx.Err() != nil {
			return
		}
		*any = true
		path = path[len(prefix):]
		if mode&modeMask == modeSubmodule || mode&modeMask == modeFolder {
			t.apart[strings.TrimSuffix(string(path), "/")] = true
		}
		t.note(path)
		if bytes.HasSuffix(path, goSuffix) && !f.declared.GoSource() || mode&modeMask == modeFolder {
			return
		}
		rel := lead + string(path)
		if mode&modeMask == modeSubmodule {
			if !excluded(rel + "/") {
				*submodules = append(*submodules, filepath.Join(f.root, filepath.FromSlash(rel)))
			}
			return
		}
		if candidate(rel, f.declared) {
			t.pin(string(path))
			f.found.files = append(f.found.files, filepath.Join(f.root, filepath.FromSlash(rel)))
		}
	})
}

// top finds what git does not track in the root and its direct folders: a new
// module, a go.work or .go-version that is ignored on purpose.
func (f *finder) top() error {
	entries, err := f.files.ReadDir(f.root)
	if err != nil {
		return fmt.Errorf("list %s: %w", f.root, err)
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir():
			if leftOut[name] {
				continue
			}
			dir := filepath.Join(f.root, name)
			f.folders = append(f.folders, dir)
			f.byName(dir, topNames)
		case candidate(name, f.declared):
			f.found.files = append(f.found.files, filepath.Join(f.root, name))
		}
	}
	return nil
}

// byName adds the files of these names that dir has.
func (f *finder) byName(dir string, names []string) {
	for _, name := range names {
		file := filepath.Join(dir, name)
		if info, err := f.files.Lstat(file); err == nil && !info.IsDir() {
			f.found.files = append(f.found.files, file)
		}
	}
}

// above finds what stands above the root and counts in it: the nearest go.mod
// and go.work, and within the same checkout the nearest .go-version. The go
// command takes no go.mod of the folder for temporary files itself.
func (f *finder) above(top, temp string) {
	for _, name := range topNames {
		if f.has(filepath.Join(f.root, name)) {
			continue
		}
		for dir := f.root; ; {
			up := filepath.Dir(dir)
			if up == dir || name == ".go-version" && (top == "" || dir == top) {
				break
			}
			dir = up
			if file := filepath.Join(dir, name); f.has(file) && (name != "go.mod" || dir != temp) {
				f.found.files = append(f.found.files, file)
				break
			}
		}
	}
}

func (f *finder) has(file string) bool {
	info, err := f.files.Stat(file)
	return err == nil && !info.IsDir()
}

// cannotList is the problem of a folder that cannot be looked into.
func (f *finder) cannotList(dir string, err error) {
	if missing(err) {
		return // it went away meanwhile
	}
	reason := err.Error()
	if errors.Is(err, fs.ErrPermission) {
		reason = "permission denied"
	}
	f.problem(dir, "the folder cannot be listed ("+reason+"), so files in it are not seen")
}
