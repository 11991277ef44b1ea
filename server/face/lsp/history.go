package lsp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.lsp.dev/protocol"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// editorOf is the editor at the other end of the wire: as who acts, and as the
// facts that are remembered of it.
func editorOf(params *protocol.InitializeParams) (drift.Actor, map[string]string) {
	by := drift.Actor{Kind: drift.ActorEditor}
	facts := map[string]string{}
	if info := params.ClientInfo; info.Name != "" {
		version, _ := info.Version.Get()
		by.Name = drift.Clip(info.Name)
		facts[drift.KeyHost+"editor"] = drift.Clip(info.Name)
		if version != "" {
			by.Name += " " + drift.Clip(version)
			facts[drift.KeyHost+"editorVersion"] = drift.Clip(version)
		}
	}
	by.Name = cmp.Or(by.Name, "editor")
	return by, facts
}

// listener tells the client of what is written down. It does not wait for it.
func (s *server) listener() engine.Listener {
	changed := func(root string) {
		s.background(func(ctx context.Context) {
			raw, err := encode(FolderParams{Folder: string(uriOf(root))})
			if err == nil {
				err = s.conn.Notify(ctx, MethodHistoryChanged, raw)
			}
			if err != nil && ctx.Err() == nil {
				s.log.Debug("the client was not told of the history", "error", err)
			}
		})
	}
	return engine.Listener{
		Moment: func(m drift.Moment) { changed(m.Root) },
		Deed:   func(d drift.Deed) { changed(d.Root) },
	}
}

// most bounds an answer: a client that wants more asks for the next page.
const most = 1000

// asked decodes HistoryParams for a folder.
func (s *server) asked(params []byte) (engine.HistoryFilter, error) {
	p, err := decode[HistoryParams](params)
	if err != nil {
		return engine.HistoryFilter{}, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return engine.HistoryFilter{}, err
	}
	filter := engine.HistoryFilter{Root: f.root, Of: p.Of, Cause: p.Cause, Before: p.Before, Limit: min(cmp.Or(max(p.Limit, 0), 100), most)}
	for _, word := range p.What {
		filter.Keys = append(filter.Keys, engine.HistoryKeys(word)...)
	}
	for _, t := range []struct {
		text string
		at   *time.Time
	}{{p.Since, &filter.Since}, {p.Until, &filter.Until}} {
		if t.text == "" {
			continue
		}
		if *t.at, err = time.Parse(time.RFC3339, t.text); err != nil {
			return engine.HistoryFilter{}, fmt.Errorf("%w: %q is no time", errParams, drift.Clip(t.text))
		}
	}
	return filter, nil
}

// history answers godrift/history.
func (s *server) history(ctx context.Context, params []byte) (any, error) {
	filter, err := s.asked(params)
	if err != nil {
		return nil, err
	}
	limit := filter.Limit
	filter.Limit++
	moments, err := s.memory.History(ctx, filter)
	if err != nil {
		return nil, failed(err)
	}
	return encode(tell.NewLog(filter.Root, moments, limit))
}

// audit answers godrift/audit.
func (s *server) audit(ctx context.Context, params []byte) (any, error) {
	filter, err := s.asked(params)
	if err != nil {
		return nil, err
	}
	deeds, err := s.memory.Audit(ctx, filter.Root, filter.Since, filter.Until, filter.Limit)
	if err != nil {
		return nil, failed(err)
	}
	return encode(tell.NewAudit(filter.Root, deeds))
}

// diff answers godrift/diff.
func (s *server) diff(ctx context.Context, params []byte) (any, error) {
	p, err := decode[DiffParams](params)
	if err != nil {
		return nil, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return nil, err
	}
	names := [2]string{cmp.Or(p.A, engine.RefBaseline), cmp.Or(p.B, engine.RefNow)}
	var records [2]drift.Record
	for i, name := range names {
		if records[i], err = s.resolve(ctx, f, name); err != nil {
			return nil, err
		}
	}
	return encode(tell.NewDiff(f.root, names[0], names[1], records[0], records[1]))
}

// snapshot answers godrift/snapshot.
func (s *server) snapshot(ctx context.Context, params []byte) (any, error) {
	p, err := decode[SnapshotParams](params)
	if err != nil {
		return nil, err
	}
	f, _, err := s.find(p.Folder)
	if err != nil {
		return nil, err
	}
	r, err := s.resolve(ctx, f, cmp.Or(p.Name, engine.RefNow))
	if err != nil {
		return nil, err
	}
	return encode(SnapshotResult{ID: r.ID(), Text: string(record.Text(r)), Values: r.Values})
}

// resolve finds the snapshot that a client names.
func (s *server) resolve(ctx context.Context, f *folder, name string) (drift.Record, error) {
	present := func() (drift.Record, error) {
		report, err := s.complete(ctx, f)
		if err != nil {
			return drift.Record{}, err
		}
		return s.memory.Present(f.present(), report)
	}
	r, err := s.memory.Resolve(ctx, f.root, ofEditor, name, s.opts.Now(), present)
	switch {
	case errors.Is(err, engine.ErrRef), errors.Is(err, engine.ErrNoRecord):
		return r, fmt.Errorf("%w: %w", errParams, err)
	case err != nil:
		return r, failed(err)
	}
	return r, nil
}
