package telemetry

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func sendTo(address string) config.Telemetry {
	return config.Telemetry{OTLP: address, Interval: time.Hour, Timeout: 5 * time.Second, Traces: true}
}

// A collector that is not what it should be is told once, and nobody waits for it.
func TestBadCollectors(t *testing.T) {
	release := make(chan struct{})
	answer := func(f http.HandlerFunc) string {
		s := httptest.NewServer(f)
		t.Cleanup(s.Close)
		return s.URL
	}
	defer close(release) // before the servers end
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	for name, c := range map[string]struct{ address, want string }{
		"refuses": {"http://" + refusing.Addr().String(), "connection refused"},
		"fails": {answer(func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "no room \x1b[31m", http.StatusInternalServerError)
		}), "500 Internal Server Error: no room \ufffd[31m"},
		"forbids": {answer(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }), "401 Unauthorized"},
		"elsewhere": {answer(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://elsewhere.invalid/", http.StatusTemporaryRedirect)
		}), "which is not followed"},
		"no OTLP": {answer(http.NotFound), "is it a collector with OTLP over HTTP?"},
		"busy": {answer(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		}), "429 Too Many Requests"},
		"hangs": {answer(func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}), "context deadline exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			o := Options{Telemetry: sendTo(c.address), Log: slog.New(slog.NewTextHandler(&log, nil))}
			o.Telemetry.Timeout = 300 * time.Millisecond
			o.Telemetry.Headers = config.Headers{"Authorization": "Bearer s3cret"}
			tel, err := New(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			w := tel.Workspace("app", "/src/app")
			begun := time.Now()
			for range 5000 { // more spans than are kept
				w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventSaved}}, First: begun, Begun: begun, Ended: begun})
			}
			if took := time.Since(begun); took > 20*time.Second { // each waiting once would take minutes
				t.Errorf("the monitor waited %s", took)
			}
			for range 2 {
				if err := tel.Push(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q", err, c.want)
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			begun = time.Now()
			if err := tel.Shutdown(ctx); err == nil {
				t.Error("the end says nothing")
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("the end took %s", took)
			}
			if n := strings.Count(log.String(), "signal=metrics"); n != 1 {
				t.Errorf("it is said %d times:\n%s", n, log.String())
			}
			if strings.Contains(log.String(), "s3cret") {
				t.Errorf("a secret is logged:\n%s", log.String())
			}
		})
	}
}

// What passes is tried again after the time that the collector asks for.
func TestTriesAgain(t *testing.T) {
	var tries atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	t.Cleanup(s.Close)
	tel := started(t, Options{Telemetry: sendTo(s.URL)})
	begun := time.Now()
	if err := tel.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took < time.Second || tries.Load() != 2 {
		t.Errorf("%d tries in %s", tries.Load(), took)
	}
}

// Neither OTEL_* nor a proxy of the environment leads anywhere else: a repository's
// settings can be in it.
func TestEnvironmentNamesNoAddress(t *testing.T) {
	trap := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s came to the trap", r.URL) }))
	defer trap.Close()
	for _, name := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"} {
		t.Setenv(name, trap.URL)
	}
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "evil=1")
	t.Setenv("OTEL_SDK_DISABLED", "true")
	c := newCollector(t)
	tel := busy(t, Options{Telemetry: sendTo(c.URL)})
	if err := tel.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := tel.spans.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(c.metrics) != 1 || len(c.traces) == 0 {
		t.Errorf("%d and %d messages", len(c.metrics), len(c.traces))
	}
	if text := c.metrics[0].String() + c.traces[0].String(); strings.Contains(text, "evil") {
		t.Error("the environment's attributes are sent")
	}
	// Without an address nothing is sent at all.
	if err := started(t, Options{}).Push(t.Context()); err == nil {
		t.Error("it was sent somewhere")
	}
}

