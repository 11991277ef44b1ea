package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type cacheSwitchFlags struct {
	format *format
	shell  string
	to     string
	carry  bool
	whole  bool
	yes    bool
}

func (c *Command) cacheSwitchCommand() *cobra.Command {
	var flags cacheSwitchFlags
	cmd := &cobra.Command{
		Use:   "switch",
		Short: "Use a new build cache from the next go command on",
		Long: `Make another folder the build cache: a new one beside the present cache, or the one that
--to names. GOCACHE in the file that go env -w writes is changed in one step, so that
builds under way go on with the old cache and the next ones use the new one. "godrift undo"
goes back, until "godrift cache gc" removes the old cache.

With --carry-over the new cache has what is good in the old one: every output is checked
on the way, and shares its room on the disk with the old one. On another disk that is
not possible; --copy copies it.

Where this shell exports GOCACHE, that comes first: godrift prints the line which the
shell must evaluate.

On a terminal godrift asks, with --yes it does not ask, and without either nothing is
changed.`,
		Example: `  godrift cache switch --carry-over
  godrift cache switch --to /data/go-build --carry-over --copy --yes`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.cacheSwitch(cmd.Context(), flags) },
	}
	flags.format = formatFlag(cmd)
	shellFlag(cmd, &flags.shell)
	cmd.Flags().StringVar(&flags.to, "to", "", "use the cache in `DIR`, which is made if it is not there")
	cmd.Flags().BoolVar(&flags.carry, "carry-over", false, "take along what is good in the present cache")
	cmd.Flags().BoolVar(&flags.whole, "copy", false, "with --carry-over, copy what cannot be shared")
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	_ = cmd.MarkFlagDirname("to")
	return cmd
}

func (c *Command) cacheSwitch(ctx context.Context, flags cacheSwitchFlags) error {
	if flags.whole && !flags.carry {
		return usagef("--copy says how to carry over: give --carry-over, too")
	}
	shell, err := c.shellName(flags.shell)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	t := target{root: c.workspaceOf(c.Dir)}
	s := c.sight("godrift cache switch", t.root)
	defer s.close()
	s.opts.NoTools = true
	report, err := c.evaluate(ctx, t, s.opts, everywhere)
	if err != nil {
		return err
	}
	if recovered, err := c.recover(ctx, s.mender, s.opts.World, report); err != nil {
		return err
	} else if recovered {
		if report, err = c.evaluate(ctx, t, s.opts, everywhere); err != nil {
			return err
		}
	}
	to := flags.to
	if to != "" {
		to = c.absolute(to)
	}
	plan, err := engine.PlanCacheSwitch(ctx, report, to)
	if err != nil {
		return err
	}
	plan.CarryOver, plan.Whole = flags.carry, flags.whole
	preview, err := s.mender.Plan(ctx, s.opts.World, report, plan.Fix)
	if err != nil {
		return err
	}
	doc := engine.CacheSwitchDocument(plan, preview)
	show := func(w io.Writer) error { return tell.CacheSwitchText(w, doc, c.options()) }
	apply, asked, err := c.consent(flags.yes, "Switch?", show)
	if err != nil {
		return err
	}
	if !apply {
		if !asked {
			err = c.print(flags.format.value, doc, show)
			fmt.Fprintln(c.Stderr, "Nothing was changed. The same with --yes does it.")
			return err
		}
		fmt.Fprintln(c.Stderr, "Nothing was changed.")
		return err
	}
	return c.doCacheSwitch(ctx, s, report, plan, shell, doc, flags.format.value)
}

// doCacheSwitch makes the new cache and switches to it.
func (c *Command) doCacheSwitch(ctx context.Context, s *sight, report *drift.Report, plan engine.CacheSwitch, shell engine.Shell, doc tell.CacheSwitchDocument, format string) error {
	bar := c.progress()
	carried, err := s.mender.MakeCache(ctx, plan, engine.CacheSteps{
		Carried: func(done, total int) { bar.count("Carrying over", done, total) },
		Read:    bar.cache("Checking what is carried over"),
	})
	bar.close()
	switch {
	case errors.Is(err, engine.ErrOtherDisk):
		return fmt.Errorf("%w: give --copy to copy them, or leave --carry-over out to begin with an empty cache", err)
	case err != nil:
		return interrupted(err, "the switch")
	}
	result, err := s.mender.SwitchCache(ctx, s.opts.World, report, plan, engine.Hands{})
	if err != nil {
		return err
	}
	opts := s.opts
	opts.NoTools = false
	c.remember(ctx, opts, s.memory)
	doc.Applied, doc.Journal = true, result.ID
	doc.Outputs, doc.Entries, doc.Bytes, doc.Bad = carried.Outputs, carried.Entries, carried.Bytes, carried.Bad
	doc.Notes = append(doc.Notes, result.Notes...)
	if doc.Shell, err = shellLines(result, shell); err != nil {
		return err
	}
	return c.print(format, doc, func(w io.Writer) error { return tell.CacheSwitchText(w, doc, c.options()) })
}
