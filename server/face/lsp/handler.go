package lsp

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
)

// handle takes every message from the client. Notifications are handled here
// and now, so that they take effect in the order they were sent; all they do
// is to change what the server knows and to hand events to engines. Requests
// run concurrently, because one of them may wait for the client's answer,
// which only this goroutine's successor can read.
func (s *server) handle(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	if !req.IsCall() {
		s.notified(s.ctx, req)
		return nil, nil // an error would end the connection
	}
	id := req.ID()
	switch req.Method() {
	case protocol.MethodInitialize, protocol.MethodShutdown:
		return s.answer(s.ctx, req)
	}
	s.mu.Lock()
	state := s.state
	s.mu.Unlock()
	switch {
	case state == starting:
		return nil, errStarting
	case state == ended:
		return nil, errEnding
	}

	// The connection ends the context of a request when its answer is written; it
	// is given up when the session ends.
	answered := ctx.Done()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.ctx, cancel)()
	// Registered before the next message can be read: it may be the cancel.
	s.mu.Lock()
	s.running[id] = cancel
	s.mu.Unlock()
	s.work.Add(1)
	go func() {
		<-answered
		s.work.Done()
	}()
	defer func() {
		s.mu.Lock()
		delete(s.running, id)
		s.mu.Unlock()
	}()
	jsonrpc2.Async(ctx)
	return s.answer(ctx, req)
}

// answer handles one request.
func (s *server) answer(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
	method := strings.Clone(req.Method())
	defer func() { err = wireError(method, err) }()
	defer s.recovered(method, &err)
	if call, ok := s.own[method]; ok {
		return call(ctx, req.Params())
	}
	if !slices.Contains(requests, method) {
		// The library would first fail over the parameters.
		return nil, fmt.Errorf("%w: %s", jsonrpc2.ErrMethodNotFound, method)
	}
	return s.standard(ctx, req)
}

// requests are the requests of the protocol that are served.
var requests = []string{
	protocol.MethodInitialize, protocol.MethodShutdown,
	protocol.MethodTextDocumentHover, protocol.MethodTextDocumentCompletion,
	protocol.MethodTextDocumentCodeAction, protocol.MethodCodeActionResolve,
	protocol.MethodTextDocumentCodeLens, protocol.MethodTextDocumentInlayHint,
	protocol.MethodTextDocumentDocumentLink,
	protocol.MethodTextDocumentDiagnostic, protocol.MethodWorkspaceDiagnostic,
	protocol.MethodWorkspaceExecuteCommand,
}

// notifications are the notifications of the protocol that are taken.
var notifications = []string{
	protocol.MethodTextDocumentDidChange,
	protocol.MethodTextDocumentDidSave, protocol.MethodTextDocumentDidClose,
	protocol.MethodWorkspaceDidChangeConfiguration, protocol.MethodWorkspaceDidChangeWorkspaceFolders,
	protocol.MethodWorkspaceDidChangeWatchedFiles,
	protocol.MethodWindowWorkDoneProgressCancel, protocol.MethodSetTrace,
}

// notified handles one notification.
func (s *server) notified(ctx context.Context, req *jsonrpc2.Request) {
	method := req.Method()
	defer s.recovered(method, nil)
	switch method {
	case protocol.MethodCancelRequest:
		s.cancelRequest(req.Params())
		return
	case protocol.MethodExit:
		s.exitOnce.Do(func() { close(s.exit) })
		return
	}
	s.mu.Lock()
	state := s.state
	s.mu.Unlock()
	if state != ready {
		s.log.Debug("a notification came outside of a session and was dropped", "method", method)
		return
	}
	var err error
	if note, ok := s.notes[method]; ok {
		err = note(req.Params())
	} else if slices.Contains(notifications, method) {
		_, err = s.standard(ctx, req)
	}
	if err != nil {
		s.log.Warn("a notification could not be used", "method", method, "error", err)
	}
}

// cancelRequest gives up a request. One that is not known is done already.
func (s *server) cancelRequest(params []byte) {
	var p struct {
		ID json.RawMessage `json:"id"`
	}
	if err := json.Unmarshal(params, &p); err != nil {
		s.log.Warn("a cancellation could not be read", "error", err)
		return
	}
	s.mu.Lock()
	cancel := s.running[idOf(p.ID)]
	s.mu.Unlock()
	if cancel != nil {
		cancel()
	}
}

// background runs f until the end of the session.
func (s *server) background(f func(ctx context.Context)) {
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		defer s.recovered("background work", nil)
		f(s.ctx)
	}()
}
