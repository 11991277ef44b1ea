package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"godrift.dev/server/tell"
)

// everywhere lists one address of each kind that shows something.
var everywhere = []string{
	"/", "/page.js", "/healthz", "/readyz", "/health/build", "/metrics", "/api/workspaces", "/api/report", "/api/alerts", "/api/changes", "/api/events", "/api/ws",
	"/api/now", "/api/timeline", "/nothing", "/api/", "/api/a/b",
}

// buttons are the addresses that change something.
var buttons = []string{"/api/plan", "/api/apply", "/api/undo", "/api/accept", "/api/rollback", "/api/silence"}

// bare is a request without the token.
const bare = "Authorization:"

func (s *site) cookie() string {
	return "Cookie: " + s.server.cookieName() + "=" + s.server.key.cookie
}

// key is what the page shows besides, to change something.
func (s *site) key() string {
	return actionHeader + ": " + s.server.key.action
}

// Without the token nothing is shown and nothing is done, however it is wrong.
func TestNoToken(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	token, cookie := s.server.key.token, s.server.key.cookie
	for name, headers := range map[string][]string{
		"none":                      {bare},
		"wrong":                     {"Authorization: Bearer " + strings.Repeat("x", len(token))},
		"beginning":                 {"Authorization: Bearer " + token[:len(token)-1]},
		"longer":                    {"Authorization: Bearer " + token + "x"},
		"empty":                     {"Authorization: Bearer "},
		"another scheme":            {"Authorization: Basic " + token},
		"no scheme":                 {"Authorization: " + token},
		"the cookie as token":       {"Authorization: Bearer " + cookie},
		"the token as cookie":       {bare, "Cookie: " + s.server.cookieName() + "=" + token},
		"the cookie of a neighbour": {bare, "Cookie: godrift-1=" + cookie},
		"empty cookie":              {bare, "Cookie: " + s.server.cookieName() + "="},
		"wrong beside a cookie":     {"Authorization: Bearer wrong", s.cookie()},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range everywhere {
				a := s.get(path, headers...)
				if a.StatusCode != http.StatusUnauthorized || strings.Contains(a.body, ws.Root) {
					t.Errorf("%s: %d %s", path, a.StatusCode, a.body)
				}
				if s.get(path+"?token="+token, headers...).StatusCode == http.StatusOK {
					t.Errorf("%s: the token counts in the address", path)
				}
			}
			for _, path := range buttons {
				s.post(path, `{}`, headers...).want(t, 401, "this needs the token")
			}
		})
	}
}

// Scrapers and probes get what was opened to them, and no more.
func TestOpened(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.MetricsOpen = true })
	s.get("/metrics", bare).want(t, 200, "godrift_build_info")
	s.get("/healthz", bare).want(t, 401, "")
	s.get("/metrics", bare, "Host: evil.example").want(t, 421, "")
	s.get("/metrics", bare, "Sec-Fetch-Site: cross-site").want(t, 403, "")
	s = newSite(t, nil, func(o *Options) { o.HealthOpen = true })
	s.get("/healthz", bare).want(t, 200, "ok")
	s.get("/readyz", bare).want(t, 200, "true")
	s.get("/metrics", bare).want(t, 401, "")
	s.get("/health/build", bare).want(t, 401, "")
}

