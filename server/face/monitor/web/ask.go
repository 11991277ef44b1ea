package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// askTime is how long one question may take.
const askTime = 20 * time.Second

// workspaces lists what is watched.
func (s *Server) workspaces(w http.ResponseWriter, _ *http.Request, _ proof) error {
	_, seq, _ := s.hub.since(0)
	doc := tell.WorkspacesDocument{Schema: tell.SchemaWorkspaces, Version: tell.DocumentVersion, Run: s.hub.run, Seq: seq, Workspaces: []tell.WatchedWorkspace{}}
	for _, ws := range s.opts.Source.Workspaces() {
		doc.Workspaces = append(doc.Workspaces, tell.NewWatchedWorkspace(ws.Name, ws.Root, ws.Engine.Report(), ws.Engine.Failure()))
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// report is what "godrift check" would print.
func (s *Server) report(w http.ResponseWriter, r *http.Request, _ proof) error {
	ws, _, err := s.about(r)
	if err != nil {
		return err
	}
	report := ws.Engine.Report()
	if report == nil {
		return failed(http.StatusServiceUnavailable, "%s has not been looked at yet; ask again in a moment", ws.Name)
	}
	s.answer(w, http.StatusOK, tell.NewCheck(report))
	return nil
}

// alerts says what fires.
func (s *Server) alerts(w http.ResponseWriter, r *http.Request, _ proof) error {
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	doc, err := s.opts.Source.Alerts(ctx)
	if err != nil {
		return err
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// ask answers what the page asks of one workspace.
func (s *Server) ask(w http.ResponseWriter, r *http.Request, _ proof) error {
	ws, query, err := s.about(r)
	if err != nil {
		return err
	}
	q, err := question(strings.TrimPrefix(r.URL.Path, "/api/"), query)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), askTime)
	defer cancel()
	// net/http ends the context when the time to read the request is over, although
	// it has been read.
	if err := http.NewResponseController(w).SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	select {
	case s.asking <- struct{}{}:
		defer func() { <-s.asking }()
	case <-ctx.Done():
		return ctx.Err()
	}
	doc, err := ws.Page.Ask(ctx, q)
	switch {
	case errors.Is(err, engine.ErrAsk), errors.Is(err, engine.ErrRef):
		return told(http.StatusBadRequest, err)
	case errors.Is(err, engine.ErrNoRecord), errors.Is(err, engine.ErrUnseen):
		return told(http.StatusNotFound, err)
	case err != nil:
		return err
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// about is the workspace that a request asks about, and what else it says.
func (s *Server) about(r *http.Request) (Workspace, url.Values, error) {
	query, err := plain(r.URL.RawQuery)
	if err != nil {
		return Workspace{}, nil, err
	}
	ws, err := s.named(query.Get("root"))
	query.Del("root")
	return ws, query, err
}

// named finds the workspace that a question is about. One that is alone need not
// be named.
func (s *Server) named(root string) (Workspace, error) {
	all := s.opts.Source.Workspaces()
	if root == "" && len(all) == 1 {
		return all[0], nil
	}
	for _, ws := range all {
		if ws.Root == root {
			return ws, nil
		}
	}
	if root == "" {
		return Workspace{}, failed(http.StatusBadRequest, "say which workspace is meant, by its root; /api/workspaces lists them")
	}
	return Workspace{}, failed(http.StatusNotFound, "this monitor does not watch that folder; /api/workspaces lists what it does")
}
