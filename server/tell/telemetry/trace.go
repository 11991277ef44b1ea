package telemetry

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"godrift.dev/server/drift"
)

// sameChange is how long after a change what follows from it still belongs to its trace:
// the second pass, what a compiler says, the moment that is written down.
const sameChange = 10 * time.Minute

// change is the newest change of a workspace as it is traced.
type change struct {
	span  trace.SpanContext
	ended time.Time
}

func idsOf(c trace.SpanContext) drift.Trace {
	if !c.IsValid() {
		return drift.Trace{}
	}
	return drift.Trace{TraceID: c.TraceID().String(), SpanID: c.SpanID().String()}
}

// rootOf is the first span of a trace, which has the number that changeIDs gave it.
func rootOf(traceID string) (trace.SpanContext, bool) {
	id, err := trace.TraceIDFromHex(traceID)
	if err != nil {
		return trace.SpanContext{}, false
	}
	root := trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: trace.SpanID(id[8:]), TraceFlags: trace.FlagsSampled})
	return root, root.IsValid()
}

// changeIDs draws the numbers of traces and spans. The first span of a trace has the second
// half of the trace's number, so that an alert need not keep more than that to have its
// delivery belong there.
type changeIDs struct{}

// NewIDs are the numbers of a new trace and its first span.
func (changeIDs) NewIDs(context.Context) (trace.TraceID, trace.SpanID) {
	var id trace.TraceID
	binary.BigEndian.PutUint64(id[:8], rand.Uint64())
	span := changeIDs{}.NewSpanID(context.Background(), id)
	copy(id[8:], span[:])
	return id, span
}

// NewSpanID is the number of a new span.
func (changeIDs) NewSpanID(context.Context, trace.TraceID) trace.SpanID {
	var id trace.SpanID
	binary.BigEndian.PutUint64(id[:], max(1, rand.Uint64()))
	return id
}

// span writes a span that is over.
func (t *Telemetry) span(parent trace.SpanContext, name string, from, to time.Time, err string, attrs ...attribute.KeyValue) trace.SpanContext {
	if to.Before(from) {
		to = from // the clock was set back
	}
	ctx := context.Background()
	opts := []trace.SpanStartOption{trace.WithTimestamp(from), trace.WithAttributes(attrs...)}
	if parent.IsValid() {
		ctx = trace.ContextWithSpanContext(ctx, parent)
	} else {
		opts = append(opts, trace.WithNewRoot())
	}
	_, s := t.tracer.Start(ctx, name, opts...)
	if err != "" {
		s.SetStatus(codes.Error, attributeText("", err))
	}
	s.End(trace.WithTimestamp(to))
	return s.SpanContext()
}

func text(key, value string) attribute.KeyValue {
	return attribute.String(key, attributeText(key, value))
}

// internal reports whether an event is one that the engine sends itself after a change.
func internal(k drift.EventKind) bool {
	switch k {
	case drift.EventTools, drift.EventCgo, drift.EventModules, drift.EventMemory:
		return true
	}
	return false
}

// traced writes the spans of an evaluation: one trace for each change, from the event to
// the report, with the time that was waited for more events apart. What the engine looks
// at after that belongs to the same trace.
func (w *Workspace) traced(ev drift.Evaluation, led drift.Event) {
	first := ev.First
	if first.IsZero() || first.After(ev.Begun) {
		first = ev.Begun
	}
	wrong := ""
	if ev.Err != nil {
		wrong = ev.Err.Error()
	}
	attrs := []attribute.KeyValue{text("workspace", w.name), attribute.String("event.kind", kindLabel(led.Kind)), text("event.cause", led.Cause), attribute.Int("events", len(ev.Events))}
	files := 0
	for _, e := range ev.Events {
		files += len(e.Files)
	}
	attrs = append(attrs, attribute.Int("files", files))
	if r := ev.Report; r != nil {
		attrs = append(attrs, attribute.Int("score", r.Score), attribute.Int("findings", len(r.Findings)), attribute.String("go.selected", versionLabel(r.Snapshot.Selection.Selected)))
	}
	w.t.mu.Lock()
	before := w.change
	w.t.mu.Unlock()
	if internal(led.Kind) && before.span.IsValid() && ev.Begun.Sub(before.ended) < sameChange {
		w.t.span(before.span, "evaluate", ev.Begun, ev.Ended, wrong, attrs...)
		return
	}
	root := w.t.span(trace.SpanContext{}, "change", first, ev.Ended, wrong, attrs...)
	w.t.span(root, "wait", first, ev.Begun, "")
	w.t.span(root, "evaluate", ev.Begun, ev.Ended, wrong)
	w.t.mu.Lock()
	w.change = change{root, ev.Ended}
	w.t.mu.Unlock()
}

// Context notes in a context the newest change of the workspace, for what follows from it:
// alerts and lines of the log.
func (w *Workspace) Context(ctx context.Context) context.Context {
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	return drift.WithTrace(ctx, idsOf(w.change.span))
}

// Delivered writes the span of an attempt to deliver an alert into the trace of the change
// that led to it, which may have been seen by an earlier process. The attempt is counted
// by Alert.
func (t *Telemetry) Delivered(traceID, channel, result string, took time.Duration) {
	root, ok := rootOf(traceID)
	if !ok {
		return
	}
	wrong := ""
	if result == "failed" || result == "dead" {
		wrong = result
	}
	now := t.now()
	t.span(root, "deliver", now.Add(-took), now, wrong, text("channel", channel), text("result", result))
}

// rolledBack writes the trace of a rollback or an undo.
func (w *Workspace) rolledBack(d drift.Deed) {
	wrong := ""
	if d.Result == drift.DeedFailed {
		wrong = d.Note
	}
	w.t.span(trace.SpanContext{}, string(d.Kind), d.Time, d.Time.Add(d.Duration), wrong,
		text("workspace", w.name), text("result", string(d.Result)), text("reason", d.Note), text("title", d.Title), text("by", string(d.By.Kind)+" "+d.By.Name))
}
