package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/config"
	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
	"godrift.dev/server/tell/alert"
)

type silenceFlags struct {
	length string
	reason string
	remove int64
}

// longestSilence is the longest that can be asked for at the command line.
const longestSilence = 366 * 24 * time.Hour

func (c *Command) monitorSilenceCommand() *cobra.Command {
	var flags silenceFlags
	cmd := &cobra.Command{
		Use:   "silence [RULE|WORKSPACE…]",
		Short: "Have nothing told of a rule or a workspace for a time",
		Long: `Have no channel told of findings of a rule, in a workspace, or of a rule in a workspace,
for a time; without an argument list the silences that hold. A * in a RULE stands for any
letters. A WORKSPACE is a name that the monitor gave it, or a folder.

It counts at once, for a running monitor too, and outlives it. What still stands when it
ends is told then.`,
		Example: `  godrift monitor silence toolchain-drift --for 2h
  godrift monitor silence 'pin-*' app --for 3d --reason "the great move"
  godrift monitor silence                list them
  godrift monitor silence --remove 4`,
	}
	f := formatFlag(cmd)
	cmd.Flags().StringVar(&flags.length, "for", "", "for how `LONG`, such as 30m, 2h or 3d")
	cmd.Flags().StringVar(&flags.reason, "reason", "", "why, for those who see it in the list")
	cmd.Flags().Int64Var(&flags.remove, "remove", 0, "take the silence of that `ID` back")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return c.silence(cmd.Context(), args, flags, f.value) }
	return cmd
}

func (c *Command) silence(ctx context.Context, args []string, flags silenceFlags, format string) error {
	length, err := flags.check(args)
	if err != nil {
		return err
	}
	a, said, done, err := c.alerts("godrift monitor silence")
	if err != nil {
		return err
	}
	defer done()
	switch {
	case flags.remove > 0:
		ok, err := a.Unsilence(ctx, flags.remove)
		if err != nil {
			return err
		}
		if !ok {
			return usagef("there is no silence %d; godrift monitor silence lists them", flags.remove)
		}
	case len(args) > 0:
		rules, workspaces, err := c.silenced(ctx, a, said, args)
		if err != nil {
			return err
		}
		if _, err := a.Silence(ctx, rules, workspaces, length, flags.reason); err != nil {
			return err
		}
	}
	doc, err := a.State(ctx)
	if err != nil {
		return err
	}
	return c.print(format, doc, func(w io.Writer) error { return tell.SilencesText(w, doc.Silences, time.Now(), c.options()) })
}

func (s silenceFlags) check(args []string) (time.Duration, error) {
	switch {
	case s.remove < 0:
		return 0, usagef("--remove takes the number of a silence")
	case s.remove > 0 && (len(args) > 0 || s.length != ""):
		return 0, usagef("--remove goes alone")
	case len(args) == 0 && s.length != "":
		return 0, usagef("say what is to be silent: a rule, a workspace or both")
	case len(args) == 0:
		return 0, nil
	case s.length == "":
		return 0, usagef("say for how long: --for 2h")
	}
	d, err := drift.ParseAge(s.length)
	if err == nil && (d < time.Second || d > longestSilence) {
		err = fmt.Errorf("%q: it must be from 1s to 366d", s.length)
	}
	if err != nil {
		return 0, usageError{fmt.Errorf("--for: %w", err)}
	}
	return d, nil
}

// silenced tells rules from workspaces. A name that is neither is a mistake: a silence that
// fits nothing would look as if it did something.
func (c *Command) silenced(ctx context.Context, a *alert.Alerts, said config.Config, args []string) (rules, workspaces []string, err error) {
	known, err := c.knownWorkspaces(ctx, a, said)
	if err != nil {
		return nil, nil, err
	}
	for _, arg := range args {
		switch {
		case slices.ContainsFunc(engine.Rules(), func(r engine.Rule) bool { return config.Fits([]string{arg}, r.Code) }):
			rules = append(rules, arg)
		case slices.ContainsFunc(known, func(name string) bool { return config.Fits([]string{arg}, name) }):
			workspaces = append(workspaces, arg)
		default:
			info, err := os.Stat(c.absolute(arg))
			if err != nil || !info.IsDir() {
				return nil, nil, usagef("%q is no rule, no workspace of the monitor and no folder", arg)
			}
			workspaces = append(workspaces, c.workspaceOf(c.absolute(arg)))
		}
	}
	return rules, workspaces, nil
}

// knownWorkspaces are the names and folders of what is or was watched.
func (c *Command) knownWorkspaces(ctx context.Context, a *alert.Alerts, said config.Config) ([]string, error) {
	doc, err := a.State(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range doc.Firing {
		names = append(names, f.Workspace, f.Root)
	}
	for _, w := range said.Monitor.Workspaces {
		names = append(names, w.Name)
	}
	m := engine.NewMender(c.StateDir, c.here().Environ)
	defer m.Close()
	note, _, err := m.Monitor()
	if err != nil {
		return nil, err
	}
	for _, w := range note.Workspaces {
		names = append(names, w.Name, w.Root)
	}
	return slices.DeleteFunc(names, func(name string) bool { return name == "" }), nil
}
