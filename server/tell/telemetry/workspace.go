package telemetry

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"godrift.dev/server/drift"
)

// Workspace is what is told of one workspace. Its methods may be called from anywhere;
// none of them waits for anything but memory.
type Workspace struct {
	t    *Telemetry
	name string // the label; empty of one that is one too many
	root string

	// All of this is guarded by t.mu.
	gauges   []sample // of the newest report
	counters tallies
	since    map[string]time.Time // rules that have findings
	targets  map[[2]string]float64
	seen     *drift.Report
	moves    moves
	noted    map[int64]bool // deeds that were counted
	newest   int64          // of them
	change   change
	pairs    map[[2]string]bool // of from and to
}

// Workspace begins to tell of a workspace. The label is the name, made unique. Of more
// workspaces than there may be nothing is told but what has no workspace in it.
func (t *Telemetry) Workspace(name, root string) *Workspace {
	w := &Workspace{
		t: t, root: root, counters: tallies{}, since: map[string]time.Time{}, targets: map[[2]string]float64{}, noted: map[int64]bool{}, pairs: map[[2]string]bool{},
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.workspaces) >= mostWorkspaces {
		t.log.Warn("metrics are not told of this workspace: there are too many", "root", root, "most", mostWorkspaces)
		return w
	}
	plain := label(name)
	w.name = plain
	for n := 2; t.workspaces[w.name] != nil; n++ {
		w.name = fmt.Sprintf("%s-%d", plain, n)
	}
	t.workspaces[w.name] = w
	// A counter that begins at 1 shows no rise: those whose labels are known begin at 0.
	w.counters.add(gorootChanges, 0, w.name)
	w.counters.add(evaluationFailures, 0, w.name)
	for _, value := range []string{"0", "1"} {
		w.counters.add(cgoFlips, 0, w.name, value)
	}
	for _, result := range []drift.DeedResult{drift.DeedDone, drift.DeedRefused, drift.DeedFailed} {
		w.counters.add(rollbacks, 0, w.name, string(result))
	}
	return w
}

// Name is the label of the workspace; empty if nothing is told of it.
func (w *Workspace) Name() string { return w.name }

// Close ends every series of the workspace.
func (w *Workspace) Close() {
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	if w.t.workspaces[w.name] == w {
		delete(w.t.workspaces, w.name)
	}
	for pair := range w.pairs {
		if w.t.pairs[pair]--; w.t.pairs[pair] == 0 {
			delete(w.t.pairs, pair)
		}
	}
	clear(w.pairs)
}

// Evaluated tells of one evaluation of the engine, with its report.
func (w *Workspace) Evaluated(ev drift.Evaluation) {
	led := leading(ev.Events)
	kind := kindLabel(led.Kind)
	w.traced(ev, led)
	if ev.Err != nil {
		w.t.mu.Lock()
		w.counters.add(evaluationFailures, 1, w.name)
		w.t.mu.Unlock()
		return
	}
	if took := ev.Ended.Sub(ev.First); took >= 0 && !ev.First.IsZero() {
		w.t.eventToReport.Record(context.Background(), took.Seconds(), metric.WithAttributes(attribute.String("kind", kind)))
	}
	if ev.Report != nil {
		w.Report(ev.Report)
	}
}

// leading is the event that an evaluation was for: what the engine tells itself may be
// looked at along with it.
func leading(events []drift.Event) drift.Event {
	for _, e := range events {
		if !internal(e.Kind) {
			return e
		}
	}
	if len(events) > 0 {
		return events[0]
	}
	return drift.Event{}
}

// kindLabel is the kind of an event, if it is one of those that there are.
func kindLabel(k drift.EventKind) string {
	switch k {
	case drift.EventStart, drift.EventSaved, drift.EventEdited, drift.EventClosed, drift.EventEnvironment, drift.EventTrust, drift.EventRescan,
		drift.EventRefresh, drift.EventTools, drift.EventCgo, drift.EventModules, drift.EventProbe, drift.EventMemory:
		return string(k)
	}
	return other
}

