package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

// Page answers what the page asks about one workspace, whoever shows it: the monitor
// and the language server have the same pages. It changes nothing.
type Page struct {
	engine *Engine
	memory *Memory // nil if nothing is remembered
	opts   Options
	name   string
	past   pagePast
	sizes  *cacheSizes
}

// NewPage makes the page of an engine's workspace, under a name for people. memory is
// nil where nothing is remembered.
func NewPage(e *Engine, memory *Memory, opts Options, name string) *Page {
	return &Page{engine: e, memory: memory, opts: opts.withDefaults(), name: name, sizes: newCacheSizes()}
}

// Root is the workspace folder.
func (p *Page) Root() string { return p.engine.Root() }

// ErrAsk says that a question cannot be understood.
var ErrAsk = errors.New("the page cannot ask that")

// Ask answers a question with a document. It waits for the first look at the workspace
// where that is not finished yet.
func (p *Page) Ask(ctx context.Context, q tell.PageQuestion) (any, error) {
	q = q.Bounded()
	answer, ok := map[tell.PageAsk]func(context.Context, tell.PageQuestion) (any, error){
		tell.PageAskNow: p.now, tell.PageAskTimeline: p.timeline, tell.PageAskMoments: p.moments, tell.PageAskMoment: p.moment,
		tell.PageAskCompare: p.compare, tell.PageAskWhy: p.why, tell.PageAskPins: p.pins, tell.PageAskCgo: p.cgo,
		tell.PageAskCache: p.cache, tell.PageAskTools: p.tools, tell.PageAskAudit: p.audit,
	}[q.Ask]
	if !ok {
		return nil, fmt.Errorf("%w: %q is none of %v", ErrAsk, drift.Clip(string(q.Ask)), tell.PageAsks)
	}
	return answer(ctx, q)
}

// report is the newest report, or the first as soon as it is there.
func (p *Page) report(ctx context.Context) (*drift.Report, error) {
	if report := p.engine.Report(); report != nil {
		return report, nil
	}
	return p.engine.Settled(ctx)
}

// world is what the workspace looks like now, unsaved text and reported environments
// included.
func (p *Page) world() World {
	p.engine.mu.Lock()
	ws := p.engine.ws
	p.engine.mu.Unlock()
	if ws == nil {
		return p.opts.World
	}
	return ws.World()
}

// remembers reports whether a workspace has a past that may be looked at.
func (p *Page) remembers(report *drift.Report) bool {
	return p.memory != nil && report.Snapshot.Trusted
}

// now answers what the present is.
func (p *Page) now(ctx context.Context, _ tell.PageQuestion) (any, error) {
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	doc := tell.NewPageNow(p.name, p.offered(report))
	if err := p.engine.Failure(); err != nil {
		doc.Failure = drift.MaskText(err.Error())
	}
	if !p.remembers(report) {
		return doc, nil
	}
	root, of := p.Root(), report.Snapshot.Environment.Of
	recent, err := p.memory.History(ctx, HistoryFilter{Root: root, Limit: 6})
	if err != nil {
		return nil, err
	}
	doc.Recent = tell.NewLog(root, recent, 6).Moments
	if doc.Since, doc.AtLeast, err = p.since(ctx, of, report.Snapshot.Selection.Selected); err != nil {
		return nil, err
	}
	doc.Undo, err = p.memory.undoable(ctx, root)
	return doc, err
}

// offered is the report without the fixes that nobody here can carry out: what only an
// editor can do is offered where there is one.
func (p *Page) offered(report *drift.Report) *drift.Report {
	if p.opts.World.Of == ofEditor {
		return report
	}
	out := *report
	out.Findings = slices.Clone(report.Findings)
	for i, f := range out.Findings {
		out.Findings[i].Fixes = slices.DeleteFunc(slices.Clone(f.Fixes), drift.Fix.NeedsEditor)
	}
	out.Burdens = slices.Clone(report.Burdens)
	for i, b := range out.Burdens {
		if b.Fix != nil && b.Fix.NeedsEditor() {
			out.Burdens[i].Fix, out.Burdens[i].FixPoints = nil, 0
		}
	}
	return &out
}

// ofEditor is whose environment an editor's is.
const ofEditor = "editor"

