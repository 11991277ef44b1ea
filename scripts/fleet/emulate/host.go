package emulate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/tell/telemetry"
)

// Options say what hosts are like.
type Options struct {
	// Telemetry says where they send; each adds its own resource to it.
	Telemetry config.Telemetry
	// Changes is how often something changes in one workspace in an hour.
	Changes float64
	// Now is the clock.
	Now func() time.Time
}

// Host is one made-up host.
type Host struct {
	// Name is its name, and ID its instance.
	Name, ID string

	o          Options
	r          *rand.Rand
	t          *telemetry.Telemetry
	workspaces []*workspace
	last       time.Time
	deeds      int64
	moments    int
	trouble    trouble
}

// trouble is what is the matter with a host.
type trouble int

// The troubles: some hosts of a fleet have one each.
const (
	none    trouble = iota
	slow            // its disk is
	corrupt         // so is a build cache
	torn            // two programs set CGO_ENABLED in turn
	busy            // folders often cannot be read
)

// every is how many hosts there are for each one with a certain trouble.
const every = 40

// New makes the host with a number; the same number makes the same host.
func New(ctx context.Context, number int, o Options) (*Host, error) {
	h := &Host{
		Name: fmt.Sprintf("build-%05d", number), o: o,
		r: rand.New(rand.NewPCG(uint64(number), 20261122)),
	}
	if t := trouble(number%every) - 5; t > none && t <= busy {
		h.trouble = t
	}
	h.ID = fmt.Sprintf("%016x%016x", h.r.Uint64(), h.r.Uint64()) // as long as godrift's own
	settings := o.Telemetry
	settings.Attributes = map[string]string{"service.instance.id": h.ID, "host.name": h.Name}
	maps.Copy(settings.Attributes, o.Telemetry.Attributes)
	var err error
	if h.t, err = telemetry.New(ctx, telemetry.Options{Version: "v0.1.0", Telemetry: settings, Now: o.Now}); err != nil {
		return nil, fmt.Errorf("host %d: %w", number, err)
	}
	for range 1 + h.r.IntN(4) {
		h.workspaces = append(h.workspaces, newWorkspace(h.r, h.t))
	}
	if h.trouble == corrupt {
		h.workspaces[0].corrupt = 3
	}
	h.last = o.Now()
	h.moments = h.r.IntN(5000)
	for _, w := range h.workspaces {
		h.look(w, drift.EventStart)
	}
	h.t.History(h.moments)
	h.t.Probe("proxy", 40*time.Millisecond, nil, 200, true)
	// One alert has gone out on every host since it began.
	h.t.Alert("log", "sent", time.Millisecond)
	h.t.Alert("slack", "deduplicated", 0)
	return h, nil
}

// Workspaces is how many workspaces it has.
func (h *Host) Workspaces() int { return len(h.workspaces) }

// Metrics is its /metrics.
func (h *Host) Metrics() http.Handler { return h.t.Handler() }

// Step lets happen what happened since the step before: work that changes nothing
// that is told, the regular look, and a change now and then.
func (h *Host) Step() {
	now := h.o.Now()
	passed := now.Sub(h.last)
	h.last = now
	for _, w := range h.workspaces {
		for range h.times(6 * passed.Hours()) {
			h.look(w, drift.EventRescan)
		}
		for range h.times(20 * passed.Hours()) {
			h.look(w, drift.EventSaved)
		}
		if h.trouble == torn {
			for range h.times(8 * passed.Hours()) {
				w.cgo = !w.cgo
				h.look(w, drift.EventEnvironment)
			}
		}
		for range h.times(h.o.Changes * passed.Hours()) {
			h.look(w, w.change(h.r))
			h.moments++
			h.mend(w)
		}
	}
	if h.times(6*passed.Hours()) > 0 {
		h.probe()
	}
	h.t.History(h.moments)
}

// times is how often something happens that is expected so often.
func (h *Host) times(expected float64) int {
	n := int(expected)
	if h.r.Float64() < expected-float64(n) {
		n++
	}
	return n
}

// look tells of an evaluation that took a while.
func (h *Host) look(w *workspace, kind drift.EventKind) {
	now := h.o.Now()
	took := time.Duration(30e6 + h.r.ExpFloat64()*20e6)
	if h.r.IntN(200) == 0 {
		took = time.Duration(1e9 + h.r.ExpFloat64()*2e9)
	}
	if h.trouble == slow {
		took += 20 * time.Second
	}
	evaluation := drift.Evaluation{
		Root: w.root, Events: []drift.Event{{Kind: kind}},
		First: now.Add(-took), Begun: now.Add(-took / 4), Ended: now, Report: w.report(now),
	}
	if h.r.IntN(3000) == 0 || h.trouble == busy && h.r.IntN(3) == 0 {
		evaluation.Report, evaluation.Err = nil, errors.New("the folder was busy")
	}
	w.Evaluated(evaluation)
}

// mend is what people and alert channels do after a change.
func (h *Host) mend(w *workspace) {
	switch h.r.IntN(4) {
	case 0:
		h.deeds++
		deed := drift.Deed{ID: h.deeds, Time: h.o.Now(), Root: w.root, Kind: drift.DeedRollback, Result: drift.DeedDone, Duration: time.Duration(2e8 + h.r.ExpFloat64()*8e8)}
		switch h.r.IntN(12) {
		case 0:
			deed.Result = drift.DeedFailed
		case 1:
			deed.Result = drift.DeedRefused
		}
		w.Deed(deed)
	case 1:
		h.deeds++
		w.Deed(drift.Deed{ID: h.deeds, Time: h.o.Now(), Root: w.root, Kind: drift.DeedFix, Result: drift.DeedDone, Duration: 50 * time.Millisecond})
	}
	h.t.Alert("log", "sent", time.Millisecond)
	result := "sent"
	switch h.r.IntN(20) {
	case 0:
		result = "dead"
	case 1, 2:
		result = "failed"
	}
	h.t.Alert("slack", result, time.Duration(8e7+h.r.ExpFloat64()*1e8))
}

func (h *Host) probe() {
	var err error
	if h.r.IntN(10) == 0 || h.trouble == busy {
		err = errors.New("no answer")
	}
	h.t.Probe("proxy", time.Duration(2e7+h.r.ExpFloat64()*3e7), err, 200, true)
}

// Close sends what is left and ends.
func (h *Host) Close(ctx context.Context) error { return h.t.Shutdown(ctx) }
