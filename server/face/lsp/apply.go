package lsp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// plan answers godrift/plan.
func (s *server) plan(ctx context.Context, params []byte) (any, error) {
	ref, err := decode[FixParams](params)
	if err != nil {
		return nil, err
	}
	f, report, fix, err := s.fix(ctx, ref)
	if err != nil {
		return nil, err
	}
	plan, err := s.preview(ctx, f, report, fix)
	if err != nil {
		return nil, err
	}
	return encode(plan)
}

func (s *server) preview(ctx context.Context, f *folder, report *drift.Report, fix drift.Fix) (PlanResult, error) {
	release, err := s.alone(ctx)
	if err != nil {
		return PlanResult{}, err
	}
	defer release()
	p, err := s.mender.Plan(ctx, f.present(), report, fix)
	if err != nil {
		return PlanResult{}, failed(err)
	}
	return PlanResult{Title: fix.Title, Note: fix.Note, Diff: p.Diff, Commands: notNil(p.Commands)}, nil
}

// alone waits until no other fix is at work.
func (s *server) alone(ctx context.Context) (release func(), err error) {
	select {
	case s.mending <- struct{}{}:
		return func() { <-s.mending }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// apply answers godrift/apply.
func (s *server) apply(ctx context.Context, params []byte) (any, error) {
	ref, err := decode[FixParams](params)
	if err != nil {
		return nil, err
	}
	f, report, fix, err := s.fix(ctx, ref)
	if err != nil {
		return nil, err
	}
	result, err := s.mend(ctx, f, report, fix, nil)
	if err != nil {
		return nil, err
	}
	return encode(result)
}

// applyAsking carries out the command godrift.applyFix.
func (s *server) applyAsking(ctx context.Context, params []byte, token protocol.ProgressToken) (any, error) {
	ref, err := decode[FixParams](params)
	if err != nil {
		return nil, err
	}
	f, report, fix, err := s.fix(ctx, ref)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	can := s.can
	s.mu.Unlock()
	if s.asEdit(fix, can) && can.applyEdit {
		return s.applyAsEdit(ctx, report, fix)
	}
	if err := allowed(report, fix); err != nil {
		return nil, failed(err)
	}
	plan, err := s.preview(ctx, f, report, fix)
	if err != nil {
		return nil, err
	}
	yes, err := s.confirm(ctx, plan)
	if err != nil {
		return nil, err
	}
	if !yes {
		return encode(ApplyResult{Message: "Nothing was changed.", Files: []string{}, Shell: []string{}})
	}
	result, err := s.mend(ctx, f, report, fix, token)
	if err != nil {
		return nil, err
	}
	s.offerUndo(f, result)
	return encode(result)
}

// confirm shows a person what would be done, and asks.
func (s *server) confirm(ctx context.Context, plan PlanResult) (bool, error) {
	const yes, no = "Apply", "Cancel"
	answer, err := s.client.ShowMessageRequest(ctx, &protocol.ShowMessageRequestParams{
		Type: protocol.MessageTypeInfo, Message: planText(plan),
		Actions: []protocol.MessageActionItem{{Title: yes}, {Title: no}},
	})
	if err != nil {
		return false, fmt.Errorf("ask before applying %q: %w", plan.Title, err)
	}
	return answer != nil && answer.Title == yes, nil
}

// applyAsEdit has the client make the edits, in its own undo history.
func (s *server) applyAsEdit(ctx context.Context, report *drift.Report, fix drift.Fix) (any, error) {
	edit, err := s.edit(s.texts(report), fix)
	if err != nil {
		return nil, err
	}
	begun := s.opts.Now()
	done, err := s.client.ApplyEdit(ctx, &protocol.ApplyWorkspaceEditParams{Label: ptr(fix.Title), Edit: *edit})
	if err != nil {
		err = fmt.Errorf("apply %q in the editor: %w", fix.Title, err)
	} else if !done.Applied {
		err = failed(fmt.Errorf("the editor did not apply %q: %s", fix.Title, deref(done.FailureReason)))
	}
	// The editor's own undo takes it back, so it is in no journal, but in the audit.
	s.mender.Edited(ctx, report, fix, begun, err)
	if err != nil {
		return nil, err
	}
	result := ApplyResult{Applied: true, Message: fix.Title + ": done.", Files: []string{}, Shell: []string{}}
	for _, a := range fix.Actions {
		result.Files = append(result.Files, string(s.spelled(a.File)))
	}
	return encode(result)
}

// maxPlanLines is how much of a diff a message box can bear.
const maxPlanLines = 40

// planText is what a person is asked before a fix.
func planText(plan PlanResult) string {
	var b strings.Builder
	b.WriteString(plan.Title + "?")
	if plan.Note != "" {
		b.WriteString("\n" + plan.Note)
	}
	for i, c := range plan.Commands {
		if i == maxPlanLines {
			fmt.Fprintf(&b, "\n- ... and %d more", len(plan.Commands)-i)
			break
		}
		b.WriteString("\n- " + c)
	}
	if plan.Diff != "" {
		lines := strings.Split(strings.TrimRight(plan.Diff, "\n"), "\n")
		if len(lines) > maxPlanLines {
			more := len(lines) - maxPlanLines
			lines = append(lines[:maxPlanLines], fmt.Sprintf("... and %d more lines", more))
		}
		b.WriteString("\n\n" + strings.Join(lines, "\n"))
	}
	return drift.MaskText(b.String())
}

// errUntrusted refuses what a folder that nobody trusts could misuse.
var errUntrusted = errors.New("nothing is downloaded for a folder that is not trusted; trust the folder and apply the fix again")

// allowed reports whether a fix may be carried out. Files are changed at a
// person's word in any folder; a toolchain is fetched with programs and
// settings that an untrusted folder may have put there.
func allowed(report *drift.Report, fix drift.Fix) error {
	if !report.Snapshot.Trusted && fix.Downloads() {
		return errUntrusted
	}
	return nil
}

// offer says which fixes are worth offering: those that would be refused are
// not.
type offer struct{ editor, trusted bool }

func (o offer) make(fix drift.Fix) bool {
	return (o.trusted || !fix.Downloads()) && (o.editor && o.trusted || !fix.NeedsEditor())
}

// may is what can be offered now; s.mu is held.
func (s *server) may() offer {
	return offer{editor: s.options.EditorEnvironment, trusted: s.trusted}
}

// mend carries a fix out, with progress, and looks at the folder again.
func (s *server) mend(ctx context.Context, f *folder, report *drift.Report, fix drift.Fix, token protocol.ProgressToken) (ApplyResult, error) {
	if err := allowed(report, fix); err != nil {
		return ApplyResult{}, failed(err)
	}
	done, err := s.change(ctx, f, fix.Title, token, func(ctx context.Context, hands engine.Hands) (engine.Result, error) {
		return s.mender.Apply(ctx, f.present(), report, fix, hands)
	})
	if err != nil {
		return ApplyResult{}, err
	}
	return s.resultOf(f, done, fix.Title+": done."), nil
}

// undo answers godrift/undo.
func (s *server) undo(ctx context.Context, params []byte) (any, error) {
	p, err := decode[UndoParams](params)
	if err != nil {
		return nil, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return nil, err
	}
	report, err := s.settled(ctx, f)
	if err != nil {
		return nil, err
	}
	done, err := s.change(ctx, f, "Undo", nil, func(ctx context.Context, hands engine.Hands) (engine.Result, error) {
		return s.mender.Undo(ctx, f.present(), report, p.ID, hands)
	})
	if err != nil {
		return nil, err
	}
	return encode(s.resultOf(f, done, "Taken back."))
}

// change runs something that changes the world: one at a time, with progress
// that the person can cancel, and a new look at the folder afterwards.
func (s *server) change(ctx context.Context, f *folder, title string, token protocol.ProgressToken, do func(context.Context, engine.Hands) (engine.Result, error)) (engine.Result, error) {
	release, err := s.alone(ctx)
	if err != nil {
		return engine.Result{}, err
	}
	defer release()
	s.occupy(f, 1)
	work, bar := s.begunProgress(ctx, title, token)
	hands := s.hands(f)
	hands.Progress = bar.report
	done, err := do(work, hands)
	bar.end()
	s.occupy(f, -1)
	f.engine.Recall(ctx)
	// Also after a failure: it may have changed what was found.
	f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "after: " + title})
	if err != nil {
		return engine.Result{}, failed(err)
	}
	// The status that follows the answer should already know of the change.
	if _, err := s.settled(ctx, f); err != nil && ctx.Err() == nil && !errors.Is(err, errChanged) {
		s.log.Warn("the folder could not be looked at after a fix", "folder", f.root, "error", err)
	}
	return done, nil
}

