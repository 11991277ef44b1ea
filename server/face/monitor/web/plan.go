package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// planned works out what a button would do, without doing anything.
func (s *Server) planned(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (*plan, error) {
	switch req.Action {
	case tell.MonitorFix:
		return planFix(ctx, ws, req)
	case tell.MonitorUndo:
		return planUndo(ctx, ws, req)
	case tell.MonitorAccept:
		return planAccept(ctx, ws, req)
	case tell.MonitorRollback:
		return planRollback(ctx, ws, req)
	}
	return nil, failed(http.StatusBadRequest, "the action is fix, undo, accept or rollback")
}

// sealed is the hash of a plan: of all that would be done, what is masked in the
// preview included, under a key of this process, so that it tells nothing.
func (s *Server) sealed(req tell.MonitorActionRequest, p *plan) string {
	req.Hash = ""
	d := &p.doc
	text, err := json.Marshal([]any{req, d.Title, d.Note, d.Diff, d.Commands, d.Left, d.Snapshot, p.what})
	if err != nil {
		panic(fmt.Sprintf("a plan cannot be written as JSON: %v", err)) // plain data
	}
	mac := hmac.New(sha256.New, s.seal[:])
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

func planFix(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (*plan, error) {
	report, err := ws.Engine.Settled(ctx)
	if err != nil {
		return nil, err
	}
	_, fix, err := engine.FindFix(report, req.Fix)
	if err != nil {
		return nil, err
	}
	p := &plan{doc: tell.NewMonitorAction(ws.Root, tell.MonitorFix), what: fix}
	if err := p.preview(ctx, ws, report, fix); err != nil {
		refused(ctx, ws, report, fix, req, err)
		return nil, err
	}
	p.carry = func(ctx context.Context) (engine.Result, error) {
		return ws.Mender.Apply(ctx, ws.Options.World, report, fix, engine.Hands{})
	}
	return p, nil
}

// preview puts into the document what a fix would change, and what keeps it from
// being carried out here.
func (p *plan) preview(ctx context.Context, ws Workspace, report *drift.Report, fix drift.Fix) error {
	preview, err := ws.Mender.Plan(ctx, ws.Options.World, report, fix)
	if err != nil {
		return err
	}
	p.doc.Title, p.doc.Note = drift.MaskText(fix.Title), drift.MaskText(fix.Note)
	p.doc.Diff, p.doc.Commands = preview.Diff, append(p.doc.Commands, preview.Commands...)
	switch {
	case fix.Asked:
		p.doc.Refused = engine.ErrNotAllowed.Error()
	case fix.NeedsEditor():
		p.doc.Refused = "it changes the environment of an editor, which only that editor can do: do it from there"
	case fix.Downloads() && !report.Snapshot.Trusted:
		p.doc.Refused = "nothing is downloaded for a folder that is not trusted"
	}
	return nil
}

// refused notes in the audit that something was to be done and could not even be
// planned. Looking alone is not noted.
func refused(ctx context.Context, ws Workspace, report *drift.Report, fix drift.Fix, req tell.MonitorActionRequest, err error) {
	if req.Hash != "" {
		ws.Mender.Refused(ctx, report, fix, err)
	}
}

func planUndo(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (*plan, error) {
	report, err := ws.Engine.Settled(ctx)
	if err != nil {
		return nil, err
	}
	id, title := req.Journal, fmt.Sprintf("Undo entry %d of the journal", req.Journal)
	if id <= 0 {
		// From here on it is that one, whatever is done meanwhile.
		if id, title, err = ws.Mender.LastFix(ctx, ws.Root); err != nil {
			return nil, err
		}
		title = "Undo: " + title
	}
	preview, err := ws.Mender.PlanUndo(ctx, ws.Options.World, report, id)
	if err != nil {
		if req.Hash != "" {
			ws.Mender.RefusedUndo(ctx, report, id, err)
		}
		return nil, err
	}
	p := &plan{doc: tell.NewMonitorAction(ws.Root, tell.MonitorUndo), what: id}
	p.doc.Title, p.doc.Diff, p.doc.Commands = title, preview.Diff, append(p.doc.Commands, preview.Commands...)
	p.carry = func(ctx context.Context) (engine.Result, error) {
		return ws.Mender.Undo(ctx, ws.Options.World, report, id, engine.Hands{})
	}
	return p, nil
}

// mostReason bounds what a person says about an accepted state.
const mostReason = 1000

func planAccept(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (*plan, error) {
	if len(req.Reason) > mostReason {
		return nil, failed(http.StatusBadRequest, "the reason is too long: %d bytes at most", mostReason)
	}
	report, err := ws.Engine.Complete(ctx)
	if err != nil {
		return nil, err
	}
	memory := ws.Options.Memory
	if memory == nil {
		return nil, engine.ErrNoMemory
	}
	now, err := memory.Present(ws.Options.World, report)
	if err != nil {
		return nil, err
	}
	baseline, err := memory.Baseline(ctx, ws.Root)
	if err != nil {
		return nil, err
	}
	p := &plan{doc: tell.NewMonitorAction(ws.Root, tell.MonitorAccept)}
	p.doc.Title, p.doc.Snapshot = "Make the present state the one to compare with", now.ID()
	if baseline != nil {
		p.doc.Before = baseline.Record.ID()
		p.doc = p.doc.WithChanges(drift.Diff(baseline.Record, now))
	}
	p.carry = func(ctx context.Context) (engine.Result, error) {
		_, err := memory.Accept(ctx, ws.Options.World, report, req.Reason)
		return engine.Result{Done: []string{"The present state is what " + ws.Name + " is compared with from now on."}}, err
	}
	return p, nil
}

func planRollback(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (*plan, error) {
	report, err := ws.Engine.Settled(ctx)
	if err != nil {
		return nil, err
	}
	memory := ws.Options.Memory
	if memory == nil {
		return nil, engine.ErrNoMemory
	}
	wanted, err := wantedBack(req)
	if err != nil {
		return nil, err
	}
	ref := req.Snapshot
	if ref == "" {
		ref = engine.RefBaseline
	}
	present := func() (drift.Record, error) { return memory.Present(ws.Options.World, report) }
	to, err := memory.Resolve(ctx, ws.Root, report.Snapshot.Environment.Of, ref, time.Now(), present)
	if err != nil {
		return nil, err
	}
	now := drift.Record{}
	if req.All {
		if now, err = present(); err != nil {
			return nil, err
		}
	}
	back := engine.PlanRollback(report, now, to, wanted, time.Now())
	p := &plan{doc: tell.NewMonitorAction(ws.Root, tell.MonitorRollback), what: []any{back.Fix, to.ID()}}
	p.doc.Snapshot = to.ID()
	for _, n := range back.Left {
		p.doc.Left = append(p.doc.Left, tell.LeftVariable{Variable: n.Variable, Reason: n.Text})
	}
	if len(back.Fix.Actions) == 0 {
		p.doc.Title, p.doc.Refused = "Roll back", "there is nothing to roll back"
		return p, nil
	}
	if err := p.preview(ctx, ws, report, back.Fix); err != nil {
		refused(ctx, ws, report, back.Fix, req, err)
		return nil, err
	}
	p.carry = func(ctx context.Context) (engine.Result, error) {
		result, _, err := ws.Mender.Rollback(ctx, ws.Options, report, back, engine.Hands{})
		return result, err
	}
	return p, nil
}

// wantedBack is what a rollback is asked to bring back.
func wantedBack(req tell.MonitorActionRequest) (engine.RollbackWanted, error) {
	named := len(req.Variables)+len(req.Files) > 0
	switch {
	case req.All && named, req.Pins && named:
		return engine.RollbackWanted{}, failed(http.StatusBadRequest, "pins and all bring all pins back: name no variable and no file with them")
	case req.All:
		return engine.Everything(), nil
	case req.Pins:
		return engine.RollbackWanted{Pins: true}, nil
	case !named:
		return engine.RollbackWanted{Drifted: true}, nil
	}
	wanted := engine.RollbackWanted{Variables: req.Variables}
	for _, name := range req.Variables {
		if !drift.Recordable(name) {
			return wanted, failed(http.StatusBadRequest, "%q is no variable of the go command", drift.Clip(name))
		}
	}
	for _, name := range req.Files {
		clean := path.Clean(filepath.ToSlash(name))
		if clean != name || path.IsAbs(clean) || !filepath.IsLocal(name) {
			return wanted, failed(http.StatusBadRequest, "%q is no file as seen from the root of the workspace", drift.Clip(name))
		}
		wanted.Paths = append(wanted.Paths, clean)
	}
	return wanted, nil
}
