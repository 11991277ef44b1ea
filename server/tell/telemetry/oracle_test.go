package telemetry

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/otlptranslator"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	otelprometheus "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	metricspb "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// busy makes a Telemetry in which every metric has a series.
func busy(t *testing.T, o Options, more ...any) *Telemetry {
	t.Helper()
	tel := started(t, o, more...)
	w := tel.Workspace("a \"b\" c", "/src/app")
	r := reportWith("/usr/local/go", "go1.26.8", "1")
	r.Usual = &drift.Usual{Median: 90, Limit: 70}
	r.Findings = []drift.Finding{{Code: "pin-disagrees", Severity: drift.SeverityWarning}}
	r.Snapshot.Pins = []drift.Pin{{Role: drift.RoleFloor, Version: "1.26.0"}}
	r.Snapshot.Cgo = &drift.CgoState{Target: drift.CgoTarget{GOOS: "linux", GOARCH: "amd64", Verdict: drift.CgoWorks}}
	at := time.Unix(1_700_000_000, 0)
	r.Snapshot.Cache = &drift.Cache{Bytes: 1 << 33, Measured: at, Checked: at, Bad: make([]drift.CacheBad, 2)}
	w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventSaved, Cause: "rename of go.mod"}}, First: at, Begun: at.Add(20 * time.Millisecond), Ended: at.Add(24 * time.Millisecond), Report: r})
	w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventTools}}, First: at, Begun: at.Add(30 * time.Millisecond), Ended: at.Add(300 * time.Millisecond), Err: io.ErrUnexpectedEOF})
	w.Report(reportWith("/home/me/sdk/go1.25.3", "go1.25.3", "0"))
	w.Report(r)
	w.Deed(drift.Deed{ID: 1, Kind: drift.DeedRollback, Result: drift.DeedDone, Time: at, Duration: 120 * time.Millisecond})
	tel.History(17)
	tel.Probe("license", time.Second, nil, 3.5, true)
	tel.Alert("slack", "sent", 200*time.Millisecond)
	return tel
}

// lines are those of a text but for what changes from one look to the next.
func lines(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.Contains(line, "godrift_process_")
	})
}

// What is written is what the SDK's exporter for Prometheus makes of the same instruments,
// names and help with it.
func TestExpositionIsTheExporters(t *testing.T) {
	registry := prometheus.NewRegistry()
	exporter, err := otelprometheus.New(otelprometheus.WithRegisterer(registry), otelprometheus.WithoutScopeInfo(), otelprometheus.WithoutTargetInfo(),
		otelprometheus.WithTranslationStrategy(otlptranslator.UnderscoreEscapingWithSuffixes))
	if err != nil {
		t.Fatal(err)
	}
	tel := busy(t, Options{Version: "v1.2.3", Telemetry: config.Telemetry{OTLP: newCollector(t).URL, Interval: time.Hour, Timeout: time.Second}}, exporter)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	for _, f := range families {
		if _, err := expfmt.MetricFamilyToText(&want, f); err != nil {
			t.Fatal(err)
		}
	}
	got := scrape(t, tel)
	a, b := lines(want.String()), lines(got)
	slices.Sort(a)
	slices.Sort(b)
	if d := cmp.Diff(a, b); d != "" {
		t.Errorf("-exporter +here:\n%s", d)
	}
	for _, m := range Metrics() {
		if !strings.Contains(got, "# TYPE "+m.Name+" "+string(m.Kind)+"\n") {
			t.Errorf("%s is not there as a %s", m.Name, m.Kind)
		}
	}
}

// The real promtool has nothing to say about it.
func TestPromtool(t *testing.T) {
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Fatal("promtool is missing; install it (Debian: apt-get install prometheus) and run the tests again")
	}
	cmd := exec.CommandContext(t.Context(), promtool, "check", "metrics")
	cmd.Stdin = strings.NewReader(scrape(t, busy(t, Options{})))
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v: %s", err, out)
	}
}