func (s *server) occupy(f *folder, by int) {
	f.mu.Lock()
	f.busy += by
	f.mu.Unlock()
	s.pub.wake(f)
}

func (s *server) resultOf(f *folder, done engine.Result, message string) ApplyResult {
	out := ApplyResult{Applied: true, ID: done.ID, Message: message, Files: []string{}, Shell: []string{}}
	for _, file := range done.Files {
		out.Files = append(out.Files, string(s.spelled(file)))
	}
	shell := engine.ShellOf(f.present().Environ)
	for _, c := range done.Shell {
		line, err := c.In(shell)
		if err != nil {
			s.log.Warn("a line for the shell cannot be written", "error", err)
			continue
		}
		out.Shell = append(out.Shell, line)
	}
	if len(done.Notes) > 0 {
		out.Message += " " + strings.Join(done.Notes, " ")
	}
	return out
}

// offerUndo shows what was done with a button to take it back. It does not
// wait for the person.
func (s *server) offerUndo(f *folder, result ApplyResult) {
	const undo = "Undo"
	s.background(func(ctx context.Context) {
		params := &protocol.ShowMessageRequestParams{Type: protocol.MessageTypeInfo, Message: result.Message}
		if len(result.Shell) > 0 {
			params.Message += "\nIn shells that are open already, run: " + strings.Join(result.Shell, "; ")
		}
		if result.ID != 0 {
			params.Actions = []protocol.MessageActionItem{{Title: undo}}
		}
		answer, err := s.client.ShowMessageRequest(ctx, params)
		if err != nil || answer == nil || answer.Title != undo {
			return
		}
		message, kind := "Taken back.", protocol.MessageTypeInfo
		raw := mustEncode(UndoParams{Folder: string(f.uri), ID: result.ID})
		if _, err := s.undo(ctx, raw); err != nil {
			message, kind = "The change could not be taken back: "+err.Error(), protocol.MessageTypeError
		}
		if err := s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: kind, Message: message}); err != nil {
			s.log.Debug("a message was not shown", "error", err)
		}
	})
}

