package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"godrift.dev/scripts/fleet/emulate"
	"godrift.dev/scripts/fleet/server"
	"godrift.dev/server/config"
)

// fleet is all emulated hosts.
type fleet struct {
	hosts      []*emulate.Host
	workspaces int
	stop       context.CancelFunc
	stopped    sync.WaitGroup
}

// newFleet starts hosts that send to an address. They begin spread over one interval,
// as hosts of a fleet do that were not all started at once.
func newFleet(ctx context.Context, n int, otlp string, interval time.Duration, changes float64) (*fleet, error) {
	ctx, stop := context.WithCancel(ctx)
	f := &fleet{stop: stop}
	settings := config.DefaultTelemetry()
	settings.OTLP, settings.Interval, settings.Traces = otlp, interval, false
	for i := range n {
		h, err := emulate.New(ctx, i+1, emulate.Options{Telemetry: settings, Changes: changes, Now: time.Now})
		if err != nil {
			f.close()
			return nil, err
		}
		f.hosts = append(f.hosts, h)
		f.workspaces += h.Workspaces()
		f.stopped.Go(func() { live(ctx, h, interval) })
		select {
		case <-ctx.Done():
			f.close()
			return nil, ctx.Err()
		case <-time.After(interval / time.Duration(n)):
		}
	}
	return f, nil
}

// live has a host go on until ctx ends.
func live(ctx context.Context, h *emulate.Host, interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			h.Step()
		}
	}
}

// close ends all hosts without a last message.
func (f *fleet) close() {
	f.stop()
	f.stopped.Wait()
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, h := range f.hosts {
		_ = h.Close(ended) // nobody waits for what is left
	}
}

// sizes measures what hosts send in one message.
func sizes(ctx context.Context, n int, changes float64) (packed, unpacked float64, err error) {
	r, err := newRecorder()
	if err != nil {
		return 0, 0, err
	}
	defer r.close()
	f, err := newFleet(ctx, n, r.address, 2*time.Second, changes)
	if err != nil {
		return 0, 0, err
	}
	defer f.close()
	if err := server.Await(ctx, time.Minute, func() (bool, error) { return r.requests.Load() >= int64(2*n), nil }); err != nil {
		return 0, 0, fmt.Errorf("only %d messages from %d hosts: %w", r.requests.Load(), n, err)
	}
	messages := float64(r.requests.Load())
	return float64(r.packed.Load()) / messages, float64(r.unpacked.Load()) / messages, nil
}
