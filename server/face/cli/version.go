package cli

import (
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift/releases"
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
	doc := tell.VersionDocument{
		Schema: tell.SchemaVersion, Version: tell.DocumentVersion, Godrift: c.Version,
		Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH, Releases: releases.Date(),
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return doc
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			doc.Commit = s.Value
		case "vcs.time":
			doc.Time = s.Value
		case "vcs.modified":
			doc.Modified = s.Value == "true"
		}
	}
	if doc.Godrift == "" {
		doc.Godrift = info.Main.Version
	}
	if doc.Godrift == "" || doc.Godrift == "(devel)" {
		doc.Godrift = "devel"
	}
	return doc
}
