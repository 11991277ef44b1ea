package lsp

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift/releases"
)

func TestHover(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "// 🐹\nmodule m // `x`\n\ngo 1.24.0\n\ntoolchain 1.25.3\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	type hover struct {
		Contents struct {
			Kind  string `json:"kind"`
			Value string `json:"value"`
		} `json:"contents"`
		Range span `json:"range"`
	}
	at := func(c *client, line, character int) *hover {
		var h *hover
		c.call("textDocument/hover", object{"textDocument": doc(file), "position": pos{line, character}}, &h)
		return h
	}
	h := at(c, 3, 4)
	if h == nil || h.Contents.Kind != "markdown" || h.Range != (span{pos{3, 3}, pos{3, 9}}) {
		t.Fatalf("hover %+v", h)
	}
	for _, want := range []string{"go.mod:go", "`1.24.0`", "floor", "1.24.0 or newer", "list of " + releases.Date(), "go" + m.goes, "1. the go on PATH", "**Taken by:** golangci-lint", "**Can be raised by:** Renovate"} {
		if !strings.Contains(h.Contents.Value, want) {
			t.Errorf("the hover does not say %q:\n%s", want, h.Contents.Value)
		}
	}
	if h = at(c, 5, 12); h == nil || !strings.Contains(h.Contents.Value, "pin-invalid") {
		t.Errorf("the hover does not tell the finding: %+v", h)
	}
	if h = at(c, 0, 3); h != nil {
		t.Errorf("a hover where no pin is: %+v", h)
	}
	// The line of the module tells what is built here, once that is known.
	c.call(MethodReport, FolderParams{}, nil)
	if h = at(c, 1, 3); h == nil || !strings.Contains(h.Contents.Value, "`GOARCH=") || !strings.Contains(h.Contents.Value, "`CGO_ENABLED=") {
		t.Errorf("the hover of the module says %+v", h)
	}
	old := serve(t, m.world)
	old.initializeAs(object{}, nil, m.path("ws"))
	if h = at(old, 3, 4); h == nil || h.Contents.Kind != "plaintext" || strings.ContainsAny(h.Contents.Value, "*`") {
		t.Errorf("a client without Markdown gets %+v", h)
	}
}

type lens struct {
	Range   span `json:"range"`
	Command struct {
		Title     string      `json:"title"`
		Command   string      `json:"command"`
		Arguments []WhyParams `json:"arguments"`
	} `json:"command"`
}

func TestLensesAndHints(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n\ntoolchain go1.25.3\n")
	pin := m.write(t, "ws/.go-version", "1.24\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	var lenses []lens
	c.call("textDocument/codeLens", object{"textDocument": doc(file)}, &lenses)
	if len(lenses) != 2 || lenses[0].Range.Start.Line != 2 || lenses[1].Range.Start.Line != 4 {
		t.Fatalf("lenses %+v", lenses)
	}
	if l := lenses[0].Command; l.Title != "runs: go"+m.goes+", from PATH" || l.Command != CommandExplain || l.Arguments[0].URI != fileURI(m.path("ws")) {
		t.Errorf("lens %+v", l)
	}
	type hint struct {
		Position pos    `json:"position"`
		Label    string `json:"label"`
		Tooltip  string `json:"tooltip"`
	}
	hints := func() (out []hint) {
		c.call("textDocument/inlayHint", object{"textDocument": doc(pin), "range": span{pos{0, 0}, pos{9, 0}}}, &out)
		return out
	}
	want := "= " + strings.TrimPrefix(releases.NewestPatch("1.24"), "go")
	if got := hints(); len(got) != 1 || got[0].Label != want || got[0].Position != (pos{0, 4}) || !strings.Contains(got[0].Tooltip, releases.Date()) {
		t.Errorf("hints %+v, want %q", got, want)
	}
	// Settings switch them off while the session runs, and the editor asks again.
	c.notify("workspace/didChangeConfiguration", object{"settings": object{"godrift": object{"codeLens": false, "inlayHints": false}}})
	c.seen("a hint to ask for lenses again", 0, func(msg message) bool { return msg.Method == "workspace/codeLens/refresh" })
	c.seen("a hint to ask for hints again", 0, func(msg message) bool { return msg.Method == "workspace/inlayHint/refresh" })
	c.call("textDocument/codeLens", object{"textDocument": doc(file)}, &lenses)
	if len(lenses) != 0 || len(hints()) != 0 {
		t.Errorf("switched off, but %+v, %+v", lenses, hints())
	}
}

// A client that says only that something changed is asked for its settings.
func TestSettingsAreFetched(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	c := serve(t, m.world)
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if method == "workspace/configuration" && strings.Contains(string(params), `"godrift"`) {
			return []object{{"codeLens": false}}, nil
		}
		return nil, nil
	}
	c.initialize(nil, m.path("ws"))
	c.notify("workspace/didChangeConfiguration", object{"settings": nil})
	c.seen("a hint to ask for lenses again", 0, func(msg message) bool { return msg.Method == "workspace/codeLens/refresh" })
	var lenses []lens
	c.call("textDocument/codeLens", object{"textDocument": doc(file)}, &lenses)
	if len(lenses) != 0 {
		t.Errorf("lenses %+v", lenses)
	}
}

