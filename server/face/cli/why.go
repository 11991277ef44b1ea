package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"sync"

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

func (c *Command) envCommand() *cobra.Command {
	var untrusted bool
	var of string
	cmd := &cobra.Command{
		Use:   "env [DIR] [NAME…]",
		Short: "List every variable of the go command with its layers",
		Long: `List every variable that "go env" prints in DIR, less GOGCCFLAGS, with where its
value comes from and the values that it hides. With the NAMEs of variables, print
the value of each on a line, as "go env NAME" does. No go command is started for
it.

With --of login it is the environment that a new login shell gives. That shell is
started for it, without a terminal and for ten seconds at most, so that your start-up
files run; what the present shell has besides plays no part.`,
		Example: `  godrift env
  godrift env --of login GOFLAGS
  godrift env GOTOOLCHAIN
  godrift env --format json | jq '.env.GOTOOLCHAIN'`,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, names, err := c.variableNames(args)
		if err != nil {
			return err
		}
		if err := c.become(cmd.Context(), of, untrusted); err != nil {
			return err
		}
		dir, why, _, err := c.explain(cmd.Context(), args, untrusted)
		if err != nil {
			return err
		}
		doc := tell.NewEnv(dir, why.Environment)
		empty := func(name string) bool { return doc.Env[name].Value == "" }
		if of == "login" && why.Selection.Go == nil && (len(names) == 0 || slices.ContainsFunc(names, empty)) {
			fmt.Fprintln(c.Stderr, "The login shell finds no go on its PATH: what a Go says itself, such as GOROOT and GOVERSION, is empty.")
		}
		if len(names) == 0 {
			return c.print(f.value, doc, func(w io.Writer) error { return tell.EnvText(w, doc, c.options()) })
		}
		only := map[string]tell.Variable{}
		for _, name := range names {
			v, ok := doc.Env[name]
			if !ok {
				return usagef("there is no variable %s; godrift env lists them all", name)
			}
			only[name] = v
		}
		doc.Env = only
		return c.print(f.value, doc, func(w io.Writer) error { return tell.EnvValues(w, doc, names) })
	}
	cmd.Flags().StringVar(&of, "of", "", "whose environment: cli, this command's own, or login, a new login shell's")
	return cmd
}

// become has the command look at the world from somebody else's environment.
func (c *Command) become(ctx context.Context, of string, untrusted bool) error {
	switch {
	case of == "" || of == "cli":
		return nil
	case of != "login":
		return usagef("--of takes cli or login, not %q", of)
	case untrusted:
		return usagef("--of login starts your login shell, and --untrusted starts nothing: use one of them")
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("which program this is cannot be told: %w", err)
	}
	world := c.here()
	environ, err := engine.LoginShell(ctx, world, []string{program, replyCommand}, true)
	if err != nil {
		return err
	}
	c.world.Environ, c.world.Of = environ, drift.OfLoginShell
	return nil
}

// variableNames splits off the names of variables from the arguments of env. The
// first argument is a folder wherever it names one.
func (c *Command) variableNames(args []string) (dir, names []string, err error) {
	if len(args) == 0 {
		return nil, nil, nil
	}
	if info, err := c.here().Files.Stat(c.absolute(args[0])); err == nil && info.IsDir() || !variableName().MatchString(args[0]) {
		dir, args = args[:1], args[1:]
	}
	for _, name := range args {
		if !variableName().MatchString(name) {
			return nil, nil, usagef("%q is no variable, and env takes one folder at most; see godrift env --help", name)
		}
	}
	return dir, args, nil
}

// variableName is what the variables of the go command look like.
var variableName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
})

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
