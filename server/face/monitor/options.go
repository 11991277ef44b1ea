package monitor

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// The exit codes of Run, which are those of the command line.
const (
	exitOK     = 0
	exitUsage  = 2
	exitFailed = 3
)

// Options says what to monitor.
type Options struct {
	// Out is told once where the page is, and Err takes the log.
	Out, Err io.Writer
	// LogFormat is "text" or "json".
	LogFormat string
	// World is what the engines see of the machine.
	World engine.World
	// Version is godrift's own.
	Version string
	// StateDir replaces the user's state folder.
	StateDir string
	// Workspaces replace those of the user's configuration, if there are any.
	Workspaces []string
	// Listen, if it is not empty, and MetricsOpen count before the user's configuration.
	Listen      string
	MetricsOpen bool
	// InsecureListen allows an address that other machines can reach without TLS.
	InsecureListen bool
	// Here is the folder to watch if neither names one; empty if that is none to watch.
	Here string
	// Signals has it reload or end without the system's signals, in tests.
	Signals <-chan Signal
	// Now is the clock; time.Now if nil.
	Now func() time.Time
}

// Signal is what a person tells a monitor that runs.
type Signal int

// The signals.
const (
	SignalReload Signal = iota
	SignalEnd
)

func (o Options) withDefaults() Options {
	if o.Out == nil {
		o.Out = io.Discard
	}
	if o.Err == nil {
		o.Err = io.Discard
	}
	o.LogFormat = cmp.Or(o.LogFormat, "text")
	if o.Now == nil {
		o.Now = time.Now
	}
	o.World.Of = drift.OfMonitor
	return o
}

// configured reads the user's configuration, and puts in place what the command line
// says.
func (o Options) configured() (config.Config, error) {
	c, err := config.Read(config.File(o.World.Environ))
	if err != nil {
		return c, err
	}
	for i, w := range c.Monitor.Workspaces {
		c.Monitor.Workspaces[i].Path = config.Expand(w.Path, o.World.Environ)
	}
	for _, path := range []*string{&c.Monitor.TokenFile, &c.Monitor.TLSCert, &c.Monitor.TLSKey} {
		*path = config.Expand(*path, o.World.Environ)
	}
	for _, p := range c.Probes {
		for i, file := range p.Files {
			p.Files[i] = config.Expand(file, o.World.Environ)
		}
		p.Command[0] = config.Expand(p.Command[0], o.World.Environ)
	}
	c.Monitor.Listen = cmp.Or(o.Listen, c.Monitor.Listen)
	c.Monitor.MetricsOpen = c.Monitor.MetricsOpen || o.MetricsOpen
	if err := config.CheckListen(c.Monitor.Listen); err != nil {
		return c, fmt.Errorf("--listen: %w", err)
	}
	if len(o.Workspaces) > 0 {
		c.Monitor.Workspaces = nil
		for _, dir := range o.Workspaces {
			c.Monitor.Workspaces = append(c.Monitor.Workspaces, config.Workspace{Path: dir})
		}
	}
	if len(c.Monitor.Workspaces) == 0 && o.Here != "" {
		c.Monitor.Workspaces = []config.Workspace{{Path: o.Here}}
	}
	return c, nil
}