// The token in the address becomes a cookie, once, and the address is left.
func TestEnter(t *testing.T) {
	s := newSite(t, nil, nil)
	token := s.server.key.token
	if !strings.HasSuffix(s.server.URL(), "/?token="+token) || len(token) < 43 {
		t.Errorf("URL %s", s.server.URL())
	}
	a := s.get("/?token="+token, bare)
	a.want(t, 303, "")
	cookie := a.Header.Get("Set-Cookie")
	for _, want := range []string{s.server.cookieName() + "=", "HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %s lacks %s", cookie, want)
		}
	}
	if strings.Contains(cookie, token) || a.Header.Get("Location") != "/#key="+s.server.key.action || strings.Contains(cookie, s.server.key.action) || strings.Contains(a.body, token) {
		t.Errorf("the token is told again: %v %s", a.Header, a.body)
	}
	name, _, _ := strings.Cut(cookie, ";")
	s.get("/", bare, "Cookie: "+name).want(t, 200, "<title>page</title>")
	s.get("/api/changes", bare, "Cookie: other=1; "+name).want(t, 200, "godrift/changes")

	// A page that leads here begins no session of the browser's own.
	a = s.get("/?token="+token, bare, "Sec-Fetch-Site: cross-site")
	a.want(t, 200, `url=/#key=`+s.server.key.action+`"`)
	if a.Header.Get("Set-Cookie") == "" {
		t.Error("no cookie")
	}
	s.get("/?token="+token, bare, "Sec-Fetch-Dest: iframe").want(t, 403, "not shown inside")
	s.get("/?token=wrong", bare).want(t, 401, "")
	s.get("/?token="+token+"&token="+token, bare).want(t, 401, "")
	s.request(http.MethodPost, "/?token="+token, "", bare).want(t, 405, "")
	s.get("/", bare, "Accept: text/html").want(t, 401, "Open the address")
	if strings.Contains(s.log.String(), token) {
		t.Error("the token stands in the log")
	}
}

// A foreign name that was made to lead here (DNS rebinding) leads nowhere, even
// with the token.
func TestHost(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Hosts = []string{"monitor.example.com", "other.example:8443"} })
	_, port, _ := strings.Cut(strings.TrimPrefix(s.base, "http://"), ":")
	for host, status := range map[string]int{
		"127.0.0.1:" + port: 200, "localhost:" + port: 200, "LOCALHOST": 200, "[::1]:" + port: 200, "127.0.0.1": 200, "127.1.2.3:80": 200, "localhost:1": 200,
		"monitor.example.com": 200, "Monitor.Example.com:81": 200, "other.example:8443": 200,
		"other.example": 421, "other.example:81": 421, "evil.example": 421, "evil.example:" + port: 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
		"localhost.": 421, "evil.localhost": 421, "0.0.0.0": 421, "0": 421, "127.1": 421, "2130706433": 421, "[::]": 421, "[::ffff:127.0.0.1]": 200,
		"monitor.example.com.": 421, "xmonitor.example.com": 421, "10.0.0.1": 421, "user@localhost": 0, "localhost/x": 0, "localhost#": 0,
	} {
		for _, path := range []string{"/healthz", "/api/changes", "/page.js"} {
			got := s.get(path, "Host: "+host)
			if status == 0 && got.StatusCode < 400 || status != 0 && got.StatusCode != status {
				t.Errorf("%s at %s: %d, want %d", host, path, got.StatusCode, status)
			}
		}
	}
	s.get("/?token="+s.server.key.token, bare, "Host: evil.example").want(t, 421, "not known by the name")
	for _, host := range []string{"*", "*.example.com", "a b", "http://x", "x/y", "user@x", ""} {
		if _, err := New(Options{Source: &source{}, Hosts: []string{host}}); err == nil {
			t.Errorf("%q is taken for a host", host)
		}
	}
}

