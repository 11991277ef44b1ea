package modgraph

import (
	"cmp"
	"context"
	"go/version"
	"maps"
	"slices"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
)

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
