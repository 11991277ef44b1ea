package lsp

import (
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// The kinds of what can be done with pins besides mending findings.
const (
	kindAlign protocol.CodeActionKind = "refactor.rewrite.godrift.align" // all pins of some roles at once
	kindRefer protocol.CodeActionKind = "refactor.rewrite.godrift.refer" // one pin follows a file
)

// alignments are what can be done with the pin that is asked about: align all
// pins that decide the same, where they differ, or have it follow go.mod.
func (s *server) alignments(report *drift.Report, t *texts, file string, params *protocol.CodeActionParams) []protocol.CommandOrCodeAction {
	only := params.Context.Only
	s.mu.Lock()
	can := s.can
	s.mu.Unlock()
	if !can.actionLiterals || !wants(only, kindAlign) && !wants(only, kindRefer) {
		return nil
	}
	m := t.of(file)
	if m == nil {
		return nil
	}
	asked := m.span(params.Range)
	for _, pin := range report.Snapshot.Pins {
		if pin.Place.File != file || !touches(m.span(t.rangeOf(pin.Place)), asked) || pin.Role == drift.RoleTest || pin.Role == drift.RoleDocs {
			continue
		}
		var out []protocol.CommandOrCodeAction
		for _, offer := range []struct {
			kind protocol.CodeActionKind
			req  engine.AlignRequest
		}{
			{kindAlign, engine.AlignRequest{}},
			{kindRefer, engine.AlignRequest{Target: "file", Only: []drift.Place{pin.Place}}},
		} {
			if !wants(only, offer.kind) {
				continue
			}
			fix, _, err := engine.Align(report, offer.req, s.opts.Now())
			if err != nil || len(fix.Actions) == 0 {
				continue
			}
			edit, err := s.edit(t, fix)
			if err != nil {
				s.log.Debug("an alignment is not offered", "fix", fix.Title, "error", err)
				continue
			}
			title := fix.Title
			if fix.Note != "" {
				title += " (" + strings.TrimSuffix(strings.SplitN(fix.Note, ":", 2)[0], ".") + ")"
			}
			out = append(out, &protocol.CodeAction{Title: title, Kind: ptr(offer.kind), Edit: edit})
		}
		return out
	}
	return nil
}
