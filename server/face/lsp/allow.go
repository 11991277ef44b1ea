package lsp

import (
	"context"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// allowTitle is what a finding offers whose fixes only the repository asks for.
const allowTitle = "Look at what godrift.toml asks for, and allow or deny it"

// allow carries out the command godrift.allow.
func (s *server) allow(ctx context.Context, params []byte) error {
	f, report, err := s.whichFolder(ctx, params)
	if err != nil {
		return err
	}
	if !report.Snapshot.Trusted {
		return failed(engine.ErrNoMemory)
	}
	request, err := s.memory.Request(ctx, report)
	if err != nil {
		return failed(err)
	}
	if len(request.Asks) == 0 {
		return failed(engine.ErrNoContract)
	}
	const allow, deny = "Allow", "Deny"
	answer, err := s.client.ShowMessageRequest(ctx, &protocol.ShowMessageRequestParams{
		Type: protocol.MessageTypeInfo, Message: askText(tell.TextsOf(report.Snapshot), request),
		Actions: []protocol.MessageActionItem{{Title: allow}, {Title: deny}, {Title: "Cancel"}},
	})
	if err != nil {
		return fmt.Errorf("ask what is allowed: %w", err)
	}
	if answer == nil || answer.Title != allow && answer.Title != deny {
		return nil
	}
	verdict := drift.VerdictAllow
	if answer.Title == deny {
		verdict = drift.VerdictDeny
	}
	if err := s.memory.Decide(ctx, f.present(), report, request, verdict); err != nil {
		return failed(err)
	}
	f.engine.Recall(ctx)
	f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "what the repository asks for was decided"})
	return nil
}

// askText is what a person is asked about a contract.
func askText(texts tell.Texts, r engine.Request) string {
	var b strings.Builder
	b.WriteString("godrift.toml of this repository asks for:")
	for _, a := range r.Asks {
		fmt.Fprintf(&b, "\n- %s (line %d", tell.OneLine(drift.MaskText(a.Text)), texts.Range(a.Place).Line)
		switch {
		case a.Why != "":
			b.WriteString(", " + a.Way + ": " + a.Why)
		case !a.Broken:
			b.WriteString(", it is so")
		}
		b.WriteString(")")
	}
	b.WriteString("\nIf you allow it, fixes for it are carried out when you apply them, until the file changes.")
	if r.Verdict != "" {
		b.WriteString(" You decided before: " + string(r.Verdict) + ".")
	}
	return b.String()
}
