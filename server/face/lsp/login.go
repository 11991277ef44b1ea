package lsp

import (
	"context"
	"maps"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// askLogin has the login shell asked for its environment, in the background and
// after the first report: whoever opens a folder does not wait for start-up files.
// s.mu is held.
//
// The shell is started with the editor's environment, as a terminal in the editor
// is, so that what differs is what the start-up files make of it. One question is
// on its way at a time; more that come meanwhile are one more.
func (s *server) askLogin() {
	if len(s.opts.Reply) == 0 || !s.begun || !s.trusted || !s.settings.LoginShell || len(s.folders) == 0 {
		return
	}
	if s.asking {
		s.askAgain = true
		return
	}
	s.asking = true
	first := s.folders[0]
	s.background(func(ctx context.Context) {
		if _, err := first.engine.Settled(ctx); err != nil && ctx.Err() != nil {
			return
		}
		s.mu.Lock()
		world := s.opts.World
		world.Environ = maps.Clone(s.environ)
		s.mu.Unlock()
		environ, err := engine.LoginShell(ctx, world, s.opts.Reply, false)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			s.log.Info("the login shell's environment is not known, so it is not compared with the editor's", "error", err)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asking = false
		s.login = environ
		if !s.trusted || !s.settings.LoginShell {
			s.login = nil // somebody thought better of it
		}
		for _, f := range s.folders {
			s.tellLogin(f)
		}
		if s.askAgain {
			s.askAgain = false
			s.askLogin()
		}
	})
}

// tellLogin hands a folder the login shell's environment, with what the client sets
// in terminals there, or takes it away. s.mu is held.
func (s *server) tellLogin(f *folder) {
	environ := maps.Clone(s.login)
	if environ != nil {
		maps.Copy(environ, f.terminals)
	}
	f.engine.Send(drift.Event{
		Kind: drift.EventEnvironment, Cause: "the login shell answered", Of: drift.OfLoginShell, Environ: environ,
	})
}
