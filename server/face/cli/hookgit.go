package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// manager is a program that runs other programs' git hooks.
type manager struct {
	name string
	// snippet is what has godrift look at each commit through it: a file, with its
	// name in the first line.
	snippet string
}

// managers are in the order of help.
var managers = []manager{
	{"pre-commit", `# .pre-commit-config.yaml
repos:
  - repo: local
    hooks:
      - id: godrift
        name: godrift
        entry: godrift check --staged
        language: system
        pass_filenames: false
        always_run: true
`},
	{"lefthook", `# lefthook.yml
pre-commit:
  commands:
    godrift:
      run: godrift check --staged
`},
	{"husky", `# .husky/pre-commit
godrift check --staged
`},
}

func managerNames() []string {
	var names []string
	for _, m := range managers {
		names = append(names, m.name)
	}
	return names
}

func (c *Command) hookGitCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "git",
		Short: "Look at each commit before git makes it",
		Long: `Print what has a manager of git hooks run "godrift check --staged" before each
commit: a commit that would make pins disagree is stopped, with the reason.`,
		Example: `  godrift hook git --print lefthook`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			i := slices.IndexFunc(managers, func(m manager) bool { return m.name == name })
			if i < 0 {
				return usagef("say what for: --print %s", strings.Join(managerNames(), ", --print "))
			}
			_, err := c.out.WriteString(managers[i].snippet)
			return err
		},
	}
	cmd.Flags().StringVar(&name, "print", "", "print what this `MANAGER` needs: "+strings.Join(managerNames(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("print", cobra.FixedCompletions(completions(managerNames()), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}
