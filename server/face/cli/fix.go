package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type fixFlags struct {
	choice
	alignFlags
	format *format
	shell  string
	apply  bool
	all    bool
}

func (c *Command) fixCommand() *cobra.Command {
	var flags fixFlags
	cmd := &cobra.Command{
		Use:   "fix [PATH…]",
		Short: "Show what would put it right, and do it",
		Long: `Show for each finding the likeliest fix, as a diff and a list of what else would
be done. Nothing is changed without --apply.

With --apply, say which fixes: --all, --code, --finding, --pin or a PATH. On a
terminal godrift asks about each one if none of them is given. Every fix is
journaled first and done as a whole or not at all; "godrift undo" takes it back.
What --all does is what is shown without --apply, and no more. It leaves out what
would change the Go of all your workspaces, a newer patch that is only news where
the pin would part from the Go that runs, and of two fixes that write to one place
the lesser; it says so, and --finding takes them.

--align writes one Go into all pins of a role, each spelled its way, as one fix:
a version, patch (the newest of what is there), floor (the go line), running (the
Go that runs here), or file (no version, where the reader can follow go.mod). It
takes what is agreed upon if nothing is said. Test matrices and ranges are left
alone, and no go line is touched unless --role floor asks for it.

--pin with --to raises or lowers one place, to a version or one of these words;
with --reference it names the file that setup-go can take the version from.`,
		Example: `  godrift fix
  godrift fix --apply --all
  godrift fix --apply --code pin-below-floor
  godrift fix --apply --pin go.mod:3
  godrift fix --accept --finding 3f2a91    write into godrift.toml that it is meant
  godrift fix --align 1.25.3
  godrift fix --align patch --role build,ship --apply
  godrift fix --pin Dockerfile:3 --to 1.26.7
  godrift fix --pin .github/workflows/ci.yml:12 --reference`,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case flags.moveTo != "" || flags.reference:
				if flags.pin == "" || flags.to != "" || flags.moveTo != "" && flags.reference {
					return usagef("--to VERSION and --reference say what becomes of one place: give it with --pin FILE:LINE, and only one of them, without --align")
				}
				if flags.to = flags.moveTo; flags.reference {
					flags.to = "file"
				}
				return c.align(cmd.Context(), args, flags)
			case flags.to != "":
				return c.align(cmd.Context(), args, flags)
			case len(flags.roles) > 0 || flags.matrices:
				return usagef("--role and --matrices belong to --align")
			}
			return c.fix(cmd.Context(), args, flags)
		},
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().BoolVar(&flags.apply, "apply", false, "carry the fixes out")
	cmd.Flags().BoolVar(&flags.all, "all", false, "all fixes on offer")
	cmd.Flags().StringVar(&flags.code, "code", "", "fixes of findings with this `CODE`")
	cmd.Flags().StringVar(&flags.finding, "finding", "", "the fix of the finding, or the fix, with this `ID`")
	cmd.Flags().StringVar(&flags.pin, "pin", "", "fixes of findings at `FILE[:LINE]`")
	cmd.Flags().BoolVar(&flags.accept, "accept", false, "accept what is, as policy, in place of mending it")
	cmd.Flags().StringVar(&flags.to, "align", "", "align pins to this `VERSION`, or to patch, floor, running or file")
	cmd.Flags().Lookup("align").NoOptDefVal = agreed
	cmd.Flags().StringVar(&flags.moveTo, "to", "", "with --pin: write this `VERSION` there, or what patch, floor or running stand for")
	cmd.Flags().BoolVar(&flags.reference, "reference", false, "with --pin: follow the file that holds the version, where the reader can")
	cmd.Flags().StringSliceVar(&flags.roles, "role", nil, "with --align: pins of these `ROLES`: "+strings.Join(roles, ", ")+" (default build,ship,develop,lint)")
	cmd.Flags().BoolVar(&flags.matrices, "matrices", false, "with --align: the newest entry of each test matrix, too")
	_ = cmd.RegisterFlagCompletionFunc("align", cobra.FixedCompletions(completions(alignWords), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("to", cobra.FixedCompletions(completions(alignWords), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("role", cobra.FixedCompletions(completions(roles), cobra.ShellCompDirectiveNoFileComp))
	shellFlag(cmd, &flags.shell)
	_ = cmd.RegisterFlagCompletionFunc("code", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var codes []cobra.Completion
		for _, r := range engine.Rules() {
			codes = append(codes, cobra.CompletionWithDesc(r.Code, r.Title))
		}
		return codes, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func (c *Command) fix(ctx context.Context, paths []string, flags fixFlags) error {
	if flags.code != "" && !slices.ContainsFunc(engine.Rules(), func(r engine.Rule) bool { return r.Code == flags.code }) {
		return usagef("there is no rule %q; the codes stand in the findings that godrift check prints", flags.code)
	}
	if flags.finding != "" && len(flags.finding) < leastPrefix {
		return usagef("--finding %s is too short: give at least %d characters", flags.finding, leastPrefix)
	}
	shell, err := c.shellName(flags.shell)
	if err != nil {
		return err
	}
	chose := flags.all || flags.code != "" || flags.finding != "" || flags.pin != "" || len(paths) > 0
	ask := !chose && flags.apply && c.answers()
	if flags.apply && !chose && !ask {
		return usagef("say which fixes to carry out: --all, --code CODE, --finding ID, --pin FILE:LINE or a PATH; without --apply they are only shown")
	}
	targets, err := c.targets(paths)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	mender, memory := c.memory("godrift fix")
	defer mender.Close()

	doc := tell.FixDocument{Schema: tell.SchemaFix, Version: tell.DocumentVersion, Root: targets[0].root, Applied: flags.apply, Fixes: []tell.PlannedFix{}}
	m := &mending{Command: c, mender: mender, memory: memory, flags: flags, shell: shell, ask: ask}
	for _, t := range targets {
		fixes, err := m.target(ctx, t)
		doc.Fixes = append(doc.Fixes, fixes...)
		if err != nil {
			return err
		}
	}
	if len(doc.Fixes) == 0 && flags.finding != "" {
		return usagef("there is no finding or fix %s here that can be mended; godrift check lists what there is", flags.finding)
	}
	if err := c.print(flags.format.value, doc, func(w io.Writer) error { return tell.FixText(w, doc, c.options()) }); err != nil {
		return err
	}
	m.closing(doc, paths)
	if m.refused != nil {
		return m.refused
	}
	return nil
}

func describe(x chosen) tell.PlannedFix {
	return tell.PlannedFix{
		FindingFix: tell.NewFindingFix(x.fix), Finding: x.id, Code: x.finding.Code, Message: drift.MaskText(x.finding.Message),
		Status: tell.FixPlanned, Commands: []string{}, Shell: []string{}, Done: []string{}, Notes: []string{},
	}
}

func (m *mending) plan(ctx context.Context, world engine.World, report *drift.Report, x chosen) tell.PlannedFix {
	out := describe(x)
	preview, err := m.mender.Plan(ctx, world, report, x.fix)
	if err != nil {
		if m.flags.apply {
			m.mender.Refused(ctx, report, x.fix, err)
		}
		out.Status, out.Error = tell.FixRefused, drift.MaskText(err.Error())
		return out
	}
	out.Diff, out.Commands = preview.Diff, append(out.Commands, preview.Commands...)
	if x.fix.NeedsEditor() {
		out.Status = tell.FixEditor
	}
	return out
}

func (m *mending) apply(ctx context.Context, world engine.World, report *drift.Report, x chosen) tell.PlannedFix {
	out := m.plan(ctx, world, report, x)
	if out.Status != tell.FixPlanned {
		m.refuse(out)
		return out
	}
	bar := m.progress()
	result, err := m.mender.Apply(ctx, world, report, x.fix, engine.Hands{Progress: bar.show})
	bar.close()
	if err != nil {
		out.Status, out.Error = tell.FixRefused, drift.MaskText(err.Error())
		m.refuse(out)
		return out
	}
	out.Status, out.Journal = tell.FixApplied, result.ID
	out.Done, out.Notes = append(out.Done, result.Done...), append(out.Notes, result.Notes...)
	if out.Shell, err = shellLines(result, m.shell); err != nil {
		out.Notes = append(out.Notes, err.Error())
	}
	if len(result.Shell) > 0 {
		out.Status = tell.FixManual
	}
	return out
}

// refuse remembers the first fix that could not be carried out.
func (m *mending) refuse(f tell.PlannedFix) {
	switch {
	case m.refused != nil:
	case f.Status == tell.FixRefused:
		m.refused = errors.New(f.Error)
	case f.Status == tell.FixEditor && m.flags.finding != "":
		m.refused = errors.New("only an editor with godrift can carry that fix out")
	}
}

// confirm shows a fix and asks whether to carry it out.
func (m *mending) confirm(ctx context.Context, world engine.World, report *drift.Report, x chosen) (bool, error) {
	planned := m.plan(ctx, world, report, x)
	opts := m.options()
	opts.Color = isTerminal(m.Stderr) && m.getenv("NO_COLOR") == ""
	if err := tell.FixText(m.Stderr, tell.FixDocument{Fixes: []tell.PlannedFix{planned}}, opts); err != nil {
		return false, err
	}
	if planned.Status != tell.FixPlanned {
		return false, nil
	}
	return m.yes("Apply this fix?")
}

func shellFlag(cmd *cobra.Command, value *string) {
	cmd.Flags().StringVar(value, "shell", "", "print lines for a running shell in the language of this `SHELL`: "+strings.Join(shells, ", "))
	_ = cmd.RegisterFlagCompletionFunc("shell", cobra.FixedCompletions(completions(shells), cobra.ShellCompDirectiveNoFileComp))
}

// shellName is the shell that lines are printed for.
func (c *Command) shellName(flag string) (engine.Shell, error) {
	if flag == "" {
		switch name := strings.TrimSuffix(filepath.Base(c.getenv("SHELL")), ".exe"); name {
		case "zsh", "fish":
			return engine.Shell(name), nil
		case "pwsh", "powershell":
			return "powershell", nil
		}
		return "bash", nil
	}
	if !slices.Contains(shells, flag) {
		return "", usagef("no lines for the shell %q; there is %s", flag, strings.Join(shells, ", "))
	}
	return engine.Shell(flag), nil
}

// shellLines are what a running shell must evaluate.
func shellLines(result engine.Result, shell engine.Shell) ([]string, error) {
	out := []string{}
	for _, change := range result.Shell {
		line, err := change.In(shell)
		if err != nil {
			return out, err
		}
		out = append(out, line)
	}
	return out, nil
}
