package toolchain

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
)

// loadWorkspace is the workspace's way through modload.loadModFile. Only the
// text of a mistake depends on the folder, so a workspace without one is looked
// at once.
func (l *loader) loadWorkspace() string {
	key := memberKey{work: l.work, release: l.release, version: l.p.Version}
	if l.Modules.isFine(key) {
		return ""
	}
	p := l.lookAtWorkspace(key)
	if p == "" {
		l.Modules.setFine(key)
	}
	return p
}

// maxTold is how many wrong members, or wrong lines of a file, one message
// names. Each folder of a workspace has a message of its own about all of them,
// which would cost the square of their number.
const maxTold = 20

// tellBad is the text about the wrong members of a workspace, whose names depend
// on the folder.
func (l *loader) tellBad(bad badMembers) string {
	lines := make([]string, 0, len(bad.roots)+1)
	for _, root := range bad.roots {
		_, problem := l.member(root, bad.file)
		lines = append(lines, "go: "+problem)
	}
	if bad.more > 0 {
		lines = append(lines, fmt.Sprintf("(and %d more modules)", bad.more))
	}
	return strings.Join(lines, "\n")
}

func (l *loader) lookAtWorkspace(key memberKey) string {
	whole := key
	if bad, ok := l.Modules.badOf(whole); ok {
		return l.tellBad(bad)
	}
	work, problem := l.readWork()
	if problem != "" {
		return problem
	}
	roots, problem := l.useRoots(work)
	if problem != "" {
		return problem
	}
	if len(roots) == 0 {
		return ""
	}
	if l.release < 21 {
		return l.oldMembers(roots)
	}
	l.parseMembers(roots)
	var files []*modfile.File
	bad := badMembers{file: work}
	for _, root := range roots {
		key.root = root
		f, problem := l.Modules.member(key), ""
		if f == nil {
			f, problem = l.member(root, work)
		}
		switch {
		case problem != "":
			if len(bad.roots) < maxTold {
				bad.roots = append(bad.roots, root)
			} else {
				bad.more++
			}
		case f != nil:
			l.Modules.setMember(key, f)
		}
		if f != nil {
			files = append(files, f)
		}
	}
	if len(bad.roots) > 0 {
		l.Modules.setBad(whole, bad)
		return l.tellBad(bad)
	}
	if p := l.sameModules(files, work); p != "" {
		return p
	}
	if p := l.defaultMod(l.work, work.Go); p != "" {
		return p
	}
	if l.buildMod == "vendor" {
		return l.vendor(files, work)
	}
	return ""
}

// readWork is modload.ReadWorkFile, with the "go: " of whoever prints it.
func (l *loader) readWork() (*modfile.WorkFile, string) {
	prefix := "go: "
	if l.release < 21 {
		prefix = ""
	}
	shown := l.work
	if l.release >= 23 {
		shown = l.short(l.config, l.work)
	}
	text, err := l.Files.ReadFile(l.work)
	if err != nil {
		if l.release == 23 {
			shown = l.work
		}
		return nil, prefix + "reading go.work: " + openError(shown, err)
	}
	parsed := l.Modules.work(l.parsedKey(l.work), text)
	if parsed.file == nil {
		head := "reading go.work: "
		if l.release >= 23 {
			head = "errors parsing go.work:\n"
		}
		return nil, prefix + head + message(shown, shown, parsed.errs)
	}
	if l.release >= 21 && l.tooNew(parsed.file.Go) {
		return nil, "go: " + l.requires(l.short(l.config, l.work), parsed.file.Go.Version, l.p, l.config, l.choice.startup)
	}
	return parsed.file, ""
}

// useRoots are the folders of the use lines (modload.LoadWorkFile).
func (l *loader) useRoots(work *modfile.WorkFile) ([]string, string) {
	var roots []string
	seen := make(map[string]bool, len(work.Use))
	for _, use := range work.Use {
		root := use.Path
		if !filepath.IsAbs(root) {
			root = filepath.Join(filepath.Dir(l.work), root)
		}
		if seen[root] {
			switch {
			case l.release >= 23:
				return nil, fmt.Sprintf("go: error loading go.work:\n%s:%d: path %s appears multiple times in workspace",
					l.short(l.config, l.work), use.Syntax.Start.Line, root)
			case l.release >= 21:
				return nil, "go: reading go.work: path " + root + " appears multiple times in workspace"
			}
			return nil, "reading go.work: path " + root + " appears multiple times in workspace"
		}
		seen[root] = true
		roots = append(roots, root)
	}
	if l.release >= 23 {
		for _, g := range work.Godebug {
			if p := checkGodebug(l.release, l.localVersion, g.Key, g.Value); p != "" {
				return nil, fmt.Sprintf("go: error loading go.work:\n%s:%d: %s", l.short(l.config, l.work), g.Syntax.Start.Line, p)
			}
		}
	}
	return roots, ""
}

