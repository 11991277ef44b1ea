package lsp

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
	"godrift.dev/server/tell"
)

// The history grows with what is saved, the client is told so, and can ask what
// differs.
func TestHistory(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.20\n")
	c := serve(t, m.world)
	c.initialize(object{"trusted": true}, m.path("ws"))
	told := func(x message) bool { return x.Method == MethodHistoryChanged }
	c.seen("news of the history", 0, told)

	var log tell.LogDocument
	c.call(MethodHistory, nil, &log)
	if len(log.Moments) != 1 || log.Moments[0].Cause.Kind != drift.CauseFirst || log.Moments[0].By.Name != "Test Code 1.2.3" || log.More {
		t.Fatalf("first sight: %+v", log)
	}
	from := c.count()
	m.write(t, "ws/.go-version", "1.20.3\n")
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(m.path("ws/.go-version")), "type": 1}}})
	c.seen("more news of the history", from, told)
	c.call(MethodHistory, HistoryParams{What: []string{".go-version"}}, &log)
	if len(log.Moments) != 1 || log.Moments[0].Cause.Text != ".go-version" {
		t.Fatalf("a new pin: %+v", log)
	}

	var diff tell.DiffDocument
	c.call(MethodDiff, DiffParams{}, &diff)
	if diff.A.Name != "baseline" || diff.B.Name != "now" || len(diff.Changes) == 0 || diff.B.ID != log.Moments[0].After {
		t.Errorf("from the baseline to now: %+v", diff)
	}
	c.call(MethodDiff, DiffParams{A: "last", B: log.Moments[0].After[:10]}, &diff)
	if len(diff.Changes) != 0 {
		t.Errorf("two names of one state: %+v", diff)
	}
	var now, then SnapshotResult
	c.call(MethodSnapshot, nil, &now)
	c.call(MethodSnapshot, SnapshotParams{Name: log.Moments[0].Before}, &then)
	if r, err := record.DecodeText([]byte(now.Text)); err != nil || r.ID() != now.ID || now.ID != log.Moments[0].After || !maps.Equal(r.Values, now.Values) {
		t.Errorf("the text of what is now: %v, %+v", err, now)
	}
	if then.ID != log.Moments[0].Before || strings.Contains(then.Text, ".go-version") || !strings.Contains(now.Text, ".go-version") {
		t.Errorf("what was before: %+v", then)
	}
	var audit tell.AuditDocument
	c.call(MethodAudit, HistoryParams{Since: "2000-01-01T00:00:00Z"}, &audit)
	if audit.Deeds == nil || len(audit.Deeds) != 0 {
		t.Errorf("nothing was done: %+v", audit)
	}
	for method, params := range map[string]any{
		MethodDiff:     DiffParams{A: "nonsense"},
		MethodSnapshot: SnapshotParams{Name: "0000000000"},
		MethodHistory:  HistoryParams{Since: "yesterday"},
		MethodAudit:    json.RawMessage(`{"limit": "x"}`),
	} {
		if err := c.try(method, params, nil); err == nil || !strings.HasPrefix(err.Error(), "-32602") {
			t.Errorf("%s with %v: %v", method, params, err)
		}
	}
}
