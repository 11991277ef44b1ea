package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// spanSender sends spans as opentelemetry/proto/trace/v1/trace.proto has them.
type spanSender struct{ t *Telemetry }

// ExportSpans sends spans. What goes wrong is the sender's to tell.
func (s spanSender) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if out := s.t.out.Load(); out != nil && out.traces && len(spans) > 0 {
		_ = out.send(ctx, "traces", encodeSpans(spans, s.t.resource))
	}
	return nil
}

// Shutdown has nothing to do: nothing is held back.
func (spanSender) Shutdown(context.Context) error { return nil }

// spanLimits bound what one span holds. The environment has no say.
func spanLimits() sdktrace.SpanLimits {
	return sdktrace.SpanLimits{
		AttributeValueLengthLimit: 4 * longestAttribute, AttributeCountLimit: 32, EventCountLimit: 8, LinkCountLimit: 8,
		AttributePerEventCountLimit: 8, AttributePerLinkCountLimit: 8,
	}
}

// encodeSpans makes an ExportTraceServiceRequest.
func encodeSpans(spans []sdktrace.ReadOnlySpan, resource []attribute.KeyValue) message {
	group := message{}.bytes(1, message{}.text(1, scope))
	for _, s := range spans {
		group = group.bytes(2, encodeSpan(s))
	}
	return message{}.bytes(1, message{}.bytes(1, encodeResource(resource)).bytes(2, group))
}

func encodeSpan(s sdktrace.ReadOnlySpan) message {
	const internal = 1
	trace, span := s.SpanContext().TraceID(), s.SpanContext().SpanID()
	out := message{}.bytes(1, trace[:]).bytes(2, span[:])
	if parent := s.Parent(); parent.HasSpanID() {
		above := parent.SpanID()
		out = out.bytes(4, above[:])
	}
	out = out.text(5, s.Name()).varint(6, internal).fixed64(7, nanos(s.StartTime())).fixed64(8, nanos(s.EndTime()))
	for _, kv := range s.Attributes() {
		out = out.bytes(9, encodeAttribute(kv))
	}
	status := message{}
	switch s.Status().Code {
	case codes.Ok:
		status = status.varint(3, 1)
	case codes.Error:
		status = status.text(2, s.Status().Description).varint(3, 2)
	case codes.Unset:
	}
	// Bits 8 and 9 say that it is known whether the parent is of another process, and that it is.
	flags := uint32(s.SpanContext().TraceFlags()) | 1<<8
	if s.Parent().IsRemote() {
		flags |= 1 << 9
	}
	return out.bytes(15, status).fixed32(16, flags)
}
