package lsp

import (
	"slices"

	"go.lsp.dev/protocol"
)

// abilities are what the client said it can do, asked once.
type abilities struct {
	encoding          encoding
	pullDiagnostics   bool
	diagnosticRefresh bool
	tags, related     bool
	codeDescription   bool
	diagnosticData    bool
	lazyEdits         bool // codeAction/resolve can bring the edit
	actionLiterals    bool
	documentChanges   bool
	createFiles       bool
	workDoneProgress  bool
	configuration     bool
	lensRefresh       bool
	hintRefresh       bool
	markdown          bool
	applyEdit         bool
}

func abilitiesOf(c *protocol.ClientCapabilities) abilities {
	var can abilities
	if g := c.General; g != nil && slices.Contains(g.PositionEncodings, protocol.PositionEncodingKindUTF8) {
		can.encoding = utf8bytes
	}
	if t := c.TextDocument; t != nil {
		can.pullDiagnostics = t.Diagnostic != nil
		var d protocol.DiagnosticsCapabilities
		switch {
		case t.Diagnostic != nil:
			d = t.Diagnostic.DiagnosticsCapabilities
		case t.PublishDiagnostics != nil:
			d = t.PublishDiagnostics.DiagnosticsCapabilities
		}
		can.tags = slices.Contains(d.TagSupport.ValueSet, protocol.DiagnosticTagUnnecessary)
		can.related = deref(d.RelatedInformation)
		can.codeDescription = deref(d.CodeDescriptionSupport)
		can.diagnosticData = deref(d.DataSupport)
		if a := t.CodeAction; a != nil {
			can.lazyEdits = slices.Contains(a.ResolveSupport.Properties, "edit") && deref(a.DataSupport)
			can.actionLiterals = len(a.CodeActionLiteralSupport.CodeActionKind.ValueSet) > 0
		}
		if h := t.Hover; h != nil {
			can.markdown = slices.Contains(h.ContentFormat, protocol.MarkupKindMarkdown)
		}
	}
	if w := c.Workspace; w != nil {
		can.configuration = deref(w.Configuration)
		can.applyEdit = deref(w.ApplyEdit)
		can.diagnosticRefresh = w.Diagnostics != nil && deref(w.Diagnostics.RefreshSupport)
		can.lensRefresh = w.CodeLens != nil && deref(w.CodeLens.RefreshSupport)
		can.hintRefresh = w.InlayHint != nil && deref(w.InlayHint.RefreshSupport)
		if e := w.WorkspaceEdit; e != nil {
			can.documentChanges = deref(e.DocumentChanges)
			can.createFiles = can.documentChanges &&
				slices.Contains(e.ResourceOperations, protocol.ResourceOperationKindCreate)
		}
	}
	can.workDoneProgress = c.Window != nil && deref(c.Window.WorkDoneProgress)
	return can
}
