package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// actor is who acts by a button.
var actor = drift.Actor{Kind: drift.ActorUser, Name: "monitor page"}

// plan is what a button would do.
type plan struct {
	doc tell.MonitorActionDocument
	// what is all that is done, beyond what is shown: the hash counts it in.
	what any
	// carry does it, and returns what was done.
	carry func(ctx context.Context) (engine.Result, error)
}

// act answers all addresses of buttons. /api/plan only shows; /api/apply only does;
// the others show without a hash and do with one.
func (s *Server) act(w http.ResponseWriter, r *http.Request, _ proof) error {
	var req tell.MonitorActionRequest
	if err := decode(r, &req); err != nil {
		return err
	}
	switch name := strings.TrimPrefix(r.URL.Path, "/api/"); name {
	case "plan":
		req.Hash = ""
	case "apply":
		if req.Hash == "" {
			return failed(http.StatusBadRequest, "ask /api/plan first, and send the hash of what was shown")
		}
	default:
		if req.Action != "" && string(req.Action) != name {
			return failed(http.StatusBadRequest, "the address says %s, and the body says something else", name)
		}
		req.Action = tell.MonitorActionKind(name)
	}
	ws, err := s.named(req.Root)
	if err != nil {
		return err
	}
	if ws.Mender == nil {
		return failed(http.StatusForbidden, "this monitor only shows; use godrift in a terminal, or an editor, to change something")
	}
	if !s.begin() {
		return failed(http.StatusServiceUnavailable, "the monitor ends")
	}
	defer s.busy.Done()
	control := http.NewResponseController(w)
	// The body has been read, and the answer may take as long as a download.
	_ = control.SetReadDeadline(time.Time{})
	_ = control.SetWriteDeadline(time.Now().Add(s.limits.ActTime + s.limits.WriteTime))
	doc, err := s.carry(engine.By(r.Context(), actor), ws, req)
	if err != nil {
		return err
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// carry makes the plan of a request and, if it has the hash of that plan, carries
// it out. One at a time: of two that are planned side by side, the second is
// planned again when the first is done.
func (s *Server) carry(ctx context.Context, ws Workspace, req tell.MonitorActionRequest) (tell.MonitorActionDocument, error) {
	asking, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	select {
	case s.acting <- struct{}{}:
		defer func() { <-s.acting }()
	case <-asking.Done():
		return tell.MonitorActionDocument{}, failed(http.StatusConflict, "another change is under way; try again when it is done")
	}
	p, err := s.planned(asking, ws, req)
	if err != nil {
		return tell.MonitorActionDocument{}, explained(err)
	}
	hash := ""
	if p.doc.Refused == "" {
		hash = s.sealed(req, p)
	}
	if req.Hash == "" {
		p.doc.Hash = hash
		return p.doc, nil
	}
	if !equal(req.Hash, hash) {
		return tell.MonitorActionDocument{}, failed(http.StatusConflict, "nothing was done: it would do something else now than what was shown; look at it again")
	}
	// Whoever closes the page has asked for it all the same; the monitor's end takes
	// it back.
	acting, stop := context.WithTimeout(context.WithoutCancel(ctx), s.limits.ActTime)
	defer stop()
	defer context.AfterFunc(s.life, stop)()
	result, err := p.carry(acting)
	ws.Engine.Recall(acting)
	// Also after a failure: it may have changed what was found.
	ws.Engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "after: " + p.doc.Title})
	if err != nil {
		return tell.MonitorActionDocument{}, explained(err)
	}
	p.done(ws, result)
	// What the page asks next should already know of the change.
	settling, enough := context.WithTimeout(acting, settleTime)
	defer enough()
	if _, err := ws.Engine.Settled(settling); err != nil {
		s.log.Debug("the workspace was not looked at in time after a change", "error", err)
	}
	s.Changed(ws.Root)
	return p.doc, nil
}

// settleTime is how long an answer waits for the new look at the workspace.
const settleTime = 10 * time.Second

// done puts into the document what was done.
func (p *plan) done(ws Workspace, result engine.Result) {
	d := &p.doc
	d.Applied, d.Journal = true, result.ID
	d.Files, d.Done, d.Notes = append(d.Files, result.Files...), append(d.Done, result.Done...), append(d.Notes, result.Notes...)
	shell := engine.ShellOf(ws.Options.World.Environ)
	for _, c := range result.Shell {
		line, err := c.In(shell)
		if err != nil {
			d.Notes = append(d.Notes, err.Error())
			continue
		}
		d.Shell = append(d.Shell, line)
	}
}

// explained gives errors of the engine the status that they have over HTTP.
func explained(err error) error {
	for _, gone := range []error{engine.ErrNoFix, engine.ErrNothing, engine.ErrNoRecord, engine.ErrUnseen} {
		if errors.Is(err, gone) {
			return told(http.StatusNotFound, err)
		}
	}
	for _, refused := range []error{engine.ErrNotAllowed, engine.ErrNoMemory} {
		if errors.Is(err, refused) {
			return told(http.StatusForbidden, err)
		}
	}
	if errors.Is(err, engine.ErrRef) {
		return told(http.StatusBadRequest, err)
	}
	var known *failure
	if errors.As(err, &known) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return told(http.StatusConflict, err) // what is there is not what it was worked out for
}
