package alert

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// secret is a part of every address here, and in nothing that is said.
const secret = "T0SECRET/B0SECRET"

// clockwork is a clock that only the test moves.
type clockwork struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clockwork) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clockwork) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// attempt sends one message to an address with a real connection.
func attempt(t *testing.T, kind, address string, timeout time.Duration, environ map[string]string) answer {
	t.Helper()
	if environ == nil {
		environ = map[string]string{}
	}
	environ["URL"] = address
	c := parsed(t, fmt.Sprintf("[[alert.channel]]\nname = \"c\"\nkind = %q\nurl-env = \"URL\"\ntimeout = %q\n", kind, timeout))
	p := newPoster(c.Channels[0], Options{Environ: environ, Version: "v1"})
	defer p.close()
	e := notice("title", "text", drift.SeverityError, "host", time.Now())
	ans := p.send(t.Context(), message{Alerts: []Event{e}}, drift.Letter{Key: "key", Attempts: 1}, time.Now())
	if text := fmt.Sprint(ans.err, ans.said); strings.Contains(text, "SECRET") || strings.ContainsAny(text, "\n\x1b") {
		t.Errorf("what is said shows the address, or moves the cursor: %q", text)
	}
	return ans
}

// raw is a server that says whatever it likes on a connection.
func raw(t *testing.T, talk func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			group.Go(func() { defer conn.Close(); talk(conn) })
		}
	})
	t.Cleanup(func() { l.Close(); group.Wait() })
	return "http://" + l.Addr().String() + "/" + secret
}

func readRequest(conn net.Conn) *bufio.Reader {
	r := bufio.NewReader(conn)
	if req, err := http.ReadRequest(r); err == nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
	return r
}

