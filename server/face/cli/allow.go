package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// allowCommand and denyCommand decide about what a repository asks for.
func (c *Command) allowCommand() *cobra.Command {
	return c.decideCommand(drift.VerdictAllow, &cobra.Command{
		Use:   "allow [DIR]",
		Short: "Allow what the godrift.toml of a repository asks for",
		Long: `Show what the [contract] in the godrift.toml of a workspace asks for, and allow it.
Then fixes bring it about when they are applied, fix --apply --all and rollback
--shell included; nothing is changed by allowing it. Before that a fix for the
contract is shown, with the line that asks for it, and not carried out.

It counts for exactly the present text of godrift.toml on this machine, and is kept
in your own state folder: when the file changes, godrift asks again. What would run
a program or switch off a check is refused whatever is allowed, and listed as such;
what decides where modules come from is reported and left to you.

On a terminal it asks, with --yes it does not ask, and without either it only shows.`,
		Example: `  godrift allow
  godrift allow --yes ~/src/app
  godrift deny                 nothing of it is offered any more`,
	})
}

func (c *Command) denyCommand() *cobra.Command {
	return c.decideCommand(drift.VerdictDeny, &cobra.Command{
		Use:   "deny [DIR]",
		Short: "Have nothing done that the godrift.toml of a repository asks for",
		Long: `Deny what the [contract] in the godrift.toml of a workspace asks for: what does not
hold is still reported, and no fix is offered for it. It counts for exactly the
present text of the file; "godrift allow" takes it back.`,
		Example: `  godrift deny
  godrift deny --yes ~/src/app`,
	})
}

func (c *Command) decideCommand(verdict drift.Verdict, cmd *cobra.Command) *cobra.Command {
	var yes bool
	f := formatFlag(cmd)
	cmd.Args = atMostOne
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		return c.decide(cmd.Context(), c.workspaceOf(dir), verdict, yes, f.value)
	}
	return cmd
}

func (c *Command) decide(ctx context.Context, root string, verdict drift.Verdict, yes bool, format string) error {
	s := c.sight("godrift "+string(verdict), root)
	defer s.close()
	s.opts.Memory = s.memory
	report, err := engine.Evaluate(ctx, s.opts)
	if err != nil {
		return fmt.Errorf("cannot look at %s: %w", root, err)
	}
	request, err := s.memory.Request(ctx, report)
	if err != nil {
		return err
	}
	if len(request.Asks) == 0 {
		return usageError{engine.ErrNoContract}
	}
	doc := allowDocument(root, report, request)
	show := func(w io.Writer) error { return tell.AllowText(w, doc, c.options()) }
	question := "Allow it?"
	if verdict == drift.VerdictDeny {
		question = "Deny it?"
	}
	apply, asked, err := c.consent(yes, question, show)
	if err != nil {
		return err
	}
	if !apply {
		if !asked {
			if err := c.print(format, doc, show); err != nil {
				return err
			}
		}
		fmt.Fprintf(c.Stderr, "Nothing was decided. godrift %s --yes decides it.\n", verdict)
		return nil
	}
	if err := s.memory.Decide(ctx, s.opts.World, report, request, verdict); err != nil {
		return err
	}
	doc.State, doc.Decided = string(verdict), true
	return c.print(format, doc, show)
}

func allowDocument(root string, report *drift.Report, r engine.Request) tell.AllowDocument {
	doc := tell.AllowDocument{
		Schema: tell.SchemaAllow, Version: tell.DocumentVersion, Root: root, File: r.File, Hash: r.Hash, State: "ask", Asks: []tell.Asked{},
	}
	if r.Verdict != "" {
		doc.State = string(r.Verdict)
	}
	if r.Before != nil {
		doc.Before, doc.Changed = string(r.Before.Verdict), r.Before.Hash != r.Hash
	}
	texts := tell.TextsOf(report.Snapshot)
	for _, a := range r.Asks {
		doc.Asks = append(doc.Asks, tell.Asked{
			Line: texts.Range(a.Place).Line, Text: drift.MaskText(a.Text), Way: a.Way, Why: a.Why, Runs: a.Runs, Holds: a.Way != engine.AskRefused && !a.Broken,
		})
	}
	return doc
}
