package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// cgoFlags are those of the command cgo.
type cgoFlags struct {
	format    *format
	targets   []string
	all       bool
	untrusted bool
	read      string
	explain   bool
}

func (c *Command) cgoCommand() *cobra.Command {
	var flags cgoFlags
	cmd := &cobra.Command{
		Use:   "cgo [DIR]",
		Short: "Say for which targets C code can be built here",
		Long: `For each GOOS/GOARCH say whether cgo is on there and why, which C compiler the go
command takes and which variable names it, what that compiler builds for, and whether
C code can really be built: a small program is compiled and linked with the flags that go
build passes, and the file that comes out is looked at. Where that fails, godrift names the cause and
what helps: a package to install, or a compiler that is installed already and does.

Without --target it is what is built here now and the ports that Go calls first class.
The exit code is 1 if C code cannot be built for a target that was named.

It also says which packages of the module in DIR, and of its dependencies, need cgo at
all: the go command is asked for that, without a network. With --explain, say which of
GOROOT, GOOS, GOARCH, CGO_ENABLED and CC forced which, and what CGO_ENABLED=0 or 1
changes in the programs of the module; no compiler is started for that.

With --read, say what the output of a failed build means; nothing is compiled.`,
		Example: `  godrift cgo
  godrift cgo --target linux/arm64,windows/amd64
  godrift cgo --explain
  godrift cgo --all --format json | jq -r '.targets[] | select(.verdict == "works") | .target'
  go build ./... 2>&1 | godrift cgo --read -`,
		Args: atMostOne,
	}
	flags.format = formatFlag(cmd)
	cmd.Flags().StringSliceVar(&flags.targets, "target", nil, "look at `GOOS/GOARCH`; can be given several times")
	cmd.Flags().BoolVar(&flags.all, "all", false, "look at everything that this Go builds for")
	cmd.Flags().BoolVar(&flags.untrusted, "untrusted", false, "start no compiler")
	cmd.Flags().BoolVar(&flags.explain, "explain", false, "say which variable forced which, and what cgo changes in programs")
	cmd.Flags().StringVar(&flags.read, "read", "", "say what the output of a failed build in `FILE` means (- for standard input)")
	_ = cmd.RegisterFlagCompletionFunc("target", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var names []string
		for _, p := range ports.List(0) {
			names = append(names, p.String())
		}
		return completions(names), cobra.ShellCompDirectiveNoFileComp
	})
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		dir, err := c.folder(args)
		if err != nil {
			return err
		}
		targets, err := c.cgoTargets(dir, flags)
		if err != nil {
			return err
		}
		if flags.read != "" {
			return c.cgoRead(dir, targets, flags)
		}
		return c.cgo(cmd.Context(), dir, targets, flags)
	}
	return cmd
}

// cgoTargets are those that the flags name; none if they name none.
func (c *Command) cgoTargets(dir string, flags cgoFlags) ([]ports.Port, error) {
	switch {
	case flags.all && (len(flags.targets) > 0 || flags.read != ""):
		return nil, usagef("--all takes every target: use it without --target and --read")
	case flags.explain && (flags.all || flags.read != "" || len(flags.targets) > 0):
		return nil, usagef("--explain is about what is built here now: use it without --all, --target and --read")
	}
	if !flags.all && len(flags.targets) == 0 {
		return nil, nil
	}
	known := engine.Ports(c.engineOptions(dir, flags.untrusted), dir)
	if flags.all {
		return known, nil
	}
	var targets []ports.Port
	for _, name := range flags.targets {
		p, ok := ports.Parse(strings.TrimSpace(name))
		switch {
		case !ok:
			return nil, usagef("%q is no target; write it as linux/arm64", name)
		case !slices.Contains(known, p):
			return nil, usagef("the Go that runs here does not build for %s; go tool dist list lists what it builds for", p)
		case !slices.Contains(targets, p):
			targets = append(targets, p)
		}
	}
	return targets, nil
}

func (c *Command) cgo(ctx context.Context, dir string, targets []ports.Port, flags cgoFlags) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	bar := c.progress()
	opts := c.engineOptions(dir, flags.untrusted)
	if flags.explain {
		targets = []ports.Port{engine.Building(opts, dir)}
	}
	answer, err := engine.AskCgo(ctx, opts, engine.CgoRequest{
		Dir: dir, Targets: targets, Try: !flags.untrusted && !flags.explain,
		Progress: func(done, all int) { bar.count("Compiling for every target", done, all) },
	}, !flags.untrusted)
	bar.close()
	if err != nil {
		return interrupted(err, "the look at the compilers")
	}
	doc := tell.NewCgo(dir, answer.Go, answer.Targets).WithPicture(answer.Picture).WithNeeds(answer.Building.String(), answer.Needs, answer.Effects)
	for _, t := range answer.Targets {
		c.failed = c.failed || len(flags.targets) > 0 && t.Verdict != drift.CgoWorks && t.Verdict != drift.CgoUntried
	}
	show := tell.CgoText
	if flags.explain {
		show = tell.CgoExplainText
	}
	return c.print(flags.format.value, doc, func(w io.Writer) error { return show(w, doc, c.options()) })
}

// maxRead bounds what is read of a failed build's output.
const maxRead = 4 << 20

// cgoRead says what the output of a failed build means.
func (c *Command) cgoRead(dir string, targets []ports.Port, flags cgoFlags) error {
	if len(targets) > 1 {
		return usagef("the output of one build is for one target: name it alone")
	}
	in := c.Stdin
	if flags.read != "-" {
		f, err := os.Open(c.absolute(flags.read))
		if err != nil {
			return fmt.Errorf("read the output of the build: %w", err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxRead))
	if err != nil {
		return fmt.Errorf("read the output of the build: %w", err)
	}
	target, problem := engine.ExplainCgo(c.engineOptions(dir, true), dir, targets, string(text))
	doc := tell.NewCgoCause(target.String(), problem)
	return c.print(flags.format.value, doc, func(w io.Writer) error { return tell.CgoCauseText(w, doc, c.options()) })
}