// Moment tells of what was written into the history.
func (w *Workspace) Moment(m drift.Moment) {
	w.t.mu.Lock()
	w.moves.moment(m, w.moved)
	change := w.change
	w.t.mu.Unlock()
	if now := w.t.now(); change.span.IsValid() && now.Sub(change.ended) < sameChange {
		w.t.span(change.span, "remember", change.ended, now, "",
			text("workspace", w.name), text("cause", m.Cause.String()), attribute.Int64("moment", m.ID), attribute.Int("changes", len(m.Changes)))
	}
}

// Deed tells of what was done, in this process or in another. The same deed counts once.
func (w *Workspace) Deed(d drift.Deed) {
	kind, result := deedLabels(d)
	w.t.mu.Lock()
	fresh := w.note(d.ID)
	if fresh {
		w.counters.add(deeds, 1, w.name, kind, result)
		if d.Kind == drift.DeedRollback {
			w.counters.add(rollbacks, 1, w.name, result)
		}
	}
	w.t.mu.Unlock()
	if fresh && (d.Kind == drift.DeedRollback || d.Kind == drift.DeedUndo) {
		w.rolledBack(d)
	}
	if fresh && d.Kind == drift.DeedRollback {
		w.t.rollbackDuration.Record(context.Background(), d.Duration.Seconds(), metric.WithAttributes(attribute.String("result", result)))
	}
}

// deedLabels are the kind and the result of a deed, if they are some of those that there are.
func deedLabels(d drift.Deed) (kind, result string) {
	kind, result = other, other
	switch d.Kind {
	case drift.DeedFix, drift.DeedUndo, drift.DeedRedo, drift.DeedRollback, drift.DeedAccept, drift.DeedImport, drift.DeedTrust:
		kind = string(d.Kind)
	}
	switch d.Result {
	case drift.DeedDone, drift.DeedRefused, drift.DeedFailed:
		result = string(d.Result)
	}
	return kind, result
}

// remembered is how many numbers of deeds are kept to tell whether one was counted.
const remembered = 256

// note reports whether a deed is seen for the first time. A deed without a number is.
func (w *Workspace) note(number int64) bool {
	if number == 0 {
		return true
	}
	if w.noted[number] || number < w.newest-remembered {
		return false
	}
	w.noted[number] = true
	w.newest = max(w.newest, number)
	for old := range w.noted {
		if old < w.newest-remembered {
			delete(w.noted, old)
		}
	}
	return true
}

// Cgo tells for which targets programs with C code can be built, from a look at more of
// them than a report makes.
func (w *Workspace) Cgo(targets []drift.CgoTarget) {
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	for _, target := range targets {
		w.target(target)
	}
}

func (w *Workspace) target(c drift.CgoTarget) {
	key := [2]string{word(c.GOOS), word(c.GOARCH)}
	if _, ok := w.targets[key]; !ok && len(w.targets) >= mostTargets {
		return
	}
	switch c.Verdict {
	case drift.CgoWorks:
		w.targets[key] = 1
	case drift.CgoFails, drift.CgoWrong, drift.CgoUnsupported:
		w.targets[key] = 0
	case drift.CgoUntried:
		delete(w.targets, key)
	}
}

// moved counts a change of what the workspace is built with.
func (w *Workspace) moved(m id, values ...string) {
	if m == migrations {
		pair := [2]string{values[0], values[1]}
		if w.t.pairs[pair] == 0 && len(w.t.pairs) >= mostPairs {
			pair = [2]string{other, other}
		}
		if !w.pairs[pair] {
			w.pairs[pair] = true
			w.t.pairs[pair]++
		}
		values = pair[:]
	}
	w.counters.add(m, 1, slices.Insert(slices.Clone(values), 0, w.name)...)
}
