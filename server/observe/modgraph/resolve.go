package modgraph

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"

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
