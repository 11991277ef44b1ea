package cli

import (
	"context"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/config"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
	"godrift.dev/server/tell/alert"
)

// monitorAlertCommands are those about alerts, which go with the monitor.
func (c *Command) monitorAlertCommands() []*cobra.Command {
	return []*cobra.Command{c.monitorAlertsCommand(), c.monitorSilenceCommand(), c.monitorTestAlertCommand()}
}

// alerts is what a command about alerts has to do with: those of the user, whether a
// monitor runs or not. Nothing is sent by having it.
func (c *Command) alerts(command string) (*alert.Alerts, config.Config, func(), error) {
	said, err := config.Read(config.File(c.here().Environ))
	if err != nil {
		return nil, said, nil, usageError{err}
	}
	mender, memory := c.memory(command)
	done := func() { mender.Close() }
	outbox, err := memory.Outbox()
	if err != nil {
		done()
		return nil, said, nil, err
	}
	host, _ := os.Hostname() // it may have none
	a, err := alert.New(alert.Options{
		Config: said.Alert, Outbox: outbox, Environ: maps.Clone(c.here().Environ), Version: c.build().Godrift, Host: host, Run: engine.RunProgram,
	})
	if err != nil {
		done()
		return nil, said, nil, err
	}
	return a, said, done, nil
}

func (c *Command) monitorAlertsCommand() *cobra.Command {
	var resend []string
	cmd := &cobra.Command{
		Use:   "alerts",
		Short: "List what stands, what waits to be told and what was given up",
		Long: `List the findings that the monitor has seen and that still stand, with the channels that
know, the silences that hold, the messages that wait to be sent, with why the last attempt
failed, and the dead letters: messages that were refused for good, or that did not get
through in the time that "give-up" in config.toml says.

--resend has a dead letter tried again by the monitor, as often as a new one.`,
		Example: `  godrift monitor alerts
  godrift monitor alerts --resend 17
  godrift monitor alerts --resend all
  godrift monitor alerts --format json | jq '.firing[] | select(.level == "error")'`,
		Args: noArgs,
	}
	f := formatFlag(cmd)
	cmd.Flags().StringSliceVar(&resend, "resend", nil, "send the dead letter of that `ID` again, or all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		a, _, done, err := c.alerts("godrift monitor alerts")
		if err != nil {
			return err
		}
		defer done()
		if err := again(cmd.Context(), a, resend); err != nil {
			return err
		}
		doc, err := a.State(cmd.Context())
		if err != nil {
			return err
		}
		return c.print(f.value, doc, func(w io.Writer) error { return tell.AlertsText(w, doc, time.Now(), c.options()) })
	}
	return cmd
}

// again has dead letters sent again.
func again(ctx context.Context, a *alert.Alerts, names []string) error {
	if len(names) == 0 {
		return nil
	}
	var ids []int64
	if !slices.Contains(names, "all") {
		for _, name := range names {
			id, err := strconv.ParseInt(name, 10, 64)
			if err != nil || id <= 0 {
				return usagef("--resend takes the number of a dead letter, or all; %q is neither", name)
			}
			ids = append(ids, id)
		}
	}
	n, err := a.Resend(ctx, ids...)
	if err != nil {
		return err
	}
	if n < len(ids) {
		return usagef("%d of these are no dead letters; godrift monitor alerts lists them", len(ids)-n)
	}
	return nil
}

func (c *Command) monitorTestAlertCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test-alert [CHANNEL]",
		Short: "Send a test to a channel, or to all, and tell what each answers",
		Long: `Send an alert that says that it is a test to the channel of that name, or to every channel
of [[alert.channel]] in your own config.toml, in the way that every alert is sent, and tell
what was answered. It is not tried twice. No monitor needs to run.

Exits with 3 if a channel did not take it.`,
		Example: `  godrift monitor test-alert
  godrift monitor test-alert team`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("%s takes one channel at most, but got %d; see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath())
			}
			return nil
		},
	}
	f := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		a, said, done, err := c.alerts("godrift monitor test-alert")
		if err != nil {
			return err
		}
		defer done()
		name := ""
		if len(args) > 0 {
			name = args[0]
		}
		switch {
		case len(said.Alert.Channels) == 0:
			return usagef("there is no channel; [[alert.channel]] in %s names one", config.File(c.here().Environ))
		case name != "" && !slices.ContainsFunc(said.Alert.Channels, func(ch config.Channel) bool { return ch.Name == name }):
			return usagef("there is no channel %q in %s", name, said.File)
		}
		doc, err := a.Test(cmd.Context(), name)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(doc.Channels, func(r tell.AlertTestResult) bool { return !r.Sent }) {
			c.code = ExitFailed
		}
		return c.print(f.value, doc, func(w io.Writer) error { return tell.AlertTestText(w, doc, c.options()) })
	}
	return cmd
}
