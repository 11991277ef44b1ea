package modgraph

import (
	"cmp"
	"context"
	"go/version"
	"maps"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
)

// Request says what to resolve: what the go command makes of its flags and of
// the files around the folder, as package toolchain works it out.
type Request struct {
	Files drift.Files
	// Cache is GOMODCACHE.
	Cache string
	// Root is the workspace folder, and Top the top of the checkout that it stands
	// in: what is below a commit can change.
	Root, Top string
	// Mod is the go.mod without a go.work, and Alt the file of -modfile that is
	// read in its place; Work is the go.work.
	Mod, Alt, Work string
	// Mode and Reason are those of drift.ModuleGraph.
	Mode, Reason string
	// Memo keeps what is in the module cache from one call to the next; it may be
	// nil.
	Memo *Memo
}

// The limits: of a larger graph nothing is told.
const (
	maxModules = 20_000
	maxNamed   = 20 // modules that are named in Missing and Unsummed
	maxRounds  = 50 // of raising what go.mod requires, which -mod=mod does
)

// Resolve works out which version of which module the go command uses, without
// starting it.
//
// It follows cmd/go/internal/modload: readModGraph and expandGraph of
// buildlist.go, goModSummary of modfile.go, readVendorList of vendor.go. The
// algorithm is small (https://go.dev/ref/mod#minimal-version-selection, with the
// pruning of https://go.dev/ref/mod#graph-pruning), its input is files that never
// change once they are in the module cache, and a test holds it against "go list
// -m all". So it also works on unsaved text and in a folder that is not trusted,
// where no program may be started, and takes no time that somebody waits for.
//
// Builds of a module with a go line of 1.17 or higher do not need the whole graph,
// so that the module cache often lacks parts of it, and nothing is fetched here.
// Then the list is what the go.mod files at hand ask for, which names every module
// that a package of the main module can come from.
func Resolve(ctx context.Context, req Request) drift.ModuleGraph {
	r := &resolver{Request: req, graph: drift.ModuleGraph{Mode: req.Mode, Reason: req.Reason, Mains: []string{}, Modules: []drift.ResolvedModule{}}}
	if r.Memo == nil {
		r.Memo = &Memo{}
	}
	r.graph.File = cmp.Or(req.Work, req.Alt, req.Mod)
	if r.graph.File != "" {
		r.resolve(ctx)
	}
	r.graph.Said = r.said()
	slices.Sort(r.graph.Files)
	r.graph.Files = slices.Compact(r.graph.Files)
	r.graph.Seal()
	return r.graph
}

func (r *resolver) resolve(ctx context.Context) {
	if r.graph.Problem = r.readMains(); r.graph.Problem != "" {
		return
	}
	if r.Mode == "vendor" {
		r.vendored()
		return
	}
	if err := r.load(ctx); err != nil {
		r.graph.Problem = err.Error()
		return
	}
	r.list()
}

// main is a main module.
type main struct {
	path, dir string
	file      *modfile.File
}

// resolver is one run of Resolve.
type resolver struct {
	Request
	graph    drift.ModuleGraph
	mains    []main
	work     *modfile.WorkFile
	replaced map[module.Version]module.Version
	excluded map[module.Version]bool

	known    map[module.Version]*summary // nil if the go.mod is not at hand
	queued   map[step]bool
	selected map[string]string
	goBy     string // who asks for the highest go line
}

// summary is what counts of a module's go.mod.
type summary struct {
	goLine  string
	pruned  bool
	require []module.Version
}

// pruning says how far the requirements of a module are followed
// (modload.modPruning).
type pruning int

const (
	pruned    pruning = iota // what it requires, and no further
	unpruned                 // everything that is required from there
	workspace                // what it requires, and what that requires
)

type step struct {
	mod     module.Version
	pruning pruning
}

