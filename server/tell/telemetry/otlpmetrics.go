package telemetry

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// encodeMetrics makes an ExportMetricsServiceRequest, as
// opentelemetry/proto/metrics/v1/metrics.proto has it. All sums are cumulative: who misses
// a message misses nothing.
func encodeMetrics(collected *metricdata.ResourceMetrics, resource []attribute.KeyValue) message {
	of := message{}.bytes(1, encodeResource(resource))
	for _, in := range collected.ScopeMetrics {
		group := message{}.bytes(1, message{}.text(1, in.Scope.Name).text(2, in.Scope.Version))
		for _, m := range in.Metrics {
			group = group.bytes(2, encodeMetric(m))
		}
		of = of.bytes(2, group)
	}
	return message{}.bytes(1, of)
}

func encodeMetric(m metricdata.Metrics) message {
	const cumulative = 2
	out := message{}.text(1, m.Name).text(2, m.Description).text(3, m.Unit)
	var data message
	switch d := m.Data.(type) {
	case metricdata.Gauge[float64]:
		for _, p := range d.DataPoints {
			data = data.bytes(1, encodeNumber(p))
		}
		return out.bytes(5, data)
	case metricdata.Sum[float64]:
		for _, p := range d.DataPoints {
			data = data.bytes(1, encodeNumber(p))
		}
		return out.bytes(7, data.varint(2, cumulative).varint(3, 1))
	case metricdata.Histogram[float64]:
		for _, p := range d.DataPoints {
			data = data.bytes(1, encodeHistogram(p))
		}
		return out.bytes(9, data.varint(2, cumulative))
	}
	return out
}

func encodeNumber(p metricdata.DataPoint[float64]) message {
	return message{}.fixed64(2, nanos(p.StartTime)).fixed64(3, nanos(p.Time)).double(4, p.Value).attributes(7, p.Attributes)
}

func encodeHistogram(p metricdata.HistogramDataPoint[float64]) message {
	bounds := make([]uint64, 0, len(p.Bounds))
	for _, b := range p.Bounds {
		bounds = append(bounds, math.Float64bits(b))
	}
	out := message{}.fixed64(2, nanos(p.StartTime)).fixed64(3, nanos(p.Time)).fixed64Always(4, p.Count).double(5, p.Sum).
		packed(6, p.BucketCounts).packed(7, bounds).attributes(9, p.Attributes)
	if least, ok := p.Min.Value(); ok {
		out = out.double(11, least)
	}
	if most, ok := p.Max.Value(); ok {
		out = out.double(12, most)
	}
	return out
}

// attributes are those of a point, all of them texts.
func (m message) attributes(field int, set attribute.Set) message {
	for i := set.Iter(); i.Next(); {
		m = m.bytes(field, encodeAttribute(i.Attribute()))
	}
	return m
}

// encodeAttribute makes a KeyValue.
func encodeAttribute(kv attribute.KeyValue) message {
	value := message{}
	switch kv.Value.Type() {
	case attribute.INT64:
		value = value.tag(3, wireVarint).uvarint(uint64(kv.Value.AsInt64()))
	case attribute.FLOAT64:
		value = value.double(4, kv.Value.AsFloat64())
	case attribute.BOOL:
		on := uint64(0)
		if kv.Value.AsBool() {
			on = 1
		}
		value = value.tag(2, wireVarint).uvarint(on)
	default:
		value = value.bytes(1, []byte(kv.Value.String()))
	}
	return message{}.text(1, string(kv.Key)).bytes(2, value)
}

func encodeResource(resource []attribute.KeyValue) message {
	var out message
	for _, kv := range resource {
		out = out.bytes(1, encodeAttribute(kv))
	}
	return out
}

func nanos(at time.Time) uint64 {
	if at.IsZero() || at.UnixNano() < 0 {
		return 0
	}
	return uint64(at.UnixNano())
}
