package lsp

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// folder is one workspace folder with its engine.
type folder struct {
	root string
	uri  uri.URI
	// guest says that nobody opened this folder: it is the module of a file
	// that was opened by itself, and goes when its last file is closed.
	guest  bool
	engine *engine.Engine
	page   *engine.Page
	world  engine.World
	cancel context.CancelFunc // nil before the engine runs

	terminals map[string]string // what new terminals get; the server's mu guards it

	mu      sync.Mutex
	environ map[string]string // of the editor, in this folder
	busy    int               // fixes under way
	err     error             // why the engine ended, if it did by itself
}

func (f *folder) stop() {
	if f.cancel != nil {
		f.cancel()
	}
}

func (f *folder) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

// newFolder makes a folder with an engine that does not run yet. s.mu is held.
func (s *server) newFolder(u uri.URI, guest bool) (*folder, error) {
	root, err := fileOf(u)
	if err != nil {
		return nil, err
	}
	world := s.opts.World
	world.Environ = maps.Clone(s.environ)
	world.Of = ofEditor
	f := &folder{root: root, uri: uriOf(root), guest: guest, world: world, environ: world.Environ}
	opts := engine.Options{
		Root:     root,
		World:    world,
		Trusted:  s.trusted,
		Watch:    s.options.Watch == nil || *s.options.Watch,
		Quiet:    s.opts.Quiet,
		MaxDelay: s.opts.MaxDelay,
		Now:      s.opts.Now,
		Log:      s.log.With("folder", root),
		StateDir: s.opts.StateDir,
		Memory:   s.memory,
	}
	f.engine = engine.New(opts)
	f.page = engine.NewPage(f.engine, s.memory, opts, filepath.Base(root))
	f.engine.Subscribe(func(*drift.Report) { s.pub.wake(f) })
	return f, nil
}

// start runs a folder's engine. s.mu is held.
func (s *server) start(f *folder) {
	if f.cancel != nil {
		return
	}
	var ctx context.Context
	ctx, f.cancel = context.WithCancel(s.ctx)
	for _, doc := range s.docs {
		if s.concerns(f, doc.file) {
			f.engine.Send(doc.event("open in the editor"))
		}
	}
	s.pub.wake(f)
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		var err error
		func() {
			defer s.recovered("looking at "+f.root, &err)
			err = f.engine.Run(ctx)
		}()
		if err == nil || ctx.Err() != nil {
			return
		}
		s.log.Error("a folder is not looked at any more", "folder", f.root, "error", err)
		f.mu.Lock()
		f.err = err
		f.mu.Unlock()
		s.pub.wake(f)
	}()
	if s.login != nil {
		s.tellLogin(f)
	}
	for process := range s.terminals {
		s.tellTerminal(process, f)
	}
	s.background(func(context.Context) { s.recover(ctx, f) })
}

// folder finds a folder by its root. s.mu is held.
func (s *server) folder(root string) *folder {
	for _, f := range s.folders {
		if f.root == root {
			return f
		}
	}
	return nil
}

// owner is the folder that speaks for a file: the innermost one that holds it.
// It is nil for a file outside of all folders. s.mu is held.
func (s *server) owner(file string) *folder {
	var best *folder
	for _, f := range s.folders {
		if drift.Within(f.root, file) && (best == nil || len(f.root) > len(best.root)) {
			best = f
		}
	}
	return best
}

// concerns reports whether a folder's report can depend on a file: all files
// inside it do, and those outside of all folders, such as the GOENV file.
// s.mu is held.
func (s *server) concerns(f *folder, file string) bool {
	return drift.Within(f.root, file) || s.owner(file) == nil
}

// find is the folder that a request is about: the owner of the file or folder,
// or the first folder if the URI is empty.
func (s *server) find(raw string) (*folder, string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if raw == "" {
		if len(s.folders) == 0 {
			return nil, "", fmt.Errorf("%w: no folder is open", errParams)
		}
		return s.folders[0], s.folders[0].root, nil
	}
	file, err := fileOf(uri.URI(raw))
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", errParams, err)
	}
	if f := s.owner(file); f != nil {
		return f, file, nil
	}
	return nil, "", fmt.Errorf("%w: %s is in none of the folders that are open", errParams, file)
}

// settled returns the report that accounts for everything the client has sent.
func (s *server) settled(ctx context.Context, f *folder) (*drift.Report, error) {
	return s.await(ctx, f, f.engine.Settled)
}

// complete is settled for what has to know of the tools on the machine, too.
func (s *server) complete(ctx context.Context, f *folder) (*drift.Report, error) {
	return s.await(ctx, f, f.engine.Complete)
}

func (s *server) await(ctx context.Context, f *folder, report func(context.Context) (*drift.Report, error)) (*drift.Report, error) {
	s.begin() // a client may ask before it says initialized
	if err := f.failure(); err != nil {
		return nil, failed(err)
	}
	wait, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	known, err := report(wait)
	switch {
	case err == nil:
		return known, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, engine.ErrStopped):
		if err := f.failure(); err != nil {
			return nil, failed(err)
		}
		return nil, errChanged // the folder was closed meanwhile
	}
	// Something keeps the engine busy. What it knows is better than nothing.
	if known = f.engine.Report(); known != nil {
		return known, nil
	}
	return nil, failed(fmt.Errorf("looking at %s takes longer than %s; the output channel may tell why", f.root, settleTime))
}

// spoken is what one folder has to say.
type spoken struct {
	folder *folder
	report *drift.Report
}

