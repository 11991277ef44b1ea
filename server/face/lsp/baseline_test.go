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

// TestPinsGoBack checks that a pin offers what was accepted, and that the command
// brings a state of the history back with its pins.
func TestPinsGoBack(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	docker := m.write(t, "ws/Dockerfile", "FROM golang:1.24.2-alpine\n")
	c := serve(t, m.world)
	var question atomic.Pointer[string]
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if text := string(params); method == "window/showMessageRequest" && strings.Contains(text, `"Apply"`) {
			question.Store(&text)
			return object{"title": "Apply"}, nil
		}
		return nil, nil
	}
	c.initialize(object{"trusted": true}, m.path("ws"))
	c.seen("news of the history", 0, func(x message) bool { return x.Method == MethodHistoryChanged })
	from := c.count()
	c.open(docker, "FROM golang:1.24.2-alpine\n")
	m.write(t, "ws/Dockerfile", "FROM golang:1.25.3-alpine\n")
	c.edit(docker, 2, "FROM golang:1.25.3-alpine\n")
	c.notify("textDocument/didSave", object{"textDocument": object{"uri": fileURI(docker)}})
	c.seen("news of the change", from, func(x message) bool { return x.Method == MethodHistoryChanged })
	got := c.actions(docker, span{pos{0, 14}, pos{0, 14}}, "refactor.rewrite.godrift.restore")
	if len(got) != 1 {
		t.Fatalf("actions %s", got)
	}
	if a := read(t, got[0]); a.Title != "Restore 1.24.2, as it was when this state was accepted" || a.Edit == nil || !slices.Equal(a.Edit.DocumentChanges[0].Edits, []textEdit{{span{pos{0, 12}, pos{0, 18}}, "1.24.2"}}) {
		t.Errorf("action %s", got[0])
	}
	var done ApplyResult
	c.call("workspace/executeCommand", object{"command": CommandRollback, "arguments": []any{RollbackParams{Snapshot: "baseline"}}}, &done)
	if !done.Applied || m.read(t, "ws/Dockerfile") != "FROM golang:1.24.2-alpine\n" {
		t.Errorf("rolled back: %+v, %q", done, m.read(t, "ws/Dockerfile"))
	}
	if q := question.Load(); q == nil || !strings.Contains(*q, "Restore 1.24.2 in Dockerfile, where 1.25.3 stands now") {
		t.Errorf("asked %v", q)
	}
}
