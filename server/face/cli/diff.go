package cli

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func (c *Command) diffCommand() *cobra.Command {
	var stat bool
	cmd := &cobra.Command{
		Use:   "diff [A] [B]",
		Short: "Say what differs between two states of this workspace",
		Long: `Say what differs between two states of this workspace: what was added, removed and
changed, versions compared as versions. A is the baseline and B the present if they
are left out. Each is one of
` + engine.RefHelp + `.`,
		Example: `  godrift diff                 what differs from the baseline
  godrift diff last~1 last     what the last change was
  godrift diff 2026-05-04      what changed since that day
  godrift diff --stat baseline 3f9a2c`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 2 {
				return usagef("%s takes two snapshots at most, but got %d; see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions([]cobra.Completion{engine.RefBaseline, engine.RefNow, "last", "last~1"}, cobra.ShellCompDirectiveNoFileComp),
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&stat, "stat", false, "count the changes, and do not list them")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		names := []string{engine.RefBaseline, engine.RefNow}
		copy(names, args)
		s := c.sight("godrift diff", c.workspaceOf(c.Dir))
		defer s.close()
		a, err := s.resolve(cmd.Context(), names[0])
		if err != nil {
			return err
		}
		b, err := s.resolve(cmd.Context(), names[1])
		if err != nil {
			return err
		}
		doc := tell.NewDiff(s.root, names[0], names[1], a, b)
		return c.print(f.value, doc, func(w io.Writer) error { return tell.DiffText(w, doc, stat, c.options(), time.Local) })
	}
	return cmd
}

// resolve finds the snapshot that a person names.
func (s *sight) resolve(ctx context.Context, ref string) (drift.Record, error) {
	r, err := s.memory.Resolve(ctx, s.root, s.opts.World.Of, ref, time.Now(), func() (drift.Record, error) { return s.present(ctx) })
	if errors.Is(err, engine.ErrRef) || errors.Is(err, engine.ErrNoRecord) {
		return r, usageError{err}
	}
	return r, err
}
