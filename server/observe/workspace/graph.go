package workspace

import (
	"context"
	"path/filepath"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/modgraph"
)

// maxGraphDocs bounds how many files of the module graph a snapshot holds besides
// those that it holds anyhow.
const maxGraphDocs = 200

// readGraph works out which modules the go command uses in the root. It is kept
// out of the first look, as the tools are: a large graph is made of thousands of
// files in the module cache.
func (w *Workspace) readGraph(ctx context.Context) error {
	world := w.world
	world.Files = w.view()
	probed := w.probed
	if probed == nil {
		probed = Probe(world, w.root)
	}
	g := probed.graph(ctx, world.Files, w.root, w.top(), &w.shelf.modules)
	if err := ctx.Err(); err != nil {
		return err
	}
	w.graph, w.graphPending = g, false
	w.graphDocs = map[string]drift.Document{}
	for _, file := range g.Files {
		if w.entry(file) != nil || len(w.graphDocs) == maxGraphDocs || filepath.Base(file) == "go.sum" {
			continue
		}
		if content, err := world.Files.ReadFile(file); err == nil {
			w.graphDocs[file] = document(file, content)
		}
	}
	return nil
}

// Graph works out which modules a go command started in dir uses. top is the top of
// the checkout that dir stands in.
func (p *Probed) Graph(ctx context.Context, dir, top string) drift.ModuleGraph {
	return p.graph(ctx, p.world.Files, dir, top, nil)
}

func (p *Probed) graph(ctx context.Context, files drift.Files, dir, top string, memo *modgraph.Memo) drift.ModuleGraph {
	r := p.answer(dir)
	cache := ""
	if r.Config != nil {
		cache = r.Config.ModCache()
	}
	return modgraph.Resolve(ctx, modgraph.Request{
		Files: files, Cache: cache, Root: dir, Top: top,
		Work: r.Build.Work, Mod: r.Build.Mod, Alt: r.Build.Alt, Mode: r.Build.Mode, Reason: r.Build.Reason, Memo: memo,
	})
}

// top is the top of the checkout that the root stands in, or the root.
func (w *Workspace) top() string {
	top := w.root
	for _, dir := range w.found.checkouts {
		if drift.Within(dir, w.root) && (top == w.root || len(dir) > len(top)) {
			top = dir
		}
	}
	return top
}
