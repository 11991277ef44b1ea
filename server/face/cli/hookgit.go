package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type hookGitFlags struct {
	format   *format
	failOn   severityFlag
	printing string
	remove   bool
	force    bool
	required bool
	yes      bool
}

func (c *Command) hookGitCommand() *cobra.Command {
	var flags hookGitFlags
	cmd := &cobra.Command{
		Use:   "git [DIR]",
		Short: "Look at each commit before git makes it",
		Long: `Write a git hook that runs "godrift check --staged --quiet" before each commit. A
commit that would make pins disagree is stopped, with the reason and the fix; one
without a finding passes without a word.

What would be written is shown first. On a terminal godrift asks, with --yes it
does not ask, and without either nothing is changed. A second call changes
nothing, or renews the hook.

A hook that is there already stays: it gets the name pre-commit.before-godrift
beside the new one, which runs it first; if it fails, the commit is stopped as
before. --remove puts it back as it was, to the byte. git itself says where hooks
are, so that worktrees, submodules and core.hooksPath are right; where that leads
into the checkout or out of the repository, godrift says what to do.

The hook starts this godrift by its path. If that is gone it takes the one on
PATH, and if there is none it says so in one line and lets the commit pass, or
stops it if the hook was written with --required.

Where pre-commit, lefthook or husky runs the hooks, --print shows what to put into
its configuration.`,
		Example: `  godrift hook git
  godrift hook git --yes
  godrift hook git --yes --fail-on warning
  godrift hook git --remove --yes
  godrift hook git --print lefthook`,
		Args: atMostOne,
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.printing != "" {
				return c.printSnippet(flags.printing)
			}
			return c.hookGit(cmd.Context(), args, flags)
		},
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&flags.remove, "remove", false, "take the hook away, and put back what was there before")
	cmd.Flags().BoolVar(&flags.force, "force", false, "also into a folder of others, over another manager's hook, or over changes made by hand")
	cmd.Flags().BoolVar(&flags.required, "required", false, "stop commits where godrift is not installed any more")
	cmd.Flags().Var(&flags.failOn, "fail-on", "least severity that stops a commit (default error)")
	cmd.Flags().StringVar(&flags.printing, "print", "", "print what this `MANAGER` needs: "+strings.Join(managerNames(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("print", cobra.FixedCompletions(completions(managerNames()), cobra.ShellCompDirectiveNoFileComp))
	_ = cmd.RegisterFlagCompletionFunc("fail-on", cobra.FixedCompletions(completions(severityWords), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (c *Command) hookGit(ctx context.Context, args []string, flags hookGitFlags) error {
	dir, err := c.folder(args)
	if err != nil {
		return err
	}
	folder, err := c.hookFolder(ctx, dir)
	if err != nil {
		return err
	}
	doc := tell.HookGitDocument{Schema: tell.SchemaHookGit, Version: tell.DocumentVersion, Notes: []string{}}
	plan, err := c.planHook(folder, flags, &doc)
	if err != nil {
		return err
	}
	doc.Step, doc.Hook, doc.Kept, doc.Text = tell.HookStep(plan.Step), plan.File, plan.Kept, plan.Text
	opts := c.options()
	opts.Dir = c.resolved(c.Dir)
	if plan.Step == engine.HookNothing {
		doc.Text = ""
		if flags.format.value == "json" {
			return tell.JSON(c.out, doc)
		}
		if flags.remove {
			fmt.Fprintf(c.Stderr, "There is no hook of godrift's in %s.\n", tell.Clean(folder.dir))
			return nil
		}
		fmt.Fprintf(c.Stderr, "The hook is there already: %s\n", tell.Clean(plan.File))
		return nil
	}
	show := func(w io.Writer) error { return tell.HookGitText(w, doc, opts) }
	apply, asked, err := c.consent(flags.yes, "Do it?", show)
	if err != nil {
		return err
	}
	if apply {
		if err := plan.Do(); err != nil {
			return err
		}
		doc.Applied = true
	}
	if !asked || apply {
		if err := c.print(flags.format.value, doc, show); err != nil {
			return err
		}
	}
	if !apply {
		again := "godrift hook git"
		if flags.remove {
			again += " --remove"
		}
		fmt.Fprintf(c.Stderr, "Nothing was changed. %s --yes does it.\n", again)
	}
	return nil
}

// planHook decides what to do, and adds to doc what a person should know of it.
func (c *Command) planHook(folder hookFolder, flags hookGitFlags, doc *tell.HookGitDocument) (engine.HookPlan, error) {
	if flags.remove {
		return engine.PlanUnhook(folder.dir, flags.force)
	}
	hook := engine.GitHook{Dir: folder.dir, FailOn: string(flags.failOn.value), Required: flags.required}
	var note string
	hook.Program, note = c.program()
	if text, force := folder.objection(c); text != "" {
		if !force || !flags.force {
			return engine.HookPlan{}, usageError{errors.New(text)}
		}
		if folder.shared(c) {
			hook.Program, note = "", "" // a path on this machine says nothing to others
		}
	}
	plan, err := engine.PlanHook(hook, flags.force)
	if err != nil {
		return plan, err
	}
	if m, ok := managerOf(c.here().Files, plan); ok && !flags.force {
		return plan, usagef("%s is written by %s, which would overwrite another: godrift hook git --print %s shows what to put into its configuration; --force writes the hook all the same",
			plan.File, m.name, m.name)
	}
	if note != "" {
		doc.Notes = append(doc.Notes, note)
	}
	if plan.Idle {
		doc.Notes = append(doc.Notes, "The present hook is not executable: git does not run it, and nor will the new one.")
	}
	switch {
	case folder.top == "":
		doc.Notes = append(doc.Notes, "This repository has no checkout of its own: the hook runs for commits in those made with git worktree.")
	case folder.trees > 1:
		doc.Notes = append(doc.Notes, fmt.Sprintf("It runs for commits in all %d checkouts of this repository.", folder.trees))
	}
	return plan, nil
}

// program is the path that starts this godrift, and will after an update too:
// package managers keep a lasting name on PATH for what is installed in a folder
// of its version. A program that go run built is gone when it ends.
func (c *Command) program() (name, note string) {
	self, err := os.Executable()
	if err != nil || strings.Contains(filepath.ToSlash(self), "/go-build") {
		return "", "This godrift is a passing build: the hook looks for godrift on PATH."
	}
	files := c.here().Files
	base := "godrift"
	if runtime.GOOS == "windows" {
		base += ".exe"
	}
	for _, dir := range filepath.SplitList(c.getenv("PATH")) {
		found := filepath.Join(dir, base)
		if !filepath.IsAbs(found) {
			continue
		}
		if _, err := files.Stat(found); err != nil {
			continue
		}
		if c.resolved(found) == c.resolved(self) {
			return found, ""
		}
		break // another godrift: this one was meant
	}
	return self, ""
}