func TestHeaders(t *testing.T) {
	c := newCollector(t)
	home := t.TempDir()
	file := filepath.Join(home, "otlp")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# of the collector\nX-Token:  s3cret \n\nX-Scope-OrgID: build\n")
	o := Options{Version: "v1.2.3", Telemetry: sendTo(c.URL), Environ: map[string]string{"HOME": home}}
	o.Telemetry.HeadersFile, o.Telemetry.Headers = "~/otlp", config.Headers{"X-Token": "older", "X-Other": "one"}
	tel := started(t, o)
	if err := tel.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"X-Token": "s3cret", "X-Scope-OrgID": "build", "X-Other": "one", "User-Agent": "godrift/v1.2.3"} {
		if got := c.headers[0].Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for text, want := range map[string]string{
		"X-Token s3cret":                "line 1: write a header as",
		"a: b\nHost: s3cret":            "line 2: Host is not for you",
		"X: s3cret\x01":                 "cannot be that of a header",
		strings.Repeat("s3cret\n", 1e4): "larger than 64 KB",
	} {
		write(text)
		if err := tel.Reload(o.Telemetry); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%.20q: %v, want %q", text, err, want)
		}
	}
	write("X-Token: s3cret\n")
	if runtime.GOOS != "windows" {
		if err := os.Chmod(file, 0o640); err != nil {
			t.Fatal(err)
		}
		if err := tel.Reload(o.Telemetry); err == nil || !strings.Contains(err.Error(), "others may read it") {
			t.Errorf("a file that others may read: %v", err)
		}
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if _, err := New(t.Context(), o); err == nil || !strings.Contains(err.Error(), "telemetry.headers-file: ") {
		t.Errorf("%v", err)
	}
}

// The interval and the address can become others while the process runs; what was counted
// goes on.
func TestReload(t *testing.T) {
	first, second := newCollector(t), newCollector(t)
	tel := started(t, Options{Telemetry: sendTo(first.URL)})
	tel.Alert("slack", "sent", time.Second)
	next := sendTo(second.URL)
	next.Interval = 20 * time.Millisecond
	if err := tel.Reload(next); err != nil {
		t.Fatal(err)
	}
	limit := time.After(20 * time.Second)
	for messages := 0; messages < 2; {
		select {
		case <-second.came:
		case <-limit:
			t.Fatal("nothing came to the second collector")
		}
		second.mu.Lock()
		messages = len(second.metrics)
		second.mu.Unlock()
	}
	if len(first.metrics) != 0 {
		t.Errorf("%d messages came to the first", len(first.metrics))
	}
	has(t, scrape(t, tel), `godrift_alerts_total{channel="slack",result="sent"} 1`)
	if err := tel.Reload(config.DefaultTelemetry()); err != nil {
		t.Fatal(err)
	}
	if err := tel.Push(t.Context()); err == nil {
		t.Error("it is still sent")
	}
}

func TestResource(t *testing.T) {
	of := func(environ, own map[string]string) map[string]string {
		out := map[string]string{}
		for _, kv := range resourceOf(Options{Version: "v1", Environ: environ, Telemetry: config.Telemetry{Attributes: own}}) {
			out[string(kv.Key)] = kv.Value.AsString()
		}
		return out
	}
	machine := of(nil, map[string]string{"team": "build", "api.token": "abc"})
	host, _ := os.Hostname()
	if machine["service.name"] != "godrift" || machine["host.name"] != host || len(machine["service.instance.id"]) != 32 || machine["team"] != "build" || machine["api.token"] != drift.Masked {
		t.Errorf("%v", machine)
	}
	if id, err := os.ReadFile("/etc/machine-id"); err == nil && strings.Contains(machine["service.instance.id"], strings.TrimSpace(string(id))) {
		t.Error("the machine's number is shown")
	}
	github := map[string]string{"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "me/app", "GITHUB_WORKFLOW": "test \x1b[31m", "GITHUB_JOB": "go", "GITHUB_REF_NAME": strings.Repeat("x", 5000), "GITHUB_RUN_ID": "1"}
	a := of(github, nil)
	if a["ci.system"] != "github" || a["ci.repository"] != "me/app" || a["ci.workflow"] != "test \ufffd[31m" || len(a["ci.ref"]) > 4*longestAttribute || a["host.name"] != "" {
		t.Errorf("%v", a)
	}
	github["GITHUB_RUN_ID"] = "2"
	if b := of(github, nil); b["service.instance.id"] != a["service.instance.id"] {
		t.Error("each run of a job is another instance")
	}
	github["GITHUB_JOB"] = "lint"
	if b := of(github, nil); b["service.instance.id"] == a["service.instance.id"] {
		t.Error("two jobs are one instance")
	}
	gitlab := of(map[string]string{"GITLAB_CI": "true", "CI_PROJECT_PATH": "group/app", "CI_JOB_NAME": "test https://me:hunter2@example.com"}, nil)
	if gitlab["ci.system"] != "gitlab" || gitlab["ci.repository"] != "group/app" || strings.Contains(gitlab["ci.job"], "hunter2") {
		t.Errorf("%v", gitlab)
	}
	if unknown := of(map[string]string{"CI": "1"}, nil); unknown["ci.system"] != other {
		t.Errorf("%v", unknown)
	}
	if none := of(map[string]string{"CI": "false"}, nil); none["ci.system"] != "" {
		t.Errorf("%v", none)
	}
}
