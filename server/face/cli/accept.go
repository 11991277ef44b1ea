package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"godrift.dev/server/tell"
)

func (c *Command) acceptCommand() *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use:   "accept",
		Short: "Make the present state the one to compare with",
		Long: `Make the present state of this workspace and of its environment the one that it is
compared with: what env-drift and its siblings report is settled, and godrift
rollback goes back to it. The state at first sight is accepted silently.`,
		Example: `  godrift accept
  godrift accept --reason "Go 1.26 is rolled out"`,
		Args: noArgs,
	}
	format := formatFlag(cmd)
	cmd.Flags().StringVarP(&reason, "reason", "m", "", "why, for whoever reads the history in a year")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.accept(cmd.Context(), reason, format.value) }
	return cmd
}

func (c *Command) accept(ctx context.Context, reason, format string) error {
	t := target{root: c.workspaceOf(c.Dir)}
	s := c.sight("godrift accept", t.root)
	defer s.close()
	s.opts.Memory = s.memory
	report, err := c.evaluate(ctx, t, s.opts, everywhere)
	if err != nil {
		return err
	}
	before, err := s.memory.Baseline(ctx, t.root)
	if err != nil {
		return err
	}
	accepted, err := s.memory.Accept(ctx, s.opts.World, report, reason)
	if err != nil {
		return err
	}
	doc := tell.AcceptDocument{
		Schema: tell.SchemaAccept, Version: tell.DocumentVersion, Root: t.root,
		Snapshot: accepted.Record.ID(), Reason: accepted.Reason,
	}
	if before != nil {
		doc.Before = before.Record.ID()
	}
	return c.print(format, doc, func(w io.Writer) error { return tell.AcceptText(w, doc, c.options()) })
}