// Another page cannot have a browser ask for anything, cookie or not.
func TestOrigin(t *testing.T) {
	s := newSite(t, nil, nil)
	own := "Origin: " + s.base
	silence := `{"for":"1h"}`
	for _, c := range []struct {
		name    string
		headers []string
		read    int // GET /api/changes
		change  int // POST /api/silence
	}{
		{"the page itself", []string{bare, s.cookie(), own, "Sec-Fetch-Site: same-origin"}, 200, 200},
		{"an old browser's page", []string{bare, s.cookie(), own}, 200, 200},
		{"a program", nil, 200, 200},
		{"a program with the page's origin", []string{own}, 200, 200},
		{"typed by a person", []string{bare, s.cookie(), "Sec-Fetch-Site: none"}, 200, 403},
		{"a cookie without origin", []string{bare, s.cookie()}, 200, 403},
		{"another page", []string{bare, s.cookie(), "Origin: https://evil.example"}, 403, 403},
		{"another page with the token", []string{"Origin: https://evil.example"}, 403, 403},
		{"another port", []string{bare, s.cookie(), "Origin: http://127.0.0.1:1"}, 403, 403},
		{"another name for this machine", []string{bare, s.cookie(), "Origin: " + strings.Replace(s.base, "127.0.0.1", "localhost", 1)}, 403, 403},
		{"a file or a sandbox", []string{bare, s.cookie(), "Origin: null"}, 403, 403},
		{"an extension", []string{bare, s.cookie(), "Origin: chrome-extension://x"}, 403, 403},
		{"a longer name", []string{bare, s.cookie(), own + ".evil.example"}, 403, 403},
		{"a path", []string{bare, s.cookie(), own + "/x"}, 403, 403},
		{"a form of another site", []string{bare, s.cookie(), own, "Sec-Fetch-Site: cross-site"}, 403, 403},
		{"a page of another port", []string{bare, s.cookie(), "Sec-Fetch-Site: same-site"}, 403, 403},
		{"nonsense", []string{bare, s.cookie(), own, "Sec-Fetch-Site: x"}, 403, 403},
	} {
		if a := s.get("/api/changes", c.headers...); a.StatusCode != c.read {
			t.Errorf("%s reads: %d, want %d", c.name, a.StatusCode, c.read)
		}
		if a := s.post("/api/silence", silence, append([]string{s.key()}, c.headers...)...); a.StatusCode != c.change {
			t.Errorf("%s changes: %d %s, want %d", c.name, a.StatusCode, a.body, c.change)
		}
		a := s.get("/api/ws", append([]string{"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="}, c.headers...)...)
		if opened := a.StatusCode == http.StatusSwitchingProtocols; opened != (c.change == http.StatusOK) {
			t.Errorf("%s opens a WebSocket: %d", c.name, a.StatusCode)
		}
	}
}

// Whoever has seen the cookie, as every server on this machine can that a person visits,
// can still change nothing.
func TestCookieAloneChangesNothing(t *testing.T) {
	s := newSite(t, nil, nil)
	page := []string{bare, s.cookie(), "Origin: " + s.base, "Sec-Fetch-Site: same-origin"}
	for _, path := range buttons {
		for _, key := range []string{"", s.server.key.cookie, strings.Repeat("0", 64)} {
			s.post(path, `{"for":"1h"}`, append([]string{actionHeader + ": " + key}, page...)...).want(t, 403, "can look and change nothing")
		}
	}
	s.post("/api/silence", `{"for":"1h"}`, append([]string{s.key()}, page...)...).want(t, 200, "")
	s.post("/api/silence", `{"for":"1h"}`, bare, s.key(), "Origin: "+s.base).want(t, 401, "")
	for _, path := range []string{"/", "/page.js", "/api/workspaces", "/api/changes", "/api/alerts", "/health/build"} {
		if a := s.get(path, page...); strings.Contains(a.body, s.server.key.action) {
			t.Errorf("%s tells the key", path)
		}
	}
}

// What a form can send is not taken.
func TestForms(t *testing.T) {
	s := newSite(t, nil, nil)
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "application/jsonp", "application/json-patch+json"} {
		for _, path := range buttons {
			s.request(http.MethodPost, path, `{"for":"1h"}`, "Content-Type: "+kind).want(t, 415, "send JSON")
		}
	}
	s.request(http.MethodPost, "/api/silence", `{"for":"1h"}`, "Content-Type: Application/JSON; charset=utf-8").want(t, 200, "")
}

func TestMethods(t *testing.T) {
	s := newSite(t, nil, nil)
	for _, path := range append([]string{"/", "/page.js", "/healthz", "/metrics", "/api/changes", "/api/events", "/api/ws", "/api/now"}, buttons...) {
		for _, method := range []string{"OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND", "X"} {
			a := s.request(method, path, "")
			if a.StatusCode != http.StatusMethodNotAllowed || a.Header.Get("Allow") == "" {
				t.Errorf("%s %s: %d", method, path, a.StatusCode)
			}
			for name := range a.Header {
				if strings.HasPrefix(name, "Access-Control") {
					t.Errorf("%s %s: %s", method, path, name)
				}
			}
		}
	}
	for _, path := range buttons {
		s.get(path).want(t, 405, "POST")
	}
	s.post("/api/changes", `{}`).want(t, 405, "GET")
	if a := s.request(http.MethodHead, "/", ""); a.StatusCode != http.StatusOK || a.body != "" || a.ContentLength == 0 {
		t.Errorf("HEAD: %v", a)
	}
	if a := s.request(http.MethodHead, "/api/events", ""); a.StatusCode != http.StatusOK {
		t.Errorf("HEAD of events: %v", a.StatusCode)
	}
	if a := s.request(http.MethodOptions, "/api/changes", "", "Origin: https://evil.example", "Access-Control-Request-Method: POST"); a.StatusCode < 400 {
		t.Errorf("a preflight is answered: %v", a)
	}
}