// readMains reads the go.mod files of the main modules, and what they and the
// go.work replace and exclude.
func (r *resolver) readMains() (problem string) {
	r.replaced, r.excluded = map[module.Version]module.Version{}, map[module.Version]bool{}
	type source struct{ dir, file string }
	sources := []source{{filepath.Dir(r.Mod), cmp.Or(r.Alt, r.Mod)}}
	if r.Work != "" {
		text, err := r.Files.ReadFile(r.Work)
		if err != nil {
			return err.Error()
		}
		if r.work, err = modfile.ParseWork(r.Work, text, nil); err != nil {
			return err.Error()
		}
		r.graph.Files = append(r.graph.Files, r.Work)
		r.replace(r.work.Replace, filepath.Dir(r.Work))
		sources = nil
		for _, use := range r.work.Use {
			dir := absolute(filepath.Dir(r.Work), use.Path)
			sources = append(sources, source{dir, filepath.Join(dir, "go.mod")})
		}
	}
	for _, s := range sources {
		text, err := r.Files.ReadFile(s.file)
		if err != nil {
			return err.Error()
		}
		f, err := modfile.Parse(s.file, text, nil)
		if err != nil {
			return err.Error()
		}
		if f.Module == nil {
			return s.file + ": no module line"
		}
		r.graph.Files = append(r.graph.Files, s.file)
		r.mains = append(r.mains, main{f.Module.Mod.Path, s.dir, f})
		r.graph.Mains = append(r.graph.Mains, f.Module.Mod.Path)
		r.replace(f.Replace, s.dir)
		for _, x := range f.Exclude {
			r.excluded[x.Mod] = true
		}
		for _, q := range f.Require {
			if module.CanonicalVersion(q.Mod.Version) != q.Mod.Version {
				return s.file + ": " + q.Mod.String() + " names no version that is known without a look elsewhere"
			}
		}
	}
	return ""
}

// replace notes replacements; those of the go.work come first and count.
func (r *resolver) replace(list []*modfile.Replace, dir string) {
	for _, line := range list {
		to := line.New
		if to.Version == "" {
			to.Path = absolute(dir, to.Path)
		}
		if _, ok := r.replaced[line.Old]; !ok {
			r.replaced[line.Old] = to
		}
	}
}

// replacement is modload.resolveReplacement: the module that is really used.
func (r *resolver) replacement(m module.Version) (module.Version, bool) {
	if to, ok := r.replaced[m]; ok {
		return to, true
	}
	to, ok := r.replaced[module.Version{Path: m.Path}]
	return to, ok
}

func absolute(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, filepath.FromSlash(name))
}

// roots are the modules that the graph starts with (modload.rootsFromModFile).
func (r *resolver) roots() []module.Version {
	var roots []module.Version
	if r.Work != "" {
		for _, m := range r.mains {
			roots = append(roots, module.Version{Path: m.path})
		}
		return roots
	}
	for _, q := range r.mains[0].file.Require {
		if !r.excluded[q.Mod] && !ofToolchain(q.Mod.Path) {
			roots = append(roots, q.Mod)
		}
	}
	return roots
}

// own is what is selected from the start: a main module has no version, and counts
// for more than any version of it that others require.
func (r *resolver) own() map[string]string {
	selected := map[string]string{}
	for _, m := range r.mains {
		selected[m.path] = ""
	}
	return selected
}

// load is modload.readModGraph, and of expandGraph what raises the requirements
// of go.mod to what is needed.
func (r *resolver) load(ctx context.Context) error {
	roots := r.roots()
	start := workspace
	if r.Work == "" {
		start = unpruned
		if pruning := summaryOf(r.mains[0].file); pruning.pruned {
			start = pruned
		}
	}
	first := maps.Clone(versions(roots))
	for range maxRounds {
		r.known, r.queued, r.selected = map[module.Version]*summary{}, map[step]bool{}, r.own()
		for _, m := range roots {
			r.selectAtLeast(m)
		}
		if err := r.follow(ctx, roots, start); err != nil {
			return err
		}
		if r.Work != "" {
			return r.catchUp(ctx)
		}
		// updatePrunedRoots takes what was selected for new roots and loads anew; in an
		// older module updateUnprunedRoots keeps all that was selected.
		raised := false
		for i, m := range roots {
			if v := r.selected[m.Path]; v != m.Version && v != "" && start == pruned {
				roots[i].Version, raised = v, true
			}
		}
		if !raised {
			break
		}
	}
	r.behind(first)
	return nil
}

