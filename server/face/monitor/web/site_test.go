package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"go.uber.org/goleak"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

// page is a page for tests that have to do with its delivery only.
var page = fstest.MapFS{
	"index.html": {Data: []byte("<!doctype html><title>page</title><script src=page.js></script><p>" + strings.Repeat("here ", 200) + "</p>")},
	"page.js":    {Data: []byte("document.body.dataset.ran = 'yes'\n")},
	"page.ts":    {Data: []byte("a source that nobody asks for")},
	"a/b.css":    {Data: []byte("p{}")},
}

// site is a server on a port of its own, with one real workspace.
type site struct {
	t      *testing.T
	server *Server
	base   string // http://127.0.0.1:PORT
	source *source
	log    *lines
	stop   func()
}

// source is a Source with workspaces as they are given.
type source struct {
	mu       sync.Mutex
	list     []Workspace
	reasons  []string
	silences []Silence
	alerts   func() (any, error)
}

func (s *source) Workspaces() []Workspace {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list
}

func (s *source) Ready(context.Context) (bool, []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.reasons) == 0, s.reasons
}

func (s *source) Alerts(context.Context) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.alerts != nil {
		return s.alerts()
	}
	return map[string]int{"firing": len(s.silences)}, nil
}

func (s *source) Silence(ctx context.Context, silence Silence) (any, error) {
	s.mu.Lock()
	s.silences = append(s.silences, silence)
	s.mu.Unlock()
	return s.Alerts(ctx)
}

// lines is a log that can be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newSite starts a server; change may alter its options. Without a source it has
// none to watch.
func newSite(t *testing.T, src *source, change func(*Options)) *site {
	t.Helper()
	if src == nil {
		src = &source{}
	}
	s := &site{t: t, source: src, log: &lines{}}
	opts := Options{
		Listen: "127.0.0.1:0", Source: src, Page: page, Build: tell.NewBuild("v0.0.0", nil),
		Log: slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "godrift_build_info 1\n")
		}),
	}
	if change != nil {
		change(&opts)
	}
	var err error
	if s.server, err = New(opts); err != nil {
		t.Fatal(err)
	}
	l, err := s.server.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Serve(ctx, l) }()
	s.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the server ended with %v", err)
			}
		case <-time.After(patience):
			t.Error("the server did not end")
		}
	})
	t.Cleanup(s.stop)
	s.base = strings.TrimSuffix(strings.SplitN(s.server.URL(), "?", 2)[0], "/")
	return s
}

// client keeps no connection, so that none is left when the test ends.
var client = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Timeout:       patience,
}

// asked is an answer that was read to its end.
type asked struct {
	*http.Response
	body string
}

// request makes a request with headers, "Name: value" each. The token is sent
// unless the headers say something else about it.
func (s *site) request(method, path, body string, headers ...string) asked {
	s.t.Helper()
	r, err := http.NewRequest(method, s.base+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	r.Header.Set("Authorization", "Bearer "+s.server.key.token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ":")
		switch value = strings.TrimSpace(value); {
		case name == "Host":
			r.Host = value
		case value == "":
			r.Header.Del(name)
		default:
			r.Header.Set(name, value)
		}
	}
	answer, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusSwitchingProtocols {
		return asked{Response: answer} // its body is the socket
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return asked{answer, string(text)}
}

func (s *site) get(path string, headers ...string) asked {
	s.t.Helper()
	return s.request(http.MethodGet, path, "", headers...)
}

func (s *site) post(path, body string, headers ...string) asked {
	s.t.Helper()
	return s.request(http.MethodPost, path, body, append([]string{"Content-Type: application/json"}, headers...)...)
}

// want fails the test if an answer has another status, or does not hold a text.
func (a asked) want(t *testing.T, status int, holds string) {
	t.Helper()
	if a.StatusCode != status || !strings.Contains(a.body, holds) {
		t.Errorf("%s %s: %d %s, want %d with %q", a.Request.Method, a.Request.URL, a.StatusCode, a.body, status, holds)
	}
}

// watched is a workspace of files that a real engine looks at, with a memory in a
// state folder of its own.
func watched(t *testing.T, files map[string]string) Workspace {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "ws")
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	world := engine.Here("monitor")
	world.Environ = map[string]string{
		"HOME": dir, "XDG_STATE_HOME": filepath.Join(dir, "state"), "XDG_CACHE_HOME": filepath.Join(dir, "cache"),
		"PATH": os.Getenv("PATH"), "GOTOOLCHAIN": "local", "GOPROXY": "off",
	}
	mender := engine.NewMender("", world.Environ)
	memory := mender.Memory(drift.Actor{Kind: drift.ActorCommand, Name: "godrift monitor"}, nil, engine.Listener{})
	opts := engine.Options{Root: root, World: world, Trusted: true, NoTools: true, Memory: memory, Settle: time.Millisecond}
	e := engine.New(opts)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = e.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended; mender.Close() })
	patient, done := context.WithTimeout(ctx, patience)
	defer done()
	if _, err := e.Settled(patient); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return Workspace{Name: "ws", Root: root, Engine: e, Options: opts, Mender: mender, Page: engine.NewPage(e, memory, opts, "ws")}
}

// remembered waits until the first moment of a workspace is written, which nobody else
// waits for.
func remembered(t *testing.T, ws Workspace) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if b, err := ws.Options.Memory.Baseline(ctx, ws.Root); err != nil {
			t.Fatal(err)
		} else if b != nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal("the first moment was not written")
		}
	}
}
