package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
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
	pins   bool
	all    bool
}

func (c *Command) rollbackCommand() *cobra.Command {
	var flags rollbackFlags
	cmd := &cobra.Command{
		Use:   "rollback [SNAPSHOT] [VAR|FILE…]",
		Short: "Bring the environment and the pins back to the accepted state",
		Long: `Bring variables back to what they were when the state of this workspace was
accepted, or in another SNAPSHOT: those that are named, or all that have drifted.
With the name of a FILE, or of a folder, the pins in it get the text back that they
had; --pins does that for all files, and --all for variables and pins, naming what
else differs and nobody can put back.

It works when no go command does. What it would change is shown first. On a
terminal godrift asks, with --yes it does not ask, and without either nothing is
changed. Afterwards it looks again, and what is not back fails it; "godrift undo"
takes it back.

Of a file only its pins are remembered, by their order: where it has more or fewer
of a kind than then, they are left alone and that is said. A toolchain line comes
and goes as a whole. The digest behind a tag is dropped where the tag goes back.

With --shell it prints what that shell must evaluate, and nothing else, so that the
variables of the running shell are what they were, and what a contract asks for if
"godrift allow" has allowed that. It touches no file then.

Secrets are not kept, so a variable that held one is named and left alone.

SNAPSHOT is one of
` + engine.RefHelp + `.`,
		Example: `  godrift rollback
  godrift rollback --yes GOFLAGS CGO_ENABLED
  godrift rollback last~1 GOTOOLCHAIN
  godrift rollback go.mod deploy/      the pins of a file and of a folder
  godrift rollback --all 2026-05-04    everything that differs from that day
  eval "$(godrift rollback --shell bash)"
  godrift rollback --shell fish | source`,
		RunE: func(cmd *cobra.Command, args []string) error { return c.rollback(cmd.Context(), args, flags) },
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().BoolVarP(&flags.yes, "yes", "y", false, "do not ask")
	cmd.Flags().BoolVar(&flags.pins, "pins", false, "the pins of all files")
	cmd.Flags().BoolVar(&flags.all, "all", false, "variables and pins, and name what else differs")
	shellFlag(cmd, &flags.shell)
	cmd.Flags().Lookup("shell").Usage = "print what a running `SHELL` must evaluate, and change nothing else: " + strings.Join(shells, ", ")
	return cmd
}

// rolling is a rollback at work.
type rolling struct {
	*sight
	report *drift.Report
	to     drift.Record
	wanted engine.RollbackWanted
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
	r.opts.Memory, r.opts.NoTools, r.opts.Record = r.memory, flags.shell != "", flags.yes // the history knows what was before
	if r.to, r.wanted, err = r.destination(ctx, args); err != nil {
		return err
	}
	if r.report, err = c.evaluate(ctx, t, r.opts, everywhere); err != nil {
		return err
	}
	if flags.shell != "" {
		return r.inShell(ctx)
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

// destination tells the snapshot to go back to from the names of variables and
// of files.
func (r *rolling) destination(ctx context.Context, args []string) (to drift.Record, wanted engine.RollbackWanted, err error) {
	fail := func(err error) (drift.Record, engine.RollbackWanted, error) {
		return drift.Record{}, engine.RollbackWanted{}, err
	}
	id, names := engine.RefBaseline, args
	if len(args) > 0 && !r.isFile(args[0]) && engine.IsRef(args[0], time.Now()) {
		id, names = args[0], args[1:]
	}
	if id != engine.RefBaseline {
		if to, err = r.resolve(ctx, id); err != nil {
			return fail(err)
		}
	} else {
		baseline, err := r.memory.Baseline(ctx, r.root)
		if err != nil {
			return fail(err)
		}
		if baseline == nil {
			return fail(errors.New("no state of this workspace was accepted yet; godrift accept makes the present one the state to go back to"))
		}
		to = baseline.Record
	}
	for _, name := range names {
		switch file := r.recorded(name); {
		case drift.Recordable(name):
			wanted.Variables = append(wanted.Variables, name)
		case r.isFile(name) || hasPins(to, file):
			wanted.Paths = append(wanted.Paths, file)
		default:
			return fail(usagef("%q names no snapshot, which comes first, and it is no variable of the go command, no file and no folder; a snapshot is %s", drift.Clip(name), engine.RefHelp))
		}
	}
	switch {
	case (r.flags.all || r.flags.pins) && len(names) > 0:
		return fail(usagef("--pins and --all bring all pins back: name no variable and no file with them"))
	case r.flags.shell != "" && (r.flags.pins || r.flags.all || len(wanted.Paths) > 0):
		return fail(usagef("--shell is for the variables of a running shell: name no file, and leave --pins and --all out"))
	case r.flags.all:
		wanted = engine.Everything()
	case r.flags.pins:
		wanted.Pins = true
	case len(names) == 0:
		wanted.Drifted = true
	}
	return to, wanted, nil
}

// isFile reports whether a word that could name a snapshot names something on
// the disk, as ./face does and face does not.
func (r *rolling) isFile(name string) bool {
	if !strings.ContainsAny(name, "./\\") && engine.IsRef(name, time.Now()) {
		return false
	}
	_, err := r.here().Files.Stat(r.absolute(name))
	return err == nil
}

// recorded is a file or folder as records name it.
func (r *rolling) recorded(name string) string {
	file := r.absolute(name)
	if drift.Within(r.root, file) {
		if rel, err := filepath.Rel(r.root, file); err == nil {
			file = rel
		}
	}
	return filepath.ToSlash(file)
}

// hasPins reports whether a record knows pins of a file, or of one in a folder:
// it may be gone by now.
func hasPins(to drift.Record, file string) bool {
	for key := range to.Values {
		if have, _, _, ok := drift.ParsePinKey(key); ok && (have == file || strings.HasPrefix(have, file+"/")) {
			return true
		}
	}
	return false
}

// inShell prints what the shell must evaluate, and nothing else.
func (r *rolling) inShell(ctx context.Context) error {
	request, err := r.memory.Request(ctx, r.report)
	if err != nil {
		return err
	}
	changes, left := engine.RollbackInShell(r.report, request, r.to, r.wanted.Variables, time.Now())
	script, err := engine.ShellScript(r.shell, changes)
	if err != nil {
		return err
	}
	for _, n := range left {
		fmt.Fprintf(r.Stderr, "%s stays as it is: %s.\n", n.Variable, n.Text)
	}
	if r.flags.format.value == "json" {
		doc := r.document(engine.Rollback{})
		doc.Left = leftOf(left)
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
		Variables: append([]string{}, plan.Variables...), Pins: []tell.PinBack{}, Left: leftOf(plan.Left),
		Commands: []string{}, Files: []string{}, Shell: []string{}, Done: []string{}, Notes: []string{},
	}
	for _, p := range plan.Pins {
		_, source, n, _ := drift.ParsePinKey(p.Key)
		doc.Pins = append(doc.Pins, tell.PinBack{File: p.File, Source: string(source), Number: n, From: p.From, To: p.To})
	}
	return doc
}

func leftOf(notes []engine.RollbackNote) []tell.LeftVariable {
	left := []tell.LeftVariable{}
	for _, n := range notes {
		left = append(left, tell.LeftVariable{Variable: n.Variable, Reason: n.Text})
	}
	return left
}

// pinsToo says that pins differ, too, where only variables were asked for.
func (r *rolling) pinsToo() string {
	if !r.wanted.Drifted || r.wanted.Pins {
		return ""
	}
	plan := engine.PlanRollback(r.report, drift.Record{}, r.to, engine.RollbackWanted{Pins: true}, time.Now())
	switch n := len(plan.Pins); n {
	case 0:
		return ""
	case 1:
		return " A pin differs, too: godrift rollback --pins."
	default:
		return fmt.Sprintf(" %d pins differ, too: godrift rollback --pins.", n)
	}
}

// do previews a rollback, asks, and carries it out.
func (r *rolling) do(ctx context.Context) error {
	present, err := r.memory.Present(r.opts.World, r.report)
	if err != nil {
		return err
	}
	if !r.flags.all {
		present = drift.Record{}
	}
	plan := engine.PlanRollback(r.report, present, r.to, r.wanted, time.Now())
	doc := r.document(plan)
	show := func(w io.Writer) error { return tell.RollbackText(w, doc, r.options()) }
	if len(plan.Fix.Actions) == 0 {
		if err := r.print(r.flags.format.value, doc, show); err != nil {
			return err
		}
		fmt.Fprintln(r.Stderr, "There is nothing to roll back."+r.pinsToo())
		return nil
	}
	preview, err := r.mender.Plan(ctx, r.opts.World, r.report, plan.Fix)
	if err != nil {
		if r.flags.yes {
			r.mender.Refused(ctx, r.report, plan.Fix, err)
		}
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
		fmt.Fprintln(r.Stderr, "Nothing was changed. The same with --yes does it."+r.pinsToo())
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
