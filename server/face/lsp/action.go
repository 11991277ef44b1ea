package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// kindFixAll asks for all fixes that are edits and leave no choice.
const kindFixAll protocol.CodeActionKind = "source.fixAll.godrift"

// CodeAction implements protocol.Server.
func (s *server) CodeAction(ctx context.Context, params *protocol.CodeActionParams) ([]protocol.CommandOrCodeAction, error) {
	actions := []protocol.CommandOrCodeAction{}
	file, err := fileOf(params.TextDocument.URI)
	if err != nil {
		return actions, nil //nolint:nilerr // a document of another kind has no actions
	}
	spoken, err := s.reports(ctx, file)
	if err != nil {
		return nil, err
	}
	for _, sp := range spoken {
		f, report := sp.folder, sp.report
		t := s.texts(report)
		if wants(params.Context.Only, protocol.CodeActionKindQuickFix) {
			actions = append(actions, s.quickFixes(f, report, t, file, params)...)
		}
		actions = append(actions, s.alignments(f, report, t, file, params)...)
		// Nobody wants everything changed by a click on a bulb: only on demand.
		if len(params.Context.Only) > 0 && wants(params.Context.Only, kindFixAll) {
			if edit, ok := s.fixAll(report, t, file); ok {
				actions = append(actions, &protocol.CodeAction{
					Title: "Apply all preferred fixes in this file", Kind: ptr(kindFixAll), Edit: edit,
				})
			}
		}
	}
	return actions, nil
}

// wants reports whether a kind is asked for; a kind stands for its subkinds.
func wants(only []protocol.CodeActionKind, kind protocol.CodeActionKind) bool {
	return len(only) == 0 || slices.ContainsFunc(only, func(o protocol.CodeActionKind) bool {
		return o == "" || o == kind || strings.HasPrefix(string(kind), string(o)+".")
	})
}

func (s *server) quickFixes(f *folder, report *drift.Report, t *texts, file string, params *protocol.CodeActionParams) []protocol.CommandOrCodeAction {
	m := t.of(file)
	if m == nil {
		return nil
	}
	s.mu.Lock()
	can, may, rulesDir := s.can, s.may(), s.options.RulesDir
	s.mu.Unlock()
	asked := m.span(params.Range)
	var out []protocol.CommandOrCodeAction
	for _, finding := range drift.Spread(report.Findings) {
		if finding.Place.File != file || !touches(m.span(t.rangeOf(finding.Place)), asked) {
			continue
		}
		d := s.diagnostic(f, finding, t, can, rulesDir, may)
		for _, fix := range tell.SortFixes(finding.Fixes) {
			if !may.make(fix) {
				continue
			}
			ref := FixParams{Folder: string(f.uri), Fix: fix.ID}
			command := protocol.Command{Title: fix.Title, Command: CommandApplyFix, Arguments: []protocol.LSPAny{mustEncode(ref)}}
			if !can.actionLiterals {
				out = append(out, &command)
				continue
			}
			action := &protocol.CodeAction{
				Title: fix.Title, Kind: ptr(protocol.CodeActionKindQuickFix),
				Diagnostics: []protocol.Diagnostic{d}, Data: mustEncode(ref),
			}
			if fix.Preferred {
				action.IsPreferred = ptr(true)
			}
			switch {
			case !s.asEdit(fix, can):
				action.Command = command
			case !can.lazyEdits:
				edit, err := s.edit(t, fix)
				if err != nil {
					s.log.Debug("a fix is not offered", "fix", fix.Title, "error", err)
					continue
				}
				action.Edit = edit
			}
			out = append(out, action)
		}
		if engine.Compares(finding) {
			out = append(out, commandAction(f, can, d, acceptTitle, CommandAccept))
		}
		if slices.ContainsFunc(finding.Fixes, func(fix drift.Fix) bool { return fix.Asked }) {
			out = append(out, commandAction(f, can, d, allowTitle, CommandAllow))
		}
	}
	return out
}

// touches reports whether two spans overlap or meet.
func touches(a, b drift.Span) bool { return a.Start <= b.End && b.Start <= a.End }

// CodeActionResolve implements protocol.Server: it adds the edit.
func (s *server) CodeActionResolve(ctx context.Context, action *protocol.CodeAction) (*protocol.CodeAction, error) {
	out := *action
	if len(action.Data) == 0 || action.Edit != nil || action.Command.Command != "" {
		return &out, nil
	}
	ref, err := decode[FixParams](action.Data)
	if err != nil {
		return nil, err
	}
	_, report, fix, err := s.fix(ctx, ref)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	can := s.can
	s.mu.Unlock()
	if !s.asEdit(fix, can) {
		out.Command = protocol.Command{Title: fix.Title, Command: CommandApplyFix, Arguments: []protocol.LSPAny{mustEncode(ref)}}
		return &out, nil
	}
	if out.Edit, err = s.edit(s.texts(report), fix); err != nil {
		return nil, err
	}
	return &out, nil
}

