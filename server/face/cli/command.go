package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// The exit codes.
const (
	// ExitOK: done, and nothing at or above the failing severity.
	ExitOK = 0
	// ExitFindings: there are findings at or above the failing severity.
	ExitFindings = 1
	// ExitUsage: wrong usage or configuration.
	ExitUsage = 2
	// ExitFailed: godrift could not do its work; one line on standard error says
	// why.
	ExitFailed = 3
)

// Server is what the lsp command hands to the language server.
type Server struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
	// World is this process's, with the environment of the command.
	World engine.World
	// Version is godrift's own.
	Version string
	// StateDir replaces the user's state folder if it is not empty.
	StateDir string
	// Reply is this program with the arguments that have it answer a login shell.
	Reply []string
}

// Command is godrift's command line with all that it touches.
type Command struct {
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// Environ is the environment as os.Environ gives it; this process's if nil.
	Environ []string
	// Dir is the folder the command runs in; this process's if empty.
	Dir string
	// Version replaces what the build says about itself.
	Version string
	// StateDir replaces the user's state folder, where the journal of fixes is.
	StateDir string
	// Serve is the language server. Faces do not know each other: main hands it
	// in.
	Serve func(ctx context.Context, s Server) int
	// Monitor is the monitor, handed in likewise.
	Monitor func(ctx context.Context, m Monitoring) int

	out   *bufio.Writer
	world engine.World
	// menders are what the command has opened; they have notes at its end.
	menders []*engine.Mender
	looks   bool // a workspace is looked at
	forgets bool // that nothing can be remembered was said

	failed bool // findings at or above the failing severity
	code   int  // what the language server or the monitor ended with, or ExitUsage for a broken policy
}

// usageError is one that a person mends by calling godrift differently.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// Main runs the command line and returns the exit code.
func (c *Command) Main(args []string) int {
	ctx := context.Background()
	if err := c.prepare(); err != nil {
		return c.fail(err)
	}
	err := c.run(ctx, args)
	c.remarks(ctx)
	if ferr := c.out.Flush(); err == nil {
		err = ferr
	}
	switch {
	case err != nil:
		return c.fail(err)
	case c.failed && c.code == ExitOK:
		return ExitFindings
	}
	return c.code
}

// run finds the command and carries it out. What shells call, and nobody types,
// goes without the ceremony that takes as long as the work.
func (c *Command) run(ctx context.Context, args []string) error {
	switch {
	case len(args) > 1 && args[0] == "hook" && args[1] == "status":
		return c.hookStatus(ctx, args[2:])
	case len(args) == 2 && args[0] == replyCommand:
		return engine.Reply(c.out, args[1], c.environ())
	}
	root := c.root()
	if args == nil {
		args = []string{} // cobra takes os.Args for nil
	}
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// replyCommand is what a login shell is told to start when it is asked for its
// environment.
const replyCommand = "reply-environment"

func (c *Command) environ() []string {
	if c.Environ != nil {
		return c.Environ
	}
	return os.Environ()
}

// prepare fills in what the caller left out.
func (c *Command) prepare() error {
	if c.Stdin == nil {
		c.Stdin = strings.NewReader("")
	}
	if c.Stdout == nil {
		c.Stdout = io.Discard
	}
	if c.Stderr == nil {
		c.Stderr = io.Discard
	}
	c.out = bufio.NewWriterSize(c.Stdout, 1<<16)
	if c.Dir == "" {
		dir, err := os.Getwd()
		if err != nil {
			return fmt.Errorf("which folder this is cannot be told: %w; change to one that exists", err)
		}
		c.Dir = dir
	}
	return nil
}

// here is the world that a command looks at, made when it is first needed.
func (c *Command) here() engine.World {
	if c.world.Files != nil {
		return c.world
	}
	c.world = engine.Here("cli")
	if c.Environ != nil {
		c.world.Environ = make(map[string]string, len(c.Environ))
		for _, kv := range c.Environ {
			// Windows has variables named "=C:".
			if i := strings.IndexByte(kv, '='); i > 0 {
				c.world.Environ[kv[:i]] = kv[i+1:]
			}
		}
	}
	c.world.Environ = outsideHook(c.world.Environ)
	if c.getenv("CI") != "" {
		c.world.Of = "ci"
	}
	return c.world
}

// getenv looks a variable up without making a world.
func (c *Command) getenv(name string) string {
	if c.Environ == nil {
		return os.Getenv(name)
	}
	for i := len(c.Environ) - 1; i >= 0; i-- {
		if value, ok := strings.CutPrefix(c.Environ[i], name+"="); ok {
			return value
		}
	}
	return ""
}

// fail says what went wrong in one line, and returns the exit code for it.
func (c *Command) fail(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		// Whoever read the output has seen enough, as head does.
		return ExitOK
	}
	// An error names files and folders, and whoever named those may have meant
	// the terminal, or the log of a CI job.
	text := tell.Clean(drift.MaskText(strings.TrimRight(err.Error(), "\n")))
	fmt.Fprintf(c.Stderr, "godrift: %s\n", text)
	var usage usageError
	if errors.As(err, &usage) {
		return ExitUsage
	}
	return ExitFailed
}