// behind notes what go.mod requires in a lower version than was selected. The go
// line is one of the requirements: it has to be as high as those of the modules
// that the graph was made of, from Go 1.21 on (modload.summaryFromModFile).
func (r *resolver) behind(required map[string]string) {
	change := func(path, was, is string) {
		r.graph.Behind = append(r.graph.Behind, drift.ModuleChange{Path: path, Kind: drift.ChangeChanged, Old: was, New: is, Trend: drift.TrendNewer})
	}
	for path, was := range required {
		if is := r.selected[path]; is != was && is != "" {
			change(path, was, is)
		}
	}
	own := cmp.Or(summaryOf(r.mains[0].file).goLine, "1.16")
	highest := own
	for m, s := range r.known {
		if s == nil || version.Compare("go"+s.goLine, "go1.21") < 0 || version.Compare("go"+s.goLine, "go"+highest) < 0 {
			continue
		}
		if s.goLine != highest || r.goBy == "" || m.String() < r.goBy {
			highest, r.goBy = s.goLine, m.String()
		}
	}
	if highest != own {
		change("go", own, highest)
	}
	slices.SortFunc(r.graph.Behind, func(a, b drift.ModuleChange) int { return cmp.Compare(a.Path, b.Path) })
}

// versions are the highest versions of modules, by path.
func versions(list []module.Version) map[string]string {
	out := make(map[string]string, len(list))
	for _, m := range list {
		if v, ok := out[m.Path]; !ok || semver.Compare(v, m.Version) < 0 {
			out[m.Path] = m.Version
		}
	}
	return out
}

// selectAtLeast is the whole of minimal version selection (mvs.Graph.Require). A
// main module has no version and is above all.
func (r *resolver) selectAtLeast(m module.Version) {
	v, ok := r.selected[m.Path]
	if !ok || v != "" && (m.Version == "" || semver.Compare(v, m.Version) < 0) {
		r.selected[m.Path] = m.Version
	}
}

// follow loads modules with what is required from there.
func (r *resolver) follow(ctx context.Context, from []module.Version, how pruning) error {
	queue := make([]step, 0, len(from))
	put := func(m module.Version, how pruning) {
		if s := (step{m, how}); !r.queued[s] {
			r.queued[s] = true
			queue = append(queue, s)
		}
	}
	for _, m := range from {
		put(m, how)
	}
	for i := 0; i < len(queue); i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(r.known) > maxModules {
			return errTooLarge
		}
		s := queue[i]
		read := r.summary(s.mod)
		if read == nil {
			continue
		}
		next := unpruned
		if read.pruned && s.pruning != unpruned {
			next = pruned
		}
		for _, m := range read.require {
			r.selectAtLeast(m)
			if s.pruning != pruned || !read.pruned {
				put(m, next)
			}
		}
	}
	return nil
}

// catchUp is the end of modload.readModGraph: in a workspace, what the main modules
// require is loaded in the version that was selected, too.
func (r *resolver) catchUp(ctx context.Context) error {
	inAll := map[string]bool{}
	for _, m := range r.mains {
		inAll[m.path] = true
	}
	seen := map[module.Version]bool{}
	for {
		var needed []module.Version
		for path := range inAll {
			m := module.Version{Path: path, Version: r.selected[path]}
			if !seen[m] {
				needed = append(needed, m)
				continue
			}
			read := r.known[m]
			if read == nil {
				continue
			}
			for _, q := range read.require {
				chosen := module.Version{Path: q.Path, Version: r.selected[q.Path]}
				if chosen.Version != "" && semver.Compare(chosen.Version, q.Version) > 0 && !seen[chosen] {
					needed = append(needed, chosen)
				}
			}
		}
		if len(needed) == 0 {
			return nil
		}
		for _, m := range needed {
			seen[m], inAll[m.Path] = true, true
		}
		if err := r.follow(ctx, needed, workspace); err != nil {
			return err
		}
	}
}
