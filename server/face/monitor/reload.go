package monitor

import (
	"context"
	"os"
	"os/signal"
	"reflect"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// signals are those that a person sends to the process.
func (m *monitor) signals(ctx context.Context) (<-chan Signal, func()) {
	if m.opts.Signals != nil {
		return m.opts.Signals, func() {}
	}
	out := make(chan Signal, 4)
	raw := make(chan os.Signal, 4)
	signal.Notify(raw, known()...)
	m.work.Go(func() {
		for {
			select {
			case s := <-raw:
				what := SignalEnd
				if reloads(s) {
					what = SignalReload
				}
				select {
				case out <- what:
				default: // it has been told often enough
				}
			case <-ctx.Done():
				return
			}
		}
	})
	return out, func() { signal.Stop(raw) }
}

// watchConfig sends when the configuration may have changed.
func (m *monitor) watchConfig(ctx context.Context) (<-chan struct{}, func()) {
	changed := make(chan struct{}, 1)
	file := config.File(m.opts.World.Environ)
	if file == "" {
		return changed, func() {}
	}
	stop := engine.WatchFiles(ctx, m.log, []string{file}, func(string) {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	return changed, stop
}

// reload obeys the configuration as it is now. One with a mistake changes nothing, and one
// that says the same is not spoken of, unless it was asked for.
func (m *monitor) reload(ctx context.Context, asked bool) {
	c, err := m.opts.configured()
	if err != nil {
		text := drift.MaskText(err.Error())
		if text != m.broken || asked {
			m.log.Error("config.toml has a mistake; the monitor goes on with what it said before", "error", err)
		}
		m.broken = text
		m.note.brokenBy(text)
		return
	}
	if m.broken != "" {
		m.log.Info("the mistake in config.toml is gone")
		m.broken = ""
		m.note.brokenBy("")
	}
	if !asked && reflect.DeepEqual(c, m.config) {
		return
	}
	m.log.Info("the configuration was read again", "config", c.File)
	m.fixed(c)
	if !reflect.DeepEqual(c.Telemetry, m.config.Telemetry) {
		if err := m.telemetry.Reload(c.Telemetry); err != nil {
			m.log.Error("measurements cannot be sent as config.toml says; they go where they went before", "error", err)
		}
	}
	if !reflect.DeepEqual(c.Alert, m.config.Alert) {
		m.alerts.Reload(c.Alert) // what is being sent now is given up and sent again
	}
	m.follow(ctx, c)
}
