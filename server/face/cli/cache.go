package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func (c *Command) cacheCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Check, measure and switch the build cache",
		Long: `The go command checks the size of what it takes out of its build cache, and not the
content: a flipped bit is built into programs again and again. godrift cache verify
reads everything, finds what is bad and takes just that out.

They look at the cache that go uses in this folder; --dir names another for verify, size
and trim.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(c.cacheVerifyCommand(), c.cacheSizeCommand(), c.cacheTrimCommand(), c.cacheSwitchCommand(), c.cacheGcCommand())
	return cmd
}

// cacheFlags are those of every command about the cache.
type cacheFlags struct {
	format *format
	dir    string
}

func (f *cacheFlags) add(cmd *cobra.Command) {
	f.format = formatFlag(cmd)
	cmd.Flags().StringVar(&f.dir, "dir", "", "look at the cache in `DIR` and not at the one that go uses here")
	_ = cmd.MarkFlagDirname("dir")
}

// cacheDir is the cache that a command is about.
func (c *Command) cacheDir(ctx context.Context, flags cacheFlags) (string, error) {
	if flags.dir != "" {
		return c.absolute(flags.dir), nil
	}
	why, err := engine.Explain(ctx, c.engineOptions(c.Dir, false), c.Dir)
	if err != nil {
		return "", err
	}
	v, ok := why.Environment.Lookup("GOCACHE")
	if !ok || v.Value == "" {
		return "", errors.New("which build cache go uses here cannot be told; name it with --dir")
	}
	return v.Value, nil
}

type cacheVerifyFlags struct {
	cacheFlags
	repair bool
}

func (c *Command) cacheVerifyCommand() *cobra.Command {
	var flags cacheVerifyFlags
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Read the whole build cache and report what is bad",
		Long: `Read every file of the build cache, over all cores, and report what is bad, each with
what go does with it. Builds can go on meanwhile. With --repair exactly the bad files
are moved out of the cache; "godrift undo" brings them back. The exit code is 1 if
anything is bad that was not repaired.`,
		Example: `  godrift cache verify
  godrift cache verify --repair`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.cacheVerify(cmd.Context(), flags) },
	}
	flags.add(cmd)
	cmd.Flags().BoolVar(&flags.repair, "repair", false, "move what is bad out of the cache")
	return cmd
}

func (c *Command) cacheVerify(ctx context.Context, flags cacheVerifyFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	dir, err := c.cacheDir(ctx, flags.cacheFlags)
	if err != nil {
		return err
	}
	opts := c.engineOptions(c.Dir, false)
	mender := engine.NewMender(c.StateDir, opts.World.Environ)
	defer mender.Close()
	// A repair is one of the workspace that it is asked for in, so that undo finds it there.
	here := &drift.Report{Snapshot: &drift.Snapshot{Root: c.workspaceOf(c.Dir), Trusted: true}}
	if flags.repair {
		// What an interrupted repair left half done comes back first, to be looked at.
		if _, err := c.recover(ctx, mender, opts.World, here); err != nil {
			return err
		}
	}
	bar := c.progress()
	begun := time.Now()
	check, err := engine.CheckCache(ctx, dir, bar.cache("Reading the build cache"))
	bar.close()
	if err != nil {
		return interrupted(err, "the check of the build cache")
	}
	doc := engine.CacheVerifyDocument(ctx, check)
	c.noted(mender.RememberCheck(ctx, check, begun))
	fix := engine.CacheRepair(check, time.Now())
	if flags.repair && len(fix.Actions) > 0 {
		result, err := mender.Apply(ctx, opts.World, here, fix, engine.Hands{})
		if err != nil {
			return err
		}
		doc.Removed, doc.Journal = check.Repairable(), result.ID
	}
	c.failed = len(doc.Bad) > 0 && (!flags.repair || doc.Removed < check.Repairable())
	return c.print(flags.format.value, doc, func(w io.Writer) error { return tell.CacheVerifyText(w, doc, c.options()) })
}

// noted says why something could not be remembered, which is no reason to fail.
func (c *Command) noted(err error) {
	if err != nil {
		fmt.Fprintf(c.Stderr, "What was found is not remembered: %v.\n", err)
	}
}

// interrupted says in plain words that somebody pressed Ctrl+C.
func interrupted(err error, what string) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s was stopped before it was finished", what)
	}
	return err
}

func (c *Command) cacheSizeCommand() *cobra.Command {
	var flags cacheFlags
	cmd := &cobra.Command{
		Use:     "size",
		Short:   "Show what stands in the build cache, by age and kind",
		Example: `  godrift cache size`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
			defer stop()
			dir, err := c.cacheDir(ctx, flags)
			if err != nil {
				return err
			}
			size, err := engine.MeasureCache(ctx, dir, time.Now())
			if err != nil {
				return interrupted(err, "measuring the build cache")
			}
			mender := engine.NewMender(c.StateDir, c.here().Environ)
			defer mender.Close()
			c.noted(mender.RememberSize(ctx, size, time.Now()))
			doc := engine.CacheSizeDocument(ctx, size)
			return c.print(flags.format.value, doc, func(w io.Writer) error { return tell.CacheSizeText(w, doc, c.options()) })
		},
	}
	flags.add(cmd)
	return cmd
}

type cacheTrimFlags struct {
	cacheFlags
	unused string
	limit  string
	yes    bool
}

func (c *Command) cacheTrimCommand() *cobra.Command {
	var flags cacheTrimFlags
	cmd := &cobra.Command{
		Use:   "trim",
		Short: "Remove what was not used for a while",
		Long: `Remove from the build cache what was not used for --unused (5 days, as go itself does
about once a day), the longest unused first, and with --to only until the cache has that
size. What was used since is never touched. The go command makes anew what it needs.
What "cache verify --repair" took out longer ago than that goes too.

