package monitor

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"reflect"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// signals are those that a person sends to the process. The end is never lost, however
// often the configuration was asked to be read again before: it overtakes that.
func (m *monitor) signals(ctx context.Context) (<-chan Signal, func()) {
	if m.opts.Signals != nil {
		return m.opts.Signals, func() {}
	}
	out := make(chan Signal)
	ends, reloads := make(chan os.Signal, 1), make(chan os.Signal, 1)
	signal.Notify(ends, ending()...)
	if list := reloading(); len(list) > 0 { // without any it would be told of all that there are
		signal.Notify(reloads, list...)
	}
	send := func(s Signal, overtaken <-chan os.Signal) {
		select {
		case out <- s:
		case <-overtaken:
			select {
			case out <- SignalEnd:
			case <-ctx.Done():
			}
		case <-ctx.Done():
		}
	}
	m.work.Go(func() {
		for ctx.Err() == nil {
			select {
			case <-ends:
				send(SignalEnd, nil)
			case <-reloads:
				send(SignalReload, ends)
			case <-ctx.Done():
			}
		}
	})
	return out, func() {
		signal.Stop(ends)
		signal.Stop(reloads)
	}
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

// lost says why a file that says nothing is not obeyed: who saves it may have emptied it
// first, and a full disk leaves it so. Nobody means by that to have nothing watched and all
// alerts ended; who does says so with a signal, or with a line of comment.
func lost(before, now config.Config) error {
	switch {
	case before.File == "" || before.Blank:
		return nil
	case now.File == "":
		return fmt.Errorf("%s: it is not there any more; SIGHUP or a new start goes on without it", before.File)
	case now.Blank:
		return fmt.Errorf("%s: it is empty; SIGHUP or a new start goes on with that", before.File)
	}
	return nil
}

// reload obeys the configuration as it is now. One with a mistake changes nothing, and one
// that says the same is not spoken of, unless it was asked for.
func (m *monitor) reload(ctx context.Context, asked bool) {
	c, err := m.opts.configured()
	if err == nil && !asked {
		err = lost(m.config, c)
	}
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
