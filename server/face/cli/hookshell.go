package cli

import (
	"context"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// hookShellCommand prints the hook for one shell.
func (c *Command) hookShellCommand(name, file, line string) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: "Be told at the prompt of " + name + " when its Go or its environment has drifted",
		Long: `Print what puts godrift into the prompt of ` + name + `. In a Go workspace it then says in
one line, once, when this shell's Go is not the one that the workspace agreed upon,
when the go command stops there, when the contract in godrift.toml does not hold, or
when a variable is not what it was when the state of the workspace was accepted; and
what to type. It sets nothing and runs nothing of the workspace's. As long as the
variables, the folder and the files that decide are the same it starts no program;
outside of Go workspaces it never does.

What the shell has of the go command's variables is left, without secrets, in a file
of the state folder, where your editor sees it.`,
		Example: "  # at the end of " + file + "\n  " + line,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := engine.ShellNamed(name)
			if err != nil {
				return err
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("which program this is cannot be told: %w", err)
			}
			stamps, err := c.stamps()
			if err != nil {
				return err
			}
			text, err := engine.PromptHook(s, program, stamps)
			if err != nil {
				return err
			}
			_, err = c.out.WriteString(text)
			return err
		},
	}
}

// stamps is the folder for the files of this machine's shells: each says when its
// shell last looked, and with which variables.
func (c *Command) stamps() (string, error) { return engine.PrepareTerminals(c.state()) }

// state is the user's state folder; empty if there can be none.
func (c *Command) state() string {
	if c.StateDir != "" {
		return c.StateDir
	}
	return engine.StateDir(c.here().Environ)
}

// hookStatus answers a shell's hook: hook status SHELL STAMP DIR SAID. It is
// called without the ceremony of the other commands, because somebody waits for
// a prompt.
func (c *Command) hookStatus(ctx context.Context, args []string) error {
	if len(args) != 4 {
		return usagef("hook status is what the hooks of shells call; see godrift hook --help")
	}
	s, err := engine.ShellNamed(args[0])
	if err != nil {
		return usageError{err}
	}
	// It ends before collecting garbage would pay, but for a workspace beyond reason.
	const enough = 64 << 20
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(enough))
	stamp, dir, said := args[1], filepath.Clean(args[2]), strings.TrimPrefix(args[3], "+")
	if err := engine.LeaveTerminal(stamp, s, dir, c.here().Environ); err != nil {
		return err
	}
	root := c.workspaceOf(dir)
	p, err := engine.AtPrompt(ctx, c.engineOptions(root, true), s, dir)
	c.looks = false // a prompt is no place for remarks
	if err != nil {
		return fmt.Errorf("cannot look at %s: %w", dir, err)
	}
	say := ""
	if p.Text != "" {
		h := fnv.New64a()
		_, _ = h.Write([]byte(dir + "\x00" + p.Text)) // a hash cannot fail
		say = strconv.FormatUint(h.Sum64(), 36)
	}
	if say != "" && say != said {
		text := "godrift: " + tell.Clean(p.Text) + " (" + p.Help + ")"
		if isTerminal(c.Stderr) && c.getenv("NO_COLOR") == "" && c.getenv("TERM") != "dumb" {
			text = "\x1b[33m" + text + "\x1b[0m"
		}
		fmt.Fprintln(c.Stderr, text)
	}
	answer, err := engine.PromptAnswer(s, p, say)
	if err != nil {
		return err
	}
	_, err = c.out.WriteString(answer)
	return err
}
