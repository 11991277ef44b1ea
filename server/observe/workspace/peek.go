package workspace

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/goenv"
	"godrift.dev/server/observe/pins"
)

// Sighted are the names that an answer depends on: if those that are there get
// no newer, and those that are not there stay away, it is the same.
type Sighted struct{ Present, Absent []string }

// Peek looks at one folder of a workspace only: at the Go that runs there and
// the pins at and above it that say which one people should develop with. That is
// a small part of a snapshot for a small part of its price, for who asks at every
// prompt. It lists no toolchains, and dir must be in opts.Root.
func Peek(ctx context.Context, opts Options, dir string) (*drift.Snapshot, Sighted, error) {
	w := &Workspace{
		root: filepath.Clean(opts.Root), world: opts.World, files: opts.World.Files, trusted: opts.Trusted,
		declare: opts.Declared, limits: defaultLimits,
	}
	w.world.Files = fenced(w.files, w.root, w.trusted)
	w.redeclare()
	folders := w.findAbove(dir)
	entries, err := w.readAll(ctx, w.found.files)
	if err != nil {
		return nil, Sighted{}, err
	}
	w.entries = entries

	world := w.world
	world.Files = w.view()
	p := Probe(world, dir)
	w.selections = map[string]selected{dir: {Selection: p.Select(dir)}}
	// What the rest of the environment depends on decides nothing about the Go.
	sighted := p.sighted(append(folders, w.found.files...))
	config, ok := p.answer(dir).Config.(*goenv.Config)
	if !ok {
		config = p.bare(dir)
	}
	w.environment = drift.Environment{Of: world.Of, Host: world.Host, GOENV: config.File(), Variables: config.Variables()}
	w.work = explicitWork(w.environment)
	w.listWorks()
	modules := slices.DeleteFunc(w.listModules(), func(m drift.Module) bool { return m.Dir != dir })
	w.readOthers(world.Files, []string{dir}, true)
	s := &drift.Snapshot{
		Root: w.root, Trusted: w.trusted, Environment: w.environment, Selection: w.selections[dir].Selection, Modules: modules,
		Pins: w.pins(), Documents: map[string]drift.Document{}, Checkouts: w.found.checkouts,
	}
	for _, e := range w.entries {
		s.Documents[e.doc.File] = e.doc
	}
	maps.Copy(s.Documents, w.others)
	return s, sighted, ctx.Err()
}

// findAbove looks for files that can hold pins in a folder and those above it, up
// to the root, and returns the folders. Beyond the root it is as for a snapshot.
func (w *Workspace) findAbove(dir string) []string {
	f := finder{files: w.world.Files, root: w.root, limits: w.limits, declared: w.declared}
	var folders []string
	for d := dir; drift.Within(w.root, d); d = filepath.Dir(d) {
		entries, err := f.files.ReadDir(d)
		if err == nil {
			folders = append(folders, d)
		}
		for _, e := range entries {
			if file := filepath.Join(d, e.Name()); !e.IsDir() && w.forPeople(w.rel(file)) {
				f.found.files = append(f.found.files, file)
			}
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	top, _ := checkout(w.world.Files, w.root)
	if top != "" {
		f.checkouts = append(f.checkouts, top)
	}
	temp := w.world.Environ["TMPDIR"]
	if temp == "" {
		temp = "/tmp"
	}
	f.above(top, filepath.Clean(temp))
	f.finish()
	w.found = f.found
	return folders
}

// forPeople reports whether a file can decide which Go is agreed upon.
func (w *Workspace) forPeople(rel string) bool {
	return rel == policyFile || !excluded(rel) && (pins.ForPeople(rel) || w.declared.Match(rel))
}

// sighted lists what the probe looked at, and more names that are there: those
// with few folders above them first. A folder that is only looked for says
// nothing by its age: programs write into it all the time.
func (p *Probed) sighted(more []string) Sighted {
	names := map[string]bool{}
	for _, name := range more {
		names[name] = true
	}
	p.memo.mu.Lock()
	for name, a := range p.memo.stats {
		if a.err != nil || !a.value.IsDir() {
			names[name] = a.err == nil
		}
	}
	for name, a := range p.memo.texts {
		names[name] = names[name] || a.err == nil
	}
	p.memo.mu.Unlock()
	var s Sighted
	for name, there := range names {
		if there {
			s.Present = append(s.Present, name)
		} else {
			s.Absent = append(s.Absent, name)
		}
	}
	for _, list := range [][]string{s.Present, s.Absent} {
		slices.SortFunc(list, func(a, b string) int {
			return cmp.Or(cmp.Compare(strings.Count(a, string(filepath.Separator)), strings.Count(b, string(filepath.Separator))), cmp.Compare(a, b))
		})
	}
	return s
}