// recover finishes or takes back what an earlier process left half done.
func (s *server) recover(ctx context.Context, f *folder) {
	report, err := f.engine.Settled(ctx)
	if err != nil {
		return
	}
	release, err := s.alone(ctx)
	if err != nil {
		return
	}
	defer release()
	found, err := s.mender.Recover(ctx, f.present(), report, s.hands(f))
	if err != nil {
		s.log.Warn("the journal of fixes could not be looked through", "folder", f.root, "error", err)
	}
	for _, r := range found {
		s.log.Info("a fix that was cut short has been dealt with", "fix", r.Title, "outcome", string(r.Outcome), "text", r.Text)
		if r.Text == "" {
			continue
		}
		if err := s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeWarning, Message: drift.MaskText(r.Text)}); err != nil {
			s.log.Debug("a message was not shown", "error", err)
		}
	}
	if len(found) > 0 {
		f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "after recovery"})
	}
}

// hands are what the client lends to a fix.
func (s *server) hands(f *folder) engine.Hands {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.options.EditorEnvironment {
		return engine.Hands{}
	}
	return engine.Hands{Editor: &editor{s: s, f: f}}
}

// editor has the client change variables for one folder.
type editor struct {
	s *server
	f *folder
}

// SetVariables implements engine.Editor.
func (e *editor) SetVariables(ctx context.Context, set map[string]string, unset []string) (map[string]*string, error) {
	if set == nil {
		set = map[string]string{}
	}
	raw, err := encode(SetEnvironmentParams{Folder: string(e.f.uri), Set: set, Unset: notNil(unset)})
	if err != nil {
		return nil, err
	}
	var result SetEnvironmentResult
	if err := protocol.Call(ctx, e.s.conn, MethodSetEnvironment, jsonrpc2.RawMessage(raw), &result); err != nil {
		return nil, fmt.Errorf("the editor did not change its environment: %w", err)
	}
	return result.Previous, nil
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return slices.Clone(list)
}
