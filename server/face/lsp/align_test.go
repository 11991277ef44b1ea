package lsp

import (
	"slices"
	"strings"
	"testing"
)

// TestAlignAction checks that one action aligns all files, unsaved text
// included, and that it is only offered where pins differ.
func TestAlignAction(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	docker := m.write(t, "ws/Dockerfile", "FROM golang:1.24.1-alpine\n")
	own := m.write(t, "ws/.go-version", "1.24.2\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	c.open(docker, "# unsaved\nFROM golang:1.24.1-alpine\n")
	got := c.actions(docker, span{pos{1, 14}, pos{1, 14}}, "refactor.rewrite.godrift.align")
	if len(got) != 1 {
		t.Fatalf("actions %s", got)
	}
	a := read(t, got[0])
	if a.Title != "Align all ship pins to go1.24.2" || a.Kind != "refactor.rewrite.godrift.align" || a.Edit == nil || len(a.Edit.DocumentChanges) != 1 {
		t.Fatalf("action %s", got[0])
	}
	if e := a.Edit.DocumentChanges[0].Edits; !slices.Equal(e, []textEdit{{span{pos{1, 12}, pos{1, 18}}, "1.24.2"}}) {
		t.Errorf("edits %+v", e)
	}
	if got := c.actions(docker, span{pos{0, 1}, pos{0, 1}}, "refactor"); len(got) != 0 {
		t.Errorf("offered beside the pin: %s", got)
	}
	c.edit(docker, 2, "FROM golang:1.24.2-alpine\n")
	if got := c.actions(own, span{pos{0, 1}, pos{0, 1}}, "refactor.rewrite.godrift.align"); len(got) != 0 {
		t.Errorf("offered though all agree: %s", got)
	}
}

// TestMoveAction checks what one pin can be raised and lowered to: nothing below
// the go line, nothing twice, each spelled the way the pin is, and without a
// finding.
func TestMoveAction(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	m.write(t, "ws/.go-version", "1.24.2\n")
	docker := m.write(t, "ws/Dockerfile", "FROM golang:1.24.2-alpine # 世界\nFROM golang:alpine\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	var titles []string
	for _, raw := range c.actions(docker, span{pos{0, 14}, pos{0, 14}}, "refactor.rewrite.godrift.move") {
		a := read(t, raw)
		if a.Edit == nil || len(a.Edit.DocumentChanges) != 1 || len(a.Edit.DocumentChanges[0].Edits) != 1 || a.Edit.DocumentChanges[0].Edits[0].Range != (span{pos{0, 12}, pos{0, 18}}) {
			t.Errorf("action %s", raw)
		}
		titles = append(titles, a.Title)
	}
	want := []string{
		"Raise to 1.26.8, the Go that runs here", "Lower to 1.24.0, what the go line asks for",
		"Raise to 1.24.13, the newest patch that is known",
	}
	if len(titles) != 4 || !slices.Equal(titles[:3], want) || !strings.HasSuffix(titles[3], ", the newest release that is known") {
		t.Errorf("titles %q, want %q and the newest release", titles, want)
	}
	if got := c.actions(docker, span{pos{1, 14}, pos{1, 14}}, "refactor.rewrite.godrift.move"); len(got) != 0 {
		t.Errorf("a pin that floats is moved: %s", got)
	}
}

// TestReferAction checks that a pin of setup-go can be made to follow go.mod.
func TestReferAction(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	file := m.write(t, "ws/.github/workflows/w.yml", "jobs:\n  b:\n    steps:\n      - uses: actions/setup-go@v5\n        with:\n          go-version: '1.24'\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	got := c.actions(file, span{pos{5, 24}, pos{5, 24}}, "refactor.rewrite.godrift.refer")
	if len(got) != 1 {
		t.Fatalf("actions %s", got)
	}
	want := []textEdit{{span{pos{5, 10}, pos{5, 20}}, "go-version-file"}, {span{pos{5, 23}, pos{5, 27}}, "go.mod"}}
	if a := read(t, got[0]); a.Title != "Take the version from go.mod, which says 1.24.0" || a.Edit == nil || !slices.Equal(a.Edit.DocumentChanges[0].Edits, want) {
		t.Errorf("action %s", got[0])
	}
}
