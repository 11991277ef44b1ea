package lsp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// The codes that the library has no names for.
const (
	codeRequestFailed jsonrpc2.Code = -32803
)

var (
	// errParams marks parameters that cannot be used.
	errParams = errors.New("the parameters cannot be used")
	// errChanged says that the answer would be about a state that has passed.
	errChanged = errors.New("the workspace has changed; ask again")
	// errStarting refuses requests before initialize.
	errStarting = jsonrpc2.NewError(jsonrpc2.ServerNotInitialized, "send initialize first")
	// errEnding refuses requests after shutdown.
	errEnding = jsonrpc2.NewError(jsonrpc2.InvalidRequest, "the server has been shut down; only exit is understood now")
)

// wireError is the one place where an error becomes what a client is told.
// Without it the library sends code 0 for everything it does not know.
func wireError(method string, err error) error {
	err = wired(method, err)
	var wire *jsonrpc2.Error
	if errors.As(err, &wire) && wire.Message != drift.ClipTo(wire.Message, maxMessageText) {
		// Parameters can be quoted in it, which may be megabytes.
		return jsonrpc2.NewError(wire.Code, drift.ClipTo(wire.Message, maxMessageText))
	}
	return err
}

// maxMessageText is how many characters of an error a client is sent.
const maxMessageText = 1000

func wired(method string, err error) error {
	var wire *jsonrpc2.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return protocol.ErrRequestCancelled
	case errors.Is(err, errChanged), errors.Is(err, engine.ErrNoFix):
		return jsonrpc2.NewError(protocol.CodeContentModified, err.Error())
	case errors.Is(err, errParams), errors.Is(err, jsonrpc2.ErrParse):
		// The library calls bad parameters a parse error.
		return jsonrpc2.NewError(jsonrpc2.InvalidParams, fmt.Sprintf("%s: %v", method, err))
	case errors.Is(err, jsonrpc2.ErrMethodNotFound):
		return jsonrpc2.NewError(jsonrpc2.MethodNotFound, fmt.Sprintf("godrift does not serve %s", method))
	case errors.As(err, &wire) && wire.Code != 0:
		return jsonrpc2.NewError(wire.Code, err.Error())
	}
	return jsonrpc2.NewError(jsonrpc2.InternalError, err.Error())
}

// failed is for requests that were understood and could not be done. The
// message is shown to a person.
func failed(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w", &codedError{codeRequestFailed, err})
}

// codedError gives an error a code and keeps its text and its cause.
type codedError struct {
	code jsonrpc2.Code
	err  error
}

func (e *codedError) Error() string { return e.err.Error() }

func (e *codedError) Unwrap() []error {
	return []error{e.err, jsonrpc2.NewError(e.code, e.err.Error())}
}

// decode reads parameters of godrift's own. None at all are as good as {}.
func decode[T any](params []byte) (T, error) {
	var v T
	_, err := decodeInto(params, &v)
	return v, err
}

func decodeInto[T any](params []byte, v *T) (*T, error) {
	if len(params) == 0 || string(params) == "null" {
		return v, nil
	}
	if err := json.Unmarshal(params, v); err != nil {
		return v, fmt.Errorf("%w: %w", errParams, err)
	}
	return v, nil
}

// looseID finds the ID of something that is JSON and meant to be a request,
// but is no message. The ID of an answer is the server's own: it stays out.
func looseID(body []byte) jsonrpc2.ID {
	var m struct {
		ID     json.RawMessage `json:"id"`
		Method json.RawMessage `json:"method"`
	}
	if json.Unmarshal(body, &m) != nil || m.Method == nil {
		return jsonrpc2.ID{}
	}
	return idOf(m.ID)
}

// idOf reads a request's ID; the zero ID if there is none.
func idOf(raw json.RawMessage) jsonrpc2.ID {
	var n int64
	if json.Unmarshal(raw, &n) == nil && string(raw) != "null" {
		return jsonrpc2.NewNumberID(n)
	}
	var s string
	if json.Unmarshal(raw, &s) == nil && string(raw) != "null" {
		return jsonrpc2.NewStringID(s)
	}
	return jsonrpc2.ID{}
}