// A server that fails in every way there is: what becomes of the message.
func TestFailingServers(t *testing.T) {
	status := func(code int, header http.Header, body string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			for name, values := range header {
				w.Header()[name] = values
			}
			w.WriteHeader(code)
			_, _ = io.WriteString(w, body)
		}))
		t.Cleanup(s.Close)
		return s.URL + "/" + secret
	}
	closed := func() string {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		l.Close()
		return "http://" + l.Addr().String() + "/" + secret
	}
	tlsServer := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a message came to a server that nobody knows") }))
	t.Cleanup(tlsServer.Close)
	elsewhere := serve(t, nil)
	redirect := func(code int, to func(*http.Request) string) string {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if strings.HasSuffix(r.URL.Path, "/there") {
				return
			}
			w.Header().Set("Location", to(r))
			w.WriteHeader(code)
		}))
		t.Cleanup(s.Close)
		return s.URL + "/" + secret
	}
	self := func(r *http.Request) string { return "http://" + r.Host + "/there" }
	hang := make(chan struct{})
	defer close(hang) // before the servers wait for their connections
	for name, c := range map[string]struct {
		address             string
		kind                string
		want                string // of the error; empty if it is taken
		final, unsure, busy bool
		wait                time.Duration // the least until the next attempt
	}{
		"taken":             {address: status(200, nil, "ok")},
		"taken without":     {address: status(204, nil, "")},
		"refused":           {address: closed(), want: "connection refused", busy: true},
		"no host":           {address: "http://127.0.0.1:1/" + secret, want: "refused", busy: true},
		"400":               {address: status(400, nil, "invalid_blocks "+secret), want: "the server answers 400 Bad Request: invalid_blocks", final: true},
		"403":               {address: status(403, nil, "\x1b[31minvalid_token\n"), want: "403 Forbidden", final: true},
		"404":               {address: status(404, nil, "no_service"), want: "404 Not Found: no_service", final: true},
		"408":               {address: status(408, nil, ""), want: "408"},
		"410":               {address: status(410, nil, ""), want: "410", final: true},
		"413":               {address: status(413, nil, ""), want: "413", final: true},
		"425":               {address: status(425, nil, ""), want: "425"},
		"429":               {address: status(429, nil, ""), want: "429", busy: true, wait: leastPause},
		"429 with seconds":  {address: status(429, http.Header{"Retry-After": {"120"}}, ""), want: "429", busy: true, wait: 2 * time.Minute},
		"429 with a date":   {address: status(429, http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}}, ""), want: "429", busy: true, wait: 59 * time.Minute},
		"503 with seconds":  {address: status(503, http.Header{"Retry-After": {"90"}}, ""), want: "503", busy: true, wait: 90 * time.Second},
		"503 for ever":      {address: status(503, http.Header{"Retry-After": {"99999999999"}}, ""), want: "503", busy: true, wait: longestAsked},
		"503 with nonsense": {address: status(503, http.Header{"Retry-After": {"tomorrow"}}, ""), want: "503", busy: true, wait: leastPause},
		"500":               {address: status(500, nil, strings.Repeat("x", 1<<20)), want: "500 Internal Server Error: xxx", unsure: true},
		"502":               {address: status(502, nil, "<html>"), want: "502", unsure: true},
		"closes at once":    {address: raw(t, func(c net.Conn) { readRequest(c) }), want: "EOF", unsure: true, busy: true},
		"resets": {address: raw(t, func(c net.Conn) {
			readRequest(c)
			_ = c.(*net.TCPConn).SetLinger(0)
		}), want: "", unsure: true, busy: true},
		"half closed": {address: raw(t, func(c net.Conn) {
			readRequest(c)
			_ = c.(*net.TCPConn).CloseWrite()
			<-hang
		}), want: "EOF", unsure: true, busy: true},
		"hangs": {address: raw(t, func(c net.Conn) { readRequest(c); <-hang }), want: "no answer within 300ms", unsure: true, busy: true},
		"answers slowly": {address: raw(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200")
			<-hang
		}), want: "no answer within 300ms", unsure: true, busy: true},
		"says something else": {address: raw(t, func(c net.Conn) { readRequest(c); _, _ = io.WriteString(c, "220 mail ready\r\n\r\n") }), want: "malformed HTTP", unsure: true, busy: true},
		"a huge head": {address: raw(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 1<<20)+"\r\n\r\n")
		}), want: "", unsure: true, busy: true},
		// What it said before it went on and on counts.
		"a huge answer": {address: status(200, nil, strings.Repeat("ok", 5<<20))},
		"a body that hangs": {address: raw(t, func(c net.Conn) {
			readRequest(c)
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nok")
			<-hang
		})},
		"an unknown certificate":    {address: tlsServer.URL + "/" + secret, want: "certificate", busy: true},
		"plain where TLS is wanted": {address: "https" + strings.TrimPrefix(status(200, nil, ""), "http"), want: "server gave HTTP response to HTTPS client", busy: true},
		"301":                       {address: redirect(301, self), want: "loses the message", final: true},
		"302":                       {address: redirect(302, self), want: "loses the message", final: true},
		"307 here":                  {address: redirect(307, self)},
		"308 here":                  {address: redirect(308, self)},
		"307 elsewhere":             {address: redirect(307, func(*http.Request) string { return elsewhere.URL + "/there" }), want: "redirects to another host", final: true},
		"307 in a circle":           {address: redirect(307, func(r *http.Request) string { return "http://" + r.Host + "/again" }), want: "more than 3 times", final: true},
		"307 to no address":         {address: redirect(307, func(*http.Request) string { return "http://[" }), want: "", unsure: true, busy: true},
		"WeCom takes it":            {address: status(200, nil, `{"errcode":0,"errmsg":"ok"}`), kind: config.ChannelWeCom},
		"WeCom is busy":             {address: status(200, nil, `{"errcode":45009,"errmsg":"api freq out of limit"}`), kind: config.ChannelWeCom, want: "45009 api freq", busy: true},
		"WeCom does not know it":    {address: status(200, nil, `{"errcode":93000,"errmsg":"invalid webhook url `+secret+`"}`), kind: config.ChannelWeCom, want: "93000 invalid", final: true},
		"WeCom is none":             {address: status(200, nil, `<html>`), kind: config.ChannelWeCom, want: "the answer is not WeCom's", unsure: true},
		"Slack takes it":            {address: status(200, nil, "ok"), kind: config.ChannelSlack},
		"Slack refuses it":          {address: status(404, nil, "no_team"), kind: config.ChannelSlack, want: "404 Not Found: no_team", final: true},
		"not set":                   {address: "", want: "the variable URL is not set", busy: true},
		"not encrypted":             {address: "http://example.org/" + secret, want: "http can be read on the way", busy: true},
		"no address":                {address: "::" + secret, want: "it is no address", busy: true},
	} {
		t.Run(name, func(t *testing.T) {
			if c.kind == "" {
				c.kind = config.ChannelWebhook
			}
			ans := attempt(t, c.kind, c.address, 300*time.Millisecond, nil)
			fails := c.want != "" || c.final || c.unsure || c.busy
			if (ans.err != nil) != fails {
				t.Fatalf("%v %q", ans.err, ans.said)
			}
			if !fails {
				return
			}
			if !strings.Contains(ans.err.Error(), c.want) || ans.final != c.final || ans.unsure != c.unsure || ans.busy != c.busy {
				t.Errorf("%q final %v unsure %v busy %v, want %q %v %v %v", ans.err, ans.final, ans.unsure, ans.busy, c.want, c.final, c.unsure, c.busy)
			}
			if len(ans.err.Error()) > 400 {
				t.Errorf("%d bytes of error", len(ans.err.Error()))
			}
			if got := pause(1, ans.response, 0); got < c.wait || got > longestAsked {
				t.Errorf("the next attempt is in %s, want %s at least", got, c.wait)
			}
		})
	}
	if n := len(elsewhere.all()); n != 0 {
		t.Errorf("%d messages came to another host", n)
	}
}

