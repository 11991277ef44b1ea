package workspace

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"sync"

	"godrift.dev/server/drift"
)

// view makes the file system for one evaluation.
func (w *Workspace) view() *view {
	return &view{
		Files: w.world.Files, buffers: w.buffers,
		known: func(name string) (drift.Document, bool) {
			if e := w.entry(name); e != nil && e.doc.Hash != "" {
				return e.doc, true
			}
			return drift.Document{}, false
		},
	}
}

// judgeAll asks anew what depends on the environment, which is everything.
func (w *Workspace) judgeAll(ctx context.Context) error {
	w.selections, w.others, w.graphPending = nil, nil, true
	w.listWorks()
	return w.decide(ctx, func(string) bool { return true }, true)
}

// judge asks anew what depends on the files that changed.
//
// A selection depends on one file only, the go.work or else the nearest go.mod
// (see [toolchain.Select]); the error of commands that load modules depends on
// the modules that a go.work uses too.
func (w *Workspace) judge(ctx context.Context, changes []change) error {
	w.listWorks()
	dirty := map[string]bool{}
	environment := false // a go.mod or go.work that came or went can change GOMOD and GOWORK
	works := map[string]bool{}
	below := []string{}
	all := false
	for _, c := range changes {
		dir := filepath.Dir(c.file)
		came := (c.before == nil) != (c.after == nil)
		switch filepath.Base(c.file) {
		case "go.mod":
			dirty[dir] = true
			if drift.Within(dir, w.root) {
				dirty[w.root] = true
				environment = environment || came
			}
			if !sameModule(c.before, c.after) {
				w.worksOf(dir, works)
			}
		case "go.work":
			below = append(below, dir)
			environment = environment || came && drift.Within(dir, w.root)
			all = all || c.file == w.work
		}
	}
	if len(dirty) == 0 && len(below) == 0 {
		w.modules = w.listModules()
		return ctx.Err()
	}
	w.graphPending = true
	return w.decide(ctx, func(dir string) bool {
		if all || dirty[dir] || len(works) > 0 && works[w.workOf(dir)] {
			return true
		}
		return slices.ContainsFunc(below, func(top string) bool { return drift.Within(top, dir) })
	}, environment)
}

// worksOf adds the go.work files that a module's go.mod counts for: the one in
// effect in its folder, and those that use it from elsewhere.
func (w *Workspace) worksOf(dir string, works map[string]bool) {
	if work := w.workOf(dir); work != "" {
		works[work] = true
	}
	for _, e := range w.entries {
		if slices.ContainsFunc(e.uses, func(u drift.Use) bool { return u.Dir == dir }) {
			works[e.doc.File] = true
		}
	}
}

// sameModule reports whether two states of a go.mod are the same to the go.work
// that uses the module.
func sameModule(a, b *entry) bool {
	return a != nil && b != nil && a.module == b.module && len(a.problems) == 0 && len(b.problems) == 0
}

// decide selects a toolchain for the folders that are dirty, and for those that
// are new.
func (w *Workspace) decide(ctx context.Context, dirty func(dir string) bool, environment bool) error {
	world := w.world
	world.Files = w.view()
	if w.probed == nil {
		w.probed = Probe(world, w.root)
	} else {
		w.probed = w.probed.Again(world, w.root)
	}
	probed := w.probed
	before := w.selections
	if !environment && dirty(w.root) {
		environment = !sameOutcome(before[w.root].Selection, probed.Select(w.root))
	}
	if environment {
		w.environment = probed.Environment(w.root)
		w.envHash = hashOf(w.environment)
		w.readWork(explicitWork(w.environment))
	}
	dirs := []string{w.root}
	for _, e := range w.entries {
		if base := e.base(); base == "go.mod" || base == "go.work" {
			dirs = append(dirs, filepath.Dir(e.doc.File))
		}
	}
	slices.Sort(dirs)
	dirs = slices.Compact(dirs)

	w.selections = make(map[string]selected, len(dirs))
	var ask []string
	for _, dir := range dirs {
		if s, ok := before[dir]; ok && !dirty(dir) {
			w.selections[dir] = s
		} else {
			ask = append(ask, dir)
		}
	}
	var mu sync.Mutex
	each(len(ask), func(i int) {
		if ctx.Err() != nil {
			return
		}
		s := selected{Selection: probed.Select(ask[i])}
		s.hash = hashOf(s.Selection)
		mu.Lock()
		w.selections[ask[i]] = s
		mu.Unlock()
	})
	if err := ctx.Err(); err != nil {
		return err
	}
	w.modules = w.listModules()
	if environment || dirty(w.root) {
		w.lookFromPeers(environment)
	}
	w.readOthers(world.Files, ask, environment)
	return nil
}