// Every answer tells the browser to be strict, errors included.
func TestHeaders(t *testing.T) {
	s := newSite(t, nil, nil)
	for _, a := range []asked{
		s.get("/"), s.get("/page.js"), s.get("/nothing"), s.get("/", bare), s.get("/", bare, "Accept: text/html"), s.get("/api/changes"), s.get("/api/changes", "Host: evil.example"),
		s.get("/metrics"), s.get("/?token=" + s.server.key.token), s.post("/api/plan", "x"),
	} {
		for name, want := range map[string]string{
			"Content-Security-Policy": policy, "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", a.Request.URL, name, got)
			}
		}
		if a.Header.Get("Cache-Control") != "no-store" && !strings.Contains(a.Header.Get("Cache-Control"), "private") || a.Header.Get("Server") != "" {
			t.Errorf("%s: %v", a.Request.URL, a.Header)
		}
	}
	for _, bad := range []string{"unsafe", "http:", "https:", " *", "blob:"} {
		if strings.Contains(policy, bad) {
			t.Errorf("the policy holds %s", bad)
		}
	}
}

// The page comes short and only when it is another one.
func TestAssets(t *testing.T) {
	s := newSite(t, nil, nil)
	whole := s.get("/")
	short := s.get("/", "Accept-Encoding: br, gzip")
	if short.Header.Get("Content-Encoding") != "gzip" || len(short.body) >= len(whole.body) || short.Header.Get("Etag") == whole.Header.Get("Etag") {
		t.Errorf("gzip: %v", short.Header)
	}
	if a := s.get("/", "Accept-Encoding: gzip;q=0"); a.Header.Get("Content-Encoding") != "" {
		t.Error("gzip for who does not want it")
	}
	if a := s.get("/page.js", "Accept-Encoding: gzip"); a.Header.Get("Content-Encoding") != "" || a.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("a script: %v", a.Header)
	}
	s.get("/", "If-None-Match: "+whole.Header.Get("Etag")).want(t, 304, "")
	s.get("/", "Accept-Encoding: gzip", "If-None-Match: "+whole.Header.Get("Etag")).want(t, 200, "")
	s.get("/", "If-None-Match: \"x\", W/"+whole.Header.Get("Etag")).want(t, 304, "")
	s.get("/page.js", bare, "If-None-Match: *").want(t, 401, "")
}

// What is hostile in a name arrives as what it is, and steers nothing on its way.
func TestHostileNames(t *testing.T) {
	const evil = "<script>alert(1)</script>]]>\x1b[31m\u202egnp\n\r\u2028\"'`--><svg onload=x>"
	ws := watched(t, drifted)
	ws.Name, ws.Root = evil, "/srv/"+evil
	s := newSite(t, &source{list: []Workspace{ws}, reasons: []string{evil}}, nil)
	s.server.Changed(ws.Root)
	for _, path := range []string{"/api/workspaces", "/api/changes", "/readyz"} {
		a := s.get(path)
		if a.Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %v", path, a.Header)
		}
		if i := strings.IndexAny(a.body, "\x1b\u202e\r\u2028"); i >= 0 {
			t.Errorf("%s: steers a terminal: %q", path, a.body)
		}
	}
	// What a client wrote is not said back as anything but JSON, and not logged.
	for _, path := range []string{"/%3Cscript%3Ealert(1)%3C/script%3E", "/api/now?since=%3Cscript%3E%0a%1b[31m", "/api/%3Cb%3E%E2%80%AE", "/api/report?root=%3Cscript%3E"} {
		a := s.get(path)
		if a.StatusCode < 400 || a.Header.Get("Content-Type") != "application/json; charset=utf-8" || strings.ContainsAny(a.body, "\x1b\u202e") {
			t.Errorf("%s: %d %v %q", path, a.StatusCode, a.Header, a.body)
		}
	}
	if log := s.log.String(); strings.ContainsAny(log, "\x1b\u202e\r") {
		t.Errorf("the log can steer a terminal: %q", log)
	}
}

