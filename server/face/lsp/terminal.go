package lsp

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// mostTerminals bounds how many are compared with the editor: each is looked from
// at every change.
const mostTerminals = 64

// terminal takes what a client says of a terminal whose variables it does not
// know, and reports whether it was about one. s.mu is held.
func (s *server) terminal(p EnvironmentParams) bool {
	id, ok := strings.CutPrefix(p.Name, "terminal:")
	switch {
	case ok && p.Process > 0 && p.Variables == nil:
		if _, known := s.terminals[p.Process]; !known && len(s.terminals) < mostTerminals {
			s.terminals[p.Process] = ""
		}
	case ok && p.Variables == nil:
		process, err := strconv.Atoi(id)
		was, known := s.terminals[process]
		if err != nil || !known {
			return false
		}
		delete(s.terminals, process)
		s.tellOf(was, nil, s.folders...)
	default:
		return false
	}
	s.shells.Watch(s.ctx, slices.Collect(maps.Keys(s.terminals)))
	if _, open := s.terminals[p.Process]; open {
		s.tellTerminal(p.Process, s.folders...) // what its shell has left already
	}
	return true
}

// promptedIn is told that a shell may have left another environment. It may be
// called with s.mu held.
func (s *server) promptedIn(process int) {
	s.background(func(context.Context) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, ours := s.terminals[process]; ours && s.state != ended {
			s.tellTerminal(process, s.folders...)
		}
	})
}

// tellTerminal hands folders the environment that a terminal's shell has left, or
// takes it away: from where it is not at work, and where nothing is trusted. s.mu
// is held.
func (s *server) tellTerminal(process int, folders ...*folder) {
	r, ok := s.shells.Report(process)
	name := ""
	if ok {
		name = r.Name()
	}
	if was := s.terminals[process]; was != name {
		s.tellOf(was, nil, s.folders...) // another shell runs there now
		s.terminals[process] = name
	}
	for _, f := range folders {
		var environ map[string]string
		if s.trusted && engine.Concerns(r, f.root) {
			environ = r.Environ
		}
		s.tellOf(name, environ, f)
	}
}

// tellOf hands folders an environment, or takes it away if it is nil. s.mu is held.
func (s *server) tellOf(of string, environ map[string]string, folders ...*folder) {
	if of == "" {
		return
	}
	for _, f := range folders {
		f.engine.Send(drift.Event{Kind: drift.EventEnvironment, Cause: "a terminal's prompt", Of: of, Environ: maps.Clone(environ)})
	}
}
