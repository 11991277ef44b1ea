package lsp

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// about is what the requests about one document work on: the folder that
// speaks for it, the report that accounts for all edits, its text.
type about struct {
	file   string
	report *drift.Report
	m      *mapper
}

// about looks a document up; nil if no report holds it.
func (s *server) about(ctx context.Context, id protocol.TextDocumentIdentifier) (*about, error) {
	file, err := fileOf(id.URI)
	if err != nil {
		return nil, nil //nolint:nilerr // a document of another kind has nothing to show
	}
	spoken, err := s.reports(ctx, file)
	for _, sp := range spoken {
		t := s.texts(sp.report)
		if m := t.of(file); m != nil {
			return &about{file: file, report: sp.report, m: m}, nil
		}
	}
	return nil, err
}

// selection is what a go command runs in the folder of the document.
func (a *about) selection() drift.Selection {
	if m, ok := a.report.Snapshot.Module(filepath.Dir(a.file)); ok {
		return m.Selection
	}
	return a.report.Snapshot.Selection
}

// pins are the document's pins.
func (a *about) pins() []drift.Pin {
	var out []drift.Pin
	for _, p := range a.report.Snapshot.Pins {
		if p.Place.File == a.file {
			out = append(out, p)
		}
	}
	return out
}

// Hover implements protocol.Server.
func (s *server) Hover(ctx context.Context, params *protocol.HoverParams) (*protocol.Hover, error) {
	a, err := s.about(ctx, params.TextDocument)
	if a == nil {
		return nil, err
	}
	at := a.m.offset(params.Position)
	for _, pin := range a.pins() {
		if span := pin.Place.Span; at < span.Start || at > span.End {
			continue
		}
		return s.hover(a, pin.Place.Span, hoverText(a, pin)), nil
	}
	if span, ok := a.cgoLine(at); ok {
		return s.hover(a, span, cgoText(a)), nil
	}
	return nil, nil
}

// hover shows a text at a place, in the form that the client takes.
func (s *server) hover(a *about, span drift.Span, text string) *protocol.Hover {
	s.mu.Lock()
	markdown := s.can.markdown
	s.mu.Unlock()
	content := &protocol.MarkupContent{Kind: protocol.MarkupKindMarkdown, Value: text}
	if !markdown {
		content = &protocol.MarkupContent{Kind: protocol.MarkupKindPlainText, Value: strings.NewReplacer("**", "", "`", "").Replace(text)}
	}
	return &protocol.Hover{Contents: content, Range: ptr(a.m.exact(span))}
}

func hoverText(a *about, pin drift.Pin) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s** %s (%s)\n\n", pin.Source, quoted(drift.Clip(pin.Raw)), purpose(pin.Role))
	b.WriteString(meaning(pin))
	if now := today(pin); now != "" {
		fmt.Fprintf(&b, " That is %s today.", strings.TrimPrefix(now, "go"))
	}
	b.WriteString("\n\n")
	if pin.Version != "" {
		if text := support(pin.Version); text != "" {
			b.WriteString(text + "\n\n")
		}
	}
	if p := a.report.Pinned; p.Version != "" && p.Pin.Place == pin.Place {
		b.WriteString("This is the Go that is agreed upon here: " + plain(p.Reason) + "\n\n")
	}
	taken, raised := engine.Taking(a.report.Snapshot, pin)
	if len(taken) > 0 {
		fmt.Fprintf(&b, "**Taken by:** %s\n\n", strings.Join(taken, "; "))
	}
	if len(raised) > 0 {
		fmt.Fprintf(&b, "**Can be raised by:** %s\n\n", strings.Join(raised, "; "))
	}
	sel := a.selection()
	verb, what := runs(sel)
	fmt.Fprintf(&b, "**%s here:** %s\n\n", strings.ToUpper(verb[:1])+verb[1:], plain(what))
	for i, step := range sel.Steps {
		fmt.Fprintf(&b, "%d. %s\n", i+1, plain(drift.MaskText(step.Text)))
	}
	for _, f := range drift.Spread(a.report.Findings) {
		if f.Place.File == a.file && touches(f.Place.Span, pin.Place.Span) && f.Place.Span != (drift.Span{}) {
			fmt.Fprintf(&b, "\n**%s:** %s (%s)\n", f.Severity, plain(drift.MaskText(f.Message)), f.Code)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// quoted shows text from a file as code.
func quoted(text string) string { return "`" + strings.ReplaceAll(text, "`", "'") + "`" }

// plain keeps text from being read as Markdown.
func plain(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "<", `\<`, "\n", " ").Replace(text)
}
