package engine

import (
	"context"
	"errors"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/workspace"
)

// Modules is what the go command resolves in a folder, and what decides how.
type Modules struct {
	Graph     drift.ModuleGraph
	Selection drift.Selection
	// Flags is GOFLAGS, which can name another go.mod, and -mod.
	Flags drift.Variable
}

// ResolveModules works out which modules a go command started in dir uses. It
// starts no program and fetches nothing. top is the workspace that dir is in.
func ResolveModules(ctx context.Context, world World, dir, top string) (Modules, error) {
	probed := workspace.Probe(world, dir)
	m := Modules{Selection: probed.Select(dir), Graph: probed.Graph(ctx, dir, top)}
	if err := ctx.Err(); err != nil {
		return m, errors.Join(errors.New("the look at the modules was given up"), err)
	}
	environment := probed.Environment(dir)
	m.Flags, _ = environment.Lookup("GOFLAGS")
	return m, nil
}
