package drift

import (
	"context"
	"time"
)

// Evaluation is one look of a running engine at its workspace: what led to it, when
// each part of it was, and what came of it. Metrics and traces are made from it.
type Evaluation struct {
	Root string
	// Events are what the report accounts for, in their order.
	Events []Event
	// First is when the oldest of the events came, Begun when the engine began to look,
	// and Ended when the report was ready to go out.
	First, Begun, Ended time.Time
	// Report is nil if the evaluation failed, and Err says why.
	Report *Report
	Err    error
}

// Trace names the span that something belongs to, as W3C Trace Context writes it: 32 and
// 16 hexadecimal digits. It is empty where nothing is traced.
type Trace struct {
	TraceID string `json:"traceId,omitempty"`
	SpanID  string `json:"spanId,omitempty"`
}

type traceKey struct{}

// WithTrace notes in a context which span the work belongs to.
func WithTrace(ctx context.Context, t Trace) context.Context {
	return context.WithValue(ctx, traceKey{}, t)
}

// TraceOf is the span that the work of a context belongs to; empty if none is known.
func TraceOf(ctx context.Context) Trace {
	t, _ := ctx.Value(traceKey{}).(Trace)
	return t
}
