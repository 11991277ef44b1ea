package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// failure is an error that says with which status it is answered, in words for
// the person who asked.
type failure struct {
	status int
	text   string
}

// Error implements error.
func (f *failure) Error() string { return f.text }

// told is somebody else's error as a failure: what it says may hold anything.
func told(status int, err error) error {
	return &failure{status, drift.MaskText(err.Error())}
}

func failed(status int, format string, args ...any) error {
	return &failure{status, fmt.Sprintf(format, args...)}
}

// answer writes a document. What could steer a terminal that it is shown in is
// escaped.
func (s *Server) answer(w http.ResponseWriter, status int, document any) {
	var b bytes.Buffer
	if err := tell.JSON(&b, document); err != nil {
		s.log.Error("an answer cannot be written as JSON", "error", err)
		status = http.StatusInternalServerError
		b.Reset()
		b.WriteString(`{"error":"the answer cannot be written as JSON; this is a mistake in godrift"}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client may be gone
}

// refuse answers with an error. What is no answer to the person who asked stands
// in the log alone.
func (s *Server) refuse(w http.ResponseWriter, err error) (status int) {
	status = http.StatusInternalServerError
	text := "it could not be answered; the monitor's log says why"
	var f *failure
	switch {
	case errors.As(err, &f):
		status, text = f.status, f.text
	case errors.Is(err, context.DeadlineExceeded):
		status, text = http.StatusServiceUnavailable, "it took too long; ask again, or for less"
	case errors.Is(err, context.Canceled):
		status, text = http.StatusServiceUnavailable, "the monitor ends"
	case errors.Is(err, engine.ErrStopped):
		status, text = http.StatusServiceUnavailable, "this workspace is not watched any more"
	default:
		s.log.Warn("a question could not be answered", "error", drift.MaskText(err.Error()))
	}
	s.answer(w, status, map[string]string{"error": text})
	return status
}