// oldMembers is how Go 1.20 reads the members: it stops at the first that is
// wrong.
func (l *loader) oldMembers(roots []string) string {
	for _, root := range roots {
		f, problem := l.readMod(filepath.Join(root, "go.mod"))
		if problem != "" {
			return "go: cannot load module listed in go.work file: " + problem
		}
		if p := checkPath(f.Module.Mod.Path, "module"); p != "" {
			return "go: " + p
		}
	}
	return ""
}

// parseMembers reads the go.mod files of a workspace with many members on all
// processors; what comes of it is looked at one by one afterwards.
func (l *loader) parseMembers(roots []string) {
	workers := min(runtime.GOMAXPROCS(0), len(roots)/8)
	if workers < 2 {
		return
	}
	var group sync.WaitGroup
	for first := range workers {
		group.Go(func() {
			for i := first; i < len(roots); i += workers {
				name := filepath.Join(roots[i], "go.mod")
				if text, err := l.Files.ReadFile(l.abs(name)); err == nil {
					l.Modules.mod(l.parsedKey(name), text)
				}
			}
		})
	}
	group.Wait()
}

// member reads one member; the problem has no "go: ".
func (l *loader) member(root string, work *modfile.WorkFile) (*modfile.File, string) {
	name := filepath.Join(root, "go.mod")
	f, problem := l.readMod(name)
	version := l.newerThanLocal(name)
	switch {
	case problem != "" && version != "":
		return nil, l.workTooOld(root, work, version)
	case problem != "":
		return nil, "cannot load module " + l.short(l.config, root) + " listed in go.work file: " + problem
	}
	version = "1.16"
	if f.Go != nil {
		version = f.Go.Version
	}
	if compare(version, workVersion(work)) > 0 && compare(version, "1.21") >= 0 {
		return nil, l.workTooOld(root, work, version)
	}
	if p := checkPath(f.Module.Mod.Path, "module"); p != "" {
		return f, p
	}
	return f, ""
}

// newerThanLocal is the version of a file that ReadModFile refuses because it
// is newer than the go that runs; empty otherwise.
func (l *loader) newerThanLocal(name string) string {
	text, err := l.Files.ReadFile(name)
	if err != nil {
		return ""
	}
	parsed := l.Modules.mod(l.parsedKey(name), text)
	f := parsed.file
	if f == nil && l.release >= 24 {
		f = parsed.lax
	}
	if f == nil || !l.tooNew(f.Go) {
		return ""
	}
	return f.Go.Version
}

func workVersion(work *modfile.WorkFile) string {
	if work.Go == nil {
		return "1.18"
	}
	return work.Go.Version
}

// workTooOld is modload.errWorkTooOld.
func (l *loader) workTooOld(root string, work *modfile.WorkFile, version string) string {
	verb := "lists"
	if work.Go == nil && l.release >= 23 {
		verb = "implicitly requires"
	}
	return fmt.Sprintf("module %s listed in go.work file requires go >= %s, but go.work %s go %s; to update it:\n\tgo work use",
		l.short(l.config, root), version, verb, workVersion(work))
}

// sameModules is what modload.makeMainModules says about members with the same
// path and about replaced members.
func (l *loader) sameModules(files []*modfile.File, work *modfile.WorkFile) string {
	var lines []string
	seen := map[string]bool{}
	for _, f := range files {
		path := f.Module.Mod.Path
		if seen[path] && len(lines) < maxTold {
			lines = append(lines, "go: module "+path+" appears multiple times in workspace")
		}
		seen[path] = true
	}
	for _, r := range work.Replace {
		if seen[r.Old.Path] && r.Old.Version == "" {
			lines = append(lines, "go: workspace module "+r.Old.Path+" is replaced at all versions in the go.work file. To fix, remove the replacement from the go.work file or specify the version at which to replace the module.")
		}
	}
	return strings.Join(lines, "\n")
}
