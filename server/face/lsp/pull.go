package lsp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"go.lsp.dev/protocol"
)

// resultID names a list of diagnostics.
func resultID(d diagnosed) string {
	d.open = false // the text's version is no part of the answer
	sum := sha256.Sum256([]byte(d.key()))
	return hex.EncodeToString(sum[:8])
}

// Diagnostic implements protocol.Server: the diagnostics of one document, for
// clients that ask.
func (s *server) Diagnostic(ctx context.Context, params *protocol.DocumentDiagnosticParams) (protocol.DocumentDiagnosticReport, error) {
	file, err := fileOf(params.TextDocument.URI)
	if err != nil { // a document of another kind has no findings
		return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: full(diagnosed{})}, nil //nolint:nilerr // see above
	}
	spoken, err := s.reports(ctx, file)
	if err != nil {
		return nil, err
	}
	var parts []diagnosed
	for _, sp := range spoken {
		if d, ok := s.diagnose(sp.folder, sp.report)[file]; ok {
			parts = append(parts, d)
		}
	}
	d := join(parts)
	if id := resultID(d); deref(params.PreviousResultID) == id {
		return &protocol.RelatedUnchangedDocumentDiagnosticReport{UnchangedDocumentDiagnosticReport: unchanged(id)}, nil
	}
	return &protocol.RelatedFullDocumentDiagnosticReport{FullDocumentDiagnosticReport: full(d)}, nil
}

func full(d diagnosed) protocol.FullDocumentDiagnosticReport {
	items := d.items
	if items == nil {
		items = []protocol.Diagnostic{}
	}
	return protocol.FullDocumentDiagnosticReport{
		Kind: string(protocol.DocumentDiagnosticReportKindFull), ResultID: ptr(resultID(d)), Items: items,
	}
}

func unchanged(id string) protocol.UnchangedDocumentDiagnosticReport {
	return protocol.UnchangedDocumentDiagnosticReport{
		Kind: string(protocol.DocumentDiagnosticReportKindUnchanged), ResultID: id,
	}
}

// DiagnosticWorkspace implements protocol.Server: the diagnostics of all files
// that have some, and of those that had some when the client last asked.
func (s *server) DiagnosticWorkspace(ctx context.Context, params *protocol.WorkspaceDiagnosticParams) (*protocol.WorkspaceDiagnosticReport, error) {
	s.mu.Lock()
	folders := slices.Clone(s.folders)
	s.mu.Unlock()
	found := map[*folder]map[string]diagnosed{}
	files := map[string]bool{}
	for _, f := range folders {
		report, err := s.settled(ctx, f)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			continue // its status says so
		}
		found[f] = s.diagnose(f, report)
		for file := range found[f] {
			files[file] = true
		}
	}
	had := map[string]string{}
	for _, p := range params.PreviousResultIds {
		if file, err := fileOf(p.URI); err == nil {
			had[file], files[file] = p.Value, true
		}
	}
	out := &protocol.WorkspaceDiagnosticReport{Items: []protocol.WorkspaceDocumentDiagnosticReport{}}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		var parts []diagnosed
		for _, f := range s.speakers(file) {
			if d, ok := found[f][file]; ok {
				parts = append(parts, d)
			}
		}
		d := join(parts)
		version := s.version(file)
		if id := resultID(d); had[file] == id {
			out.Items = append(out.Items, &protocol.WorkspaceUnchangedDocumentDiagnosticReport{
				UnchangedDocumentDiagnosticReport: unchanged(id), URI: s.spelled(file), Version: version,
			})
			continue
		}
		out.Items = append(out.Items, &protocol.WorkspaceFullDocumentDiagnosticReport{
			FullDocumentDiagnosticReport: full(d), URI: s.spelled(file), Version: version,
		})
	}
	return out, nil
}

// version is the client's number for an open document, nil for a file that is
// not open.
func (s *server) version(file string) *int32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.docs[file]; ok {
		return ptr(d.version)
	}
	return nil
}
