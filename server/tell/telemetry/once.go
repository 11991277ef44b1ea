package telemetry

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
)

// lastWords is how long the end of a single message may take.
const lastWords = time.Second

// Once sends what reports say, and ends: for a job that looks once. There is nothing in it
// that counts from the beginning of the process, which would be a new beginning with each
// job: only what is so now. It returns why that did not arrive.
func Once(ctx context.Context, o Options, reports []*drift.Report) error {
	t, err := begin(ctx, o, once{})
	if err != nil {
		return err
	}
	for _, r := range reports {
		t.Workspace(filepath.Base(r.Snapshot.Root), r.Snapshot.Root).Report(r)
	}
	err = t.Push(ctx)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
	defer cancel()
	return errors.Join(err, t.Shutdown(end))
}

// once is an option of begin: see Once.
type once struct{}

// SameCollector reports whether two base URLs lead to one collector, so that what is meant
// for the one may be sent to the other.
func SameCollector(a, b string) bool {
	x, errX := config.CheckOTLP(a, true)
	y, errY := config.CheckOTLP(b, true)
	return errX == nil && errY == nil && x == y
}
