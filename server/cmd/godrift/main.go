// Command godrift says which Go runs in a folder and why, reports what
// disagrees, and puts it right: on the command line, as a language server and as a
// monitor.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"godrift.dev/server/face/cli"
	"godrift.dev/server/face/lsp"
	"godrift.dev/server/face/monitor"
)

// version is set by the release build with -ldflags "-X main.version=v1.2.3";
// without it the build information says it.
var version string

func main() {
	pace(400)
	command := cli.Command{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Version: version,
		Serve: func(ctx context.Context, s cli.Server) int {
			pace(100)
			return lsp.Serve(ctx, lsp.Options{In: s.In, Out: s.Out, Err: s.Err, World: s.World, Version: s.Version, StateDir: s.StateDir, Reply: s.Reply})
		},
		Monitor: func(ctx context.Context, m cli.Monitoring) int {
			pace(100)
			return monitor.Run(ctx, monitor.Options{
				Out: m.Out, Err: m.Err, LogFormat: m.LogFormat, World: m.World, Version: m.Version, StateDir: m.StateDir,
				Workspaces: m.Workspaces, Here: m.Here, Listen: m.Listen, MetricsOpen: m.MetricsOpen, InsecureListen: m.InsecureListen,
			})
		},
	}
	os.Exit(command.Main(os.Args[1:]))
}

// pace sets how much the heap grows until memory is collected, unless somebody
// set it: a command that ends soon has better things to do, a server is to stay
// small.
func pace(percent int) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
