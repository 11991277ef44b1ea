package cli

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// hookShellCommand prints the hook for one shell.
func (c *Command) hookShellCommand(name, file, line string) *cobra.Command {
	return &cobra.Command{
		Use:   name,
		Short: "Be told at the prompt of " + name + " when another Go runs than the agreed one",
		Long: `Print what puts godrift into the prompt of ` + name + `. In a Go workspace it then says in
one line, once, when this shell's Go is not the one that the workspace agreed upon,
or when the go command stops there. It sets nothing and runs nothing of the
workspace's. As long as the variables, the folder and the files that decide are the
same it starts no program; outside of Go workspaces it never does.`,
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

// stamps is the folder for the files that say when each shell of this machine
// last looked. Those of shells that are gone for long are removed: whoever asks
// starts a shell.
func (c *Command) stamps() (string, error) {
	state := c.StateDir
	if state == "" {
		state = engine.StateDir(c.here().Environ)
	}
	host, err := os.Hostname()
	if err != nil || host == "" || host != filepath.Base(host) {
		host = "localhost"
	}
	dir := filepath.Join(state, "prompt", host)
	if !filepath.IsAbs(dir) {
		return "", errors.New("there is no folder for godrift's state; set HOME or XDG_STATE_HOME to an absolute path")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("make a folder for the prompt's hook: %w", err)
	}
	const keep = 30 * 24 * time.Hour
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("look at the folder of the prompt's hook: %w", err)
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > keep {
			_ = os.Remove(filepath.Join(dir, e.Name())) // another shell may have been faster
		}
	}
	return dir, nil
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
	stamp, dir, said := args[1], filepath.Clean(args[2]), strings.TrimPrefix(args[3], "+")
	if err := touch(stamp); err != nil {
		return err
	}
	root := c.workspaceOf(dir)
	p, err := engine.AtPrompt(ctx, c.engineOptions(root, true), dir)
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
		text := "godrift: " + tell.Clean(p.Text) + " (godrift why, godrift fix)"
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

// touch makes the stamp of a shell: files that change from now on are newer. The
// times that a file system writes lag by some milliseconds, so it is a little
// older than now.
func touch(stamp string) error {
	const lag = 20 * time.Millisecond
	old := time.Now().Add(-lag)
	err := os.Chtimes(stamp, old, old)
	if errors.Is(err, fs.ErrNotExist) {
		var f *os.File
		if f, err = os.OpenFile(stamp, os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
			if err = f.Close(); err == nil {
				err = os.Chtimes(stamp, old, old)
			}
		}
	}
	if err != nil {
		return fmt.Errorf("note when the prompt's hook looked: %w; start a new shell to have its folder made", err)
	}
	return nil
}
