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
	kindMove  protocol.CodeActionKind = "refactor.rewrite.godrift.move"  // one pin is raised or lowered
	kindRefer protocol.CodeActionKind = "refactor.rewrite.godrift.refer" // one pin follows a file
	// kindRestore gives one pin the text back that was accepted.
	kindRestore protocol.CodeActionKind = "refactor.rewrite.godrift.restore"
)

// alignments are what can be done with the pin that is asked about: align all
// pins that decide the same, where they differ, raise or lower this one, or have
// it follow the file that holds its version, or be what it was when the state was
// accepted.
func (s *server) alignments(f *folder, report *drift.Report, t *texts, file string, params *protocol.CodeActionParams) []protocol.CommandOrCodeAction {
	only := params.Context.Only
	s.mu.Lock()
	can := s.can
	s.mu.Unlock()
	if !can.actionLiterals || !wants(only, kindAlign) && !wants(only, kindMove) && !wants(only, kindRefer) && !wants(only, kindRestore) {
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
		offer := func(kind protocol.CodeActionKind, fix drift.Fix) {
			edit, err := s.edit(t, fix)
			if err != nil {
				s.log.Debug("an alignment is not offered", "fix", fix.Title, "error", err)
				return
			}
			title := fix.Title
			if fix.Note != "" {
				title += " (" + strings.TrimSuffix(strings.SplitN(fix.Note, ":", 2)[0], ".") + ")"
			}
			out = append(out, &protocol.CodeAction{Title: title, Kind: ptr(kind), Edit: edit})
		}
		align := func(kind protocol.CodeActionKind, req engine.AlignRequest) {
			if fix, _, err := engine.Align(report, req, s.opts.Now()); err == nil && wants(only, kind) && len(fix.Actions) > 0 {
				offer(kind, fix)
			}
		}
		if accepted := f.engine.Baseline(); accepted != nil && wants(only, kindRestore) {
			if fix, ok := engine.RestorePin(report, accepted.Record, pin.Place, s.opts.Now()); ok {
				offer(kindRestore, fix)
			}
		}
		align(kindAlign, engine.AlignRequest{})
		if wants(only, kindMove) {
			for _, fix := range engine.Moves(report, pin.Place, s.opts.Now()) {
				offer(kindMove, fix)
			}
		}
		align(kindRefer, engine.AlignRequest{Target: "file", Only: []drift.Place{pin.Place}})
		return out
	}
	return nil
}
