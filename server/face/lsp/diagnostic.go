package lsp

import (
	"bytes"
	"path/filepath"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
)

// diagnosed are the diagnostics of one file.
type diagnosed struct {
	items []protocol.Diagnostic
	// open and version are those of the text that was judged.
	open    bool
	version int32
}

// key is what decides whether a client needs to be told: the same key means
// the same squiggles. In an open document the version counts too, because the
// client moves and drops squiggles by itself while a person types.
func (d diagnosed) key() string {
	if len(d.items) == 0 {
		return ""
	}
	var key []byte
	if d.open {
		key = append(key, byte(d.version), byte(d.version>>8), byte(d.version>>16), byte(d.version>>24))
	}
	for i := range d.items {
		raw, err := protocol.Marshal(&d.items[i])
		if err != nil {
			raw = []byte(err.Error())
		}
		key = append(key, raw...)
	}
	return string(key)
}

// diagnose converts the findings of a report, by file. A finding that is in no
// file has no place in an editor's text; the status tells of it.
func (s *server) diagnose(f *folder, report *drift.Report) map[string]diagnosed {
	t := s.texts(report)
	s.mu.Lock()
	can, rulesDir, may := s.can, s.options.RulesDir, s.may()
	s.mu.Unlock()
	out := map[string]diagnosed{}
	for _, finding := range drift.Spread(report.Findings) {
		file := finding.Place.File
		if file == "" {
			continue
		}
		d, ok := out[file]
		if !ok {
			if doc, has := report.Snapshot.Documents[file]; has && doc.Open {
				d.open, d.version = true, doc.Version
			}
		}
		d.items = append(d.items, s.diagnostic(f, finding, t, can, rulesDir, may))
		out[file] = d
	}
	return out
}

// mostRelated is how many related places an editor is told of with one finding.
const mostRelated = 50

func (s *server) diagnostic(f *folder, finding drift.Finding, t *texts, can abilities, rulesDir string, may offer) protocol.Diagnostic {
	d := protocol.Diagnostic{
		Range:    t.rangeOf(finding.Place),
		Severity: severityOf(finding.Severity),
		Code:     protocol.String(finding.Code),
		Source:   protocol.NewOptional("godrift"),
		Message:  protocol.String(drift.MaskText(finding.Message)),
	}
	if rulesDir != "" && can.codeDescription {
		d.CodeDescription = protocol.CodeDescription{Href: uriOf(filepath.Join(rulesDir, finding.Code+".md"))}
	}
	if finding.Unnecessary && can.tags {
		d.Tags = protocol.NewDiagnosticTags(protocol.DiagnosticTagUnnecessary)
	}
	if can.related {
		for _, r := range finding.Related {
			if len(d.RelatedInformation) == mostRelated {
				break
			}
			if r.Place.File == "" {
				continue
			}
			d.RelatedInformation = append(d.RelatedInformation, protocol.DiagnosticRelatedInformation{
				Location: protocol.Location{URI: s.spelled(r.Place.File), Range: t.rangeOf(r.Place)},
				Message:  drift.MaskText(r.Message),
			})
		}
	}
	if can.diagnosticData {
		data := DiagnosticData{Folder: string(f.uri), Fixes: []string{}}
		for _, fix := range finding.Fixes {
			if may.make(fix) {
				data.Fixes = append(data.Fixes, fix.ID)
			}
		}
		d.Data = mustEncode(data)
	}
	return d
}

func severityOf(s drift.Severity) protocol.DiagnosticSeverity {
	switch s {
	case drift.SeverityError:
		return protocol.DiagnosticSeverityError
	case drift.SeverityWarning:
		return protocol.DiagnosticSeverityWarning
	case drift.SeverityHint:
		return protocol.DiagnosticSeverityHint
	}
	return protocol.DiagnosticSeverityInformation
}

// speakers are the folders whose findings in a file are shown: its owner, or
// every folder for a file outside of all of them.
func (s *server) speakers(file string) []*folder {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.owner(file); f != nil {
		return []*folder{f}
	}
	return append([]*folder(nil), s.folders...)
}

// join puts together what several folders say about one file, each thing once.
func join(parts []diagnosed) diagnosed {
	if len(parts) == 1 {
		return parts[0]
	}
	var out diagnosed
	seen := map[string]bool{}
	for _, p := range parts {
		if p.open {
			out.open, out.version = true, max(out.version, p.version)
		}
		for _, item := range p.items {
			plain := item
			plain.Data = nil // names the folder
			raw, err := protocol.Marshal(&plain)
			if err != nil || seen[string(raw)] {
				continue
			}
			seen[string(bytes.Clone(raw))] = true
			out.items = append(out.items, item)
		}
	}
	return out
}
