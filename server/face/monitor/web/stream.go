package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/tell"
)

// changesSince tells by polling what the streams tell by themselves.
func (s *Server) changesSince(w http.ResponseWriter, r *http.Request, _ proof) error {
	query, err := plain(r.URL.RawQuery)
	if err != nil {
		return err
	}
	var after uint64
	if text := query.Get("after"); text != "" {
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			return failed(http.StatusBadRequest, "after=NUMBER takes the seq of the last answer")
		}
	}
	if run := query.Get("run"); run != "" && run != s.hub.run {
		after = 0 // the numbers of another process
	}
	news, seq, _ := s.hub.since(after)
	doc := tell.ChangesDocument{Schema: tell.SchemaChanges, Version: tell.DocumentVersion, Run: s.hub.run, Seq: seq, Changes: []tell.MonitorChange{}}
	for _, n := range news {
		doc.Changes = append(doc.Changes, tell.MonitorChange(n))
	}
	s.answer(w, http.StatusOK, doc)
	return nil
}

// join counts a client that is to be told of the changes after a number; leave has to be
// called.
func (s *Server) join(r *http.Request) (after uint64, leave func(), err error) {
	if after, err = s.resumed(r); err != nil {
		return 0, nil, err
	}
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if s.hub.clients >= s.limits.Streams {
		return 0, nil, failed(http.StatusServiceUnavailable, "too many pages are open; close some, or ask for /api/changes from time to time")
	}
	s.hub.clients++
	return after, func() {
		s.hub.mu.Lock()
		s.hub.clients--
		s.hub.mu.Unlock()
	}, nil
}

// events tells of changes as Server-Sent Events (the HTML standard, 9.2). The id
// of an event names this process and its number, so that a browser which comes
// back is told what it has missed.
func (s *Server) events(w http.ResponseWriter, r *http.Request, _ proof) error {
	after, leave, err := s.join(r)
	if err != nil {
		return err
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // a proxy must not hold it back
	control := http.NewResponseController(w)
	// The client says nothing more: the time for that does not count here.
	if err := control.SetReadDeadline(time.Time{}); err != nil {
		return err
	}
	send := func(text string) bool {
		if control.SetWriteDeadline(time.Now().Add(s.limits.SlowTime)) != nil {
			return false
		}
		if _, err := w.Write([]byte(text)); err != nil {
			return false
		}
		return control.Flush() == nil // a client that does not read is dropped
	}
	if r.Method == http.MethodHead || !send("retry: 2000\n\n") {
		return nil
	}
	return s.follow(r.Context(), after, func(news []notice) bool {
		var b strings.Builder
		if len(news) == 0 {
			b.WriteString(": here\n\n")
		}
		for _, n := range news {
			data, err := json.Marshal(n) // one line: JSON escapes line ends
			if err != nil {
				return false
			}
			fmt.Fprintf(&b, "id: %s-%d\ndata: %s\n\n", s.hub.run, n.Seq, data)
		}
		return send(b.String())
	})
}

// resumed is the number of the last event that a client has seen. One that has
// seen none is told of what comes from now on.
func (s *Server) resumed(r *http.Request) (uint64, error) {
	last := r.Header.Get("Last-Event-ID")
	if last == "" {
		query, err := plain(r.URL.RawQuery)
		if err != nil {
			return 0, err
		}
		last = query.Get("last")
	}
	if last == "" {
		_, seq, _ := s.hub.since(0)
		return seq, nil
	}
	run, number, _ := strings.Cut(last, "-")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil || run != s.hub.run {
		return 0, nil // of another process, or of nobody: it hears of everything
	}
	return seq, nil
}

// follow tells of every change after a number, and from time to time that there
// is none, until somebody goes: the client, the server or the one who is told.
func (s *Server) follow(ctx context.Context, after uint64, tell func([]notice) bool) error {
	if !s.begin() {
		return nil
	}
	defer s.busy.Done()
	beat := time.NewTicker(s.limits.Heartbeat)
	defer beat.Stop()
	for {
		news, seq, next := s.hub.since(after)
		if len(news) > 0 && !tell(news) {
			return nil
		}
		after = seq
		select {
		case <-next:
		case <-beat.C:
			if !tell(nil) {
				return nil
			}
		case <-ctx.Done():
			return nil
		case <-s.life.Done():
			return nil
		}
	}
}
