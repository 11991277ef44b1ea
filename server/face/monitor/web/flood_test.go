package web

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// dial opens a connection to the server, for what no HTTP client would send.
func (s *site) dial() net.Conn {
	s.t.Helper()
	c, err := net.DialTimeout("tcp", s.address(), patience)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(patience))
	return c
}

func (s *site) address() string { return strings.TrimPrefix(s.base, "http://") }

// raw sends bytes as they are and returns everything that comes back until the
// server hangs up.
func (s *site) raw(text string) string {
	s.t.Helper()
	c := s.dial()
	if _, err := io.WriteString(c, s.filled(text)); err != nil {
		s.t.Fatal(err)
	}
	got, _ := io.ReadAll(c) // a reset after the answer is an end, too
	return string(got)
}

// filled puts the server's address and token where a raw request names them.
func (s *site) filled(text string) string {
	return strings.NewReplacer("HOST", s.address(), "TOKEN", s.server.key.token).Replace(text)
}

// Requests that two programs could read differently are refused, and nothing that
// follows them on the connection is taken for another request.
func TestSmuggling(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.HeadTime = time.Second })
	const head = "Host: HOST\r\nAuthorization: Bearer TOKEN\r\n"
	const inner = "GET /health/build HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n"
	for name, text := range map[string]string{
		"length and chunks":      "POST /api/silence HTTP/1.1\r\n" + head + "Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
		"two lengths":            "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length: 4\r\nContent-Length: 9\r\n\r\nabcd" + inner,
		"a list of lengths":      "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length: 4, 9\r\n\r\nabcd" + inner,
		"a signed length":        "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length: +4\r\n\r\nabcd" + inner,
		"a negative length":      "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length: -1\r\n\r\n" + inner,
		"a huge length":          "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length: 99999999999999999999\r\n\r\n" + inner,
		"chunks":                 "POST /api/silence HTTP/1.1\r\n" + head + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n{\"for\":\"1h\"}\r\n0\r\n\r\n" + inner,
		"odd chunks":             "POST /api/silence HTTP/1.1\r\n" + head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + inner,
		"two encodings":          "POST /api/silence HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + inner,
		"a blank before a colon": "POST /api/silence HTTP/1.1\r\n" + head + "Content-Length : 4\r\n\r\nabcd" + inner,
		"a folded header":        "POST /api/silence HTTP/1.1\r\n" + head + "X: 1\r\n\tContent-Length: 4\r\n y:\r\n z\r\n\r\nabcd" + inner,
		"a question with a body": "GET /api/changes HTTP/1.1\r\n" + head + "Content-Length: 10\r\n\r\n" + inner,
		"a question with chunks": "GET /api/changes HTTP/1.1\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner,
		"two hosts":              "GET /api/changes HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n" + inner,
		"a whole address":        "GET http://evil.example/api/changes HTTP/1.1\r\n" + head + "\r\n" + inner,
		"an address of its own":  "GET http://HOST/api/changes HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n",
		"an authority":           "CONNECT evil.example:443 HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n",
		"a star":                 "OPTIONS * HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n",
		"no host":                "GET /api/changes HTTP/1.1\r\nAuthorization: Bearer TOKEN\r\nConnection: close\r\n\r\n",
		"a blank in the address": "GET /api/changes /x HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n",
		"a NUL in a header":      "GET /api/changes HTTP/1.1\r\n" + head + "X: a\x00b\r\nConnection: close\r\n\r\n",
		"a lone line feed":       "GET /api/changes HTTP/1.1\r\n" + head + "X: a\nHost: evil.example\r\nConnection: close\r\n\r\n",
		"an older HTTP, no host": "GET /api/changes HTTP/1.0\r\nAuthorization: Bearer TOKEN\r\n\r\n",
		"an ancient HTTP":        "GET /api/changes\r\n\r\n",
		"a newer HTTP":           "GET /api/changes HTTP/3.0\r\n" + head + "\r\n",
		"HTTP/2 without asking":  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		"an upgrade to HTTP/2":   "GET /nothing HTTP/1.1\r\n" + head + "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
		"TLS":                    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		"nonsense":               "\x00\x01\x02\x03\r\n\r\n",
	} {
		got := s.raw(text)
		if strings.Contains(got, "HTTP/1.1 200") || strings.Contains(got, "HTTP/1.0 200") || strings.Contains(got, "godrift/") || strings.Contains(got, "101 Switching") {
			t.Errorf("%s: answered: %s", name, got)
		}
	}
	s.source.mu.Lock()
	defer s.source.mu.Unlock()
	if len(s.source.silences) > 0 {
		t.Error("something was done")
	}
}

