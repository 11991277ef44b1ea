package monitor

import (
	"context"
	"time"
)

// auditEvery is how often the audit is read.
const auditEvery = time.Minute

// audit tells of what other processes have done in the workspaces since this one began: a
// rollback in a terminal for example. What is told twice counts once.
func (m *monitor) audit(ctx context.Context) {
	const most = 200 // in one look
	began := m.opts.Now()
	tick := time.NewTicker(auditEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
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
	}
}
