package engine

import (
	"fmt"
	"testing"

	"godrift.dev/server/drift"
)

func TestCondensed(t *testing.T) {
	var events []drift.Event
	for i := range 10_000 {
		events = condensed(merge(events, []drift.Event{
			{Kind: drift.EventSaved, Files: []string{fmt.Sprint(i)}, Cause: "save"},
			{Kind: drift.EventMemory},
			{Kind: drift.EventRescan},
		}))
		if n := len(events); n > mostFailed {
			t.Fatalf("%d events wait", n)
		}
	}
	buffer := drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: "/a/go.mod"}}
	for i := range mostFailed {
		events = append(events, drift.Event{Kind: drift.EventSaved, Files: []string{fmt.Sprint(i)}})
	}
	got := condensed(append(events, buffer))
	if len(got) != 2 || got[0].Kind != drift.EventRescan || got[1].Buffer.File != "/a/go.mod" {
		t.Errorf("%+v", got)
	}
}
