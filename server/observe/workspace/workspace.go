// Package workspace turns a folder, the buffers an editor holds open in it and
// somebody's environment into a Snapshot. It is the only observer that uses the
// other ones.
//
// A Workspace is never changed: Next yields another one, which shares what the
// event did not touch. Files are read when an event names them, and their
// content's hash decides whether anything is new.
package workspace

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// Options says what to open.
type Options struct {
	// Root is the workspace folder, absolute.
	Root string
	// World is the file system, environment and host to look at.
	World World
	// Trusted is passed on to the snapshots. In a folder that is not trusted no
	// link is followed that leads out of it.
	Trusted bool
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Declared reads from the policy's file which files of the team's own pin a
	// Go version; nil if none do. It is asked again when that file changes.
	Declared func(policy drift.Document) []drift.DeclaredPin
	// Cache looks at a build cache by the value of GOCACHE; policy is the policy's
	// file, empty if there is none. It is asked with the tools, and again when one of
	// the files in CacheFiles changes. Without it the cache is not looked at.
	Cache      func(ctx context.Context, dir string, policy drift.Document) *drift.Cache
	CacheFiles func(dir string) []string
	// Before reads a file as it was in a commit that this state is compared with,
	// and BeforeName names that commit as the end of a sentence: "in the last
	// commit". Without them the first look is what later ones are compared with.
	Before     func(file string) ([]byte, error)
	BeforeName string
}

// Workspace is the state of one folder at one time.
type Workspace struct {
	root    string
	world   World // without the buffers; its links lead nowhere if not trusted
	files   drift.Files
	trusted bool
	now     func() time.Time
	declare func(policy drift.Document) []drift.DeclaredPin
	limits  limits

	lookAtCache func(ctx context.Context, dir string, policy drift.Document) *drift.Cache
	cacheFiles  func(dir string) []string
	cache       *drift.Cache

	declared *pins.Declarations

	found   found
	entries []*entry // by file name
	buffers map[string]drift.Document

	probed      *Probed
	environment drift.Environment
	envHash     [32]byte
	work        string              // a go.work that a variable names; "off" if it says so
	works       []string            // the entries that are a go.work
	selections  map[string]selected // by folder; the root's is always there
	modules     []drift.Module
	peers       []peer // by whose environment it is
	// others holds the documents that are no entries: the GOENV file, go.env,
	// and what the steps of a selection name.
	others map[string]drift.Document

	shelf    *shelf
	tools    []drift.Tool
	toolPins []drift.ToolPin
	// toolsRead says that tools were ever read, toolsPending that they have to
	// be read again.
	toolsRead, toolsPending bool
	cgo                     *drift.CgoState
	cgoPending              bool
	// graph is what the go command resolves in the root, graphDocs the files that
	// it was made of and that are no entries; graphPending says that it has to be
	// read again.
	graph        drift.ModuleGraph
	graphDocs    map[string]drift.Document
	graphPending bool
	digested     []drift.Digested

	snapshot *drift.Snapshot
}

// selected is a selection with the hash of it.
type selected struct {
	drift.Selection
	hash [32]byte
}

