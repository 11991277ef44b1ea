package lsp

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// cgoVariables are those whose lines in the GOENV file tell the picture.
var cgoVariables = []string{"GOROOT", "GOOS", "GOARCH", "CGO_ENABLED", "CC"}

// cgoLine is the line at an offset if it is one that tells what forces what: the
// module line of a go.mod, or one of these variables in the GOENV file.
func (a *about) cgoLine(at int) (drift.Span, bool) {
	text := a.report.Snapshot.Documents[a.file].Text
	at = min(max(at, 0), len(text))
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := bytes.Cut(text[start:], []byte("\n"))
	span := drift.Span{Start: start, End: start + len(bytes.TrimRight(line, "\r"))}
	if filepath.Base(a.file) == "go.mod" {
		words := strings.Fields(string(line))
		return span, len(words) > 1 && words[0] == "module"
	}
	name, _, ok := strings.Cut(string(line), "=")
	return span, ok && a.file == a.report.Snapshot.Environment.GOENV && slices.Contains(cgoVariables, name)
}

// cgoText tells which variable forces which, and whether C code can be built.
func cgoText(a *about) string {
	snap := a.report.Snapshot
	var b strings.Builder
	b.WriteString("**What is built here, and why**\n\n")
	for _, step := range engine.CgoPicture(snap) {
		fmt.Fprintf(&b, "- %s: %s\n", quoted(step.Name+"="+drift.Mask(step.Name, drift.Clip(step.Value))), plain(step.Text))
	}
	state := snap.Cgo
	switch {
	case state == nil:
		b.WriteString("Nothing is known yet.\n")
	case state.Target.Verdict == drift.CgoWorks:
		b.WriteString("\nC code can be built: it was tried.\n")
	case state.Target.Problem != nil && state.Target.On():
		b.WriteString("\nC code cannot be built. " + plain(state.Target.Problem.Message) + "\n")
	}
	b.WriteString("\ngodrift: Show C Code by Target shows all targets.\n")
	return b.String()
}
