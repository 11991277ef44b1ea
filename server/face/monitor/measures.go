package monitor

import (
	"context"
	"time"
)

// measureEvery is how often what other processes have written is measured.
const measureEvery = time.Minute

// measure tells of what this process is not told of itself: how much the history holds, and
// what other processes have done in the workspaces, a rollback in a terminal for example.
func (m *monitor) measure(ctx context.Context) {
	const most = 200 // deeds in one look
	began := m.opts.Now()
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if n, err := m.memory.CountMoments(ctx); err == nil {
			m.telemetry.History(n)
		}
		for _, w := range m.list() {
			deeds, err := m.memory.Audit(ctx, w.root, began, time.Time{}, most)
			if err != nil {
				continue // whoever needs the history says so
			}
			for _, d := range deeds {
				w.measures.Deed(d)
			}
		}
		tick.Reset(measureEvery)
	}
}
