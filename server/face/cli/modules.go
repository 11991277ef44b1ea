package cli

import (
	"io"

	"github.com/spf13/cobra"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

func (c *Command) modulesCommand() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "modules [DIR]",
		Short: "List the modules that builds use, who asks for each, and a fingerprint",
		Long: `List which version of which module the go command uses in DIR, what takes the place
of it, and who asks for that version; what GOFLAGS and a vendor folder do to that; and
where go.mod or go.sum are not what is needed. It is worked out from the go.mod files
here and in the module cache: no go command is started, and nothing is fetched. The
fingerprint is the same for the same list, and godrift remembers it.`,
		Example: `  godrift modules
  godrift modules --all
  godrift modules --format json | jq -r '.modules[] | "\(.path)@\(.version)"'
  godrift diff                  which modules are not what was accepted`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.Flags().BoolVar(&all, "all", false, "list the modules that are only needed by others, too")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		m, err := engine.ResolveModules(cmd.Context(), c.engineOptions(dir, false).World, dir, c.workspaceOf(dir))
		if err != nil {
			return err
		}
		doc := tell.NewModules(dir, m.Graph, m.Selection, m.Flags)
		return c.print(f.value, doc, func(w io.Writer) error { return tell.ModulesText(w, doc, all, c.options()) })
	}
	return cmd
}
