package engine

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"godrift.dev/server/ask"
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

// BadModule is a module in the module cache that is not what was downloaded.
type BadModule = ask.BadModule

// Verified is what "go mod verify" says.
type Verified struct {
	// Program is the go command that was asked.
	Program string
	Bad     []BadModule
	Elapsed time.Duration
}

// VerifyModules has the go command that runs in dir compare the modules in the
// module cache with what was downloaded. It starts that program, so the folder has to
// be trusted, and nothing is fetched.
func VerifyModules(ctx context.Context, world World, dir string) (Verified, error) {
	sel := workspace.Probe(world, dir).Select(dir)
	v := Verified{}
	switch {
	case sel.Error != "" || sel.LoadError != "":
		return v, fmt.Errorf("modules cannot be verified where the go command stops: %s", drift.MaskText(sel.Error+sel.LoadError))
	case sel.Go == nil:
		return v, errors.New("modules are verified by the go command, and there is none on PATH")
	case sel.How == drift.HowDownload:
		return v, fmt.Errorf("%s runs here and is not downloaded yet; godrift check offers to fetch it", sel.Selected)
	}
	v.Program = sel.Go.Executable
	if sel.GOROOT != "" {
		name := "go"
		if world.Host.GOOS == "windows" {
			name = "go.exe"
		}
		if own := filepath.Join(sel.GOROOT, "bin", name); isFile(world.Files, own) {
			v.Program = own
		}
	}
	begun := time.Now()
	var err error
	v.Bad, err = ask.ModVerify{Program: v.Program, GOROOT: sel.GOROOT, Dir: dir, Environ: world.Environ}.Run(ctx)
	v.Elapsed = time.Since(begun)
	return v, err
}

func isFile(files drift.Files, name string) bool {
	info, err := files.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
