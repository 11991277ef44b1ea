package lsp

import (
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// TestAcceptAndRollBack goes the way of a person: what is accepted, what drifts,
// back again, and the other way round.
func TestAcceptAndRollBack(t *testing.T) {
	m := newMachine(t)
	goenv := m.write(t, "home/goenv", "# kept\nGOFLAGS=-trimpath\n")
	m.write(t, "ws/go.mod", "module m\n\ngo 1.25.0\n")
	m.write(t, "ws/godrift.toml", "[baseline]\ngrace = \"0s\"\n")
	var question atomic.Pointer[string]
	c := serve(t, m.world)
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if text := string(params); method == "window/showMessageRequest" && strings.Contains(text, `"Apply"`) {
			question.Store(&text)
			return object{"title": "Apply"}, nil
		}
		return nil, nil
	}
	c.initialize(object{"trusted": true}, m.path("ws"))
	folder := []any{FolderParams{Folder: fileURI(m.path("ws"))}}
	run := func(command string, result any) {
		t.Helper()
		c.call("workspace/executeCommand", object{"command": command, "arguments": folder}, result)
	}
	run(CommandAccept, nil)
	c.seen("the word that it is accepted", 0, func(msg message) bool {
		return msg.Method == "window/showMessage" && strings.Contains(string(msg.Params), "Accepted: this state")
	})

	drifted := "# kept\nGOFLAGS=-mod=mod\n"
	m.write(t, "home/goenv", drifted)
	c.call(MethodRefresh, nil, nil)
	p, n := c.published(goenv, 0, func(p published) bool { return p.has("env-drift") })
	if d := p.find("env-drift"); !strings.Contains(d.Message, "accepted was -trimpath") {
		t.Errorf("message %q", d.Message)
	}
	var titles []string
	for _, raw := range c.actions(goenv, span{pos{1, 0}, pos{1, 0}}, "quickfix") {
		titles = append(titles, read(t, raw).Title)
	}
	for _, want := range []string{"Roll back GOFLAGS to -trimpath in " + goenv, acceptTitle} {
		if !slices.Contains(titles, want) {
			t.Errorf("no %q in %q", want, titles)
		}
	}

	var done ApplyResult
	run(CommandRollback, &done)
	if !done.Applied || done.ID == 0 || m.read(t, "home/goenv") != "# kept\nGOFLAGS=-trimpath\n" {
		t.Errorf("rolled back: %+v, %q", done, m.read(t, "home/goenv"))
	}
	if q := question.Load(); q == nil || !strings.Contains(*q, "Roll back GOFLAGS to -trimpath in") {
		t.Errorf("asked %v", q)
	}
	_, n = c.published(goenv, n+1, func(p published) bool { return len(p.Diagnostics) == 0 })
	run(CommandRollback, &done)
	if done.Applied {
		t.Errorf("rolled back twice: %+v", done)
	}

	// The same change again, and this time it is meant.
	m.write(t, "home/goenv", "# kept\nGOFLAGS=-mod=vendor\n")
	c.call(MethodRefresh, nil, nil)
	_, n = c.published(goenv, n+1, func(p published) bool { return p.has("env-drift") })
	run(CommandAccept, nil)
	c.published(goenv, n+1, func(p published) bool { return !p.has("env-drift") })
}