// An older client with everything it needs is answered, and hung up on.
func TestOldHTTP(t *testing.T) {
	s := newSite(t, nil, nil)
	if got := s.raw("GET /api/changes HTTP/1.0\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.0 200") {
		t.Error(got)
	}
}

// No address leads out of the page's files.
func TestTraversal(t *testing.T) {
	s := newSite(t, nil, nil)
	for _, path := range []string{
		"/../../../../etc/passwd", "/..", "/./page.js", "/a/../page.js", "//page.js", "/page.js/", "/page.js/..", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd",
		"/..%5c..%5cetc%5cpasswd", "/page.js%00.html", "/%00", "/a/", "/a", "/index.html", "/page.ts", "/api/../page.js", "/api/now/../../page.js", "/api//now", "/api/now/", "/API/now",
		"/file:///etc/passwd", "/a\\b.css", "/%61pi", "/;/page.js", "/page.js;x",
	} {
		got := s.raw("GET " + path + " HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.1 40") || strings.Contains(got, "root:") || strings.Contains(got, "dataset") {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// What is too large is refused without being read.
func TestOversized(t *testing.T) {
	s := newSite(t, nil, nil)
	l := s.server.limits
	big := strings.Repeat("x", l.Header+5000)
	if got := s.raw("GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: " + big + "\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431") {
		t.Errorf("a large head: %.200s", got)
	}
	if got := s.raw("GET /" + big[:l.Header-200] + " HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 414") {
		t.Errorf("a long address: %.200s", got)
	}
	if got := s.raw("GET /healthz HTTP/1.1\r\nHost: HOST\r\n" + strings.Repeat("X: y\r\n", 20000) + "\r\n"); !strings.HasPrefix(got, "HTTP/1.1 431") {
		t.Errorf("many headers: %.200s", got)
	}
	// It is the length that counts: not one byte of it has to come.
	if got := s.raw(fmt.Sprintf("POST /api/silence HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", l.Body+1)); !strings.HasPrefix(got, "HTTP/1.1 413") {
		t.Errorf("a large body: %.200s", got)
	}
	s.post("/api/silence", `{"for":"`+strings.Repeat("h", int(l.Body))+`"}`).want(t, 413, "too large")
	s.post("/api/silence", `{"for":"1h","reason":"`+strings.Repeat("h", int(l.Body)-200)+`"}`).want(t, 200, "")
	deep := strings.Repeat("[", 30000)
	s.post("/api/silence", deep).want(t, 400, "not the JSON")
	s.get("/api/now?"+strings.Repeat("a=1&", 200)).want(t, 400, "too many parameters")
	s.get("/api/now?text="+strings.Repeat("a", 2000)).want(t, 400, "too long")
}

// Who says nothing, or says it slowly, is hung up on when the time is over.
func TestSlow(t *testing.T) {
	const short = 300 * time.Millisecond
	s := newSite(t, nil, func(o *Options) {
		o.Limits.HeadTime, o.Limits.ReadTime, o.Limits.IdleTime = short, 2*short, short
	})
	for name, begin := range map[string]string{
		"nothing":             "",
		"half a line":         "GET /api/cha",
		"half a head":         "GET /api/changes HTTP/1.1\r\nHost: HOST\r\n",
		"half a body":         "POST /api/silence HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nContent-Type: application/json\r\nContent-Length: 40\r\n\r\n{\"for\"",
		"a stranger's body":   "POST /api/silence HTTP/1.1\r\nHost: HOST\r\nContent-Length: 40\r\n\r\n{",
		"nothing more":        "GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n",
		"half of another one": "GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\nGET /he",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := s.dial()
			if _, err := io.WriteString(c, s.filled(begin)); err != nil {
				t.Fatal(err)
			}
			begun := time.Now()
			done := make(chan struct{})
			go func() { // a byte from time to time keeps nothing open
				defer close(done)
				tick := time.NewTicker(short / 3)
				defer tick.Stop()
				for range tick.C {
					if _, err := io.WriteString(c, "x"); err != nil {
						return
					}
				}
			}()
			got, _ := io.ReadAll(c)
			c.Close()
			<-done
			if took := time.Since(begun); took > 20*short {
				t.Errorf("held open for %v: %s", took, got)
			}
			if strings.Contains(string(got), " 200 OK") && !strings.Contains(begin, "/healthz") {
				t.Errorf("answered: %s", got)
			}
		})
	}
}

// Three thousand connections that say nothing, and as many that begin and do not
// end, keep nobody out; and there are never more than there may be.
func TestManyConnections(t *testing.T) {
	const most, many = 500, 3000
	s := newSite(t, nil, func(o *Options) { o.Limits.Connections = most; o.Limits.HeadTime = time.Minute })
	stream, err := client.Do(s.asking(t.Context(), "/api/events"))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	for _, begin := range []string{"", "GET /api/changes HTTP/1.1\r\n", "GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n"} {
		var idle []net.Conn
		for i := range many {
			c, err := net.DialTimeout("tcp", s.address(), patience)
			if err != nil {
				t.Fatalf("connection %d: %v", i, err)
			}
			idle = append(idle, c)
			_, _ = io.WriteString(c, s.filled(begin)) // it may be cut off already
			if i%500 == 499 {
				s.get("/api/changes").want(t, 200, "godrift/changes")
			}
		}
		s.server.gate.mu.Lock()
		all := s.server.gate.all
		s.server.gate.mu.Unlock()
		if all > most {
			t.Errorf("%d connections, and %d may be", all, most)
		}
		for _, c := range idle {
			c.Close()
		}
	}
	// Who is being served was not cut off for them.
	s.server.Changed("/srv/a")
	scanner := bufio.NewScanner(stream.Body)
	for scanner.Scan() {
		if strings.Contains(scanner.Text(), "/srv/a") {
			return
		}
	}
	t.Errorf("the stream was cut off: %v", scanner.Err())
}

func (s *site) asking(ctx context.Context, path string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.base+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.server.key.token)
	return r
}

