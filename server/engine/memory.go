package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// ErrNoMemory says that nothing is remembered here: the folder is not trusted,
// or there is no state folder.
var ErrNoMemory = errors.New("nothing is remembered of this workspace: trust it, or set HOME or XDG_STATE_HOME")

// ErrNoRecord says that no such snapshot is remembered.
var ErrNoRecord = remember.ErrNoRecord

// HistoryFilter says which moments are asked for.
type HistoryFilter = remember.Filter

// Memory is what godrift remembers of workspaces: their history, their
// baselines and the audit. One process needs only one; it shares the database
// with the Mender it came from. The database is opened when it is first needed.
type Memory struct {
	mender *Mender
	by     drift.Actor
	host   map[string]string
	masks  masks
	told   Listener
	probes probeFacts
}

// Listener is told of what is written down, after it is on disk. It must not
// block. Metrics and traces are made from this: a deed has its time, its
// duration and its result.
type Listener struct {
	Deed   func(drift.Deed)
	Moment func(drift.Moment)
}

// Memory returns the memory for what this process does. by is who acts; host
// holds facts about the machine that only the face knows, such as the editor's
// name, by their keys.
func (m *Mender) Memory(by drift.Actor, host map[string]string, told Listener) *Memory {
	memory := &Memory{mender: m, by: by, host: host, told: told}
	m.mu.Lock()
	m.memory = memory
	m.mu.Unlock()
	return memory
}

// History reads the moments that a filter asks for, newest first.
func (m *Memory) History(ctx context.Context, f HistoryFilter) ([]drift.Moment, error) {
	store, err := m.mender.open()
	if err != nil {
		return nil, err
	}
	return store.Moments(ctx, f)
}

// Count is how many moments the history of all workspaces holds.
func (m *Memory) Count(ctx context.Context) (int, error) {
	store, err := m.mender.open()
	if err != nil {
		return 0, err
	}
	return store.Count(ctx)
}

// Record reads a snapshot of the past by its whole ID.
func (m *Memory) Record(ctx context.Context, id string) (drift.Record, error) {
	store, err := m.mender.open()
	if err != nil {
		return drift.Record{}, err
	}
	return store.Record(ctx, id)
}

// Baseline reads what a workspace is compared with; nil if it was never seen.
func (m *Memory) Baseline(ctx context.Context, root string) (*drift.Baseline, error) {
	store, err := m.mender.open()
	if err != nil {
		return nil, err
	}
	return store.Baseline(ctx, root)
}

// Accept makes what a report shows the baseline of its workspace, and notes
// that in the audit.
func (m *Memory) Accept(ctx context.Context, world World, report *drift.Report, reason string) (drift.Baseline, error) {
	if !report.Snapshot.Trusted {
		return drift.Baseline{}, ErrNoMemory
	}
	begun := time.Now()
	store, err := m.mender.open()
	if err != nil {
		return drift.Baseline{}, err
	}
	r, err := m.Present(world, report)
	if err != nil {
		return drift.Baseline{}, err
	}
	b := drift.Baseline{Record: r, AcceptedAt: begun.UTC().Truncate(time.Millisecond), By: m.actor(ctx), Reason: drift.MaskText(reason)}
	if _, _, err := m.Remember(ctx, world, report, nil); err != nil {
		return drift.Baseline{}, err
	}
	before, err := store.Accept(ctx, b)
	if err == nil {
		_, _ = m.Recall(ctx, r.Root) // for the prompts of shells; it is accepted without it, too
	}
	deed := drift.Deed{
		Time: begun, Root: r.Root, Kind: drift.DeedAccept, Title: "Accepted the present state as the baseline",
		Before: before, After: r.ID(), Note: b.Reason,
	}
	return b, m.note(ctx, deed, err)
}