// sameOutcome reports whether two selections lead to the same environment. What
// go env prints depends on the Go that runs and on which go.mod and go.work
// there are, not on what else they say.
func sameOutcome(a, b drift.Selection) bool {
	return a.Selected == b.Selected && a.GOROOT == b.GOROOT && a.How == b.How && a.Error == b.Error
}

// readWork notes the go.work that a variable names, and reads it and what it
// uses if it stands elsewhere.
func (w *Workspace) readWork(file string) {
	if file == w.work {
		return
	}
	w.work = file
	if filepath.IsAbs(file) && w.entry(file) == nil {
		if e := w.read(file, nil); e != nil {
			w.put(file, e)
		}
	}
	w.readUses()
	w.listWorks()
}

// explicitWork is the value of GOWORK if somebody set it.
func explicitWork(env drift.Environment) string {
	v, ok := env.Lookup("GOWORK")
	if !ok || v.Kind == drift.LayerDefault {
		return ""
	}
	return v.Value
}

// workOf is the go.work in effect in a folder; empty if there is none.
func (w *Workspace) workOf(dir string) string {
	switch w.work {
	case "":
	case "off":
		return ""
	default:
		return w.work
	}
	nearest := ""
	for _, file := range w.works {
		if at := filepath.Dir(file); drift.Within(at, dir) && (nearest == "" || len(at) >= len(filepath.Dir(nearest))) {
			nearest = file
		}
	}
	return nearest
}

// listWorks notes which entries are a go.work: every module asks.
func (w *Workspace) listWorks() {
	w.works = nil
	for _, e := range w.entries {
		if e.base() == "go.work" {
			w.works = append(w.works, e.doc.File)
		}
	}
}

// listModules makes the snapshot's modules, sorted by folder.
func (w *Workspace) listModules() []drift.Module {
	modules := make([]drift.Module, 0, len(w.selections))
	for _, e := range w.entries {
		base, dir := e.base(), filepath.Dir(e.doc.File)
		if base != "go.mod" && base != "go.work" {
			continue
		}
		modules = append(modules, drift.Module{
			Dir: dir, File: e.doc.File, Path: e.module.Path, Work: w.workOf(dir),
			Uses: e.uses, Selection: w.selections[dir].Selection,
		})
	}
	slices.SortFunc(modules, func(a, b drift.Module) int {
		return cmp.Or(cmp.Compare(a.Dir, b.Dir), cmp.Compare(a.File, b.File))
	})
	return modules
}

// readOthers reads the documents that the environment and the selections of
// dirs point to and that are no entries.
func (w *Workspace) readOthers(files drift.Files, dirs []string, environment bool) {
	others := make(map[string]drift.Document, len(w.others)+4)
	for name, doc := range w.others {
		if w.entry(name) == nil {
			others[name] = doc
		}
	}
	need := func(name string) {
		if name == "" || w.entry(name) != nil {
			return
		}
		if _, ok := others[name]; ok {
			return
		}
		if doc, ok := w.buffers[name]; ok {
			others[name] = doc
			return
		}
		content, err := files.ReadFile(name)
		if err != nil {
			others[name] = drift.Document{File: name}
			return
		}
		others[name] = document(name, content)
	}
	if environment {
		environments := []drift.Environment{w.environment}
		for _, p := range w.peers {
			environments = append(environments, p.other.Environment)
		}
		for _, e := range environments {
			need(e.GOENV)
			for _, v := range e.Variables {
				need(v.File)
				for _, l := range v.Shadowed {
					need(l.File)
				}
			}
		}
		// A GOROOT that somebody set may be of another Go than the one on PATH.
		if v, ok := w.environment.Lookup("GOROOT"); ok && v.Kind != drift.LayerDefault && filepath.IsAbs(v.Value) {
			need(filepath.Join(v.Value, "VERSION"))
		}
	}
	for _, dir := range dirs {
		s := w.selections[dir]
		need(s.Decider.File)
		for _, step := range s.Steps {
			need(step.File)
		}
	}
	w.others = others
}
