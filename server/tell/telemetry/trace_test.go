package telemetry

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"godrift.dev/server/drift"
)

func TestTraces(t *testing.T) {
	own := &recording{}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	tel := started(t, Options{Now: func() time.Time { return now }}, sdktrace.NewSimpleSpanProcessor(own))
	w := tel.Workspace("app", "/src/app")
	w.Evaluated(drift.Evaluation{
		Events: []drift.Event{{Kind: drift.EventSaved, Cause: "go.mod of https://me:hunter2@example.com", Files: []string{"/src/app/go.mod"}}},
		First:  now.Add(-30 * time.Millisecond), Begun: now.Add(-10 * time.Millisecond), Ended: now, Report: reportWith("/usr/local/go", "go1.26.8", "1"),
	})
	first := drift.TraceOf(w.Context(t.Context()))
	w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventTools}}, First: now, Begun: now, Ended: now.Add(time.Second), Report: reportWith("/usr/local/go", "go1.26.8", "1")})
	if again := drift.TraceOf(w.Context(t.Context())); again != first {
		t.Errorf("a second pass is a change of its own: %v, %v", first, again)
	}
	now = now.Add(2 * time.Second)
	w.Moment(drift.Moment{ID: 7, Of: "monitor", Cause: drift.Cause{Kind: drift.CauseFile}})
	tel.Delivered(first.TraceID, "slack", "sent", 100*time.Millisecond)
	tel.Delivered(first.TraceID, "hook", "failed", 100*time.Millisecond)
	tel.Delivered("nonsense", "hook", "sent", time.Millisecond)
	tel.Delivered(strings.Repeat("0", 32), "hook", "sent", time.Millisecond)

	var got []string
	for _, s := range own.spans {
		if s.SpanContext().TraceID().String() != first.TraceID {
			t.Errorf("%s is of another trace", s.Name())
		}
		line := s.Name() + " " + s.StartTime().Format("05.000") + " " + s.EndTime().Format("05.000")
		if s.Name() != "change" && s.Parent().SpanID().String() != first.SpanID {
			t.Errorf("%s is not below the change", s.Name())
		}
		if s.Status().Code == codes.Error {
			line += " " + s.Status().Description
		}
		got = append(got, line)
		for _, kv := range s.Attributes() {
			if strings.Contains(kv.Value.String(), "hunter2") || strings.Contains(kv.Value.String(), "/src/app") {
				t.Errorf("%s: %s = %s", s.Name(), kv.Key, kv.Value.String())
			}
		}
	}
	want := []string{
		"change 59.970 00.000", "wait 59.970 59.990", "evaluate 59.990 00.000", "evaluate 00.000 01.000",
		"remember 00.000 02.000", "deliver 01.900 02.000", "deliver 01.900 02.000 failed",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	own.spans = nil
	w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventSaved}}, First: now, Begun: now, Ended: now, Err: errors.New("the folder is gone")})
	if drift.TraceOf(w.Context(t.Context())).TraceID == first.TraceID {
		t.Error("another change is the same trace")
	}
	if s := own.spans[0].Status(); s.Code != codes.Error || s.Description != "the folder is gone" {
		t.Errorf("%+v", s)
	}
	own.spans = nil
	w.Deed(drift.Deed{ID: 3, Kind: drift.DeedRollback, Result: drift.DeedFailed, Note: "GOFLAGS is not back", Time: now, Duration: time.Second})
	w.Deed(drift.Deed{ID: 4, Kind: drift.DeedUndo, Result: drift.DeedDone, Time: now, Duration: time.Second})
	w.Deed(drift.Deed{ID: 3, Kind: drift.DeedRollback, Result: drift.DeedFailed, Time: now, Duration: time.Second})
	if len(own.spans) != 2 || own.spans[0].Name() != "rollback" || own.spans[0].Status().Description != "GOFLAGS is not back" || own.spans[1].Name() != "undo" {
		t.Errorf("%d spans", len(own.spans))
	}
}
