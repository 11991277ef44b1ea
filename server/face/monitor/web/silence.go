package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"godrift.dev/server/drift"
)

// mostSilence is how long alerts can be kept quiet at a time.
const mostSilence = 90 * 24 * time.Hour

// silenceRequest is the body of POST /api/silence.
type silenceRequest struct {
	Rule      string `json:"rule"`
	Workspace string `json:"workspace"`
	For       string `json:"for"`
	Reason    string `json:"reason"`
}

// silence keeps alerts quiet for a while.
func (s *Server) silence(w http.ResponseWriter, r *http.Request, _ proof) error {
	var req silenceRequest
	if err := decode(r, &req); err != nil {
		return err
	}
	length, err := time.ParseDuration(req.For)
	if err != nil || length <= 0 || length > mostSilence {
		return failed(http.StatusBadRequest, `say for how long, such as "for": "2h"; %d hours at most`, int(mostSilence.Hours()))
	}
	doc, err := s.opts.Source.Silence(r.Context(), Silence{
		Rule: drift.Clip(req.Rule), Workspace: drift.Clip(req.Workspace), For: length, Reason: drift.MaskText(drift.Clip(req.Reason)),
	})
	if err != nil {
		return told(http.StatusBadRequest, err)
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// decode reads the body of a request. What it does not know is a mistake of the
// client, which must not believe that it was obeyed.
func decode(r *http.Request, into any) error {
	text, err := io.ReadAll(r.Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return failed(http.StatusRequestEntityTooLarge, "the body is too large")
	case err != nil:
		return failed(http.StatusBadRequest, "the body did not come in time, or not as a whole")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return failed(http.StatusBadRequest, "the body is not the JSON that is asked for here: %s", drift.Clip(err.Error()))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return failed(http.StatusBadRequest, "there is something after the JSON of the body")
	}
	return nil
}
