package modgraph

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"

	"godrift.dev/server/drift"
)

// list fills in the build list and who asks for what.
func (r *resolver) list() {
	var missing []string
	for m, s := range r.known {
		if s == nil {
			missing = append(missing, m.String())
		}
	}
	r.graph.Scope = drift.ModulesGraph
	r.graph.Missing, r.graph.MissingCount = some(missing)
	if len(missing) > 0 {
		if r.Work != "" || !summaryOf(r.mains[0].file).pruned {
			r.graph.Scope = drift.ModulesNone
			r.graph.Problem = "the go.mod of " + r.graph.Missing[0] + " is not in the module cache"
			return
		}
		r.onlyAtHand()
	}
	r.unsummed()
	asks := r.asks()
	for path, version := range r.selected {
		m := module.Version{Path: path, Version: version}
		if version == "" || version == "none" {
			continue
		}
		out := drift.ResolvedModule{Path: path, Version: version}
		if to, ok := r.replacement(m); ok {
			out.Replace = r.shown(to)
		}
		out.By, out.Direct = asks[path].by, asks[path].direct
		r.graph.Modules = append(r.graph.Modules, out)
	}
	for i := range r.graph.Behind {
		r.graph.Behind[i].By = asks[r.graph.Behind[i].Path].by
		if r.graph.Behind[i].Path == "go" {
			r.graph.Behind[i].By = r.goBy
		}
	}
}

// onlyAtHand makes the list again of what does not depend on how full the module
// cache is: of the go.mod of the main module and of folders that take the place of
// a module.
func (r *resolver) onlyAtHand() {
	r.graph.Scope = drift.ModulesRequired
	r.graph.Behind, r.goBy = nil, ""
	first := r.roots()
	r.selected = r.own()
	for m, s := range r.known {
		if to, ok := r.replacement(m); !ok || to.Version != "" || s == nil {
			delete(r.known, m)
		}
	}
	for _, m := range first {
		r.selectAtLeast(m)
	}
	for _, s := range r.known {
		for _, m := range s.require {
			r.selectAtLeast(m)
		}
	}
	r.behind(versions(first))
}

// asker is who requires a module in the version that was selected.
type asker struct {
	by     string
	rank   int // the lower, the more it says
	direct bool
}

// The ranks of those who ask for a version.
const (
	rankDirect   = iota // a main module, which uses it
	rankSelected        // a module of the build list
	rankMain            // a main module, which only repeats what another one asks for
	rankOther           // a version of a module that is not used itself
)

// asks finds for every module who asks for it: of several the one that says most.
func (r *resolver) asks() map[string]asker {
	out := make(map[string]asker, len(r.selected))
	offer := func(path string, a asker) {
		was, ok := out[path]
		a.direct = a.direct || was.direct
		if ok && (was.rank < a.rank || was.rank == a.rank && was.by <= a.by) {
			a.by, a.rank = was.by, was.rank
		}
		out[path] = a
	}
	for _, main := range r.mains {
		for _, q := range main.file.Require {
			a := asker{by: main.path, rank: rankDirect, direct: !q.Indirect}
			if q.Indirect {
				a.rank = rankMain
			}
			switch {
			case q.Mod.Version == r.selected[q.Mod.Path]:
				offer(q.Mod.Path, a)
			case a.direct: // others ask for a higher version of what it uses
				offer(q.Mod.Path, asker{rank: rankOther + 1, direct: true})
			}
		}
	}
	for m, s := range r.known {
		if s == nil || m.Version == "" {
			continue
		}
		a := asker{by: m.String(), rank: rankOther}
		if r.selected[m.Path] == m.Version {
			a.rank = rankSelected
		}
		for _, q := range s.require {
			if r.selected[q.Path] == q.Version {
				offer(q.Path, a)
			}
		}
	}
	return out
}

// shown is what takes the place of a module, as people read it: a folder as seen
// from the file that says so, with slashes.
func (r *resolver) shown(to module.Version) string {
	if to.Version != "" {
		return to.Path + " " + to.Version
	}
	from := filepath.Dir(r.Mod)
	if r.Work != "" {
		from = filepath.Dir(r.Work)
	}
	rel, err := filepath.Rel(from, to.Path)
	if err != nil {
		return filepath.ToSlash(to.Path)
	}
	if rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		rel = "." + string(filepath.Separator) + rel
	}
	return filepath.ToSlash(rel)
}

// some are the first few of a list, sorted, and how many there are.
func some(list []string) ([]string, int) {
	slices.Sort(list)
	n := len(list)
	return list[:min(n, maxNamed)], n
}

// vendored lists what vendor/modules.txt says (modload.readVendorList). What stands
// there is what builds use, whatever the module cache holds.
func (r *resolver) vendored() {
	dir := filepath.Dir(r.Mod)
	if r.Work != "" {
		dir = filepath.Dir(r.Work)
	}
	file := filepath.Join(dir, "vendor", "modules.txt")
	r.graph.File = file
	r.graph.Files = append(r.graph.Files, file)
	text, err := r.Files.ReadFile(file)
	if err != nil {
		r.graph.Problem = err.Error()
		return
	}
	r.graph.Scope = drift.ModulesVendored
	direct := map[string]string{}
	for _, main := range r.mains {
		for _, q := range main.file.Require {
			if !q.Indirect {
				direct[q.Mod.Path] = main.path
			}
		}
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] != "#" || !semver.IsValid(fields[2]) || seen[fields[1]] {
			continue
		}
		if len(r.graph.Modules) == maxModules {
			break
		}
		m := drift.ResolvedModule{Path: fields[1], Version: fields[2], By: direct[fields[1]], Direct: direct[fields[1]] != ""}
		if len(fields) > 4 && fields[3] == "=>" {
			m.Replace = strings.Join(fields[4:], " ")
		}
		seen[m.Path] = true
		r.graph.Modules = append(r.graph.Modules, m)
	}
}
