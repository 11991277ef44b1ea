package cli

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

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
	cmd.AddCommand(c.modulesVerifyCommand())
	return cmd
}

func (c *Command) modulesVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify [DIR]",
		Short: "Have go mod verify look whether the modules are what was downloaded",
		Long: `Run "go mod verify" in DIR, with the Go that runs there: it reads every module of the
graph in the module cache and compares it with what was downloaded. Nothing is fetched
and no file is written. Each bad module is named, with what to do about it. Ctrl+C
ends it. The exit code is 1 if a module is bad.`,
		Example: `  godrift modules verify
  godrift modules verify --format json | jq -r '.bad[].path'`,
		Args: atMostOne,
	}
	f := formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt)
		defer stop()
		world := c.engineOptions(dir, false).World
		m, err := engine.ResolveModules(ctx, world, dir, c.workspaceOf(dir))
		if err != nil {
			return interrupted(err, "the verification of the modules")
		}
		done := c.ticking(tell.Verifying(m.Graph))
		v, err := engine.VerifyModules(ctx, world, dir)
		done()
		if err != nil {
			return interrupted(err, "the verification of the modules")
		}
		doc := tell.ModulesVerifyDocument{
			Schema: tell.SchemaModulesVerify, Version: tell.DocumentVersion, Dir: dir, Go: v.Program,
			Modules: len(m.Graph.Modules), Seconds: v.Elapsed.Seconds(), Vendored: m.Graph.Mode == "vendor", Bad: []tell.ModuleBad{},
		}
		for _, b := range v.Bad {
			doc.Bad = append(doc.Bad, tell.NewModuleBad(b.Path, b.Version, b.Kind, b.File, b.Says))
		}
		c.failed = len(doc.Bad) > 0
		return c.print(f.value, doc, func(w io.Writer) error { return tell.ModulesVerifyText(w, doc, c.options()) })
	}
	return cmd
}

// ticking shows that something of unknown length is under way and for how long, until
// the function is called that it returns.
func (c *Command) ticking(text string) (done func()) {
	bar := c.progress()
	bar.show(text, 0, 0)
	if !bar.terminal {
		return func() {}
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		begun, tick := time.Now(), time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				bar.show(fmt.Sprintf("%s, %s", text, time.Since(begun).Round(time.Second)), 0, 0)
			case <-stop:
				return
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		bar.close()
	}
}
