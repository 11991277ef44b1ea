package lsp

import (
	"context"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// CodeLens implements protocol.Server: what runs here, above the lines that
// have a say in it.
func (s *server) CodeLens(ctx context.Context, params *protocol.CodeLensParams) ([]protocol.CodeLens, error) {
	out := []protocol.CodeLens{}
	s.mu.Lock()
	on := s.settings.CodeLens
	s.mu.Unlock()
	if !on {
		return out, nil
	}
	a, err := s.about(ctx, params.TextDocument)
	if a == nil {
		return out, err
	}
	verb, what := runs(a.selection())
	command := protocol.Command{
		Title: verb + ": " + what, Command: CommandExplain,
		Arguments: []protocol.LSPAny{mustEncode(WhyParams{URI: string(uriOf(filepath.Dir(a.file)))})},
	}
	for _, pin := range a.pins() {
		switch pin.Source {
		case drift.SourceGoModGo, drift.SourceGoModToolchain, drift.SourceGoWorkGo, drift.SourceGoWorkToolchain:
			out = append(out, protocol.CodeLens{Range: a.m.exact(pin.Place.Span), Command: command})
		}
	}
	return out, nil
}

// InlayHint implements protocol.Server: what a pin without a patch is today.
func (s *server) InlayHint(ctx context.Context, params *protocol.InlayHintParams) ([]protocol.InlayHint, error) {
	out := []protocol.InlayHint{}
	s.mu.Lock()
	on := s.settings.InlayHints
	s.mu.Unlock()
	if !on {
		return out, nil
	}
	a, err := s.about(ctx, params.TextDocument)
	if a == nil {
		return out, err
	}
	shown := a.m.span(params.Range)
	for _, pin := range a.pins() {
		now := today(pin)
		if now == "" || !touches(pin.Place.Span, shown) {
			continue
		}
		out = append(out, protocol.InlayHint{
			Position:    a.m.position(pin.Place.Span.End),
			Label:       protocol.String("= " + strings.TrimPrefix(now, "go")),
			Tooltip:     protocol.String("The newest release this means, by the list of releases of " + releases.Date() + "."),
			PaddingLeft: ptr(true),
		})
	}
	return out, nil
}

// DocumentLink implements protocol.Server: a pin leads to the release's notes,
// a use line to the module's go.mod.
func (s *server) DocumentLink(ctx context.Context, params *protocol.DocumentLinkParams) ([]protocol.DocumentLink, error) {
	out := []protocol.DocumentLink{}
	a, err := s.about(ctx, params.TextDocument)
	if a == nil {
		return out, err
	}
	for _, m := range a.report.Snapshot.Modules {
		if m.File != a.file {
			continue
		}
		for _, use := range m.Uses {
			target := filepath.Join(use.Dir, "go.mod")
			if !s.exists(target) {
				continue
			}
			out = append(out, protocol.DocumentLink{
				Range: a.m.exact(use.Place.Span), Target: ptr(uriOf(target)), Tooltip: ptr("Open this module's go.mod"),
			})
		}
	}
	for _, pin := range a.pins() {
		if notes := releaseNotes(pin.Version); notes != "" {
			out = append(out, protocol.DocumentLink{
				Range: a.m.exact(pin.Place.Span), Target: ptr(uri.URI(notes)), Tooltip: ptr("Release notes of Go " + pin.Version),
			})
		}
	}
	return out, nil
}
