package alert

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/tell"
)

// store is a real outbox in a folder.
func store(t testing.TB, dir string) *remember.Store {
	t.Helper()
	s, err := remember.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// finding is one of a rule, about a subject.
func finding(code string, level drift.Severity, subject string) drift.Finding {
	return drift.Finding{Code: code, Severity: level, Subject: subject, Message: code + " is about " + subject + ". Do something."}
}

// report is what an evaluation of a folder yields.
func report(root string, findings ...drift.Finding) *drift.Report {
	return &drift.Report{
		Snapshot: &drift.Snapshot{Root: root, Time: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Selection: drift.Selection{Selected: "go1.26.8"}},
		Findings: findings, Score: 80,
	}
}

// parsed reads channels as a user writes them.
func parsed(t testing.TB, text string) config.Alert {
	t.Helper()
	c, err := config.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c.Alert
}

// got is one request that a server had.
type got struct {
	header http.Header
	body   string
}

// server takes requests as a function says, and keeps them.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []got
	came     chan struct{}
}

func serve(t testing.TB, answer func(n int, w http.ResponseWriter, r *http.Request)) *server {
	t.Helper()
	s := &server{came: make(chan struct{}, 10_000)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		s.requests = append(s.requests, got{r.Header.Clone(), string(body)})
		n := len(s.requests)
		s.mu.Unlock()
		if answer != nil {
			answer(n, w, r)
		}
		s.came <- struct{}{}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) all() []got {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// wait waits for n requests from now on.
func (s *server) wait(t testing.TB, n int) {
	t.Helper()
	for range n {
		select {
		case <-s.came:
		case <-time.After(20 * time.Second):
			t.Fatalf("waited in vain: %d requests came", len(s.all()))
		}
	}
}

// begin runs alerts until the test ends, and ends them with the function it returns.
func begin(t testing.TB, a *Alerts) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	t.Cleanup(stop)
	return stop
}

func made(t testing.TB, o Options) *Alerts {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// until waits until what a state says holds; each change of the state is looked at.
func until(t testing.TB, a *Alerts, changed <-chan struct{}, holds func(tell.AlertsDocument) bool) tell.AlertsDocument {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		doc, err := a.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if holds(doc) {
			return doc
		}
		select {
		case <-changed:
		case <-limit:
			t.Fatalf("waited in vain: %+v", doc)
		}
	}
}

// bell is an Options.Changed and what it rings.
func bell() (func(), <-chan struct{}) {
	c := make(chan struct{}, 1)
	return func() { ring(c) }, c
}

func stateDir(t testing.TB) string { return filepath.Join(t.TempDir(), "state") }

// lines is a log that can be looked at.
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

func (l *lines) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// everything is what all files of a folder hold.
func everything(t testing.TB, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := os.ReadFile(name)
		b.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if b.Len() == 0 {
		t.Fatal("there is nothing in " + dir)
	}
	return b.String()
}

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}
