// Package telemetry tells other programs in numbers what is so, and has been so, in the
// workspaces of a process: metrics for Prometheus at /metrics and for a collector over
// OTLP, one trace for each change, and logs that name the trace.
//
// There is one set of instruments, of the OpenTelemetry SDK. What is so now is computed
// from the newest report of each workspace whenever somebody asks, so that a series ends
// with its subject. The number of series is bounded: see the limits. No label is ever a
// path, and what looks like a secret is masked.
//
// The SDK's own exporters are not used: those for Prometheus and OTLP bring protobuf
// reflection, gRPC and procfs, whose package initialisation each start of godrift would
// pay for. What is written instead is the text format of Prometheus (exposition.go) and
// the protobuf encoding of OTLP (otlp*.go), which the tests hold against the originals.
package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/exemplar"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"godrift.dev/server/config"
)

// scope is the name under which the instruments are made.
const scope = "godrift.dev/server/tell/telemetry"

// The limits of what is told of one process. One workspace more than a monitor watches is
// for the machine itself.
const (
	mostWorkspaces = config.MostWorkspaces + 1
	mostPairs      = 50
	mostProbes     = 64
	mostChannels   = 32
	mostVersions   = 64
	mostRules      = 128
	mostTargets    = 64
)

// Options say what to tell and whom.
type Options struct {
	// Version is godrift's own.
	Version   string
	Telemetry config.Telemetry
	// Environ is the environment of the process: what a CI system says of its job is
	// taken from it. No address ever is.
	Environ map[string]string
	// Log takes what could not be sent; it may be nil.
	Log *slog.Logger
	// Now is the clock; time.Now if nil.
	Now func() time.Time
}

// Telemetry is what a process tells in numbers.
type Telemetry struct {
	opts    Options
	log     *slog.Logger
	now     func() time.Time
	started time.Time

	meters *sdkmetric.MeterProvider
	reader *sdkmetric.ManualReader // what /metrics asks, and who sends
	spans  *sdktrace.TracerProvider
	tracer trace.Tracer

	resource []attribute.KeyValue
	out      atomic.Pointer[outlet] // nil if nothing is sent
	reload   chan struct{}
	ending   context.Context // ends whatever is being sent
	end      context.CancelFunc
	pushing  sync.WaitGroup

	eventToReport    metric.Float64Histogram
	rollbackDuration metric.Float64Histogram
	alertDelivery    metric.Float64Histogram

	once bool // only what is so now is told; see Once

	mu         sync.Mutex
	workspaces map[string]*Workspace // by their labels
	counters   tallies               // of the process as a whole
	probes     map[string]*probe
	channels   map[string]bool
	pairs      map[[2]string]int // of from and to, in how many workspaces
	moments    float64           // in the history; negative if nobody said
}

// probe is what is known of one probe.
type probe struct {
	took     float64
	value    float64
	hasValue bool
}

// New begins to measure. ctx bounds only New itself.
func New(ctx context.Context, o Options) (*Telemetry, error) { return begin(ctx, o) }

// begin is New with more readers of the same instruments, and more to see spans.
func begin(ctx context.Context, o Options, more ...any) (*Telemetry, error) {
	t := &Telemetry{
		opts: o, log: o.Log, now: o.Now,
		workspaces: map[string]*Workspace{}, counters: tallies{}, probes: map[string]*probe{}, channels: map[string]bool{}, pairs: map[[2]string]int{}, moments: -1,
	}
	if t.log == nil {
		t.log = slog.New(slog.DiscardHandler)
	}
	if t.now == nil {
		t.now = time.Now
	}
	t.started = t.now()
	t.reader = sdkmetric.NewManualReader()
	metering := []sdkmetric.Option{
		sdkmetric.WithReader(t.reader), sdkmetric.WithResource(resource.Empty()),
		// What is observed is bounded here, by subject; the SDK would cut anywhere.
		sdkmetric.WithCardinalityLimit(0), sdkmetric.WithExemplarFilter(exemplar.AlwaysOffFilter),
	}
	tracing := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(resource.Empty()), sdktrace.WithSampler(sdktrace.AlwaysSample()), sdktrace.WithIDGenerator(changeIDs{}), sdktrace.WithRawSpanLimits(spanLimits()),
		sdktrace.WithBatcher(spanSender{t}, sdktrace.WithMaxQueueSize(1024), sdktrace.WithMaxExportBatchSize(256), sdktrace.WithBatchTimeout(5*time.Second), sdktrace.WithExportTimeout(time.Minute)),
	}
	for _, m := range more {
		switch m := m.(type) {
		case sdkmetric.Reader:
			metering = append(metering, sdkmetric.WithReader(m))
		case once:
			t.once = true
		case sdktrace.SpanProcessor:
			tracing = append(tracing, sdktrace.WithSpanProcessor(m))
		}
	}
	t.meters, t.spans = sdkmetric.NewMeterProvider(metering...), sdktrace.NewTracerProvider(tracing...)
	if err := t.instruments(); err != nil {
		return nil, err
	}
	t.tracer = t.spans.Tracer(scope)
	t.resource = resourceOf(o)
	t.reload = make(chan struct{}, 1)
	// What is sent outlives the call that asked for it, not the process.
	t.ending, t.end = context.WithCancel(context.Background())
	if err := t.Reload(o.Telemetry); err != nil {
		return nil, errors.Join(err, t.Shutdown(ctx))
	}
	t.pushing.Go(t.push)
	return t, nil
}

// instruments makes an instrument for every metric of the list.
func (t *Telemetry) instruments() error {
	meter := t.meters.Meter(scope)
	var failed error
	observables := make([]metric.Float64Observable, count)
	var all []metric.Observable
	for i, m := range list {
		var err error
		switch m.Kind {
		case Gauge:
			observables[i], err = meter.Float64ObservableGauge(m.Name, metric.WithDescription(m.Help), metric.WithUnit(m.Unit))
		case Counter:
			observables[i], err = meter.Float64ObservableCounter(m.Name, metric.WithDescription(m.Help), metric.WithUnit(m.Unit))
		case Histogram:
			var h metric.Float64Histogram
			h, err = meter.Float64Histogram(m.Name, metric.WithDescription(m.Help), metric.WithUnit(m.Unit), metric.WithExplicitBucketBoundaries(m.Buckets...))
			switch id(i) {
			case eventToReport:
				t.eventToReport = h
			case rollbackDuration:
				t.rollbackDuration = h
			case alertDelivery:
				t.alertDelivery = h
			}
		}
		failed = errors.Join(failed, err)
		if o := observables[i]; o != nil {
			all = append(all, o)
		}
	}
	if failed != nil {
		return failed
	}
	_, err := meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		t.observe(func(m id, value float64, set attribute.Set) {
			o.ObserveFloat64(observables[m], value, metric.WithAttributeSet(set))
		})
		return nil
	}, all...)
	return err
}

// Shutdown sends what is left, for as long as ctx allows, and ends.
func (t *Telemetry) Shutdown(ctx context.Context) error {
	stop := context.AfterFunc(ctx, t.end)
	defer stop()
	err := t.spans.Shutdown(ctx)
	if t.out.Load() != nil && ctx.Err() == nil && !t.once {
		err = errors.Join(err, t.Push(ctx))
	}
	t.end()
	t.pushing.Wait()
	if out := t.out.Swap(nil); out != nil {
		out.close()
	}
	return errors.Join(err, t.meters.Shutdown(ctx))
}
