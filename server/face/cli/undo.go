package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

type undoFlags struct {
	format *format
	shell  string
	yes    bool
}

func (c *Command) undoCommand() *cobra.Command {
	var flags undoFlags
	cmd := &cobra.Command{
		Use:   "undo [N]",
		Short: "Take a fix back",
		Long: `Take back the last fix of this workspace, or the one with number N. What it would
change is shown first. On a terminal godrift asks, with --yes it does not ask, and
without either nothing is changed.`,
		Example: `  godrift undo
  godrift undo --yes 12`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.undo(cmd.Context(), args, flags) },
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	shellFlag(cmd, &flags.shell)
	return cmd
}

func (c *Command) undo(ctx context.Context, args []string, flags undoFlags) error {
	var id int64
	if len(args) > 1 {
		return usagef("undo takes one number at most, but got %d", len(args))
	}
	if len(args) == 1 {
		n, err := strconv.ParseInt(args[0], 10, 64)
		if err != nil || n <= 0 {
			return usagef("%q is no number of a fix; godrift fix --apply prints them", args[0])
		}
		id = n
	}
	shell, err := c.shellName(flags.shell)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()

	t := target{root: c.workspaceOf(c.Dir)}
	opts := c.engineOptions(t.root, false)
	mender, memory := c.memory("godrift undo")
	defer mender.Close()
	opts.Memory, opts.Record = memory, flags.yes // the history knows what was before
	report, err := c.evaluate(ctx, t, opts, everywhere)
	if err != nil {
		return err
	}
	if _, err := c.recover(ctx, mender, opts.World, report); err != nil {
		return err
	}

	doc := tell.UndoDocument{
		Schema: tell.SchemaUndo, Version: tell.DocumentVersion, Root: t.root,
		Commands: []string{}, Files: []string{}, Shell: []string{}, Done: []string{}, Notes: []string{},
	}
	plan, err := mender.PlanUndo(ctx, opts.World, report, id)
	switch {
	case errors.Is(err, engine.ErrNothing):
		if flags.yes {
			mender.RefusedUndo(ctx, report, id, err)
		}
		if flags.format.value == "json" {
			err = tell.JSON(c.out, doc)
		} else {
			err = nil
		}
		fmt.Fprintln(c.Stderr, nothingToUndo(id))
		return err
	case err != nil && !flags.yes:
		return err // with --yes the undo itself says more: where the text from before is
	}
	doc.Diff, doc.Commands = plan.Diff, append(doc.Commands, plan.Commands...)
	show := func(w io.Writer) error { return tell.UndoText(w, doc, c.options()) }
	apply, asked, err := c.consent(flags.yes, "Take it back?", show)
	if err != nil {
		return err
	}
	if !apply {
		if !asked {
			if err := c.print(flags.format.value, doc, show); err != nil {
				return err
			}
		}
		again := "godrift undo --yes"
		if id != 0 {
			again += " " + strconv.FormatInt(id, 10)
		}
		fmt.Fprintln(c.Stderr, "Nothing was changed. "+again+" takes it back.")
		return nil
	}
	bar := c.progress()
	result, err := mender.Undo(ctx, opts.World, report, id, engine.Hands{Progress: bar.show})
	bar.close()
	if err != nil {
		return err
	}
	c.remember(ctx, opts, memory)
	doc.Applied, doc.Journal = true, result.ID
	doc.Files, doc.Done, doc.Notes = append(doc.Files, result.Files...), append(doc.Done, result.Done...), append(doc.Notes, result.Notes...)
	if doc.Shell, err = shellLines(result, shell); err != nil {
		return err
	}
	return c.print(flags.format.value, doc, show)
}

func nothingToUndo(id int64) string {
	if id == 0 {
		return "There is nothing to undo here."
	}
	return fmt.Sprintf("There is nothing to undo: fix %d is not in effect.", id)
}
