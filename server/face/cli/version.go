package cli

import (
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"godrift.dev/server/tell"
)

func (c *Command) versionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version of godrift",
		Args:  noArgs,
	}
	f := formatFlag(cmd)
	cmd.RunE = func(*cobra.Command, []string) error { return c.version(f.value) }
	return cmd
}

func (c *Command) version(format string) error {
	doc := c.build()
	return c.print(format, doc, func(w io.Writer) error { return tell.VersionText(w, doc) })
}

// build is what the build says about itself.
func (c *Command) build() tell.VersionDocument {
	info, _ := debug.ReadBuildInfo() // nil where there is none
	return tell.NewVersion(c.Version, info)
}
