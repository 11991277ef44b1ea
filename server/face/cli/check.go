package cli

import (
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type checkFlags struct {
	format    *format
	failOn    severityFlag
	staged    bool
	since     string
	untrusted bool
	summary   bool
	quiet     bool
	otlp      otlpFlags
}

func (c *Command) checkCommand() *cobra.Command {
	var flags checkFlags
	flags.failOn.value = drift.SeverityError
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Report what is wrong",
		Long: `Report every place that disagrees about which Go to use, and everything in the
environment that would surprise a build. A PATH that is a folder or a file
narrows the report to it; several may be given.

Exits with 1 if there is a finding at or above --fail-on, and with 2 whenever
godrift.toml has a mistake: then it is not known what is meant to be so.

--otlp sends what was found, the score, the Go that runs and the pins to a collector that
takes OTLP over HTTP, once, with the repository and the job of a CI system. That it cannot
be sent is said on standard error and changes no exit code.`,
		Example: `  godrift check
  godrift check --staged                 what git is about to commit
  godrift check --since origin/main      only what this branch made worse
  godrift check --format sarif > godrift.sarif
  godrift check --format markdown        a report for an issue
  godrift check --otlp=https://otel.example.com:4318
  godrift check --fail-on warning --summary`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.check(cmd.Context(), args, flags) },
	}
	flags.format = formatFlag(cmd, "sarif", "github", "junit", "markdown")
	cmd.Flags().Var(&flags.failOn, "fail-on", "least severity that makes the exit code 1")
	cmd.Flags().BoolVar(&flags.staged, "staged", false, "look at what git would commit, and report staged files only")
	cmd.Flags().StringVar(&flags.since, "since", "", "report only what got worse since the branch left this `REV`")
	cmd.Flags().BoolVar(&flags.untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.Flags().BoolVar(&flags.summary, "summary", false, "print only how many findings there are")
	cmd.Flags().BoolVarP(&flags.quiet, "quiet", "q", false, "print nothing if there is no finding")
	flags.otlp.add(cmd)
	_ = cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions(completions(severityWords), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *Command) check(ctx context.Context, paths []string, flags checkFlags) error {
	if flags.staged && flags.since != "" {
		return usagef("--staged and --since exclude each other: a commit is compared with its parent")
	}
	if flags.summary && flags.format.value != "text" {
		return usagef("--summary is for text; the other formats hold the counts")
	}
	if flags.quiet && flags.format.value != "text" {
		return usagef("--quiet is for text; a document of the other formats is never empty")
	}
	if flags.otlp.address != "" && (flags.staged || flags.since != "") {
		return usagef("--otlp tells of a workspace as a whole; leave out --staged and --since")
	}
	collector, err := c.collector(flags.otlp)
	if err != nil {
		return err
	}
	targets, err := c.targets(paths)
	if err != nil {
		return err
	}
	reports := make([]*drift.Report, 0, len(targets))
	for _, t := range targets {
		report, err := c.checkTarget(ctx, t, flags, len(targets) == 1)
		if err != nil {
			return err
		}
		if report == nil && flags.quiet {
			return nil
		}
		if report == nil {
			_, err := io.WriteString(c.out, "No findings: nothing that is staged says which Go to use.\n")
			return err
		}
		reports = append(reports, report)
		for _, f := range report.Findings {
			c.failed = c.failed || flags.failOn.fails(f.Severity)
			if f.Code == codePolicyInvalid {
				c.code = ExitUsage
			}
		}
	}
	c.export(ctx, collector, reports)
	if flags.quiet && !slices.ContainsFunc(reports, func(r *drift.Report) bool { return len(r.Findings) > 0 }) {
		return nil
	}
	return c.printReports(ctx, reports, flags)
}

// checkTarget returns no report where a single one is known to be empty.
func (c *Command) checkTarget(ctx context.Context, t target, flags checkFlags, single bool) (*drift.Report, error) {
	opts := c.engineOptions(t.root, flags.untrusted)
	if !flags.staged && flags.since == "" {
		if !flags.untrusted {
			// What is looked at is what is on disk, all of it.
			mender, memory := c.memory("godrift check")
			defer mender.Close()
			opts.Memory, opts.Record, opts.Forgot = memory, true, c.forgot
		}
		return c.evaluate(ctx, t, opts, everywhere)
	}
	// What is committed says nothing about the tools of this machine.
	opts.NoTools = true
	repo, err := c.repository(ctx, t.root, flags.untrusted)
	if err != nil {
		return nil, err
	}
	if flags.since != "" {
		return c.checkSince(ctx, t, opts, repo, flags.since)
	}
	var only map[string]bool
	if opts.World.Files, only, err = repo.staged(ctx, opts.World.Files); err != nil {
		return nil, err
	}
	if flags.format.value == "text" && !flags.summary && single && !engine.Concerned(engine.Options{Root: c.resolved(t.root), World: opts.World}, slices.Collect(maps.Keys(only))) {
		return nil, nil // most commits are of this kind, and need not wait
	}
	// The names that git gives are those of the real folder.
	real := c.resolved(t.root)
	inReal := func(file string) string {
		if rel, err := filepath.Rel(t.root, file); err == nil {
			return filepath.Join(real, rel)
		}
		return file
	}
	opts.Before, opts.BeforeName = repo.before(ctx, only, inReal), "in the last commit"
	return c.evaluate(ctx, t, opts, func(_ *drift.Report, _ drift.Finding, at drift.Place) bool {
		return only[at.File] || only[inReal(at.File)]
	})
}

// checkSince keeps what was not so bad, or not there at all, when the branch
// began.
func (c *Command) checkSince(ctx context.Context, t target, opts engine.Options, repo *repository, rev string) (*drift.Report, error) {
	was := opts
	files, changed, err := repo.since(ctx, rev, opts.World.Files)
	if err != nil {
		return nil, err
	}
	if len(changed) == 0 {
		return c.evaluate(ctx, t, opts, func(*drift.Report, drift.Finding, drift.Place) bool { return false })
	}
	was.World.Files = files
	opts.Before, opts.BeforeName = files.ReadFile, "in "+rev
	before, err := engine.Evaluate(ctx, was)
	if err != nil {
		return nil, fmt.Errorf("cannot look at %s as it was: %w", t.root, err)
	}
	var worse func(drift.Finding, drift.Place) bool
	return c.evaluate(ctx, t, opts, func(after *drift.Report, f drift.Finding, at drift.Place) bool {
		if worse == nil {
			worse = engine.Worse(before, after)
		}
		return worse(f, at)
	})
}

func (c *Command) printReports(ctx context.Context, reports []*drift.Report, flags checkFlags) error {
	opts := c.options()
	opts.FailOn = flags.failOn.value
	switch flags.format.value {
	case "sarif":
		opts.Rules = catalogue()
		return tell.SARIF(c.out, reports, opts)
	case "github":
		// Annotations name files from the root of the checkout.
		if checkout := c.getenv("GITHUB_WORKSPACE"); filepath.IsAbs(checkout) {
			opts.Dir = filepath.Clean(checkout)
		} else {
			opts.Dir = reports[0].Snapshot.Root
		}
		return tell.GitHub(c.out, reports, opts)
	case "junit":
		return tell.JUnit(c.out, reports, opts)
	case "markdown":
		return tell.Markdown(c.out, reports, c.recent(ctx, flags), opts)
	}
	return c.print(flags.format.value, tell.NewCheck(reports...), func(w io.Writer) error {
		if flags.summary {
			return tell.SummaryText(w, reports, opts)
		}
		return tell.CheckText(w, reports, opts)
	})
}

// recent reads the newest moments of a workspace, for since when something is so. What
// cannot be read is not known: the report is right without it.
func (c *Command) recent(ctx context.Context, flags checkFlags) func(root string) []drift.Moment {
	if flags.untrusted || flags.staged || flags.since != "" {
		return nil
	}
	return func(root string) []drift.Moment {
		mender, memory := c.memory("godrift check")
		defer mender.Close()
		moments, err := memory.History(ctx, engine.HistoryFilter{Root: root, Limit: 50})
		if err != nil {
			return nil
		}
		return moments
	}
}
