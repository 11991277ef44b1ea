package telemetry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

type secretive struct{ URL string }

func (s secretive) LogValue() slog.Value {
	return slog.GroupValue(slog.String("url", s.URL), slog.Any("again", errors.New(s.URL)))
}

func TestLogger(t *testing.T) {
	const url = "https://me:hunter2@example.com/\x1b[31m\u202e\u0085"
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log, err := Logger(&out, format)
		if err != nil {
			t.Fatal(err)
		}
		ctx := drift.WithTrace(t.Context(), drift.Trace{TraceID: "0af7651916cd43dd8448eb211c80319c", SpanID: "b7ad6b7169203331"})
		log = log.With("url", url, "token", "abc").WithGroup("of").With("error", fmt.Errorf("open: %w", errors.New(url)))
		log.InfoContext(ctx, "sent to "+url,
			"any", struct{ A, B string }{url, "b"}, "list", []string{url}, "bytes", []byte("x"), "map", map[string]any{"a": url}, "nothing", nil,
			slog.Group("in", "url", url, slog.Group("deep", "password", "abc", "err", errors.New(url))), "value", secretive{url}, "n", 3, "stringer", drift.Cause{Kind: drift.CauseFile, Text: url},
			"\x1b[1mkey", "x", "long", strings.Repeat("y", 1<<20))
		line := out.String()
		for _, hidden := range []string{"hunter2", "\x1b", "\u202e", "\u0085", "=abc", `"abc"`} {
			if strings.Contains(line, hidden) {
				t.Errorf("%s: there is %q in %.3000s", format, hidden, line)
			}
		}
		if strings.Count(line, "\n") != 1 || len(line) > 10_000 {
			t.Errorf("%s: %d lines of %d bytes", format, strings.Count(line, "\n"), len(line))
		}
		if format == "json" {
			var got struct {
				Trace string `json:"trace_id"`
				Span  string `json:"span_id"`
				Level string `json:"level"`
				Of    struct {
					Error string         `json:"error"`
					In    map[string]any `json:"in"`
				} `json:"of"`
			}
			if err := json.Unmarshal(out.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Trace != "0af7651916cd43dd8448eb211c80319c" || got.Span != "b7ad6b7169203331" || got.Level != "INFO" || !strings.HasPrefix(got.Of.Error, "open: https://***@example.com/") || got.Of.In["url"] == nil {
				t.Errorf("%+v in %s", got, line)
			}
		} else if !strings.Contains(line, " trace_id=0af7651916cd43dd8448eb211c80319c span_id=b7ad6b7169203331 ") || !strings.Contains(line, "of.error=") {
			t.Error(line)
		}
		out.Reset()
		log.Info("no change", "n", 1)
		if strings.Contains(out.String(), "trace_id") {
			t.Error(out.String())
		}
	}
	if _, err := Logger(&bytes.Buffer{}, "xml\x1b"); err == nil || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("%v", err)
	}
}
