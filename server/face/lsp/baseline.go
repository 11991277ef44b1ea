package lsp

import (
	"context"
	"errors"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// acceptTitle is what settles a finding against the accepted state.
const acceptTitle = "Accept the present state as the new one to compare with"

// commandAction is a quick fix of a finding that is a command for its folder.
func commandAction(f *folder, can abilities, d protocol.Diagnostic, title, name string) protocol.CommandOrCodeAction {
	command := protocol.Command{Title: title, Command: name, Arguments: []protocol.LSPAny{mustEncode(FolderParams{Folder: string(f.uri)})}}
	if !can.actionLiterals {
		return &command
	}
	return &protocol.CodeAction{
		Title: title, Kind: ptr(protocol.CodeActionKindQuickFix), Diagnostics: []protocol.Diagnostic{d}, Command: command,
	}
}

// whichFolder finds the folder that a command is for, with its present report.
func (s *server) whichFolder(ctx context.Context, params []byte) (*folder, *drift.Report, error) {
	f, err := s.folderOf(params)
	if err != nil {
		return nil, nil, err
	}
	report, err := s.complete(ctx, f)
	return f, report, err
}

// accept carries out the command godrift.accept.
func (s *server) accept(ctx context.Context, params []byte) error {
	f, report, err := s.whichFolder(ctx, params)
	if err != nil {
		return err
	}
	if _, err := s.memory.Accept(ctx, f.present(), report, ""); err != nil {
		return failed(err)
	}
	f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "the present state was accepted"})
	s.tell("Accepted: this state is what " + f.root + " is compared with from now on.")
	return nil
}

// tell shows a message without waiting for the person.
func (s *server) tell(message string) {
	s.background(func(ctx context.Context) {
		err := s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: message})
		if err != nil {
			s.log.Debug("a message could not be shown", "error", err)
		}
	})
}

// errNoBaseline says that there is nothing to go back to.
var errNoBaseline = errors.New("no state of this folder was accepted yet: accept the present one first")

// rollback carries out the command godrift.rollback.
func (s *server) rollback(ctx context.Context, params []byte, token protocol.ProgressToken) (any, error) {
	f, report, err := s.whichFolder(ctx, params)
	if err != nil {
		return nil, err
	}
	// What is on the disk goes back, and not what an editor shows of it: a document
	// that nobody looks at may be older than its file.
	opts := engine.Options{Root: f.root, World: f.present(), Trusted: report.Snapshot.Trusted, Now: s.opts.Now, Log: s.log, StateDir: s.opts.StateDir}
	if report, err = engine.Evaluate(ctx, opts); err != nil {
		return nil, failed(err)
	}
	plan, err := s.planRollback(ctx, f, report, params)
	if err != nil {
		return nil, err
	}
	left := leftText(plan.Left)
	if len(plan.Fix.Actions) == 0 {
		s.tell(strings.TrimSpace("There is nothing to roll back. " + left))
		return encode(ApplyResult{Message: "Nothing was changed.", Files: []string{}, Shell: []string{}})
	}
	if err := allowed(report, plan.Fix); err != nil {
		return nil, failed(err)
	}
	shown, err := s.preview(ctx, f, report, plan.Fix)
	if err != nil {
		return nil, err
	}
	shown.Note = strings.TrimSpace(shown.Note + " " + left)
	// A message is no place for a diff: the steps say the same.
	if shown.Diff = ""; len(plan.Steps) > 1 {
		shown.Commands = plan.Steps
	}
	if yes, err := s.confirm(ctx, shown); err != nil || !yes {
		if err != nil {
			return nil, err
		}
		return encode(ApplyResult{Message: "Nothing was changed.", Files: []string{}, Shell: []string{}})
	}
	done, err := s.change(ctx, f, plan.Fix.Title, token, func(ctx context.Context, hands engine.Hands) (engine.Result, error) {
		result, _, err := s.mender.Rollback(ctx, opts, report, plan, hands)
		return result, err
	})
	if err != nil {
		return nil, err
	}
	result := s.resultOf(f, done, plan.Fix.Title+": done.")
	s.offerUndo(f, result)
	return encode(result)
}

// planRollback works out what a command goes back to.
func (s *server) planRollback(ctx context.Context, f *folder, report *drift.Report, params []byte) (engine.Rollback, error) {
	p, err := decode[RollbackParams](params)
	if err != nil {
		return engine.Rollback{}, err
	}
	if p.Snapshot != "" {
		to, err := s.resolve(ctx, f, p.Snapshot)
		if err != nil {
			return engine.Rollback{}, err
		}
		present, err := s.memory.Present(f.present(), report)
		if err != nil {
			return engine.Rollback{}, failed(err)
		}
		return engine.PlanRollback(report, present, to, engine.Everything(), s.opts.Now()), nil
	}
	baseline, err := s.memory.Baseline(ctx, f.root)
	switch {
	case err != nil:
		return engine.Rollback{}, failed(err)
	case baseline == nil:
		return engine.Rollback{}, failed(errNoBaseline)
	}
	return engine.PlanRollback(report, drift.Record{}, baseline.Record, engine.RollbackWanted{Drifted: true}, s.opts.Now()), nil
}

// leftText names what a rollback leaves as it is.
func leftText(left []engine.RollbackNote) string {
	var b strings.Builder
	for _, n := range left {
		b.WriteString(n.Variable + " stays as it is: " + n.Text + ". ")
	}
	return strings.TrimSpace(b.String())
}
