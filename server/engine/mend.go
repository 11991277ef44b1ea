package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/judge/rules"
	"godrift.dev/server/remember"
)

// Editor is how an editor changes its own environment for a workspace.
type Editor = act.Editor

// Preview is what a fix would change.
type Preview = act.Preview

// Result is what a fix did change.
type Result = act.Result

// Recovered is a fix that an earlier process left half done and that is now
// whole or gone.
type Recovered = act.Recovered

// Rule is one entry of the rule catalogue.
type Rule = rules.Rule

// Rules lists the catalogue in its published order.
func Rules() []Rule { return rules.Catalog }

// ErrNoFix says that a finding or fix that was asked for is not in the present
// report: the workspace has changed since.
var ErrNoFix = errors.New("that fix is not offered any more: the workspace has changed; look at the present findings")

// ErrNothing says that there is nothing to undo.
var ErrNothing = act.ErrNothing

// FindFix finds a fix of a report by its ID.
func FindFix(report *drift.Report, id string) (drift.Finding, drift.Fix, error) {
	if report != nil {
		for _, finding := range drift.Spread(report.Findings) {
			for _, fix := range finding.Fixes {
				if fix.ID == id {
					return finding, fix, nil
				}
			}
		}
	}
	return drift.Finding{}, drift.Fix{}, ErrNoFix
}

// Mender previews, applies and undoes fixes. One process needs only one: it
// keeps the journal open.
type Mender struct {
	dir    string
	config string // the user's configuration

	mu     sync.Mutex
	store  *remember.Store
	memory *Memory // notes what is done; nil if nobody wants it noted
}

// StateDir is the folder for what godrift keeps for the user who has this
// environment; empty if there can be none.
func StateDir(environ map[string]string) string { return remember.StateDir(environ) }

// NewMender makes a Mender whose journal is in dir, or in the user's state
// folder if dir is empty. Nothing is opened before it is needed.
func NewMender(dir string, environ map[string]string) *Mender {
	if dir == "" {
		dir = remember.StateDir(environ)
	}
	return &Mender{dir: dir, config: config.File(environ)}
}

// Dir is the folder of the journal, and of what else is kept for the user; empty if
// there can be none.
func (m *Mender) Dir() string { return m.dir }

// Close closes the journal.
func (m *Mender) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.store == nil {
		return nil
	}
	return m.store.Close()
}

func (m *Mender) open() (*remember.Store, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.store == nil {
		s, err := remember.Open(m.dir)
		if err != nil {
			return nil, fmt.Errorf("open the journal of fixes: %w", err)
		}
		s.Configure(m.config)
		m.store = s
	}
	return m.store, nil
}

// Hands is what a face lends to a fix: how to show progress, and an editor.
type Hands struct {
	Editor   Editor
	Progress func(text string, done, total int64)
}

func (m *Mender) options(world World, report *drift.Report, hands Hands) act.Options {
	opts := act.Options{
		Files:    world.Files,
		Environ:  world.Environ,
		Store:    m.open,
		Editor:   hands.Editor,
		Progress: hands.Progress,
		TrimCache: func(ctx context.Context, dir string, limit int64, keep time.Duration) (int, int64, error) {
			return m.trimCache(ctx, dir, limit, keep)
		},
	}
	if report != nil {
		opts.Root = report.Snapshot.Root
		opts.Untrusted = !report.Snapshot.Trusted
		opts.GOENV = report.Snapshot.Environment.GOENV
		opts.Toolchains = report.Snapshot.Environment.Toolchains
	}
	return opts
}

// Plan says what a fix would change, without changing anything.
func (m *Mender) Plan(ctx context.Context, world World, report *drift.Report, fix drift.Fix) (Preview, error) {
	return act.Plan(ctx, m.options(world, report, Hands{}), fix)
}

// Apply carries a fix out. It is journaled first, and done as a whole or not
// at all.
func (m *Mender) Apply(ctx context.Context, world World, report *drift.Report, fix drift.Fix, hands Hands) (Result, error) {
	begun := time.Now()
	var result Result
	err := ErrNotAllowed
	if !fix.Asked {
		result, err = act.Apply(ctx, m.options(world, report, hands), fix)
	}
	m.noted(ctx, drift.Deed{Time: begun, Kind: drift.DeedFix, Title: fix.Title, Journal: result.ID}, report, err)
	return result, err
}

// Refused notes in the audit that a fix was asked for and could not even be planned.
func (m *Mender) Refused(ctx context.Context, report *drift.Report, fix drift.Fix, err error) {
	m.noted(ctx, drift.Deed{Time: time.Now(), Kind: drift.DeedFix, Title: fix.Title}, report, err)
}

// Edited notes in the audit that an editor made the edits of a fix itself.
func (m *Mender) Edited(ctx context.Context, report *drift.Report, fix drift.Fix, begun time.Time, err error) {
	m.noted(ctx, drift.Deed{Time: begun, Kind: drift.DeedFix, Title: fix.Title}, report, err)
}

// Undo takes a fix back: the one with that journal number, or the last one
// of the report's workspace if id is 0.
func (m *Mender) Undo(ctx context.Context, world World, report *drift.Report, id int64, hands Hands) (Result, error) {
	begun := time.Now()
	result, err := act.Undo(ctx, m.options(world, report, hands), id)
	m.noted(ctx, drift.Deed{Time: begun, Kind: drift.DeedUndo, Title: undoTitle("Undid", id), Journal: result.ID}, report, err)
	return result, err
}

// RefusedUndo notes in the audit that there was nothing to undo.
func (m *Mender) RefusedUndo(ctx context.Context, report *drift.Report, id int64, err error) {
	m.noted(ctx, drift.Deed{Time: time.Now(), Kind: drift.DeedUndo, Title: undoTitle("Undo", id)}, report, err)
}

func undoTitle(verb string, id int64) string {
	if id == 0 {
		return verb + " the last fix"
	}
	return fmt.Sprintf("%s entry %d of the journal", verb, id)
}

// PlanUndo says what taking a fix back would change, without changing
// anything; id is as for Undo.
func (m *Mender) PlanUndo(ctx context.Context, world World, report *drift.Report, id int64) (Preview, error) {
	return act.PlanUndo(ctx, m.options(world, report, Hands{}), id)
}

// noted writes a fix or an undo into the audit. What was done stays done if that
// fails: the journal knows of it.
func (m *Mender) noted(ctx context.Context, d drift.Deed, report *drift.Report, err error) {
	m.mu.Lock()
	memory := m.memory
	m.mu.Unlock()
	if memory == nil || report == nil {
		return
	}
	d.Root = report.Snapshot.Root
	d.Title = drift.MaskText(d.Title)
	_ = memory.note(context.WithoutCancel(ctx), d, err)
}

// Interrupted tells of fixes that were killed half-way, one sentence each. It
// changes nothing.
func (m *Mender) Interrupted(ctx context.Context) ([]string, error) {
	if m.dir == "" {
		return nil, nil
	}
	store, err := m.open()
	if err != nil {
		return nil, err
	}
	return act.Interrupted(ctx, store)
}

// Notes returns what a person should be told about what is remembered, for
// example that a damaged database was set aside, and forgets it.
func (m *Mender) Notes() []string {
	m.mu.Lock()
	store := m.store
	m.mu.Unlock()
	if store == nil {
		return nil
	}
	return store.Notes()
}

// Recover finishes or takes back what an earlier process left half done. What
// was done by an editor needs an editor here, too.
func (m *Mender) Recover(ctx context.Context, world World, report *drift.Report, hands Hands) ([]Recovered, error) {
	return act.Recover(ctx, m.options(world, report, hands))
}
