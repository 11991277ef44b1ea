package cli

import (
	"io"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func (c *Command) monitorStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Tell whether the monitor runs, where, and what it watches",
		Long: `Tell whether the monitor runs, since when, where its page is and what it watches. The exit
code is 1 if none runs.`,
		Example: `  godrift monitor status
  godrift monitor status --format json | jq -r '.workspaces[] | "\(.name) \(.score)"'`,
		Args: noArgs,
	}
	f := formatFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error {
		m := engine.NewMender(c.StateDir, c.here().Environ)
		defer m.Close()
		note, runs, err := m.Monitor()
		if err != nil {
			return err
		}
		c.failed = !runs
		doc := tell.NewMonitorStatus(note, runs, m.Dir())
		return c.print(f.value, doc, func(w io.Writer) error { return tell.MonitorStatusText(w, doc, c.options(), time.Local) })
	}
	return cmd
}
