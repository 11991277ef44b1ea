package web

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// route is one thing that can be asked for.
type route struct {
	path string
	// change says that it changes something: only POST, with JSON, from the page.
	change bool
	// open answers without the token; nil never does.
	open func(o *Options) bool
	// free questions are not counted against the rate: they cost nothing.
	free bool
	do   func(s *Server, w http.ResponseWriter, r *http.Request, who proof) error
}

func never(*Options) bool       { return false }
func ifMetrics(o *Options) bool { return o.MetricsOpen }
func ifHealth(o *Options) bool  { return o.HealthOpen }

// routes lists all of them but the page's own files. A path that ends in "/" has
// one more part, which says what is asked.
var routes = []route{
	{path: "/healthz", open: ifHealth, free: true, do: (*Server).healthz},
	{path: "/readyz", open: ifHealth, do: (*Server).readyz},
	{path: "/health/build", open: never, do: (*Server).build},
	{path: "/metrics", open: ifMetrics, do: (*Server).metrics},
	{path: "/api/workspaces", open: never, do: (*Server).workspaces},
	{path: "/api/report", open: never, do: (*Server).report},
	{path: "/api/alerts", open: never, do: (*Server).alerts},
	{path: "/api/changes", open: never, do: (*Server).changesSince},
	{path: "/api/events", open: never, do: (*Server).events},
	{path: "/api/ws", open: never, do: (*Server).socket},
	{path: "/api/plan", open: never, change: true, do: (*Server).act},
	{path: "/api/apply", open: never, change: true, do: (*Server).act},
	{path: "/api/undo", open: never, change: true, do: (*Server).act},
	{path: "/api/accept", open: never, change: true, do: (*Server).act},
	{path: "/api/rollback", open: never, change: true, do: (*Server).act},
	{path: "/api/silence", open: never, change: true, do: (*Server).silence},
	{path: "/api/", open: never, do: (*Server).ask},
}

// handler answers every request.
func (s *Server) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer served(r)()
		begun := time.Now()
		harden(w.Header())
		at, known := s.route(r)
		name := "other" // never what a client wrote
		if known {
			name = at.path
		}
		defer func() {
			if thrown := recover(); thrown != nil {
				if err, ok := thrown.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(thrown) // that is how a handler ends a connection
				}
				s.log.Error("a request failed; this is a mistake in godrift", "route", name, "error", drift.MaskText(fmt.Sprint(thrown)), "stack", string(debug.Stack()))
				w.Header().Set("Connection", "close")
				s.refuse(w, failed(http.StatusInternalServerError, "the answer could not be made; this is a mistake in godrift, and the monitor's log says more"))
			}
		}()
		if err := s.handle(w, r, at, known); err != nil {
			if r.ContentLength != 0 {
				// net/http reads what is left of the body, and would wait for it.
				w.Header().Set("Connection", "close")
				_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(leftTime))
			}
			// Not the error: it may say again what the client wrote.
			s.log.Debug("a request was refused", "route", name, "status", s.refuse(w, err), "took", time.Since(begun))
		}
	})
}

// leftTime is how long the rest of a body is waited for whose request was refused:
// who is still sending it reads the answer only then.
const leftTime = time.Second

// route finds what is asked for.
func (s *Server) route(r *http.Request) (route, bool) {
	if a, ok := s.assets.files[r.URL.Path]; ok {
		return route{path: "page", open: never, free: true, do: func(_ *Server, w http.ResponseWriter, r *http.Request, _ proof) error {
			a.serve(w, r)
			return nil
		}}, true
	}
	for _, at := range routes {
		if r.URL.Path == at.path {
			return at, at.path != "/api/"
		}
		if last, ok := strings.CutPrefix(r.URL.Path, at.path); ok && strings.HasSuffix(at.path, "/") && last != "" && !strings.Contains(last, "/") {
			return at, true
		}
	}
	return route{}, false
}

// handle looks at who asks, from where and how, before anything is done.
func (s *Server) handle(w http.ResponseWriter, r *http.Request, at route, known bool) error {
	if err := s.shape(w, r); err != nil {
		return err
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !s.hosts.allows(r.Host, local) {
		return failed(http.StatusMisdirectedRequest, "this monitor is not known by the name that it was called by; call it by its address, or name it under hosts in the [monitor] section of config.toml")
	}
	if r.URL.Path == "/" && r.URL.Query().Has("token") {
		return s.enter(w, r)
	}
	who := s.proofOf(r)
	if !(who != unknown || known && at.open(&s.opts)) {
		return s.stranger(w, r)
	}
	if !known {
		return failed(http.StatusNotFound, "there is nothing here; the page is at / and what it asks under /api/")
	}
	if err := method(w, r, at); err != nil {
		return err
	}
	if at.path != "page" {
		if why := s.foreign(r, who, at.change || at.path == "/api/ws"); why != "" {
			return failed(http.StatusForbidden, "%s", why)
		}
	}
	if at.change {
		if !s.mayChange(r, who) {
			return failed(http.StatusForbidden, "this window can look and change nothing: open the address that godrift monitor printed in it (with a token from a file: this one with ?token=… at its end)")
		}
		if err := s.jsonBody(w, r); err != nil {
			return err
		}
	}
	if !at.free {
		if ok, again := s.rate.take(); !ok {
			w.Header().Set("Retry-After", strconv.Itoa(again))
			return failed(http.StatusTooManyRequests, "too many questions at once; ask again in %s", drift.Plural(again, "second"))
		}
	}
	return at.do(s, w, r, who)
}

// shape refuses requests that no client of this server sends, so that two
// programs cannot read one of them differently (request smuggling).
func (s *Server) shape(w http.ResponseWriter, r *http.Request) error {
	hangUp := func(status int, text string) error {
		w.Header().Set("Connection", "close")
		return failed(status, "%s", text)
	}
	switch {
	case len(r.RequestURI) > s.limits.URL:
		return hangUp(http.StatusRequestURITooLong, "the address is too long")
	case !strings.HasPrefix(r.RequestURI, "/") || r.URL.Host != "":
		return hangUp(http.StatusBadRequest, "this is no proxy: ask for a path")
	case len(r.TransferEncoding) > 0:
		return hangUp(http.StatusLengthRequired, "say in Content-Length how long the body is")
	case r.Method != http.MethodPost && r.ContentLength != 0:
		return hangUp(http.StatusBadRequest, "a question has no body")
	case r.ContentLength > s.limits.Body:
		return hangUp(http.StatusRequestEntityTooLarge, "the body is too large")
	}
	return nil
}

// method refuses what a route does not do.
func method(w http.ResponseWriter, r *http.Request, at route) error {
	allowed := []string{http.MethodGet, http.MethodHead}
	if at.change {
		allowed = []string{http.MethodPost}
	}
	if slices.Contains(allowed, r.Method) {
		return nil
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return failed(http.StatusMethodNotAllowed, "this is asked for with %s", allowed[0])
}

// jsonBody refuses bodies that a form of another page could send: those need no
// leave of this server.
func (s *Server) jsonBody(w http.ResponseWriter, r *http.Request) error {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return failed(http.StatusUnsupportedMediaType, "send JSON, with Content-Type: application/json")
	}
	r.Body = http.MaxBytesReader(w, r.Body, s.limits.Body)
	return nil
}