// fix finds a fix in the present report of its folder.
func (s *server) fix(ctx context.Context, ref FixParams) (*folder, *drift.Report, drift.Fix, error) {
	f, _, err := s.find(ref.Folder)
	if err != nil {
		return nil, nil, drift.Fix{}, err
	}
	report, err := s.settled(ctx, f)
	if err != nil {
		return nil, nil, drift.Fix{}, err
	}
	_, fix, err := engine.FindFix(report, ref.Fix)
	return f, report, fix, err
}

// asEdit reports whether the client can carry a fix out as a workspace edit.
func (s *server) asEdit(fix drift.Fix, can abilities) bool {
	if !fix.EditsOnly() {
		return false
	}
	for _, a := range fix.Actions {
		if a.Create && !can.createFiles {
			return false
		}
	}
	return true
}

// fixAll merges the preferred edits for the findings of one file. Where two of
// them would touch the same text, the later one waits for the next time.
func (s *server) fixAll(report *drift.Report, t *texts, file string) (*protocol.WorkspaceEdit, bool) {
	merged := drift.Fix{Title: "all", Kind: drift.FixRepair}
	at := map[string]int{}
	for _, finding := range drift.Spread(report.Findings) {
		if finding.Place.File != file {
			continue
		}
		for _, fix := range here(finding) {
			if fits(merged, at, fix) {
				for _, a := range fix.Actions {
					i, ok := at[a.File]
					if !ok {
						i = len(merged.Actions)
						at[a.File] = i
						merged.Actions = append(merged.Actions, drift.Action{Kind: a.Kind, File: a.File, Hash: a.Hash})
					}
					for _, e := range a.Edits {
						if !slices.Contains(merged.Actions[i].Edits, e) {
							merged.Actions[i].Edits = append(merged.Actions[i].Edits, e)
						}
					}
				}
				break
			}
		}
	}
	if len(merged.Actions) == 0 {
		return nil, false
	}
	for i := range merged.Actions {
		slices.SortFunc(merged.Actions[i].Edits, func(a, b drift.TextEdit) int { return a.Span.Start - b.Span.Start })
	}
	edit, err := s.edit(t, merged)
	return edit, err == nil
}

// here are the fixes that leave no choice: the preferred ones, and in place of one
// that reaches into other files, too, the first that mends this place alone.
func here(finding drift.Finding) []drift.Fix {
	edits := func(fix drift.Fix) bool { return fix.Kind == drift.FixRepair && fix.EditsOnly() }
	i := slices.IndexFunc(finding.Fixes, func(fix drift.Fix) bool { return fix.Preferred && edits(fix) })
	if i < 0 {
		return nil
	}
	if len(finding.Fixes[i].Actions) == 1 {
		return finding.Fixes[i : i+1]
	}
	if alone := slices.IndexFunc(finding.Fixes, func(fix drift.Fix) bool {
		return edits(fix) && len(fix.Actions) == 1 && fix.Actions[0].File == finding.Place.File
	}); alone >= 0 {
		i = alone
	}
	return finding.Fixes[i : i+1]
}

// fits reports whether a fix can be merged: it creates nothing, and its edits
// are either there already or touch nothing that is.
func fits(merged drift.Fix, at map[string]int, fix drift.Fix) bool {
	for _, a := range fix.Actions {
		if a.Create {
			return false
		}
		i, ok := at[a.File]
		if !ok {
			continue
		}
		if merged.Actions[i].Hash != a.Hash {
			return false
		}
		for _, e := range a.Edits {
			for _, o := range merged.Actions[i].Edits {
				if e != o && touches(e.Span, o.Span) {
					return false
				}
			}
		}
	}
	return true
}

// ExecuteCommand implements protocol.Server.
func (s *server) ExecuteCommand(ctx context.Context, params *protocol.ExecuteCommandParams) (protocol.LSPAny, error) {
	var argument []byte
	if len(params.Arguments) > 0 {
		argument = params.Arguments[0]
	}
	var result any
	var err error
	switch params.Command {
	case CommandApplyFix:
		result, err = s.applyAsking(ctx, argument, params.WorkDoneToken)
	case CommandUndo:
		result, err = s.undo(ctx, argument)
	case CommandAccept:
		err = s.accept(ctx, argument)
	case CommandRollback:
		result, err = s.rollback(ctx, argument, params.WorkDoneToken)
	case CommandAllow:
		err = s.allow(ctx, argument)
	case CommandExplain:
		err = s.explain(ctx, argument)
	default:
		return nil, fmt.Errorf("%w: there is no command %q", errParams, clip(params.Command))
	}
	if err != nil || result == nil {
		return nil, err
	}
	raw, ok := result.(json.RawMessage)
	if !ok {
		return nil, fmt.Errorf("the result of %s is no document", params.Command)
	}
	return protocol.LSPAny(raw), nil
}
