package web

import (
	"net/http"
)

// healthz says that the process answers.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request, _ proof) error {
	s.answer(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

// readiness is what /readyz answers.
type readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"`
}

// readyz says whether what is shown can be relied on yet.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request, _ proof) error {
	ready, reasons := s.opts.Source.Ready(r.Context())
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	s.answer(w, status, readiness{Ready: ready, Reasons: append([]string{}, reasons...)})
	return nil
}

// build says what the running program was made of.
func (s *Server) build(w http.ResponseWriter, _ *http.Request, _ proof) error {
	s.answer(w, http.StatusOK, s.opts.Build)
	return nil
}

// metrics hands over to whoever measures.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request, _ proof) error {
	if s.opts.Metrics == nil {
		return failed(http.StatusNotFound, "this monitor has no metrics")
	}
	s.opts.Metrics.ServeHTTP(w, r)
	return nil
}