func TestCompletion(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	newest := strings.TrimPrefix(releases.Newest(), "go")
	c.open(file, "module m // 🐹\n\ngo \n\ntoolchain 1.2\n")
	type item struct {
		Label      string   `json:"label"`
		Detail     string   `json:"detail"`
		SortText   string   `json:"sortText"`
		FilterText string   `json:"filterText"`
		TextEdit   textEdit `json:"textEdit"`
	}
	complete := func(line, character int) []item {
		var list struct {
			Items []item `json:"items"`
		}
		c.call("textDocument/completion", object{"textDocument": doc(file), "position": pos{line, character}}, &list)
		return list.Items
	}
	got := complete(2, 3)
	if len(got) < 50 || got[0].Label != newest || got[0].TextEdit != (textEdit{span{pos{2, 3}, pos{2, 3}}, newest}) || !strings.Contains(got[0].Detail, "supported") {
		t.Fatalf("behind go: %d items, first %+v; want %s", len(got), got[:min(1, len(got))], newest)
	}
	if !slices.IsSortedFunc(got, func(a, b item) int { return strings.Compare(a.SortText, b.SortText) }) {
		t.Error("not in order")
	}
	for _, i := range got {
		if strings.Contains(i.Label, "rc") || strings.Contains(i.Label, "beta") {
			t.Errorf("a release candidate that nobody asked for: %s", i.Label)
		}
	}
	got = complete(4, 13)
	if len(got) == 0 || got[0].Label != "go"+newest || got[0].FilterText != newest || got[0].TextEdit != (textEdit{span{pos{4, 10}, pos{4, 13}}, "go" + newest}) {
		t.Errorf("behind toolchain: %+v", got[:min(1, len(got))])
	}
	if got = complete(0, 3); len(got) != 0 {
		t.Errorf("in the module line: %+v", got[0])
	}
}

func TestDocumentLinks(t *testing.T) {
	m := newMachine(t)
	work := m.write(t, "ws/go.work", "go 1.24.3\n\nuse (\n\t./a\n\t./missing\n)\n")
	mod := m.write(t, "ws/a/go.mod", "module a\n\ngo 1.24\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	type link struct {
		Range  span   `json:"range"`
		Target string `json:"target"`
	}
	links := func(file string) (out []link) {
		c.call("textDocument/documentLink", object{"textDocument": doc(file)}, &out)
		return out
	}
	want := []link{
		{span{pos{3, 1}, pos{3, 4}}, fileURI(mod)},
		{span{pos{0, 3}, pos{0, 9}}, "https://go.dev/doc/devel/release#go1.24.3"},
	}
	if got := links(work); !slices.Equal(got, want) {
		t.Errorf("links of go.work %+v, want %+v", got, want)
	}
	if got := links(mod); !slices.Equal(got, []link{{span{pos{2, 3}, pos{2, 7}}, "https://go.dev/doc/go1.24"}}) {
		t.Errorf("links of go.mod %+v", got)
	}
}
