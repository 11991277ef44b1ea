package lsp

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
)

// publisher takes note of folders with news. Engines must not wait for a
// client that reads slowly, so all they do is to wake it.
type publisher struct {
	ready chan struct{}

	mu      sync.Mutex
	dirty   []*folder
	removed []*folder
	hints   bool // settings changed: lenses and hints are to be asked for again
}

func newPublisher() *publisher { return &publisher{ready: make(chan struct{}, 1)} }

func (p *publisher) signal(change func()) {
	p.mu.Lock()
	change()
	p.mu.Unlock()
	select {
	case p.ready <- struct{}{}:
	default:
	}
}

// wake says that a folder has a new report or another state.
func (p *publisher) wake(f *folder) {
	p.signal(func() {
		if !slices.Contains(p.dirty, f) {
			p.dirty = append(p.dirty, f)
		}
	})
}

// gone says that a folder was removed.
func (p *publisher) gone(f *folder) { p.signal(func() { p.removed = append(p.removed, f) }) }

// refresh says that the client should ask for lenses and hints again.
func (p *publisher) refresh() { p.signal(func() { p.hints = true }) }

func (p *publisher) take() (dirty, removed []*folder, hints bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	dirty, removed, hints = p.dirty, p.removed, p.hints
	p.dirty, p.removed, p.hints = nil, nil, false
	return dirty, removed, hints
}

// board is what the client has been told. Only publishLoop touches it.
type board struct {
	found  map[*folder]map[string]diagnosed
	shown  map[string]string // key of the diagnostics, by file
	status map[*folder]string
	facts  map[*folder]string // what lenses and hints depend on
}

// publishLoop sends everything that goes out unasked, in one order.
func (s *server) publishLoop(ctx context.Context) {
	b := &board{
		found: map[*folder]map[string]diagnosed{}, shown: map[string]string{},
		status: map[*folder]string{}, facts: map[*folder]string{},
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.pub.ready:
			dirty, removed, hints := s.pub.take()
			func() {
				defer s.recovered("publishing", nil)
				s.publish(ctx, b, dirty, removed, hints)
			}()
		}
	}
}

func (s *server) publish(ctx context.Context, b *board, dirty, removed []*folder, hints bool) {
	s.mu.Lock()
	can, live := s.can, slices.Clone(s.folders)
	s.mu.Unlock()
	touched := map[string]bool{}
	for _, f := range append(removed, dirty...) {
		for file := range b.found[f] {
			touched[file] = true
		}
		if !slices.Contains(live, f) {
			delete(b.found, f)
			delete(b.status, f)
			delete(b.facts, f)
			continue
		}
		report := f.engine.Report()
		if report == nil {
			continue
		}
		b.found[f] = s.diagnose(f, report)
		for file := range b.found[f] {
			touched[file] = true
		}
		if facts := factsOf(report); facts != b.facts[f] {
			hints = hints || b.facts[f] != ""
			b.facts[f] = facts
		}
	}
	if len(removed) > 0 {
		// What an outer folder kept quiet about is its to tell now.
		for _, found := range b.found {
			for file := range found {
				touched[file] = true
			}
		}
	}
	changed := false
	for _, file := range slices.Sorted(maps.Keys(touched)) {
		var parts []diagnosed
		for _, f := range s.speakers(file) {
			if d, ok := b.found[f][file]; ok {
				parts = append(parts, d)
			}
		}
		d := join(parts)
		if can.pullDiagnostics {
			d.open = false // the client asks again by itself after an edit
		}
		key := d.key()
		if key == b.shown[file] {
			continue
		}
		changed = true
		if key == "" {
			delete(b.shown, file)
		} else {
			b.shown[file] = key
		}
		if !can.pullDiagnostics {
			s.push(ctx, file, d)
		}
	}
	if changed && can.pullDiagnostics && can.diagnosticRefresh {
		s.ask("diagnostics", s.client.DiagnosticRefresh)
	}
	for _, f := range dirty {
		if !slices.Contains(live, f) {
			continue
		}
		raw, err := encode(s.statusOf(f))
		if err != nil || string(raw) == b.status[f] {
			continue
		}
		b.status[f] = string(raw)
		if err := s.conn.Notify(ctx, MethodStatus, raw); err != nil {
			s.log.Debug("the status was not sent", "error", err)
		}
	}
	if hints && can.lensRefresh {
		s.ask("code lenses", s.client.CodeLensRefresh)
	}
	if hints && can.hintRefresh {
		s.ask("inlay hints", s.client.InlayHintRefresh)
	}
}

func (s *server) push(ctx context.Context, file string, d diagnosed) {
	params := &protocol.PublishDiagnosticsParams{URI: s.spelled(file), Diagnostics: d.items}
	if params.Diagnostics == nil {
		params.Diagnostics = []protocol.Diagnostic{}
	}
	if d.open {
		params.Version = protocol.NewOptional(d.version)
	}
	if err := s.client.PublishDiagnostics(ctx, params); err != nil {
		s.log.Debug("diagnostics were not sent", "file", file, "error", err)
	}
}

// ask sends a request whose answer says nothing, without waiting for it here.
func (s *server) ask(what string, call func(context.Context) error) {
	s.background(func(ctx context.Context) {
		if err := call(ctx); err != nil && ctx.Err() == nil {
			s.log.Debug("the client did not take a refresh", "of", what, "error", err)
		}
	})
}

// factsOf sums up what lenses and hints are made of.
func factsOf(report *drift.Report) string {
	var b strings.Builder
	for _, m := range report.Snapshot.Modules {
		b.WriteString(m.File + "\x00" + m.Selection.Selected + "\x00" + string(m.Selection.How) + "\x00" + m.Selection.Error + "\x00" + m.Selection.LoadError + "\x01")
	}
	for _, p := range report.Snapshot.Pins {
		b.WriteString(p.Place.File + "\x00" + p.Raw + "\x01")
	}
	return b.String()
}