// Note writes a deed into the audit: a rollback, or what was refused. Who and
// how long are filled in if they are empty.
func (m *Memory) Note(ctx context.Context, d drift.Deed) error {
	store, err := m.mender.open()
	if err != nil {
		return err
	}
	if d.By == (drift.Actor{}) {
		d.By = m.actor(ctx)
	}
	if d.ID, err = store.Note(ctx, d); err != nil {
		return err
	}
	if m.told.Deed != nil {
		m.told.Deed(d)
	}
	return nil
}

// note closes a deed with how it ended. The deed's own error counts before that
// of the audit.
func (m *Memory) note(ctx context.Context, d drift.Deed, err error) error {
	d.Duration = time.Since(d.Time)
	d.Result = drift.DeedDone
	if err != nil {
		d.Result, d.Note = resultOf(err), err.Error()
	}
	if noted := m.Note(ctx, d); noted != nil && err == nil {
		return fmt.Errorf("it was done, but not noted: %w", noted)
	}
	return err
}

// resultOf tells a refusal from a failure.
func resultOf(err error) drift.DeedResult {
	for _, refusal := range []error{act.ErrChanged, act.ErrNoEditor, act.ErrNothing, ErrNoFix, ErrNoMemory, ErrNotAllowed} {
		if errors.Is(err, refusal) {
			return drift.DeedRefused
		}
	}
	return drift.DeedFailed
}

// Audit reads what was done in a workspace between two times, newest first.
func (m *Memory) Audit(ctx context.Context, root string, since, until time.Time, limit int) ([]drift.Deed, error) {
	store, err := m.mender.open()
	if err != nil {
		return nil, err
	}
	return store.Deeds(ctx, root, since, until, limit)
}

// Remember stores what a report shows, if it is not what was stored last; events
// led to it, as far as they are known. It reports whether it was another.
func (m *Memory) Remember(ctx context.Context, world World, report *drift.Report, events []drift.Event) (drift.Moment, bool, error) {
	if !report.Snapshot.Trusted {
		return drift.Moment{}, false, ErrNoMemory
	}
	r, err := m.Present(world, report)
	if err != nil {
		return drift.Moment{}, false, err
	}
	store, err := m.mender.open()
	if err != nil {
		return drift.Moment{}, false, err
	}
	now := headOf(world.Files, r.Root)
	moment, fresh, err := store.Remember(ctx, remember.Sighting{
		Record: r, By: m.by, Checkout: now.text(),
		Cause: func(before remember.Before) drift.Cause { return causeOf(r, before, now, events) },
	})
	if fresh && m.told.Moment != nil {
		m.told.Moment(moment)
	}
	return moment, fresh, err
}

// bell is the file that changes when another process accepts a state; empty if
// there is none.
func (m *Memory) bell(root string) string {
	store, err := m.mender.open()
	if err != nil {
		return ""
	}
	bell, err := store.Bell(root)
	if err != nil {
		return ""
	}
	return bell
}

// recent is how many moments the rules may look at.
const recent = 50

// Recall reads what the rules may look at.
func (m *Memory) Recall(ctx context.Context, root string) (*drift.Memory, error) {
	store, err := m.mender.open()
	if err != nil {
		return nil, err
	}
	baseline, err := store.Baseline(ctx, root)
	if err != nil || baseline == nil {
		return nil, err
	}
	consent, err := store.Consent(ctx, root)
	if err != nil {
		return nil, err
	}
	moments, err := store.Moments(ctx, remember.Filter{Root: root, Limit: recent})
	if err != nil {
		return nil, err
	}
	entries, err := store.Journal(ctx, root, recent)
	if err != nil {
		return nil, err
	}
	chosen := act.Chosen(entries)
	// What a prompt has to compare with is no reason to go without it here.
	_ = store.Publish(*baseline, slices.DeleteFunc(slices.Collect(maps.Keys(chosen)), func(name string) bool { return !drift.Recordable(name) }))
	return &drift.Memory{Baseline: baseline, Recent: moments, Chosen: chosen, Consent: consent}, nil
}
