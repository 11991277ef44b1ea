package cli

import (
	"github.com/spf13/cobra"
)

// shells are those that completion is written for, in the order of help.
var shells = []string{"bash", "zsh", "fish", "powershell"}

func (c *Command) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes godrift's commands in a shell",
		Example: `  source <(godrift completion bash)
  godrift completion zsh > "${fpath[1]}/_godrift"
  godrift completion fish > ~/.config/fish/completions/godrift.fish
  godrift completion powershell | Out-String | Invoke-Expression`,
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name one shell: bash, zsh, fish or powershell")
			}
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.out, true)
			case "zsh":
				return root.GenZshCompletion(c.out)
			case "fish":
				return root.GenFishCompletion(c.out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.out)
			}
			return usagef("no completion for %q; there is bash, zsh, fish and powershell", args[0])
		},
	}
}
