package lsp

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// BenchmarkEdit measures from the moment a change has been written to the
// server until its diagnostics have been read: the server's whole way.
func BenchmarkEdit(b *testing.B) {
	m := newMachine(b)
	file := m.write(b, "ws/go.mod", wrongToolchain)
	for i := range 20 { // a workspace of some size
		m.write(b, filepath.Join("ws", "m"+string(rune('a'+i)), "go.mod"), "module m\n\ngo 1.24.0\n")
	}
	c := serve(b, m.world)
	c.initialize(object{"settings": object{"logLevel": "error"}}, m.path("ws"))
	c.open(file, wrongToolchain)
	_, n := c.published(file, 0, func(p published) bool { return p.Version != nil })
	version := 1
	var times []time.Duration
	for b.Loop() {
		version++
		start := time.Now()
		c.edit(file, version, wrongToolchain+strings.Repeat("\n", version%7))
		_, n = c.seen("diagnostics", n+1, func(msg message) bool {
			var p struct {
				Version int `json:"version"`
			}
			return msg.Method == "textDocument/publishDiagnostics" && json.Unmarshal(msg.Params, &p) == nil && p.Version == version
		})
		times = append(times, time.Since(start))
	}
	slices.Sort(times)
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
}

// BenchmarkHover measures a request and its answer while nothing changes.
func BenchmarkHover(b *testing.B) {
	m := newMachine(b)
	file := m.write(b, "ws/go.mod", wrongToolchain)
	c := serve(b, m.world)
	c.initialize(object{"settings": object{"logLevel": "error"}}, m.path("ws"))
	params := object{"textDocument": doc(file), "position": pos{2, 4}}
	for b.Loop() {
		c.call("textDocument/hover", params, nil)
	}
}
