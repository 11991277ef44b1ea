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

func (c *Command) whyCommand() *cobra.Command {
	var all, readers, untrusted bool
	cmd := &cobra.Command{
		Use:   "why [DIR]",
		Short: "Say which Go runs here and what decided it",
		Long: `Say which Go a go command started in DIR runs, the steps that lead there, which
place pins a Go, which Gos are within reach, and the variables that somebody set.
No go command is started for it. With --readers, say what each program would take from
the same files instead: the go command, setup-go by its major version, docker build,
version managers, golangci-lint and the bots that raise versions; and where two part.`,
		Example: `  godrift why
  godrift why --readers
  godrift why --all ./services/api
  godrift why --format json | jq .selected`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "list every variable, not only those that somebody set")
	cmd.Flags().BoolVar(&readers, "readers", false, "say what each program would take, and where two part")
	cmd.Flags().BoolVar(&untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if all && readers {
			return usagef("--all lists variables and --readers lists programs: use one of them")
		}
		dir, why, texts, err := c.explain(cmd.Context(), args, untrusted)
		if err != nil {
			return err
		}
		doc := tell.NewWhy(why.Selection, why.Environment, why.Pinned, texts)
		if doc.Dir == "" {
			doc.Dir = dir
		}
		if readers {
			readings, partings := why.Readers()
			doc = doc.WithReaders(readings, partings, texts)
			return c.print(f.value, doc, func(w io.Writer) error { return tell.ReadersText(w, doc, c.options()) })
		}
		return c.print(f.value, doc, func(w io.Writer) error { return tell.WhyText(w, doc, all, c.options()) })
	}
	return cmd
}

// explain answers for the folder that an optional argument names.
func (c *Command) explain(ctx context.Context, args []string, untrusted bool) (string, engine.Why, tell.Texts, error) {
	dir, err := c.folder(args)
	if err != nil {
		return "", engine.Why{}, nil, err
	}
	why, err := engine.Explain(ctx, c.engineOptions(c.workspaceOf(dir), untrusted), dir)
	if err != nil {
		return "", engine.Why{}, nil, fmt.Errorf("cannot look at %s: %w", dir, err)
	}
	return dir, why, c.texts(), nil
}

// texts reads files as they are on disk, without a byte order mark.
func (c *Command) texts() tell.Texts {
	files := c.here().Files
	return func(name string) (drift.Document, bool) {
		text, err := files.ReadFile(name)
		if err != nil {
			return drift.Document{}, false
		}
		doc := drift.Document{File: name, Text: text}
		const mark = "\ufeff"
		if len(text) >= len(mark) && string(text[:len(mark)]) == mark {
			doc.Text, doc.BOM = text[len(mark):], true
		}
		return doc, true
	}
}

func (c *Command) pinsCommand() *cobra.Command {
	var untrusted bool
	cmd := &cobra.Command{
		Use:   "pins [DIR]",
		Short: "List every place that says which Go to use",
		Long: `List every place in DIR that says which Go to use: the file and line, what
stands there, what kind of place it is, what it decides, and how the program that
reads it understands it.`,
		Example: `  godrift pins
  godrift pins --format json | jq -r '.pins[] | "\(.file):\(.line) \(.raw)"'`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		opts := c.engineOptions(dir, untrusted)
		opts.NoTools = true
		report, err := engine.Evaluate(cmd.Context(), opts)
		if err != nil {
			return fmt.Errorf("cannot look at %s: %w", dir, err)
		}
		doc := tell.NewPins(report.Snapshot)
		return c.print(f.value, doc, func(w io.Writer) error { return tell.PinsText(w, doc, c.options()) })
	}
	return cmd
}
