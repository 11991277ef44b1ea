package engine

import (
	"cmp"
	"context"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
	"godrift.dev/server/tell"
)

// first is when a workspace was seen first.
func (m *Memory) first(ctx context.Context, root, of string) (time.Time, error) {
	store, err := m.mender.open()
	if err != nil {
		return time.Time{}, err
	}
	return store.First(ctx, root, of)
}

// undoable is the title of the fix that an undo would take back; empty if there is
// none.
func (m *Memory) undoable(ctx context.Context, root string) (string, error) {
	store, err := m.mender.open()
	if err != nil {
		return "", err
	}
	e, err := store.LastDone(ctx, root)
	if err != nil {
		return "", nil //nolint:nilerr // there is none, or it cannot be read: nothing can be undone
	}
	return drift.MaskText(e.Title), nil
}

// timeline answers with the pictures of the past.
func (p *Page) timeline(ctx context.Context, q tell.PageQuestion) (any, error) {
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	of := cmp.Or(q.Of, report.Snapshot.Environment.Of)
	if !p.remembers(report) {
		return tell.NewPageTimeline(p.Root(), of), nil
	}
	store, err := p.memory.mender.open()
	if err != nil {
		return nil, err
	}
	p.past.mu.Lock()
	defer p.past.mu.Unlock()
	if err := p.past.read(ctx, store, p.Root()); err != nil {
		return nil, err
	}
	environments := p.past.environments()
	track := p.past.tracks[of]
	if track == nil && q.Of == "" && len(environments) > 0 {
		of = environments[0].Of // only others were here
		track = p.past.tracks[of]
	}
	doc := tell.NewPageTimeline(p.Root(), of)
	doc.Environments = environments
	if track == nil {
		return doc, nil
	}
	is, err := p.newest(ctx, of)
	if err != nil {
		return nil, err
	}
	times := track.times
	if q.Text != "" || q.Cause != "" {
		if times, err = p.fitting(ctx, store, track, of, q); err != nil {
			return nil, err
		}
	}
	now := p.opts.Now().UnixMilli()
	d := pageDrawing{track: track, width: q.Width, zone: int64(q.Zone) * 60_000, home: p.opts.World.Environ["HOME"]}
	d.span(q, now)
	d.draw(&doc, is, now)
	d.count(&doc, times)
	return doc, nil
}

// newest are the facts of an environment as they are remembered last.
func (p *Page) newest(ctx context.Context, of string) (map[string]string, error) {
	list, err := p.memory.History(ctx, HistoryFilter{Root: p.Root(), Of: of, Limit: 1})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	r, err := p.memory.Record(ctx, list[0].After)
	if err != nil {
		return nil, err
	}
	return r.Values, nil
}

// fitting are the moments of a track that were asked for.
func (p *Page) fitting(ctx context.Context, store *remember.Store, track *pageTrack, of string, q tell.PageQuestion) (times []int64, err error) {
	if q.Text == "" {
		for i, at := range track.times {
			if pageCauses[track.causes[i]] == q.Cause {
				times = append(times, at)
			}
		}
		return times, nil
	}
	err = store.Steps(ctx, remember.StepFilter{Root: p.Root(), Text: q.Text}, func(s remember.Step) {
		if s.Of == of && (q.Cause == "" || s.Cause == q.Cause) {
			times = append(times, s.Time)
		}
	})
	return times, err
}
