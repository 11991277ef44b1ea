package cli

import (
	"errors"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
)

// Monitoring is what the monitor command hands to the monitor.
type Monitoring struct {
	Out, Err io.Writer
	// World is this process's, with the environment of the command.
	World engine.World
	// Version is godrift's own.
	Version string
	// StateDir replaces the user's state folder if it is not empty.
	StateDir string
	// Workspaces are the folders that were named, and Here the one that the command was
	// started in; empty if that is none to watch.
	Workspaces []string
	Here       string
	// LogFormat is "text" or "json".
	LogFormat string
	// Listen is the address of the page, "none" for no page, empty for what the user's
	// configuration says.
	Listen string
	// MetricsOpen opens /metrics without the token, and InsecureListen an address that other
	// machines can reach without TLS.
	MetricsOpen, InsecureListen bool
}

func (c *Command) monitorCommand() *cobra.Command {
	var listen string
	var metricsOpen, insecure bool
	format := &format{value: "text", allowed: []string{"text", "json"}}
	cmd := &cobra.Command{
		Use:   "monitor [DIR…]",
		Short: "Stay, and look whenever something changes",
		Long: `Stay, and look at workspaces and at the machine itself whenever something changes:
files, the Go that runs, the variables that "go env -w" writes, tools. What is seen is
remembered; godrift log shows it. Every ten minutes everything is looked at by itself, and
once a day modules, tools, compilers and a part of the build cache are read anew.

The workspaces are the folders named here, else those of [monitor] in your own config.toml,
else the one of this folder. You have named them, so they are trusted: godrift may run
their Go and compiler. There is one monitor for each user. It writes its log to standard
error, reads config.toml again when that changes or on SIGHUP, and ends on Ctrl+C or
SIGTERM.

It answers programs at http://127.0.0.1:9494/: /metrics for Prometheus, /healthz, /readyz,
/health/build and the API under /api. All of it asks for a token, which is another at each
start and stands in the address that is printed once; "token-file" in config.toml names a
file with one that stays. --metrics-open has /metrics answered without it.

Exit codes: 0 it was told to end, 2 a mistake in config.toml, 3 another monitor runs
already, or it could not do its work.`,
		Example: `  godrift monitor
  godrift monitor ~/src/app ~/src/lib
  godrift monitor --listen none
  godrift monitor --log-format json 2>>monitor.log`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if c.Monitor == nil {
				return errors.New("this build has no monitor")
			}
			m := Monitoring{
				Out: c.Stdout, Err: c.Stderr, World: c.here(), Version: c.build().Godrift, StateDir: c.StateDir, LogFormat: format.value,
				Listen: listen, MetricsOpen: metricsOpen, InsecureListen: insecure,
			}
			for _, dir := range args {
				m.Workspaces = append(m.Workspaces, c.monitored(c.absolute(dir)))
			}
			if here := c.monitored(c.Dir); !c.tooMuch(here) {
				m.Here = here
			}
			c.code = c.Monitor(cmd.Context(), m)
			return nil
		},
	}
	cmd.AddCommand(c.monitorStatusCommand(), c.monitorUnitCommand())
	cmd.AddCommand(c.monitorAlertCommands()...)
	cmd.Flags().StringVar(&listen, "listen", "", "have the page at `HOST:PORT`, or none (default 127.0.0.1:9494)")
	cmd.Flags().BoolVar(&metricsOpen, "metrics-open", false, "answer /metrics without the token")
	cmd.Flags().BoolVar(&insecure, "insecure-listen", false, "listen where other machines can read the token and all that is shown")
	cmd.Flags().Var(format, "log-format", "how to write the log")
	_ = cmd.RegisterFlagCompletionFunc("log-format", cobra.FixedCompletions(completions(format.allowed), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// monitored is the workspace that a folder belongs to, as for every other command: they share
// a history. One that is not there yet is taken by its name.
func (c *Command) monitored(dir string) string {
	if info, err := c.here().Files.Stat(dir); err != nil || !info.IsDir() {
		return dir
	}
	return c.workspaceOf(dir)
}

// tooMuch reports whether a folder is a whole home or disk: a service is started in one
// unless somebody says otherwise, and nobody means to have all of that looked at.
func (c *Command) tooMuch(dir string) bool {
	home := c.getenv("HOME")
	if home == "" {
		home = c.getenv("USERPROFILE")
	}
	return dir == filepath.Dir(dir) || home != "" && dir == filepath.Clean(home)
}