// commands lists the commands in the order of help.
func (c *Command) commands() []*cobra.Command {
	return []*cobra.Command{
		c.checkCommand(), c.fixCommand(), c.whyCommand(), c.pinsCommand(), c.envCommand(),
		c.toolsCommand(), c.modulesCommand(), c.cgoCommand(),
		c.snapshotCommand(), c.logCommand(), c.diffCommand(),
		c.acceptCommand(), c.rollbackCommand(), c.undoCommand(),
		c.allowCommand(), c.denyCommand(),
		c.cacheCommand(),
		c.hookCommand(),
		c.monitorCommand(),
		c.lspCommand(), c.completionCommand(), c.versionCommand(),
	}
}

// unsorted has help list commands in our order. It is a setting of the library as a
// whole, and several commands can run in one process.
var unsorted = sync.OnceFunc(func() { cobra.EnableCommandSorting = false })

func (c *Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "godrift",
		Short: "Which Go runs here, why, and what disagrees",
		Long: `godrift says which Go runs in a folder and why, reports every place that
disagrees, and puts things back.

Exit codes: 0 done, 1 findings at or above --fail-on, 2 wrong usage or a mistake
in godrift.toml, 3 godrift could not do its work.`,
		Example: `  godrift why            which Go runs here, and what decided it
  godrift check          what is wrong in this folder
  godrift fix            what would put it right`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknown(cmd, args[0])
			}
			return cmd.Help()
		},
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.SetIn(c.Stdin)
	root.SetOut(c.out)
	root.SetErr(c.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see %s --help", err, cmd.CommandPath())
	})
	root.SetHelpCommand(&cobra.Command{
		Use: "help [COMMAND]", Short: "Help about a command", Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			found, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return unknown(root, strings.Join(args, " "))
			}
			found.InitDefaultHelpFlag()
			return found.Help()
		},
	})
	root.Flags().Bool("version", false, "print the version")
	run := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if v, err := cmd.Flags().GetBool("version"); err == nil && v && len(args) == 0 {
			return c.version("text")
		}
		return run(cmd, args)
	}
	unsorted()
	root.AddCommand(c.commands()...)
	return root
}

// unknown names the commands that could have been meant.
func unknown(root *cobra.Command, name string) error {
	root.SuggestionsMinimumDistance = 2
	if close := root.SuggestionsFor(name); len(close) > 0 {
		return usagef("there is no command %q; did you mean %s? All commands: godrift --help", name, strings.Join(close, " or "))
	}
	return usagef("there is no command %q; all commands: godrift --help", name)
}

// noArgs and atMostOne are cobra's, with the exit code of a wrong usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, but got %q; see %s --help", cmd.CommandPath(), args[0], cmd.CommandPath())
	}
	return nil
}

func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usagef("%s takes one folder at most, but got %d; see %s --help", cmd.CommandPath(), len(args), cmd.CommandPath())
	}
	return nil
}
