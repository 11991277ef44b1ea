package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

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

With --of it is somebody else's environment in the same folder:

  login     what a new login shell gives. That shell is started for it, without a
            terminal and for ten seconds at most, so that your start-up files run;
            what the present shell has besides plays no part.
  editor    what the editor was remembered with last, in a folder that it trusts.
  terminal  what the shell had that showed a prompt here last, of those with
            godrift's hook (godrift hook bash). terminal:PROCESS names one by the
            number of its process.

Secrets are not kept, so they are masked in what an editor or a terminal told.`,
		Example: `  godrift env
  godrift env --of login GOFLAGS
  godrift env --of editor
  godrift env GOTOOLCHAIN
  godrift env --format json | jq '.env.GOTOOLCHAIN'`,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.Flags().StringVar(&of, "of", "cli", "whose environment: "+strings.Join(whoseWords, ", ")+" or terminal:PROCESS")
	_ = cmd.RegisterFlagCompletionFunc("of", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		words := completions(whoseWords)
		for _, r := range engine.TerminalsOf(c.state(), c.workspaceOf(c.Dir)) {
			words = append(words, "terminal:"+strconv.Itoa(r.Process))
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		args, names, err := c.variableNames(args)
		if err != nil {
			return err
		}
		doc, err := c.envOf(cmd.Context(), of, args, untrusted)
		if err != nil {
			return err
		}
		empty := func(name string) bool { return doc.Env[name].Value == "" }
		if of == "login" && doc.Env["GOVERSION"].Value == "" && (len(names) == 0 || slices.ContainsFunc(names, empty)) {
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
	return cmd
}

// whoseWords are those whose environment can be asked for.
var whoseWords = []string{"cli", "editor", "login", "terminal"}

// envOf answers for the folder that an optional argument names, in somebody's
// environment.
func (c *Command) envOf(ctx context.Context, of string, args []string, untrusted bool) (tell.EnvDocument, error) {
	var seen time.Time
	switch who, id, _ := strings.Cut(of, ":"); {
	case of == "cli":
	case of == "editor":
		return c.editorEnv(ctx, args)
	case of == "login" && untrusted:
		return tell.EnvDocument{}, usagef("--of login starts your login shell, and --untrusted starts nothing: use one of them")
	case of == "login":
		if err := c.becomeLogin(ctx); err != nil {
			return tell.EnvDocument{}, err
		}
	case who == "terminal":
		var err error
		if seen, err = c.becomeTerminal(args, id); err != nil {
			return tell.EnvDocument{}, err
		}
	default:
		return tell.EnvDocument{}, usagef("--of takes %s or terminal:PROCESS, not %q", strings.Join(whoseWords, ", "), of)
	}
	dir, why, _, err := c.explain(ctx, args, untrusted)
	if err != nil {
		return tell.EnvDocument{}, err
	}
	return tell.NewEnv(dir, why.Environment, seen), nil
}

// becomeLogin has the command look at the world from a new login shell.
func (c *Command) becomeLogin(ctx context.Context) error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("which program this is cannot be told: %w", err)
	}
	environ, err := engine.LoginShell(ctx, c.here(), []string{program, replyCommand}, true)
	if err != nil {
		return err
	}
	c.world.Environ, c.world.Of = environ, drift.OfLoginShell
	return nil
}

// becomeTerminal has the command look at the world from a terminal whose shell
// told of itself, and returns when it did.
func (c *Command) becomeTerminal(args []string, id string) (time.Time, error) {
	dir, err := c.folder(args)
	if err != nil {
		return time.Time{}, err
	}
	all := engine.TerminalsOf(c.state(), c.workspaceOf(dir))
	at := slices.IndexFunc(all, func(r engine.TerminalReport) bool { return id == "" || id == strconv.Itoa(r.Process) })
	if at < 0 {
		what := "no terminal"
		if id != "" {
			what = "no terminal of process " + id
		}
		return time.Time{}, fmt.Errorf("%s has shown a prompt with godrift's hook in %s: put the hook into the start-up file of your shell, as godrift hook --help says, and open a new terminal there", what, dir)
	}
	r := all[at]
	fmt.Fprintf(c.Stderr, "The %s, as it was at its prompt in %s %s.%s\n", who(r), tell.Clean(r.Dir), ago(time.Since(r.Time)), others(all, at))
	c.here()
	c.world.Environ, c.world.Of = r.Environ, r.Name()
	return r.Time, nil
}

// who names a terminal for people.
func who(r engine.TerminalReport) string { return tell.Clean(strings.Replace(r.Name(), ":", " ", 1)) }

// others names the terminals that were not asked about.
func others(all []engine.TerminalReport, at int) string {
	var list []string
	for i, r := range all {
		if i != at && len(list) < 5 {
			list = append(list, fmt.Sprintf("--of terminal:%d (%s)", r.Process, tell.Clean(r.Shell)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return " There are more: " + strings.Join(list, ", ") + "."
}

// editorEnv is the editor's environment, as far as it is remembered.
func (c *Command) editorEnv(ctx context.Context, args []string) (tell.EnvDocument, error) {
	dir, err := c.folder(args)
	if err != nil {
		return tell.EnvDocument{}, err
	}
	s := c.sight("godrift env", c.workspaceOf(dir))
	defer s.close()
	env, since, err := s.memory.Remembered(ctx, s.root, "editor")
	if err != nil {
		return tell.EnvDocument{}, err
	}
	if since.IsZero() {
		return tell.EnvDocument{}, fmt.Errorf("no editor is remembered in %s: open that folder in an editor with godrift, and trust it", s.root)
	}
	fmt.Fprintf(c.Stderr, "The editor, as it is remembered since %s (%s).\n", since.Local().Format(time.DateTime), ago(time.Since(since)))
	return tell.NewEnv(dir, env, since), nil
}

// ago says how long ago something was.
func ago(d time.Duration) string {
	for _, unit := range []struct {
		name string
		is   time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}} {
		switch n := int(d / unit.is); {
		case n == 1:
			return "1 " + unit.name + " ago"
		case n > 1:
			return fmt.Sprintf("%d %ss ago", n, unit.name)
		}
	}
	return "just now"
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
