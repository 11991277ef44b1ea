package engine

import (
	"context"
	"errors"

	"godrift.dev/server/drift"
)

// ErrStopped is returned to those who wait for an engine that has ended.
var ErrStopped = errors.New("the engine has stopped")

// Settled waits until everything sent before the call is accounted for, and
// returns the report that does.
func (e *Engine) Settled(ctx context.Context) (*drift.Report, error) {
	return e.wait(ctx, func(*drift.Report) bool { return true })
}

// Complete is Settled for those who want to know of the tools on the machine and
// of cgo as well, which the first report does without.
func (e *Engine) Complete(ctx context.Context) (*drift.Report, error) {
	return e.wait(ctx, func(report *drift.Report) bool {
		return e.opts.NoTools || e.failure != nil || len(later(report.Snapshot)) == 0 && !report.Snapshot.CgoPending
	})
}

// wait waits until everything sent before the call is accounted for by a report
// that will do. The lock is held while that is asked.
func (e *Engine) wait(ctx context.Context, will func(*drift.Report) bool) (*drift.Report, error) {
	e.mu.Lock()
	want := e.sent
	for e.report == nil || e.settled < want || !will(e.report) {
		changed := e.changed
		e.mu.Unlock()
		select {
		case <-changed:
		case <-e.closed:
			return nil, ErrStopped
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		e.mu.Lock()
	}
	defer e.mu.Unlock()
	return e.report, nil
}
