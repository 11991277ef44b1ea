package web

import (
	"bufio"
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"godrift.dev/server/tell"
)

// Whatever a question's parameters are, they are understood or refused; and what
// was understood reads the same again.
func FuzzQuestion(f *testing.F) {
	for _, seed := range []string{"", "root=/a&since=2026-01-02T03:04:05Z", "since=-1&until=99999999999999999999", "width=1&width=2", "%zz", "a;b", "text=%00%ff\u202e", "limit=-1&before=x", "&&&&", "=", "zone=1e9"} {
		f.Add("timeline", seed)
	}
	f.Fuzz(func(t *testing.T, ask, raw string) {
		query, err := plain(raw)
		if err != nil {
			return
		}
		for name, values := range query {
			if len(values) != 1 || len(name) > mostParam || len(values[0]) > mostParam {
				t.Fatalf("%q: %q", name, values)
			}
		}
		q, err := question(ask, query)
		if err != nil {
			if err.Error() == "" || len(err.Error()) > 2000 {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		again, err := plain(query.Encode())
		if err != nil && strings.Count(raw, "&") < mostParams-1 {
			t.Fatal(err)
		}
		if r, err := question(ask, again); err == nil && r != q {
			t.Fatalf("%+v, then %+v", q, r)
		}
		if b := q.Bounded(); b.Width > 10000 || b.Limit > 10000 || b.Limit <= 0 {
			t.Fatalf("%+v", b)
		}
	})
}

// No Host header that is not on the list is let in.
func FuzzHost(f *testing.F) {
	for _, seed := range []string{"127.0.0.1:9494", "localhost", "[::1]:1", "evil.example", "localhost@evil.example", "[::1%25eth0]:1", "127.0.0.1.evil", "", ":", "[", "localhost:80:80", "monitor.example:1"} {
		f.Add(seed)
	}
	list, err := newHostList("127.0.0.1:9494", []string{"monitor.example"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, host string) {
		if !list.allows(host, nil) {
			return
		}
		name, _ := splitHost(host)
		if name != "monitor.example" && !isLoopback(name) {
			t.Fatalf("%q is let in as %q", host, name)
		}
		// A browser that is asked for this host connects to nobody else.
		if strings.ContainsAny(host, "/\\@?#") {
			t.Fatalf("%q is let in", host)
		}
	})
}

// Whatever comes, nobody without the token is told anything, and nothing breaks.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /?token=x HTTP/1.1\r\nHost: localhost\r\nCookie: godrift-9494=x\r\n\r\n",
		"POST /api/plan HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"GET /api/ws HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
		"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET //x HTTP/1.0\r\n\r\n",
	} {
		f.Add([]byte(seed), false)
		f.Add([]byte(seed), true)
	}
	var log bytes.Buffer
	s, err := New(Options{Source: &source{}, Page: page, Build: tell.NewBuild("v0", nil), Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		f.Fatal(err)
	}
	handler := s.handler()
	f.Fuzz(func(t *testing.T, raw []byte, known bool) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return
		}
		if strings.HasSuffix(r.URL.Path, "/events") {
			return // it answers for as long as the client is there
		}
		r.Body = io.NopCloser(io.LimitReader(r.Body, 1<<20))
		if known {
			r.Header.Set("Authorization", "Bearer "+s.key.token)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if !known && w.Code < 400 {
			t.Fatalf("%q: %d", raw, w.Code)
		}
		if w.Code == http.StatusInternalServerError || log.Len() > 0 {
			t.Fatalf("%q: %d %s\n%s", raw, w.Code, w.Body, log.String())
		}
		if w.Header().Get("Content-Security-Policy") == "" {
			t.Fatal("no policy")
		}
	})
}