// collector takes OTLP over HTTP and decodes it with the published messages.
type collector struct {
	*httptest.Server
	mu      sync.Mutex
	metrics []*metricspb.ExportMetricsServiceRequest
	traces  []*tracepb.ExportTraceServiceRequest
	headers []http.Header
	came    chan struct{} // has an entry when something came that nobody has waited for
}

func newCollector(t *testing.T) *collector {
	t.Helper()
	c := &collector{came: make(chan struct{}, 1)}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(r.Body)
			if err != nil {
				t.Error(err)
				return
			}
			body = z
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Error(err)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.headers = append(c.headers, r.Header)
		var m proto.Message
		switch r.URL.Path {
		case "/v1/metrics":
			request := &metricspb.ExportMetricsServiceRequest{}
			c.metrics, m = append(c.metrics, request), request
			select {
			case c.came <- struct{}{}:
			default:
			}
		case "/v1/traces":
			request := &tracepb.ExportTraceServiceRequest{}
			c.traces, m = append(c.traces, request), request
		default:
			http.NotFound(w, r)
			return
		}
		if err := proto.Unmarshal(text, m); err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if r.Header.Get("Content-Type") != "application/x-protobuf" {
			t.Errorf("the content is %q", r.Header.Get("Content-Type"))
		}
	}))
	t.Cleanup(c.Close)
	return c
}

// What is sent is what the SDK's exporters for OTLP send, message for message.
func TestOTLPIsTheExporters(t *testing.T) {
	mine, theirs := newCollector(t), newCollector(t)
	metrics, err := otlpmetrichttp.New(t.Context(), otlpmetrichttp.WithEndpointURL(theirs.URL+"/v1/metrics"))
	if err != nil {
		t.Fatal(err)
	}
	spans, err := otlptracehttp.New(t.Context(), otlptracehttp.WithEndpointURL(theirs.URL+"/v1/traces"))
	if err != nil {
		t.Fatal(err)
	}
	reader := sdkmetric.NewManualReader()
	own := &recording{}
	tel := busy(t, Options{Version: "v1.2.3", Telemetry: config.Telemetry{OTLP: mine.URL, Interval: time.Hour, Timeout: 10 * time.Second, Traces: true}}, reader, sdktrace.NewSimpleSpanProcessor(own))
	tel.resource = []attribute.KeyValue{attribute.String("service.name", "godrift")}

	collected, err := tel.collect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := tel.out.Load().send(t.Context(), "metrics", encodeMetrics(collected, tel.resource)); err != nil {
		t.Fatal(err)
	}
	collected.Resource = sdkresource.NewSchemaless(tel.resource...)
	if err := metrics.Export(t.Context(), collected); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(theirs.metrics, mine.metrics, protocmp.Transform()); d != "" {
		t.Errorf("metrics, -exporter +here:\n%s", d)
	}
	if err := (spanSender{tel}).ExportSpans(t.Context(), own.spans); err != nil {
		t.Fatal(err)
	}
	if err := spans.ExportSpans(t.Context(), own.spans); err != nil {
		t.Fatal(err)
	}
	ignored := protocmp.IgnoreFields(theirs.traces[0].ResourceSpans[0], "resource") // that of the spans; see above
	if d := cmp.Diff(theirs.traces, mine.traces, protocmp.Transform(), ignored); d != "" {
		t.Errorf("spans, -exporter +here:\n%s", d)
	}
	if n := len(mine.traces[0].ResourceSpans[0].ScopeSpans[0].Spans); n != len(own.spans) || n < 5 {
		t.Errorf("%d spans were sent of %d", n, len(own.spans))
	}
	for _, e := range []interface{ Shutdown(context.Context) error }{metrics, spans} {
		if err := e.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// recording keeps spans.
type recording struct {
	mu    sync.Mutex
	spans []sdktrace.ReadOnlySpan
}

func (r *recording) ExportSpans(_ context.Context, spans []sdktrace.ReadOnlySpan) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spans = append(r.spans, spans...)
	return nil
}

func (r *recording) Shutdown(context.Context) error { return nil }
