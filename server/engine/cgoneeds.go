package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"godrift.dev/server/ask"
	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
	"godrift.dev/server/observe/cgo"
)

// listLimit is how long a go command may take that lists the packages of a module:
// with a cold disk and thousands of packages that is many seconds.
const listLimit = 60 * time.Second

// CgoNeeds finds out which packages of the module in a folder, and of its
// dependencies, have C code for a target. It starts the Go that runs there, which
// neither switches toolchains nor fetches anything; where that is not allowed (try) or
// fails, the module's own files are read alone.
func CgoNeeds(ctx context.Context, opts Options, dir string, p ports.Port, try bool) (drift.CgoNeeds, error) {
	l := newCgoLook(opts.withDefaults(), CgoRequest{Dir: dir, Targets: []ports.Port{p}})
	needs, err := l.needs(ctx, p, try)
	if err != nil && ctx.Err() != nil {
		return drift.CgoNeeds{}, ctx.Err()
	}
	if err != nil {
		needs = l.own(p)
		needs.Problem = drift.MaskText(drift.Clip(err.Error()))
	}
	return needs, nil
}

// own reads the module's own files alone.
func (l *cgoLook) own(p ports.Port) drift.CgoNeeds {
	return cgo.Own(l.opts.World.Files, l.req.Dir, moduleOf(l.opts.World.Files, l.req.Dir), l.target(p), l.minor)
}

// moduleOf is the path of the module in a folder; empty if it names none.
func moduleOf(files drift.Files, dir string) string {
	text, err := files.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) >= 2 && f[0] == "module" {
			return strings.Trim(f[1], `"`)
		}
	}
	return ""
}

var errNotAsked = errors.New("no go command is started here")

// needs asks the go command.
func (l *cgoLook) needs(ctx context.Context, p ports.Port, try bool) (drift.CgoNeeds, error) {
	if !try {
		return drift.CgoNeeds{}, errNotAsked
	}
	if l.selection.Error != "" || l.selection.GOROOT == "" || l.selection.How == drift.HowDownload {
		return drift.CgoNeeds{}, errors.New("no Go that is on this machine runs here")
	}
	program := filepath.Join(l.selection.GOROOT, "bin", "go")
	if l.opts.World.Host.GOOS == "windows" {
		program += ".exe"
	}
	environ := maps.Clone(l.opts.World.Environ)
	maps.Copy(environ, map[string]string{
		"GOTOOLCHAIN": "local", "GOPROXY": "off", "CGO_ENABLED": "1", "GOOS": p.GOOS, "GOARCH": p.GOARCH, "PWD": l.req.Dir,
		"GIT_TERMINAL_PROMPT": "0", "GOVCS": "*:off",
	})
	answer, err := ask.Program{Path: program, Args: cgo.ListArgs, Dir: l.req.Dir, Environ: environ, Limit: listLimit, Keep: 64 << 20}.Run(ctx)
	switch {
	case err != nil:
		return drift.CgoNeeds{}, err
	case answer.TimedOut:
		return drift.CgoNeeds{}, fmt.Errorf("go list did not end within %s", listLimit)
	case answer.Failed:
		text, _, _ := strings.Cut(strings.TrimSpace(answer.Stderr), "\n")
		return drift.CgoNeeds{}, fmt.Errorf("go list stops: %s", text)
	}
	return cgo.ParseList(l.opts.World.Files, l.req.Dir, l.target(p), l.minor, answer.Stdout)
}
