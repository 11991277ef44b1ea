package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func (c *Command) toolsCommand() *cobra.Command {
	var all, untrusted bool
	cmd := &cobra.Command{
		Use:   "tools [DIR]",
		Short: "List the Go tools on this machine, and which Go built them",
		Long: `List the tools that people work on Go code with: gopls, dlv, golangci-lint and the
like on PATH, and whatever go install put into GOBIN. For each: its version, the Go
that built it, what the workspace of DIR needs of it, and how it stands. What is said
is read from the programs; none of them is started.`,
		Example: `  godrift tools
  godrift tools --all
  godrift tools --format json | jq -r '.tools[] | "\(.name) \(.version) \(.builtWith)"'
  godrift fix --code tool-built-with-older-go`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "list the tools that do not matter here, too")
	cmd.Flags().BoolVar(&untrusted, "untrusted", false, "run no program that the folder could have placed")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		report, err := engine.Evaluate(cmd.Context(), c.engineOptions(c.workspaceOf(dir), untrusted))
		if err != nil {
			return fmt.Errorf("cannot look at %s: %w", dir, err)
		}
		doc := tell.NewTools(report, engine.Tools(report, time.Now()))
		return c.print(f.value, doc, func(w io.Writer) error { return tell.ToolsText(w, doc, all, c.options()) })
	}
	return cmd
}