On a terminal godrift asks, with --yes it does not ask, and without either nothing is
removed.`,
		Example: `  godrift cache trim
  godrift cache trim --unused 24h --to 5GiB --yes`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.cacheTrim(cmd.Context(), flags) },
	}
	flags.add(cmd)
	cmd.Flags().StringVar(&flags.unused, "unused", "5d", "keep what was used in this `TIME` (as in 90m, 24h, 5d)")
	cmd.Flags().StringVar(&flags.limit, "to", "", "stop when the cache has this `SIZE` (as in 500MiB, 5GiB)")
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	return cmd
}

func (c *Command) cacheTrim(ctx context.Context, flags cacheTrimFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	unused, err := parseAge(flags.unused)
	if err != nil {
		return err
	}
	limit, err := parseSize(flags.limit)
	if err != nil {
		return err
	}
	dir, err := c.cacheDir(ctx, flags.cacheFlags)
	if err != nil {
		return err
	}
	before := time.Now().Add(-unused)
	plan, err := engine.PlanTrim(ctx, dir, before, limit)
	if err != nil {
		return interrupted(err, "the trim")
	}
	doc := engine.CacheTrimDocument(dir, plan)
	show := func(w io.Writer) error { return tell.CacheTrimText(w, doc, c.options()) }
	apply := flags.yes
	if doc.Files > 0 {
		if apply, _, err = c.consent(flags.yes, "Remove them?", show); err != nil {
			return err
		}
	}
	if !apply {
		if err := c.print(flags.format.value, doc, show); err != nil {
			return err
		}
		if doc.Files > 0 {
			fmt.Fprintln(c.Stderr, "Nothing was removed. --yes removes it.")
		}
		return nil
	}
	files, bytes, err := engine.TrimCache(ctx, dir, plan, before)
	if err != nil {
		return interrupted(err, "the trim")
	}
	if size, err := engine.MeasureCache(ctx, dir, time.Now()); err == nil {
		mender := engine.NewMender(c.StateDir, c.here().Environ)
		defer mender.Close()
		c.noted(mender.RememberSize(ctx, size, time.Now()))
	}
	doc.Kept += doc.Bytes - bytes
	doc.Files, doc.Bytes, doc.Applied = files, bytes, true
	return c.print(flags.format.value, doc, show)
}

// parseAge reads a length of time.
func parseAge(s string) (time.Duration, error) {
	d, err := drift.ParseAge(s)
	if err != nil {
		return 0, usagef("%v", err)
	}
	return d, nil
}

// parseSize reads a number of bytes with a unit; nothing is no limit.
func parseSize(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	n, err := drift.ParseBytes(s)
	if err != nil {
		return 0, usagef("%v", err)
	}
	return n, nil
}
