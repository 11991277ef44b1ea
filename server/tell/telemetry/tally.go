package telemetry

import (
	"strings"

	"go.opentelemetry.io/otel/attribute"
)

// sample is one value of one series.
type sample struct {
	metric id
	set    attribute.Set
	value  float64
}

// series makes the sample of a metric with its labels, whose values stand in the order of
// the names in the list.
func series(m id, value float64, values ...string) sample {
	names := list[m].Labels
	kvs := make([]attribute.KeyValue, len(names))
	for i, name := range names {
		kvs[i] = attribute.String(name, values[i])
	}
	return sample{metric: m, set: attribute.NewSet(kvs...), value: value}
}

// tallies are counters with their labels.
type tallies map[tally]*sample

type tally struct {
	metric id
	values string // of the labels, with NUL between them
}

// add counts n more.
func (t tallies) add(m id, n float64, values ...string) {
	key := tally{m, strings.Join(values, "\x00")}
	s, ok := t[key]
	if !ok {
		made := series(m, 0, values...)
		s = &made
		t[key] = s
	}
	s.value += n
}
