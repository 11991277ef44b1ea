package telemetry

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
)

// observe tells every value that is not a histogram's.
func (t *Telemetry) observe(tell func(m id, value float64, set attribute.Set)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := func(s sample) { tell(s.metric, s.value, s.set) }
	for _, w := range t.workspaces {
		for _, s := range w.gauges {
			one(s)
		}
		for key, can := range w.targets {
			one(series(cgoTargets, can, w.name, key[0], key[1]))
		}
	}
	one(series(buildInfo, 1, label(t.opts.Version), goVersion()))
	if t.once {
		return
	}
	for _, w := range t.workspaces {
		for _, s := range w.counters {
			one(*s)
		}
	}
	for _, s := range t.counters {
		one(*s)
	}
	for name, p := range t.probes {
		one(series(probeDuration, p.took, name))
		if p.hasValue {
			one(series(probeValue, p.value, name))
		}
	}
	if t.moments >= 0 {
		one(series(historyMoments, t.moments))
	}
	t.process(one)
}

// History tells how many moments the history holds.
func (t *Telemetry) History(moments int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.moments = float64(moments)
}

// The results of an alert.
var alertResults = []string{"sent", "failed", "dead", "deduplicated", "silenced"}

// Alert tells what became of an alert in a channel: sent, failed, dead, deduplicated or
// silenced; took is how long the channel took, zero if it was not asked.
func (t *Telemetry) Alert(channel, result string, took time.Duration) {
	t.mu.Lock()
	if channel = label(channel); !t.channels[channel] {
		if len(t.channels) >= mostChannels {
			channel = other
		}
		t.channels[channel] = true
		for _, r := range alertResults {
			t.counters.add(alerts, 0, channel, r)
		}
	}
	if !slices.Contains(alertResults, result) {
		result = other
	}
	t.counters.add(alerts, 1, channel, result)
	t.mu.Unlock()
	if took > 0 {
		t.alertDelivery.Record(context.Background(), took.Seconds(), metric.WithAttributes(attribute.String("channel", channel)))
	}
}

// Probe tells how a run of one of the user's own probes ended, and the number that it
// printed if it is one.
func (t *Telemetry) Probe(name string, took time.Duration, err error, value float64, hasValue bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	name = label(name)
	p := t.probes[name]
	if p == nil {
		if len(t.probes) >= mostProbes {
			return
		}
		p = &probe{}
		t.probes[name] = p
		t.counters.add(probeFailures, 0, name)
	}
	p.took, p.value, p.hasValue = took.Seconds(), value, hasValue && err == nil && !math.IsNaN(value)
	if err != nil {
		t.counters.add(probeFailures, 1, name)
	}
}

// Probes ends the series of probes that are not among these any more, as after a reload.
func (t *Telemetry) Probes(names []string) {
	keep := map[string]bool{}
	for _, name := range names {
		keep[label(name)] = true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	maps.DeleteFunc(t.probes, func(name string, _ *probe) bool { return !keep[name] })
	maps.DeleteFunc(t.counters, func(key tally, _ *sample) bool { return key.metric == probeFailures && !keep[key.values] })
}