// Open looks at a folder for the first time.
func Open(ctx context.Context, opts Options) (*Workspace, error) {
	if !filepath.IsAbs(opts.Root) {
		return nil, fmt.Errorf("open %q: the path of a workspace folder must be absolute", opts.Root)
	}
	w := &Workspace{
		root: filepath.Clean(opts.Root), world: opts.World, files: opts.World.Files, trusted: opts.Trusted, now: opts.Now,
		declare: opts.Declared, lookAtCache: opts.Cache, cacheFiles: opts.CacheFiles, limits: defaultLimits, shelf: &shelf{}, toolsPending: true, graphPending: true, cgoPending: true,
	}
	if w.now == nil {
		w.now = time.Now
	}
	w.world.Files = fenced(w.files, w.root, w.trusted)
	info, err := w.world.Files.Stat(w.root)
	if err != nil {
		return nil, fmt.Errorf("open the workspace: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("open %s: a workspace is a folder, not a file", w.root)
	}
	if err := w.rescan(ctx); err != nil {
		return nil, err
	}
	w.digested = w.digests(opts)
	w.publish(1)
	return w, nil
}

// Snapshot is what the workspace looks like.
func (w *Workspace) Snapshot() *drift.Snapshot { return w.snapshot }

// World is the world this workspace looks at, open buffers included.
func (w *Workspace) World() World {
	world := w.world
	world.Files = &view{Files: w.world.Files, buffers: w.buffers}
	return world
}

// Next is the workspace after an event. It returns w itself if the event
// changes nothing. On error, w stays as good as it was.
func (w *Workspace) Next(ctx context.Context, ev drift.Event) (*Workspace, error) {
	n := *w
	var err error
	switch ev.Kind {
	case drift.EventStart, drift.EventRescan, drift.EventRefresh:
		n.toolsPending, n.graphPending, n.cgoPending = true, true, true
		err = n.rescan(ctx)
	case drift.EventCgo:
		n.cgo, n.cgoPending = ev.Cgo, false
	case drift.EventTools:
		err = n.readTools(ctx)
	case drift.EventModules:
		err = n.readGraph(ctx)
	case drift.EventEdited:
		err = n.edit(ctx, ev.Buffer)
	case drift.EventClosed:
		err = n.close(ctx, ev.Files)
	case drift.EventSaved:
		err = n.saved(ctx, ev.Files)
	case drift.EventEnvironment:
		if n.isPeer(ev.Of) {
			err = n.report(ev.Of, ev.Environ)
			break
		}
		n.world.Environ = maps.Clone(ev.Environ)
		if ev.Of != "" {
			n.world.Of = ev.Of
		}
		n.toolsPending, n.cgoPending = true, true
		err = n.judgeAll(ctx)
	case drift.EventTrust:
		if n.trusted == ev.Trusted {
			break
		}
		n.trusted = ev.Trusted
		n.cgo, n.cgoPending = nil, true
		n.world.Files = fenced(n.files, n.root, n.trusted)
		n.probed = nil // it may have read through a link, or not
		err = n.rescan(ctx)
	default:
		return w, nil
	}
	switch {
	case errors.Is(err, errUnchanged):
		return w, nil
	case err != nil:
		return nil, fmt.Errorf("look at %s again: %w", w.root, err)
	}
	n.publish(w.snapshot.Seq + 1)
	return &n, nil
}

// publish makes the snapshot of the present state.
func (w *Workspace) publish(seq uint64) {
	if w.toolsRead {
		w.toolPins = w.listToolPins()
	}
	if w.cache != nil && w.cache.Dir != w.cacheDir() {
		w.cache, w.toolsPending = nil, true // it is in another folder now
	}
	s := &drift.Snapshot{
		Tools: w.tools, ToolPins: w.toolPins, ToolsPending: w.toolsPending, Cache: w.cache, Graph: w.graph, GraphPending: w.graphPending,
		Cgo: w.cgo, CgoPending: w.cgoPending,
		Seq: seq, Time: w.now(), Root: w.root, Trusted: w.trusted,
		Environment: w.environment, Selection: w.selections[w.root].Selection, Modules: w.modules, Others: w.fromPeers(),
		Pins: w.pins(), Problems: w.problems(), Digested: w.digested, Checkouts: w.found.checkouts,
		Documents: make(map[string]drift.Document, len(w.entries)+len(w.others)),
	}
	for _, e := range w.entries {
		s.Documents[e.doc.File] = e.doc
	}
	for name, doc := range w.graphDocs {
		if _, ok := s.Documents[name]; !ok {
			s.Documents[name] = doc
		}
	}
	maps.Copy(s.Documents, w.others)
	s.ID = w.id()
	w.snapshot = s
}