// Who is to be reached by a proxy is; this machine is not.
func TestProxy(t *testing.T) {
	var asked []string
	var mu sync.Mutex
	proxy := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Host)
		mu.Unlock()
		w.WriteHeader(http.StatusForbidden)
	})
	ans := attempt(t, config.ChannelWebhook, "https://example.invalid/"+secret, 5*time.Second, map[string]string{"https_proxy": proxy.URL})
	mu.Lock()
	defer mu.Unlock()
	if ans.err == nil || len(asked) != 1 || asked[0] != "example.invalid:443" {
		t.Errorf("%v %v", ans.err, asked)
	}
}

// The way through a bad day: refused, failed, told to wait, reset; then it arrives, once
// under one key, and what came meanwhile after it, in order.
func TestBadDay(t *testing.T) {
	clock := &clockwork{now: time.Now()}
	s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		switch n {
		case 1:
			w.WriteHeader(http.StatusInternalServerError)
		case 2:
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		case 3:
			panic(http.ErrAbortHandler)
		}
	})
	changed, rang := bell()
	results := map[string]int{}
	var mu sync.Mutex
	a := made(t, Options{
		Config: parsed(t, "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n"),
		Outbox: store(t, stateDir(t)), Environ: map[string]string{"URL": s.URL}, Now: clock.Now, Changed: changed,
		Told: func(_, result string, _ time.Duration) { mu.Lock(); results[result]++; mu.Unlock() },
	})
	begin(t, a)
	failed := func(n int) func(tell.AlertsDocument) bool {
		return func(d tell.AlertsDocument) bool {
			return len(d.Queued) > 0 && d.Queued[len(d.Queued)-1].Attempts == n && d.Queued[len(d.Queued)-1].State == "pending"
		}
	}
	a.Report(t.Context(), "app", report("/w", finding("toolchain-drift", drift.SeverityError, "X")), nil)
	until(t, a, rang, failed(1))
	a.Report(t.Context(), "app", report("/w"), nil) // it is mended while nobody can be told
	until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Queued) == 2 })
	clock.move(10 * time.Second)
	a.post("hook")
	doc := until(t, a, rang, failed(2))
	if wait := doc.Queued[1].Next.Sub(clock.Now()); wait < time.Hour-time.Second {
		t.Errorf("the server asked for an hour, and it is tried in %s", wait)
	}
	clock.move(2 * time.Hour)
	a.post("hook")
	until(t, a, rang, func(d tell.AlertsDocument) bool {
		return len(d.Queued) == 2 && d.Queued[1].Attempts == 3 && d.Queued[1].State == "pending"
	})
	clock.move(time.Hour)
	a.post("hook")
	until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Queued) == 0 && d.Channels[0].Sent == 2 })
	all := s.all()
	if len(all) != 5 {
		t.Fatalf("%d requests", len(all))
	}
	var states []string
	for i, r := range all {
		var e Event
		if err := json.Unmarshal([]byte(r.body), &e); err != nil {
			t.Fatal(err)
		}
		states = append(states, string(e.State))
		if i < 4 && (r.header.Get("Idempotency-Key") != all[0].header.Get("Idempotency-Key") || r.body != all[0].body || r.header.Get("Godrift-Attempt") != fmt.Sprint(i+1)) {
			t.Errorf("attempt %d is another message: %v %s", i+1, r.header, r.body)
		}
	}
	if got := strings.Join(states, " "); got != "firing firing firing firing resolved" {
		t.Error(got)
	}
	mu.Lock()
	defer mu.Unlock()
	if results["sent"] != 2 || results["failed"] != 3 || results["dead"] != 0 {
		t.Errorf("%v", results)
	}
}