// reports are the settled reports of the folders that speak for a file. Where
// that is no folder in particular, one that cannot be looked at is passed by.
func (s *server) reports(ctx context.Context, file string) ([]spoken, error) {
	var out []spoken
	for _, f := range s.speakers(file) {
		report, err := s.settled(ctx, f)
		switch {
		case err == nil:
			out = append(out, spoken{f, report})
		case drift.Within(f.root, file) || ctx.Err() != nil:
			return nil, err
		}
	}
	return out, nil
}

// DidChangeWorkspaceFolders implements protocol.Server.
func (s *server) DidChangeWorkspaceFolders(_ context.Context, params *protocol.DidChangeWorkspaceFoldersParams) error {
	var errs []error
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range params.Event.Removed {
		root, err := fileOf(w.URI)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.remove(s.folder(root))
	}
	for _, w := range params.Event.Added {
		f, err := s.newFolder(w.URI, false)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if old := s.folder(f.root); old != nil {
			old.guest = false
			continue
		}
		s.add(f)
	}
	for file := range s.docs {
		s.adopt(file) // a file may have lost its folder
	}
	s.dropGuests()
	return errors.Join(errs...)
}

// add takes in a folder. s.mu is held.
func (s *server) add(f *folder) {
	at := len(s.folders)
	if !f.guest {
		at = slices.IndexFunc(s.folders, func(o *folder) bool { return o.guest })
		if at < 0 {
			at = len(s.folders)
		}
	}
	s.folders = slices.Insert(s.folders, at, f)
	if s.begun {
		s.start(f)
	}
}

// remove stops a folder; nil is fine. s.mu is held.
func (s *server) remove(f *folder) {
	if f == nil {
		return
	}
	f.stop()
	s.folders = slices.DeleteFunc(s.folders, func(o *folder) bool { return o == f })
	s.pub.gone(f)
}

// adopt makes a folder for a file that is in none, if it is one that matters:
// the module it belongs to, else the folder it is in. s.mu is held.
func (s *server) adopt(file string) {
	if s.owner(file) != nil || !pinFile(file) {
		return
	}
	dir := filepath.Dir(file)
	root := dir
	for d := dir; ; d = filepath.Dir(d) {
		if s.exists(filepath.Join(d, "go.mod")) || s.exists(filepath.Join(d, "go.work")) {
			root = d
			break
		}
		if d == filepath.Dir(d) {
			break
		}
	}
	if root == filepath.Dir(root) || root == filepath.Clean(s.environ["HOME"]) || root == filepath.Clean(s.environ["USERPROFILE"]) {
		// Everything on the machine is not what the person opened.
		s.log.Info("a file is not looked at, because its module is a whole disk or home folder", "file", file)
		return
	}
	f, err := s.newFolder(uriOf(root), true)
	if err != nil {
		s.log.Warn("a file outside of all folders is not looked at", "file", file, "error", err)
		return
	}
	s.add(f)
}

func (s *server) exists(file string) bool {
	_, err := s.opts.World.Files.Stat(file)
	return err == nil || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission)
}

// dropGuests removes the guests that hold no open file any more, or whose
// files have got a folder of their own. s.mu is held.
func (s *server) dropGuests() {
	for _, f := range slices.Clone(s.folders) {
		if !f.guest {
			continue
		}
		used := false
		for file := range s.docs {
			used = used || s.owner(file) == f && pinFile(file)
		}
		if !used {
			s.remove(f)
		}
	}
}

// pinFile reports whether a file is of a kind that can say which Go to use. It
// decides only which buffers are handed on and which files opened by
// themselves are looked at; what a file says is read in package pins.
func pinFile(file string) bool {
	base := filepath.Base(file)
	switch base {
	case "go.work", ".go-version", "godrift.toml":
		return true
	}
	return strings.HasSuffix(base, ".mod")
}

// ofEditor is whose environment the engines judge by.
const ofEditor = "editor"

// present is the world as the editor sees it in this folder now.
func (f *folder) present() engine.World {
	f.mu.Lock()
	defer f.mu.Unlock()
	world := f.world
	world.Environ = f.environ
	return world
}

// environment takes the report of an environment.
func (s *server) environment(params []byte) error {
	p, err := decode[EnvironmentParams](params)
	if err != nil {
		return err
	}
	if p.Name == "" {
		return fmt.Errorf("%w: an environment needs a name", errParams)
	}
	var only *folder
	if p.Folder != "" {
		if only, _, err = s.find(p.Folder); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Name != ofEditor && s.terminal(p) {
		return nil
	}
	if p.Name == ofEditor && only == nil {
		s.environ = p.Variables
	}
	for _, f := range s.folders {
		if only != nil && f != only {
			continue
		}
		if p.Name == ofEditor {
			f.mu.Lock()
			f.environ = maps.Clone(p.Variables)
			f.mu.Unlock()
			f.terminals = maps.Clone(p.Terminals)
			if s.login != nil {
				s.tellLogin(f)
			}
		}
		f.engine.Send(drift.Event{
			Kind: drift.EventEnvironment, Cause: "the client reported the environment of: " + p.Name,
			Of: p.Name, Environ: maps.Clone(p.Variables),
		})
	}
	if p.Name == ofEditor && s.login != nil {
		s.askLogin() // it starts from the editor's
	}
	return nil
}

// trust takes the person's decision about the folders that are open.
func (s *server) trust(params []byte) error {
	p, err := decode[TrustParams](params)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trusted = p.Trusted
	for _, f := range s.folders {
		f.engine.Send(drift.Event{Kind: drift.EventTrust, Cause: "the person decided", Trusted: p.Trusted})
	}
	for process := range s.terminals {
		s.tellTerminal(process, s.folders...)
	}
	s.askLogin()
	return nil
}
