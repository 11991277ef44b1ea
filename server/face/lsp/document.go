package lsp

import (
	"bytes"
	"context"
	"fmt"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"godrift.dev/server/drift"
)

// document is a file that is open in the editor. It is replaced, never
// changed: engines hold its text.
type document struct {
	file    string
	uri     uri.URI // as the client spells it
	version int32
	text    []byte // as the client has it, a byte order mark included
}

var byteOrderMark = []byte("\ufeff")

// event hands the document to an engine.
func (d *document) event(cause string) drift.Event {
	text, mark := bytes.CutPrefix(d.text, byteOrderMark)
	return drift.Event{
		Kind:  drift.EventEdited,
		Cause: cause,
		Buffer: drift.Document{
			File: d.file, Text: text, BOM: mark, Hash: hashOf(d.text),
			Open: true, Version: d.version,
		},
	}
}

// apply returns the text after the changes, each of which is about the text
// that the one before it left.
func apply(text []byte, changes []protocol.TextDocumentContentChangeEvent, enc encoding) ([]byte, error) {
	for _, change := range changes {
		switch c := change.(type) {
		case *protocol.TextDocumentContentChangeWholeDocument:
			text = []byte(c.Text)
		case *protocol.TextDocumentContentChangePartial:
			// The client counts the mark as a character of its own here.
			span := newMapper(text, enc, false).span(c.Range)
			next := make([]byte, 0, len(text)-(span.End-span.Start)+len(c.Text))
			next = append(next, text[:span.Start]...)
			next = append(next, c.Text...)
			text = append(next, text[span.End:]...)
		default:
			return nil, fmt.Errorf("%w: a change of a kind that is not known", errParams)
		}
		if len(text) > maxMessage {
			return nil, fmt.Errorf("%w: the text is larger than %d bytes", errParams, maxMessage)
		}
	}
	return text, nil
}

// didOpen takes textDocument/didOpen. The library would respell the URI; a
// client that compares URIs as strings must get back the one it sent.
func (s *server) didOpen(params []byte) error {
	p, err := decode[struct {
		TextDocument struct {
			URI     string `json:"uri"`
			Version int32  `json:"version"`
			Text    string `json:"text"`
		} `json:"textDocument"`
	}](params)
	if err != nil {
		return err
	}
	item := p.TextDocument
	file, err := fileOf(uri.URI(item.URI))
	if err != nil {
		s.log.Debug("a document is not looked at", "error", err)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(&document{file: file, uri: uri.URI(item.URI), version: item.Version, text: []byte(item.Text)}, "opened in the editor")
	return nil
}

// put makes a document the present one and tells the engines. s.mu is held.
func (s *server) put(d *document, cause string) {
	s.docs[d.file] = d
	s.adopt(d.file)
	ev := d.event(cause)
	for _, f := range s.folders {
		if s.concerns(f, d.file) && f.reads(d.file) {
			f.engine.Send(ev)
		}
	}
}

// reads reports whether a buffer can matter to a folder, so that typing in a
// file of another kind costs nothing.
func (f *folder) reads(file string) bool {
	if pinFile(file) {
		return true
	}
	report := f.engine.Report()
	if report == nil {
		return true
	}
	_, ok := report.Snapshot.Documents[file]
	return ok
}

// DidChange implements protocol.Server.
func (s *server) DidChange(_ context.Context, params *protocol.DidChangeTextDocumentParams) error {
	file, err := fileOf(params.TextDocument.URI)
	if err != nil {
		return nil // its opening was not taken either
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.docs[file]
	if !ok {
		return fmt.Errorf("%w: %s was changed but is not open", errParams, file)
	}
	text, err := apply(old.text, params.ContentChanges, s.can.encoding)
	if err != nil {
		return err
	}
	s.put(&document{file: file, uri: old.uri, version: params.TextDocument.Version, text: text}, "edited")
	return nil
}

// DidSave implements protocol.Server. The watcher sees it too, but not on
// every file system.
func (s *server) DidSave(_ context.Context, params *protocol.DidSaveTextDocumentParams) error {
	file, err := fileOf(params.TextDocument.URI)
	if err != nil {
		return nil
	}
	s.saved("saved in the editor", file)
	return nil
}

// DidChangeWatchedFiles implements protocol.Server.
func (s *server) DidChangeWatchedFiles(_ context.Context, params *protocol.DidChangeWatchedFilesParams) error {
	var files []string
	for _, c := range params.Changes {
		if file, err := fileOf(c.URI); err == nil {
			files = append(files, file)
		}
	}
	s.saved("reported by the editor", files...)
	return nil
}

// saved tells the engines that files changed on disk.
func (s *server) saved(cause string, files ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.folders {
		var mine []string
		for _, file := range files {
			if s.concerns(f, file) {
				mine = append(mine, file)
			}
		}
		if len(mine) > 0 {
			f.engine.Send(drift.Event{Kind: drift.EventSaved, Cause: cause, Files: mine})
		}
	}
}

// DidClose implements protocol.Server.
func (s *server) DidClose(_ context.Context, params *protocol.DidCloseTextDocumentParams) error {
	file, err := fileOf(params.TextDocument.URI)
	if err != nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.docs[file]; !ok {
		return nil
	}
	delete(s.docs, file)
	for _, f := range s.folders {
		if s.concerns(f, file) && f.reads(file) {
			f.engine.Send(drift.Event{Kind: drift.EventClosed, Cause: "closed in the editor", Files: []string{file}})
		}
	}
	s.dropGuests()
	return nil
}

// spelled is a file's URI as the client spells it, if it has the file open.
func (s *server) spelled(file string) uri.URI {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, ok := s.docs[file]; ok {
		return d.uri
	}
	return uriOf(file)
}

// texts gives access to the texts of one report, in the client's positions.
type texts struct {
	snapshot *drift.Snapshot
	enc      encoding
	marks    map[string]bool // the open files whose text has a byte order mark in the client
	mappers  map[string]*mapper
}

func (s *server) texts(report *drift.Report) *texts {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := &texts{snapshot: report.Snapshot, enc: s.can.encoding, marks: map[string]bool{}, mappers: map[string]*mapper{}}
	for file, d := range s.docs {
		if bytes.HasPrefix(d.text, byteOrderMark) {
			t.marks[file] = true
		}
	}
	return t
}

// of returns the mapper of a file; nil if the report has no text of it.
func (t *texts) of(file string) *mapper {
	if m, ok := t.mappers[file]; ok {
		return m
	}
	var m *mapper
	if doc, ok := t.snapshot.Documents[file]; ok {
		m = newMapper(doc.Text, t.enc, doc.Open && t.marks[file])
	}
	t.mappers[file] = m
	return m
}

// rangeOf converts a place; the start of the file if its text is not known.
func (t *texts) rangeOf(p drift.Place) protocol.Range {
	if m := t.of(p.File); m != nil {
		return m.rangeOf(p.Span)
	}
	return protocol.Range{}
}
