package telemetry

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
)

// textFormat is Prometheus's text format, version 0.0.4; see
// https://prometheus.io/docs/instrumenting/exposition_formats/.
const textFormat = "text/plain; version=0.0.4; charset=utf-8"

// Handler answers a scrape of Prometheus.
func (t *Telemetry) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "metrics are read with GET", http.StatusMethodNotAllowed)
			return
		}
		collected, err := t.collect(r.Context())
		if err != nil {
			http.Error(w, "the metrics cannot be collected now", http.StatusServiceUnavailable)
			return
		}
		text := exposition(collected)
		h := w.Header()
		h.Set("Content-Type", textFormat)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			text = packed(text)
			h.Set("Content-Encoding", "gzip")
		}
		h.Set("Content-Length", strconv.Itoa(len(text)))
		if r.Method == http.MethodGet {
			_, _ = w.Write(text) // whoever hung up does not want it
		}
	})
}

// acceptsGzip reads Accept-Encoding as RFC 9110 has it, as far as gzip is concerned.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q, weighted := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			weight, err := strconv.ParseFloat(q, 64)
			return !weighted || err == nil && weight > 0
		}
	}
	return false
}

func packed(text []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(text) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}

// exposition writes metrics as Prometheus reads them, in an order that does not change.
func exposition(collected *metricdata.ResourceMetrics) []byte {
	var out []byte
	for _, in := range collected.ScopeMetrics {
		all := slices.SortedFunc(slices.Values(in.Metrics), func(a, b metricdata.Metrics) int { return cmp.Compare(a.Name, b.Name) })
		for _, m := range all {
			switch data := m.Data.(type) {
			case metricdata.Gauge[float64]:
				out = numbers(out, m, Gauge, data.DataPoints)
			case metricdata.Sum[float64]:
				out = numbers(out, m, Counter, data.DataPoints)
			case metricdata.Histogram[float64]:
				out = histograms(out, m, data.DataPoints)
			}
		}
	}
	return out
}

func head(out []byte, m metricdata.Metrics, kind Kind) []byte {
	help := strings.NewReplacer(`\`, `\\`, "\n", `\n`).Replace(m.Description)
	out = append(out, "# HELP "+m.Name+" "+help+"\n"...)
	return append(out, "# TYPE "+m.Name+" "+string(kind)+"\n"...)
}

func numbers(out []byte, m metricdata.Metrics, kind Kind, points []metricdata.DataPoint[float64]) []byte {
	if len(points) == 0 {
		return out
	}
	out = head(out, m, kind)
	lines := make([]string, 0, len(points))
	for _, p := range points {
		lines = append(lines, m.Name+braced(labels(p.Attributes))+" "+number(p.Value)+"\n")
	}
	slices.Sort(lines)
	for _, line := range lines {
		out = append(out, line...)
	}
	return out
}

func histograms(out []byte, m metricdata.Metrics, points []metricdata.HistogramDataPoint[float64]) []byte {
	if len(points) == 0 {
		return out
	}
	out = head(out, m, Histogram)
	points = slices.SortedFunc(slices.Values(points), func(a, b metricdata.HistogramDataPoint[float64]) int {
		return cmp.Compare(labels(a.Attributes), labels(b.Attributes))
	})
	for _, p := range points {
		own := labels(p.Attributes)
		within := own
		if own != "" {
			within += ","
		}
		var sum uint64
		for i, n := range p.BucketCounts {
			sum += n
			bound := math.Inf(1)
			if i < len(p.Bounds) {
				bound = p.Bounds[i]
			}
			out = append(out, m.Name+"_bucket{"+within+`le="`+number(bound)+`"} `+strconv.FormatUint(sum, 10)+"\n"...)
		}
		out = append(out, m.Name+"_sum"+braced(own)+" "+number(p.Sum)+"\n"...)
		out = append(out, m.Name+"_count"+braced(own)+" "+strconv.FormatUint(p.Count, 10)+"\n"...)
	}
	return out
}

func number(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func braced(labels string) string {
	if labels == "" {
		return ""
	}
	return "{" + labels + "}"
}

// inQuotes escapes what has a meaning in the value of a label.
var inQuotes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

func labels(set attribute.Set) string {
	var out strings.Builder
	for i := set.Iter(); i.Next(); {
		kv := i.Attribute()
		if out.Len() > 0 {
			out.WriteByte(',')
		}
		out.WriteString(string(kv.Key) + `="` + inQuotes.Replace(kv.Value.String()) + `"`)
	}
	return out.String()
}
