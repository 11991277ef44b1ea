package cli

import "github.com/spf13/cobra"

// hooks lists what godrift can be hooked into, in the order of help.
func (c *Command) hooks() []*cobra.Command {
	return []*cobra.Command{
		c.hookGitCommand(),
		c.hookShellCommand("bash", "~/.bashrc", `eval "$(godrift hook bash)"`),
		c.hookShellCommand("zsh", "~/.zshrc", `eval "$(godrift hook zsh)"`),
		c.hookShellCommand("fish", "~/.config/fish/config.fish", "godrift hook fish | source"),
		c.hookShellCommand("powershell", "$PROFILE", "godrift hook powershell | Out-String | Invoke-Expression"),
	}
}

func (c *Command) hookCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "hook",
		Short: "Have godrift look by itself: before each commit, at the prompt",
		Args:  cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("there is no hook %q; all hooks: godrift hook --help", args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(c.hooks()...)
	return cmd
}
