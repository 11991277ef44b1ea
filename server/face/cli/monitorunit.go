package cli

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/tell"
)

func (c *Command) monitorUnitCommand() *cobra.Command {
	kind := &format{allowed: []string{"systemd", "launchd", "container"}}
	cmd := &cobra.Command{
		Use:   "unit --print systemd|launchd|container [DIR…]",
		Short: "Print what has the monitor started by itself",
		Long: `Print what has the monitor started by itself: a unit for your own systemd, a LaunchAgent for
macOS, or a recipe for a container image. Nothing is installed; the first lines say where
it belongs. Folders that are named here are watched; without them those of config.toml are.

The PATH of this shell is written into it, because a service is started with another one,
and which Go PATH finds is what the monitor is about.`,
		Example: `  godrift monitor unit --print systemd > ~/.config/systemd/user/godrift.service
  systemctl --user enable --now godrift

  godrift monitor unit --print launchd > ~/Library/LaunchAgents/dev.godrift.monitor.plist
  launchctl bootstrap gui/$UID ~/Library/LaunchAgents/dev.godrift.monitor.plist

  godrift monitor unit --print container > Containerfile`,
		RunE: func(_ *cobra.Command, args []string) error {
			if kind.value == "" {
				return usagef("say with --print for what: systemd, launchd or container")
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("which program this is cannot be told: %w", err)
			}
			return c.unit(kind.value, program, args)
		},
	}
	cmd.Flags().Var(kind, "print", "for what")
	_ = cmd.RegisterFlagCompletionFunc("print", cobra.FixedCompletions(completions(kind.allowed), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// unit prints a unit. What it is filled with is put into the place of words in double braces,
// all at once: a template of the library would have the linker keep every method there is,
// a tenth of the program.
func (c *Command) unit(kind, program string, dirs []string) error {
	args := []string{"monitor"}
	for _, dir := range dirs {
		args = append(args, c.absolute(dir))
	}
	var path []string
	for _, dir := range filepath.SplitList(c.getenv("PATH")) {
		if filepath.IsAbs(dir) {
			path = append(path, dir)
		}
	}
	home, paths := c.getenv("HOME"), strings.Join(path, string(filepath.ListSeparator))
	for _, text := range append([]string{program, paths, home}, args...) {
		if strings.ContainsAny(text, "\n\r\x00") {
			return errors.New("a line break in a name cannot be written into a unit")
		}
	}
	var text string
	with := []string{"{{version}}", tell.Clean(c.build().Godrift)}
	var arguments strings.Builder
	switch kind {
	case "systemd":
		text = systemdUnit
		for _, a := range args {
			arguments.WriteString(" " + systemdArgument(a))
		}
		with = append(with, "{{program}}", systemdWord(program), "{{environment}}", systemdWord("PATH="+paths))
	case "launchd":
		text = launchAgent
		for _, a := range args {
			arguments.WriteString("\n\t\t<string>" + xmlText(a) + "</string>")
		}
		with = append(with, "{{program}}", xmlText(program), "{{path}}", xmlText(paths), "{{home}}", xmlText(home))
	case "container":
		text = containerfile
		watched := args[1:]
		if len(watched) == 0 {
			watched = []string{"/work"}
		}
		for i, a := range watched {
			word, err := jsonWord(a)
			if err != nil {
				return err
			}
			if i > 0 {
				arguments.WriteString(", ")
			}
			arguments.WriteString(word)
		}
	}
	with = append(with, "{{arguments}}", arguments.String())
	_, err := strings.NewReplacer(with...).WriteString(c.out, text)
	return err
}

// systemdWord quotes a word of a unit file: systemd.syntax(7) for quotes, systemd.unit(5)
// for %. In the program of ExecStart= and in Environment= a $ means nothing.
func systemdWord(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(text) + `"`
}

// systemdArgument is systemdWord for what follows the program, where $ begins a variable:
// systemd.service(5).
func systemdArgument(text string) string { return strings.ReplaceAll(systemdWord(text), "$", "$$") }

func xmlText(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}

// jsonWord quotes a word of an instruction in the exec form, which is JSON.
func jsonWord(text string) (string, error) {
	var b bytes.Buffer
	err := tell.JSON(&b, text)
	return strings.TrimSpace(b.String()), err
}
