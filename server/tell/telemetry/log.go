package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"godrift.dev/server/drift"
)

// Logger writes structured logs as "text" (key=value) or "json", one line each. A line that
// is written within a traced change has trace_id and span_id. What looks like a secret is
// masked in every value, and what a terminal would obey is taken out.
func Logger(w io.Writer, format string) (*slog.Logger, error) {
	opts := &slog.HandlerOptions{ReplaceAttr: safe}
	var h slog.Handler
	switch format {
	case "text":
		h = slog.NewTextHandler(w, opts)
	case "json":
		h = slog.NewJSONHandler(w, opts)
	default:
		return nil, fmt.Errorf("there is no log format %.40q: it is text or json", format)
	}
	return slog.New(handler{base: h, now: h}), nil
}

// handler names the trace of a line, outside of every group.
type handler struct {
	base  slog.Handler
	steps []func(slog.Handler) slog.Handler // what led from base to now
	now   slog.Handler
}

// Enabled is that of the handler that writes.
func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.now.Enabled(ctx, level)
}

// Handle writes one line.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	trace := drift.TraceOf(ctx)
	if trace.TraceID == "" {
		return h.now.Handle(ctx, r)
	}
	ids := []slog.Attr{slog.String("trace_id", trace.TraceID)}
	if trace.SpanID != "" {
		ids = append(ids, slog.String("span_id", trace.SpanID))
	}
	to := h.base.WithAttrs(ids)
	for _, step := range h.steps {
		to = step(to)
	}
	return to.Handle(ctx, r)
}

func (h handler) with(step func(slog.Handler) slog.Handler) slog.Handler {
	return handler{base: h.base, steps: append(slices.Clip(h.steps), step), now: step(h.now)}
}

// WithAttrs adds attributes to every line.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithAttrs(attrs) })
}

// WithGroup puts the attributes that follow into a group.
func (h handler) WithGroup(name string) slog.Handler {
	return h.with(func(to slog.Handler) slog.Handler { return to.WithGroup(name) })
}

// longestValue is how many characters of a value are logged.
const longestValue = 4 << 10

// safe makes one attribute fit to be shown. The handlers call it for every value, the
// message and those in groups too.
func safe(_ []string, a slog.Attr) slog.Attr {
	a.Key = clean(a.Key)
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(shown(a.Key, a.Value.String()))
	case slog.KindAny:
		switch v := a.Value.Any().(type) {
		case nil, *slog.Source, slog.Level:
		case error:
			a.Value = slog.StringValue(shown(a.Key, v.Error()))
		default:
			a.Value = slog.StringValue(shown(a.Key, fmt.Sprintf("%+v", v)))
		}
	}
	return a
}

func shown(key, text string) string {
	if drift.Mask(key, "-") == drift.Masked {
		return drift.Masked // the name says that all of it is secret
	}
	// Without what is cut off, the rest may look like a secret, or no longer like one.
	text = drift.MaskText(drift.ClipTo(text, 2*longestValue))
	return drift.MaskText(clean(drift.ClipTo(text, longestValue)))
}

// clean takes out what a terminal obeys instead of showing it, and what turns the
// direction of writing. Line ends and tabs stay: both formats write them as escapes.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
			return utf8.RuneError
		}
		return r
	}, text)
}
