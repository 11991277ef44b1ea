package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type rollbackFlags struct {
	format *format
	shell  string
	yes    bool
}

func (c *Command) rollbackCommand() *cobra.Command {
	var flags rollbackFlags
	cmd := &cobra.Command{
		Use:   "rollback [SNAPSHOT] [VAR…]",
		Short: "Bring the environment back to the accepted state",
		Long: `Bring variables back to what they were when the state of this workspace was
accepted, or in another SNAPSHOT: those that are named, or all that have drifted.
It works when no go command does. What it would change is shown first. On a
terminal godrift asks, with --yes it does not ask, and without either nothing is
changed. Afterwards it looks again, and what is not back fails it; "godrift undo"
takes it back.

With --shell it prints what that shell must evaluate, and nothing else, so that the
variables of the running shell are what they were. It touches no file then.

Secrets are not kept, so a variable that held one is named and left alone.

SNAPSHOT is one of
` + engine.RefHelp + `.`,
		Example: `  godrift rollback
  godrift rollback --yes GOFLAGS CGO_ENABLED
  godrift rollback last~1 GOTOOLCHAIN
  eval "$(godrift rollback --shell bash)"
  godrift rollback --shell fish | source`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.rollback(cmd.Context(), args, flags) },
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	shellFlag(cmd, &flags.shell)
	cmd.Flags().Lookup("shell").Usage = "print what a running `SHELL` must evaluate, and change nothing else: " + strings.Join(shells, ", ")
	return cmd
}

// rolling is a rollback at work.
type rolling struct {
	*sight
	report *drift.Report
	to     drift.Record
	names  []string
	flags  rollbackFlags
	shell  engine.Shell
}

func (c *Command) rollback(ctx context.Context, args []string, flags rollbackFlags) error {
	shell, err := c.shellName(flags.shell)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	t := target{root: c.workspaceOf(c.Dir)}
	r := rolling{sight: c.sight("godrift rollback", t.root), flags: flags, shell: shell}
	defer r.close()
	r.opts.Memory, r.opts.NoTools = r.memory, true
	if r.to, r.names, err = r.destination(ctx, args); err != nil {
		return err
	}
	if r.report, err = c.evaluate(ctx, t, r.opts, everywhere); err != nil {
		return err
	}
	if flags.shell != "" {
		return r.inShell()
	}
	recovered, err := r.recover(ctx, r.mender, r.opts.World, r.report)
	if err != nil {
		return err
	}
	if recovered {
		if r.report, err = c.evaluate(ctx, t, r.opts, everywhere); err != nil {
			return err
		}
	}
	return r.do(ctx)
}

// destination tells the snapshot to go back to from the names of variables.
func (r *rolling) destination(ctx context.Context, args []string) (drift.Record, []string, error) {
	names := args
	id := ""
	if len(args) > 0 && !drift.Recordable(args[0]) {
		id, names = args[0], args[1:]
	}
	for _, name := range names {
		if !drift.Recordable(name) {
			return drift.Record{}, nil, usagef("%q is no variable of the go command; the snapshot comes first and the variables after it", name)
		}
	}
	if id != "" && id != engine.RefBaseline {
		to, err := r.resolve(ctx, id)
		return to, names, err
	}
	baseline, err := r.memory.Baseline(ctx, r.root)
	if err != nil {
		return drift.Record{}, nil, err
	}
	if baseline == nil {
		return drift.Record{}, nil, errors.New("no state of this workspace was accepted yet; godrift accept makes the present one the state to go back to")
	}
	return baseline.Record, names, nil
}

// inShell prints what the shell must evaluate, and nothing else.
func (r *rolling) inShell() error {
	changes, left := engine.RollbackInShell(r.report, r.to, r.names, time.Now())
	script, err := engine.ShellScript(r.shell, changes)
	if err != nil {
		return err
	}
	for _, n := range left {
		fmt.Fprintf(r.Stderr, "%s stays as it is: %s.\n", n.Variable, n.Text)
	}
	if r.flags.format.value == "json" {
		doc := r.document(engine.Rollback{Left: left})
		for line := range strings.Lines(script) {
			doc.Shell = append(doc.Shell, strings.TrimSuffix(line, "\n"))
		}
		for _, ch := range changes {
			doc.Variables = append(doc.Variables, ch.Variable)
		}
		return tell.JSON(r.out, doc)
	}
	_, err = io.WriteString(r.out, script)
	return err
}

func (r *rolling) document(plan engine.Rollback) tell.RollbackDocument {
	doc := tell.RollbackDocument{
		Schema: tell.SchemaRollback, Version: tell.DocumentVersion, Root: r.root, Snapshot: r.to.ID(),
		Variables: append([]string{}, plan.Variables...), Left: []tell.LeftVariable{},
		Commands: []string{}, Files: []string{}, Shell: []string{}, Done: []string{}, Notes: []string{},
	}
	for _, n := range plan.Left {
		doc.Left = append(doc.Left, tell.LeftVariable{Variable: n.Variable, Reason: n.Text})
	}
	return doc
}

// do previews a rollback, asks, and carries it out.
func (r *rolling) do(ctx context.Context) error {
	plan := engine.PlanRollback(r.report, r.to, r.names, time.Now())
	doc := r.document(plan)
	show := func(w io.Writer) error { return tell.RollbackText(w, doc, r.options()) }
	if len(plan.Fix.Actions) == 0 {
		if err := r.print(r.flags.format.value, doc, show); err != nil {
			return err
		}
		fmt.Fprintln(r.Stderr, "There is nothing to roll back.")
		return nil
	}
	preview, err := r.mender.Plan(ctx, r.opts.World, r.report, plan.Fix)
	if err != nil {
		return err
	}
	doc.Diff, doc.Commands = preview.Diff, append(doc.Commands, preview.Commands...)
	if plan.Fix.Note != "" {
		doc.Notes = append(doc.Notes, plan.Fix.Note)
	}
	apply, asked, err := r.consent(r.flags.yes, "Roll back?", show)
	if err != nil {
		return err
	}
	if asked && !apply {
		fmt.Fprintln(r.Stderr, "Nothing was changed.")
		return nil
	}
	if !apply {
		if err := r.print(r.flags.format.value, doc, show); err != nil {
			return err
		}
		fmt.Fprintln(r.Stderr, "Nothing was changed. The same with --yes does it.")
		return nil
	}
	bar := r.progress()
	result, _, err := r.mender.Rollback(ctx, r.opts, r.report, plan, engine.Hands{Progress: bar.show})
	bar.close()
	if err != nil {
		return err
	}
	opts := r.opts
	opts.NoTools = false
	r.remember(ctx, opts, r.memory)
	doc.Applied, doc.Journal = true, result.ID
	doc.Files, doc.Done, doc.Notes = append(doc.Files, result.Files...), append(doc.Done, result.Done...), append(doc.Notes, result.Notes...)
	if doc.Shell, err = shellLines(result, r.shell); err != nil {
		return err
	}
	return r.print(r.flags.format.value, doc, show)
}
