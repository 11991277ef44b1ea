package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type cacheGcFlags struct {
	format *format
	unused string
	yes    bool
}

func (c *Command) cacheGcCommand() *cobra.Command {
	var flags cacheGcFlags
	cmd := &cobra.Command{
		Use:   "gc",
		Short: "Remove the build caches that switches left behind",
		Long: `Remove build caches that "godrift cache switch" left behind, when nothing uses them: no
setting names one, no file in it was used and no switch led away from it for --unused, and,
on Linux, no process has one of its files open, has it for its GOCACHE, or is a go command
that began before the switch. Whatever is in doubt stays. Inputs of go test -fuzz and files
that are not go's stay in any case.

After that, an undo of the switch leads to an empty cache, which go fills again.

On a terminal godrift asks, with --yes it does not ask, and without either nothing is
removed.`,
		Example: `  godrift cache gc
  godrift cache gc --unused 2h --yes`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.cacheGc(cmd.Context(), flags) },
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().StringVar(&flags.unused, "unused", "1d", "keep a cache that was used in this `TIME` (as in 90m, 24h, 5d)")
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (c *Command) cacheGc(ctx context.Context, flags cacheGcFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	unused, err := parseAge(flags.unused)
	if err != nil {
		return err
	}
	s := c.sight("godrift cache gc", c.workspaceOf(c.Dir))
	defer s.close()
	why, err := engine.Explain(ctx, s.opts, c.Dir)
	if err != nil {
		return err
	}
	list, err := s.mender.OldCaches(ctx, s.opts.World, why.Environment, unused, time.Now())
	if err != nil {
		return interrupted(err, "the look for old caches")
	}
	doc := engine.CacheGcDocument(list)
	free := 0
	for _, old := range list {
		if len(old.InUse) == 0 {
			free++
		}
	}
	show := func(w io.Writer) error { return tell.CacheGcText(w, doc, c.options()) }
	apply := flags.yes
	if free > 0 {
		if apply, _, err = c.consent(flags.yes, "Remove what would go?", show); err != nil {
			return err
		}
	}
	if !apply || free == 0 {
		if err := c.print(flags.format.value, doc, show); err != nil {
			return err
		}
		if free > 0 {
			fmt.Fprintln(c.Stderr, "Nothing was removed. --yes removes what would go.")
		}
		return nil
	}
	if err := s.mender.CollectCaches(ctx, list, &doc); err != nil {
		return interrupted(err, "removing old caches")
	}
	return c.print(flags.format.value, doc, show)
}