// Whatever is sent, neither the token nor the cookie nor an address is logged.
func TestSilentLog(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	token, cookie := s.server.key.token, s.server.key.cookie
	for _, path := range append(everywhere[:9:9], "/secret-path", "/api/now?since=secret-value", "/?token="+token, "/?token=secret-guess", "/"+token) {
		s.get(path)
		s.get(path, bare, s.cookie())
		s.get(path, bare)
		s.get(path, "Host: secret-host.example")
		s.post(path, token)
	}
	s.get("/healthz", bare, "Authorization: Bearer secret-guess")
	log := s.log.String()
	if log == "" {
		t.Error("nothing was logged at all")
	}
	for _, secret := range []string{token, cookie, s.server.key.action, "secret-"} {
		if strings.Contains(log, secret) {
			t.Errorf("%s stands in the log:\n%s", secret, log)
		}
	}
}

// A question that breaks godrift breaks nothing else.
func TestPanic(t *testing.T) {
	ws := watched(t, drifted)
	src := &source{list: []Workspace{ws}, alerts: func() (any, error) { panic("boom with https://user:hunter2@proxy.example") }}
	s := newSite(t, src, nil)
	for range 3 {
		s.get("/api/alerts").want(t, 500, "a mistake in godrift")
	}
	s.get("/api/now").want(t, 200, "page-now")
	if log := s.log.String(); !strings.Contains(log, "boom") || strings.Contains(log, "hunter2") {
		t.Errorf("log: %s", log)
	}
	src.mu.Lock()
	src.alerts = func() (any, error) { return nil, fmt.Errorf("open /home/x/.local/state: token=hunter2") }
	src.mu.Unlock()
	if a := s.get("/api/alerts"); a.StatusCode != http.StatusInternalServerError || strings.Contains(a.body, "/home") || strings.Contains(s.log.String(), "hunter2") {
		t.Errorf("%d %s\n%s", a.StatusCode, a.body, s.log)
	}
	src.mu.Lock()
	src.alerts = func() (any, error) { return make(chan int), nil }
	src.mu.Unlock()
	s.get("/api/alerts").want(t, 500, "cannot be written as JSON")
}

// Too many questions are refused with the time to come back; the page itself and
// the sign of life are not counted.
func TestRate(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Limits.Rate, o.Limits.Burst = 0.001, 3 })
	for range 3 {
		s.get("/api/changes").want(t, 200, "")
	}
	a := s.get("/api/changes")
	a.want(t, 429, "too many questions")
	if a.Header.Get("Retry-After") != "1000" {
		t.Errorf("Retry-After %s", a.Header.Get("Retry-After"))
	}
	s.get("/healthz").want(t, 200, "")
	s.get("/").want(t, 200, "")
	s.get("/api/changes", bare).want(t, 401, "") // guesses take nothing from who knows
}

func TestBuild(t *testing.T) {
	s := newSite(t, nil, func(o *Options) { o.Build = tell.NewBuild("v1.2.3", nil) })
	a := s.get("/health/build")
	a.want(t, 200, `"v1.2.3"`)
	if bytes.Contains([]byte(a.body), []byte("/home")) {
		t.Error(a.body)
	}
}

// What net/http complains about is no flood, and what a person must know is not
// lost in it.
func TestErrorLog(t *testing.T) {
	var log lines
	e := &errorLog{log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})), bucket: newBucket(0.001, 5)}
	l := slog.NewLogLogger(e, slog.LevelWarn)
	l.Print("http: TLS handshake error from 192.0.2.1:1: EOF")
	for range 100 {
		l.Print("http: Accept error: accept tcp: too many open files; retrying in 5ms")
	}
	if got := strings.Count(log.String(), "\n"); got != 4 || !strings.Contains(log.String(), "no more clients") || strings.Contains(log.String(), "192.0.2.1") {
		t.Errorf("%d lines: %s", got, log.String())
	}
}
