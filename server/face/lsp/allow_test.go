package lsp

import (
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAllow: what only the repository asks for is refused until the person has
// looked at it and allowed it.
func TestAllow(t *testing.T) {
	m := newMachine(t)
	m.environ["CGO_ENABLED"] = "1"
	gomod := m.write(t, "ws/go.mod", "module m\n\ngo 1.25.0\n")
	m.write(t, "ws/godrift.toml", "[contract]\nrequire.CGO_ENABLED = \"0\"\nrequire.CC = \"./evil\"\n")
	var question atomic.Pointer[string]
	c := serve(t, m.world)
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if text := string(params); method == "window/showMessageRequest" && strings.Contains(text, `"Deny"`) {
			question.Store(&text)
			return object{"title": "Allow"}, nil
		}
		if method == MethodSetEnvironment {
			return SetEnvironmentResult{Previous: map[string]*string{}}, nil
		}
		return nil, nil
	}
	c.initialize(object{"trusted": true, "editorEnvironment": true}, m.path("ws"))
	c.seen("news of the history", 0, func(x message) bool { return x.Method == MethodHistoryChanged })
	c.published(gomod, 0, func(p published) bool { return p.has("contract-broken") })
	folder := fileURI(m.path("ws"))
	fix := c.fix(m.path("ws"), "contract-broken", "repair")
	if err := c.try(MethodApply, fix, nil); err == nil || !strings.Contains(err.Error(), "nobody has allowed that here") {
		t.Errorf("applied before it was allowed: %v", err)
	}
	var titles []string
	for _, raw := range c.actions(gomod, span{pos{0, 0}, pos{0, 1}}, "quickfix") {
		titles = append(titles, read(t, raw).Title)
	}
	if !slices.Contains(titles, allowTitle) {
		t.Errorf("no %q in %q", allowTitle, titles)
	}
	c.call("workspace/executeCommand", object{"command": CommandAllow, "arguments": []any{FolderParams{Folder: folder}}}, nil)
	q := question.Load()
	if q == nil || !strings.Contains(*q, "CGO_ENABLED=0 (line 2)") || !strings.Contains(*q, "CC=./evil (line 3, refused: it names a program") {
		t.Fatalf("asked %v", q)
	}
	var plan PlanResult
	if c.call(MethodPlan, fix, &plan); strings.Contains(plan.Note, "nobody has allowed") {
		t.Errorf("the plan still says %q", plan.Note)
	}
	var done ApplyResult
	c.call(MethodApply, fix, &done)
	if !done.Applied {
		t.Errorf("applied after it was allowed: %+v", done)
	}
}
