package lsp

import (
	"context"
	"path/filepath"
	"strings"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// folderOf finds the folder that a request or a command names with FolderParams.
func (s *server) folderOf(params []byte) (*folder, error) {
	p, err := decode[FolderParams](params)
	if err != nil {
		return nil, err
	}
	f, _, err := s.find(p.Folder)
	return f, err
}

// report answers godrift/report.
func (s *server) report(ctx context.Context, params []byte) (any, error) {
	f, err := s.folderOf(params)
	if err != nil {
		return nil, err
	}
	report, err := s.complete(ctx, f)
	if err != nil {
		return nil, err
	}
	return encode(tell.NewCheck(report))
}

// why answers godrift/why.
func (s *server) why(ctx context.Context, params []byte) (any, error) {
	doc, err := s.whyDocument(ctx, params)
	if err != nil {
		return nil, err
	}
	return encode(doc)
}

func (s *server) whyDocument(ctx context.Context, params []byte) (tell.WhyDocument, error) {
	p, err := decode[WhyParams](params)
	if err != nil {
		return tell.WhyDocument{}, err
	}
	f, name, err := s.find(p.URI)
	if err != nil {
		return tell.WhyDocument{}, err
	}
	report, err := s.settled(ctx, f)
	if err != nil {
		return tell.WhyDocument{}, err
	}
	if info, err := s.opts.World.Files.Stat(name); err != nil || !info.IsDir() {
		name = filepath.Dir(name)
	}
	why, err := f.engine.Why(name)
	if err != nil {
		return tell.WhyDocument{}, failed(err)
	}
	texts := tell.TextsOf(report.Snapshot)
	readings, partings := why.Readers()
	return tell.NewWhy(why.Selection, why.Environment, why.Pinned, texts).WithReaders(readings, partings, texts), nil
}

// explain shows which Go runs and why, for clients without a view of it.
func (s *server) explain(ctx context.Context, params []byte) error {
	doc, err := s.whyDocument(ctx, params)
	if err != nil {
		return err
	}
	var text strings.Builder
	switch {
	case doc.Selected != "":
		text.WriteString(doc.Selected + " runs in " + doc.Dir + ".")
	case doc.Error != "":
		text.WriteString("The go command stops in " + doc.Dir + ": " + doc.Error)
	}
	for _, step := range doc.Steps {
		text.WriteString("\n- " + step.Text)
	}
	return s.client.ShowMessage(ctx, &protocol.ShowMessageParams{Type: protocol.MessageTypeInfo, Message: text.String()})
}

// tools answers godrift/tools.
func (s *server) tools(ctx context.Context, params []byte) (any, error) {
	f, err := s.folderOf(params)
	if err != nil {
		return nil, err
	}
	report, err := s.complete(ctx, f)
	if err != nil {
		return nil, err
	}
	return encode(tell.NewTools(report, engine.Tools(report, s.opts.Now())))
}

// refresh answers godrift/refresh: everything is looked at anew.
func (s *server) refresh(ctx context.Context, params []byte) (any, error) {
	f, err := s.folderOf(params)
	if err != nil {
		return nil, err
	}
	f.engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "asked for"})
	s.mu.Lock()
	s.askLogin() // its answer comes later, when start-up files have run
	s.mu.Unlock()
	if _, err := s.complete(ctx, f); err != nil {
		return nil, err
	}
	return encode(s.statusOf(f))
}
