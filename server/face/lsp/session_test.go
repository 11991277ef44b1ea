package lsp

import (
	"encoding/json"
	"testing"
)

func TestFirstDiagnosticAndFix(t *testing.T) {
	m := newMachine(t, "go1.25.3")
	file := m.write(t, "ws/go.mod", "module example.com/m\n\ngo 1.24.0\n\ntoolchain 1.25.3\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	p, _ := c.published(file, 0, func(p published) bool { return p.has("pin-invalid") })
	d := p.find("pin-invalid")
	t.Logf("%+v", d)
	var actions []struct {
		Title string          `json:"title"`
		Data  json.RawMessage `json:"data"`
	}
	c.call("textDocument/codeAction", object{"textDocument": doc(file), "range": d.Range, "context": object{"diagnostics": []any{}}}, &actions)
	t.Logf("%+v", actions)
	t.Log(c.heard())
}