// since is when the Go that runs became the one that it is; or, where it was never
// seen to be another, the first moment that is remembered.
func (p *Page) since(ctx context.Context, of, selected string) (at *time.Time, atLeast bool, err error) {
	list, err := p.memory.History(ctx, HistoryFilter{Root: p.Root(), Of: of, Keys: []string{drift.KeySelected}, Limit: 1})
	if err != nil {
		return nil, false, err
	}
	if len(list) > 0 {
		i := slices.IndexFunc(list[0].Changes, func(c drift.Change) bool { return c.Key == drift.KeySelected })
		if i >= 0 && list[0].Changes[i].New == selected {
			return &list[0].Time, false, nil
		}
		return nil, false, nil // it is newer than what is remembered
	}
	first, err := p.memory.first(ctx, p.Root(), of)
	if err != nil || first.IsZero() {
		return nil, false, err
	}
	return &first, true, nil
}

// moments answers with a page of the history.
func (p *Page) moments(ctx context.Context, q tell.PageQuestion) (any, error) {
	if p.memory == nil {
		return tell.NewLog(p.Root(), nil, q.Limit), nil
	}
	list, err := p.memory.History(ctx, HistoryFilter{
		Root: p.Root(), Of: q.Of, Cause: q.Cause, Since: q.Since, Until: q.Until, Text: q.Text, Before: q.Before, Limit: q.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return tell.NewLog(p.Root(), list, q.Limit), nil
}

// moment answers with one moment.
func (p *Page) moment(ctx context.Context, q tell.PageQuestion) (any, error) {
	if p.memory == nil {
		return nil, ErrNoMemory
	}
	list, err := p.memory.History(ctx, HistoryFilter{Root: p.Root(), ID: q.ID, Limit: 1})
	if err != nil {
		return nil, err
	}
	return tell.NewLog(p.Root(), list, 1), nil
}

// compare answers how two snapshots differ.
func (p *Page) compare(ctx context.Context, q tell.PageQuestion) (any, error) {
	if p.memory == nil {
		return nil, ErrNoMemory
	}
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	present := func() (drift.Record, error) { return p.memory.Present(p.world(), report) }
	names := [2]string{cmp.Or(q.A, RefBaseline), cmp.Or(q.B, RefNow)}
	var records [2]drift.Record
	for i, name := range names {
		if records[i], err = p.memory.Resolve(ctx, p.Root(), report.Snapshot.Environment.Of, name, p.opts.Now(), present); err != nil {
			return nil, err
		}
	}
	return tell.NewDiff(p.Root(), names[0], names[1], records[0], records[1]), nil
}

// why answers which Go runs and why, and what every program would take.
func (p *Page) why(ctx context.Context, _ tell.PageQuestion) (any, error) {
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	why, err := p.engine.Why(p.Root())
	if err != nil {
		return nil, err
	}
	texts := tell.TextsOf(report.Snapshot)
	readings, partings := why.Readers()
	return tell.NewWhy(why.Selection, why.Environment, why.Pinned, texts).WithReaders(readings, partings, texts), nil
}

// pins answers with every place that says which Go to use.
func (p *Page) pins(ctx context.Context, _ tell.PageQuestion) (any, error) {
	report, err := p.report(ctx)
	if err != nil {
		return nil, err
	}
	return tell.NewPins(report.Snapshot), nil
}

// cgo answers for which targets C code can be built. What a compiler said within a day
// is not asked again.
func (p *Page) cgo(ctx context.Context, q tell.PageQuestion) (any, error) {
	if _, err := p.report(ctx); err != nil {
		return nil, err
	}
	answer, err := p.engine.Cgo(ctx, CgoRequest{Remembered: true}, q.All)
	if err != nil {
		return nil, err
	}
	return tell.NewCgo(p.Root(), answer.Go, answer.Targets).WithPicture(answer.Picture).WithNeeds(answer.Building.String(), answer.Needs, answer.Effects), nil
}

// tools answers which programs people work on Go code with here.
func (p *Page) tools(ctx context.Context, _ tell.PageQuestion) (any, error) {
	report, err := p.engine.Complete(ctx)
	if err != nil {
		return nil, err
	}
	return tell.NewTools(report, Tools(report, p.opts.Now())), nil
}

// audit answers what was done here.
func (p *Page) audit(ctx context.Context, q tell.PageQuestion) (any, error) {
	if p.memory == nil {
		return tell.NewAudit(p.Root(), nil), nil
	}
	deeds, err := p.memory.Audit(ctx, p.Root(), q.Since, q.Until, q.Limit)
	if err != nil {
		return nil, err
	}
	return tell.NewAudit(p.Root(), deeds), nil
}