// Streams are bounded, and one that ends makes room.
func TestManyStreams(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.Streams = 2 })
	open := func() *http.Response {
		t.Helper()
		answer, err := client.Do(s.asking(t.Context(), "/api/events"))
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	one, two := open(), open()
	defer one.Body.Close()
	s.get("/api/events").want(t, 503, "too many pages")
	two.Body.Close()
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		s.server.Changed("/srv/a") // what has gone is noticed when it is told something
		answer := open()
		answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
		if time.Now().After(end) {
			t.Fatal("no room after a stream has ended")
		}
	}
}

// A client that does not read is dropped; the others are told in time meanwhile,
// and nothing piles up for it.
func TestSlowReader(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.Heartbeat, o.Limits.SlowTime = 50*time.Millisecond, 200*time.Millisecond })
	c := s.dial()
	_, err := io.WriteString(c, s.filled("GET /api/ws HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil) //nolint:bodyclose // what follows is the socket
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%v %v", answer, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	other, _, err := websocket.Dial(ctx, "ws://"+s.address()+"/api/ws", &websocket.DialOptions{ //nolint:bodyclose // what is left of the answer is the socket
		HTTPClient: client, HTTPHeader: http.Header{"Authorization": {"Bearer " + s.server.key.token}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer other.CloseNow()
	var heard sync.WaitGroup
	heard.Go(func() {
		for {
			_, text, err := other.Read(ctx)
			if err != nil {
				t.Errorf("the other one was cut off: %v", err)
				return
			}
			if strings.Contains(string(text), "/srv/last") {
				return
			}
		}
	})
	// It answers no ping, and so it goes although what it was sent fits the buffers.
	for end := time.Now().Add(patience); ; {
		s.server.Changed("/srv/a")
		s.server.hub.mu.Lock()
		clients := s.server.hub.clients
		s.server.hub.mu.Unlock()
		if clients == 1 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("a client that does not read is kept")
		}
		runtime.Gosched()
	}
	s.server.Changed("/srv/last")
	heard.Wait()
}

// The same for events: what it does not read fills the buffers, and then it goes.
func TestSlowEventReader(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.SlowTime = 200 * time.Millisecond })
	c := s.dial()
	if _, err := io.WriteString(c, s.filled("GET /api/events HTTP/1.1\r\nHost: HOST\r\nAuthorization: Bearer TOKEN\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	long := "/srv/" + strings.Repeat("a", 100<<10)
	joined := false
	for end := time.Now().Add(patience); ; runtime.Gosched() {
		s.server.Changed(long)
		s.server.hub.mu.Lock()
		clients := s.server.hub.clients
		s.server.hub.mu.Unlock()
		if joined = joined || clients == 1; joined && clients == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("a client that does not read is kept (joined: %t)", joined)
		}
	}
}

// A client that talks has nothing to say here.
func TestTalkingClient(t *testing.T) {
	s := newSite(t, nil, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for _, size := range []int{1, 1 << 20} {
		c, _, err := websocket.Dial(ctx, "ws://"+s.address()+"/api/ws", &websocket.DialOptions{ //nolint:bodyclose // what is left of the answer is the socket
			HTTPClient: client, HTTPHeader: http.Header{"Authorization": {"Bearer " + s.server.key.token}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Write(ctx, websocket.MessageText, []byte(strings.Repeat("x", size))) // it may be cut off in the middle
		if _, _, err := c.Read(ctx); err == nil || ctx.Err() != nil {
			t.Errorf("%d bytes were taken: %v", size, err)
		}
		c.CloseNow()
	}
}
