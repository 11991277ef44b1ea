package cli

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

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

// service is what the templates are filled with.
type service struct {
	Program string
	Args    []string // of the program, "monitor" among them
	Path    string   // without what is not absolute
	// Assigned is Path as systemd wants it.
	Assigned string
	Home     string
	Version  string
}

func (c *Command) unit(kind, program string, dirs []string) error {
	s := service{Program: program, Args: []string{"monitor"}, Home: c.getenv("HOME"), Version: tell.Clean(c.build().Godrift)}
	for _, dir := range dirs {
		s.Args = append(s.Args, c.absolute(dir))
	}
	var path []string
	for _, dir := range filepath.SplitList(c.getenv("PATH")) {
		if filepath.IsAbs(dir) {
			path = append(path, dir)
		}
	}
	s.Path = strings.Join(path, string(filepath.ListSeparator))
	s.Assigned = "PATH=" + s.Path
	for _, text := range append([]string{program, s.Path, s.Home}, s.Args...) {
		if strings.ContainsAny(text, "\n\r\x00") {
			return errors.New("a line break in a name cannot be written into a unit")
		}
	}
	text := map[string]string{"systemd": systemdUnit, "launchd": launchAgent, "container": containerfile}[kind]
	t, err := template.New(kind).Funcs(template.FuncMap{"systemd": systemdWord, "argument": systemdArgument, "xml": xmlText, "json": jsonWord}).Parse(text)
	if err != nil {
		return fmt.Errorf("the template of the unit: %w", err)
	}
	if kind == "container" && len(dirs) == 0 {
		s.Args = append(s.Args, "/work")
	}
	return t.Execute(c.out, s)
}

// systemdWord quotes a word of a unit file: systemd.syntax(7) for quotes, systemd.unit(5)
// for %. In the program of ExecStart= and in Environment= a $ means nothing.
func systemdWord(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, `%`, `%%`).Replace(text) + `"`
}

// systemdArgument is systemdWord for what follows the program, where $ begins a variable:
// systemd.service(5).
func systemdArgument(text string) string { return strings.ReplaceAll(systemdWord(text), "$", "$$") }

func xmlText(text string) (string, error) {
	var b bytes.Buffer
	err := xml.EscapeText(&b, []byte(text))
	return b.String(), err
}

// jsonWord quotes a word of an instruction in the exec form, which is JSON.
func jsonWord(text string) (string, error) {
	var b bytes.Buffer
	err := tell.JSON(&b, text)
	return strings.TrimSpace(b.String()), err
}
