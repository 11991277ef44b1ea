package telemetry

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"godrift.dev/server/config"
)

// outlet is where telemetry goes, and how often.
type outlet struct {
	*sender
	interval time.Duration
	traces   bool
}

// Reload sends to where the configuration says from now on. What was counted goes on.
func (t *Telemetry) Reload(c config.Telemetry) error {
	var out *outlet
	if c.OTLP != "" {
		headers, err := headersOf(c, t.opts.Environ)
		if err != nil {
			return err
		}
		s, err := newSender(t.ending, c, headers, t.opts.Version, t.log, t.exported)
		if err != nil {
			return err
		}
		out = &outlet{sender: s, interval: c.Interval, traces: c.Traces}
		t.mu.Lock()
		for _, signal := range []string{"metrics", "traces"} {
			for _, result := range []string{"sent", "failed"} {
				t.counters.add(exports, 0, signal, result)
			}
		}
		t.mu.Unlock()
	}
	if before := t.out.Swap(out); before != nil {
		before.close()
	}
	select {
	case t.reload <- struct{}{}:
	default:
	}
	return nil
}

func (t *Telemetry) exported(signal string, err error) {
	result := "sent"
	if err != nil {
		result = "failed"
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counters.add(exports, 1, signal, result)
}

// push sends metrics in the interval that counts, until the end.
func (t *Telemetry) push() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	again := func() {
		if out := t.out.Load(); out != nil {
			timer.Reset(out.interval)
		} else {
			timer.Stop()
		}
	}
	again()
	for {
		select {
		case <-t.ending.Done():
			return
		case <-t.reload:
		case <-timer.C:
			_ = t.Push(t.ending) // the sender has said so
		}
		again()
	}
}

// errNowhere says that no address is configured.
var errNowhere = errors.New("there is no address to send to: set telemetry.otlp in the configuration")

// Push sends the metrics as they are now. It returns why they did not arrive.
func (t *Telemetry) Push(ctx context.Context) error {
	out := t.out.Load()
	if out == nil {
		return errNowhere
	}
	collected, err := t.collect(ctx)
	if err != nil {
		return err
	}
	return out.send(ctx, "metrics", encodeMetrics(collected, t.resource))
}

// collect reads every instrument.
func (t *Telemetry) collect(ctx context.Context) (*metricdata.ResourceMetrics, error) {
	var collected metricdata.ResourceMetrics
	if err := t.reader.Collect(ctx, &collected); err != nil {
		return nil, fmt.Errorf("collect the metrics: %w", err)
	}
	return &collected, nil
}
