package lsp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"godrift.dev/server/drift"
)

// edit turns a fix that is made of edits into a workspace edit. It refuses
// when a text is not the one the fix was made for.
func (s *server) edit(t *texts, fix drift.Fix) (*protocol.WorkspaceEdit, error) {
	s.mu.Lock()
	documentChanges := s.can.documentChanges
	s.mu.Unlock()
	out := &protocol.WorkspaceEdit{}
	for _, a := range fix.Actions {
		name := s.spelled(a.File)
		if a.Create {
			if s.exists(a.File) {
				return nil, fmt.Errorf("%w: %s exists by now", errChanged, a.File)
			}
			text := ""
			for _, e := range a.Edits {
				text += e.New
			}
			out.DocumentChanges = append(out.DocumentChanges,
				&protocol.CreateFile{
					ResourceOperation: protocol.ResourceOperation{Kind: "create"}, Kind: "create", URI: name,
					Options: &protocol.CreateFileOptions{IgnoreIfExists: ptr(true)},
				},
				textEdits(name, nil, []protocol.TextEdit{{NewText: text}}))
			continue
		}
		version, err := s.unchanged(t, a)
		if err != nil {
			return nil, err
		}
		m := t.of(a.File)
		edits := make([]protocol.TextEdit, 0, len(a.Edits))
		for _, e := range a.Edits {
			edits = append(edits, protocol.TextEdit{Range: m.exact(e.Span), NewText: e.New})
		}
		if documentChanges {
			out.DocumentChanges = append(out.DocumentChanges, textEdits(name, version, edits))
			continue
		}
		if out.Changes == nil {
			out.Changes = map[uri.URI][]protocol.TextEdit{}
		}
		out.Changes[name] = append(out.Changes[name], edits...)
	}
	return out, nil
}

func textEdits(name uri.URI, version *int32, edits []protocol.TextEdit) *protocol.TextDocumentEdit {
	out := &protocol.TextDocumentEdit{
		TextDocument: protocol.OptionalVersionedTextDocumentIdentifier{
			TextDocumentIdentifier: protocol.TextDocumentIdentifier{URI: name}, Version: version,
		},
	}
	for i := range edits {
		out.Edits = append(out.Edits, &edits[i])
	}
	return out
}

// unchanged checks that the text of an edit is the one it was made for, and
// returns the version of an open document, nil for a file on disk.
func (s *server) unchanged(t *texts, a drift.Action) (*int32, error) {
	if t.of(a.File) == nil {
		return nil, fmt.Errorf("%w: the text of %s is not known any more", errChanged, a.File)
	}
	s.mu.Lock()
	open := s.docs[a.File]
	s.mu.Unlock()
	if open != nil {
		if hashOf(open.text) != a.Hash {
			return nil, fmt.Errorf("%w: %s was edited", errChanged, a.File)
		}
		return ptr(open.version), nil
	}
	text, err := s.opts.World.Files.ReadFile(a.File)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errChanged, err)
	}
	if hashOf(text) != a.Hash {
		return nil, fmt.Errorf("%w: %s was changed on disk", errChanged, a.File)
	}
	return nil, nil
}

// hashOf is the hash that drift.Document and drift.Action use.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