// Whoever is asked to wait waits with everything: what comes meanwhile is no reason to try.
func TestPatience(t *testing.T) {
	clock := &clockwork{now: time.Now()}
	s := serve(t, func(n int, w http.ResponseWriter, _ *http.Request) {
		if n == 1 {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	a := made(t, Options{
		Config: parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n"),
		Outbox: store(t, stateDir(t)), Environ: map[string]string{"URL": s.URL}, Now: clock.Now,
	})
	ctx, cancel := context.WithCancel(t.Context())
	waits := make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() { a.carry(ctx, a.current().Channels[0], a.current().GiveUp, waits) })
	defer work.Wait()
	defer cancel()
	look := func(findings ...drift.Finding) {
		t.Helper()
		a.Report(ctx, "app", report("/w", findings...), nil)
		if _, err := a.turn(ctx); err != nil {
			t.Fatal(err)
		}
		waits <- struct{}{}
		waits <- struct{}{} // it is taken when the first has been seen to
	}
	one, two := finding("toolchain-drift", drift.SeverityError, "X"), finding("pin-invalid", drift.SeverityError, "Y")
	look(one)
	clock.move(59 * time.Minute)
	look(one, two)
	if n := len(s.all()); n != 1 {
		t.Fatalf("the server asked for an hour of rest, and was asked %d times", n)
	}
	clock.move(time.Hour)
	look(one, two)
	if n := len(s.all()); n != 3 {
		t.Errorf("%d requests", n)
	}
}

// What is refused for good is a dead letter, which can be sent again; it is not in the way
// of others.
func TestDeadLetters(t *testing.T) {
	clock := &clockwork{now: time.Now()}
	var broken sync.Mutex
	refuse := true
	s := serve(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		broken.Lock()
		defer broken.Unlock()
		if refuse {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "no_service")
		}
	})
	changed, rang := bell()
	a := made(t, Options{
		Config: parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n"),
		Outbox: store(t, stateDir(t)), Environ: map[string]string{"URL": s.URL}, Now: clock.Now, Changed: changed,
	})
	begin(t, a)
	a.Report(t.Context(), "app", report("/w", finding("toolchain-drift", drift.SeverityError, "X")), nil)
	doc := until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Dead) == 1 })
	if !strings.Contains(doc.Dead[0].Error, "404 Not Found: no_service") || doc.Channels[0].Dead != 1 {
		t.Errorf("%+v", doc)
	}
	broken.Lock()
	refuse = false
	broken.Unlock()
	if n, err := a.Resend(t.Context(), doc.Dead[0].ID); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Dead) == 0 && d.Channels[0].Sent == 1 })
	all := s.all()
	if all[0].header.Get("Idempotency-Key") != all[1].header.Get("Idempotency-Key") {
		t.Error("sent again it is another message")
	}
	if n, err := a.Resend(t.Context(), doc.Dead[0].ID); n != 0 || err != nil {
		t.Errorf("what was sent is no dead letter: %d %v", n, err)
	}
}

// It is given up after the time that the configuration says, and after some attempts at
// least: a clock that jumps a year ahead kills nothing.
func TestGivingUp(t *testing.T) {
	clock := &clockwork{now: time.Now()}
	a := made(t, Options{Outbox: newShelf(), Now: clock.Now})
	l := drift.Letter{State: drift.LetterInflight, Attempts: 3, First: clock.Now()}
	failure := answer{err: errors.New("no")}
	clock.move(365 * 24 * time.Hour)
	if done, _ := a.judge(l, failure, 48*time.Hour, false); done.State != drift.LetterPending {
		t.Errorf("%+v", done)
	}
	l.Attempts = leastAttempts
	if done, _ := a.judge(l, failure, 48*time.Hour, false); done.State != drift.LetterDead || done.Error != "no" {
		t.Errorf("%+v", done)
	}
	if done, _ := a.judge(l, failure, 400*24*time.Hour, false); done.State != drift.LetterPending {
		t.Errorf("%+v", done)
	}
	// Who stops godrift in the middle is no reason to wait.
	if done, hold := a.judge(l, failure, 48*time.Hour, true); done.State != drift.LetterPending || done.Next.After(clock.Now()) || !hold.IsZero() {
		t.Errorf("%+v %s", done, hold)
	}
	for n := range 2000 {
		if p := pause(n, nil, 1); p < leastPause || p > longestPause*5/4 {
			t.Fatalf("attempt %d waits %s", n, p)
		}
	}
}

// Nobody who can read the database, the log or the state of godrift learns an address.
func TestNoAddressAnywhere(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, "no "+r.URL.Path)
	})
	dir := stateDir(t)
	var log lines
	changed, rang := bell()
	u, _ := url.Parse(s.URL)
	a := made(t, Options{
		Config: parsed(t, "[alert]\ngroup-wait = \"0s\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl = \"http://"+u.Host+"/"+secret+"\"\nheaders = {Authorization = \"Bearer SECRETHEADER\"}\n"),
		Outbox: store(t, dir), Changed: changed, Log: log.logger(),
	})
	stop := begin(t, a)
	a.Report(t.Context(), "app", report("/w", finding("toolchain-drift", drift.SeverityError, "X")), nil)
	doc := until(t, a, rang, func(d tell.AlertsDocument) bool { return len(d.Dead) == 1 })
	stop()
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"the state": string(text), "the log": log.String(), "the database": everything(t, dir), "the configuration": fmt.Sprintf("%+v %#v", a.config, a.config)} {
		if strings.Contains(text, "SECRET") {
			t.Errorf("%s holds an address or a header", name)
		}
	}
	if s.all()[0].header.Get("Authorization") != "Bearer SECRETHEADER" {
		t.Error("the header was not sent")
	}
}
