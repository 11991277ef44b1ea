package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// codePolicyInvalid is the rule that reports what is wrong with godrift.toml.
const codePolicyInvalid = "policy-invalid"

// everywhere keeps findings wherever they stand.
func everywhere(*drift.Report, drift.Finding, drift.Place) bool { return true }

// target is a workspace folder and what of it is asked about.
type target struct {
	// root is the workspace folder.
	root string
	// scopes are the files and folders asked about; none means all of root.
	scopes []string
}

// holds reports whether a finding, seen at its own or a related place, belongs
// to what is asked about. A finding outside the workspace, such as in the GOENV
// file, concerns every folder of it; a related place there says nothing.
func (t target) holds(f drift.Finding, at drift.Place) bool {
	if len(t.scopes) == 0 {
		return true
	}
	if at.File == "" || !drift.Within(t.root, at.File) {
		return at == f.Place
	}
	return slices.ContainsFunc(t.scopes, func(s string) bool { return drift.Within(s, at.File) })
}

// absolute is a file name as typed, seen from the command's folder.
func (c *Command) absolute(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(c.Dir, name)
}

// folder is the folder that an optional argument names.
func (c *Command) folder(args []string) (string, error) {
	dir := c.Dir
	if len(args) > 0 {
		dir = c.absolute(args[0])
	}
	info, err := c.here().Files.Stat(dir)
	switch {
	case err != nil:
		return "", c.missing(dir, err)
	case !info.IsDir():
		return "", usagef("%s is no folder", dir)
	}
	return dir, nil
}

func (c *Command) missing(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return usagef("there is no file or folder %s", name)
	}
	return fmt.Errorf("cannot look at %s: %w", name, errors.Unwrap(err))
}

// targets finds the workspaces that paths stand in; without paths the one of
// the command's folder.
func (c *Command) targets(paths []string) ([]target, error) {
	if len(paths) == 0 {
		paths = []string{c.Dir}
	}
	files := c.here().Files
	var out []target
	for _, p := range paths {
		name := c.absolute(p)
		info, err := files.Stat(name)
		if err != nil {
			return nil, c.missing(name, err)
		}
		dir := name
		if !info.IsDir() {
			dir = filepath.Dir(name)
		}
		root := c.workspaceOf(dir)
		i := slices.IndexFunc(out, func(t target) bool { return t.root == root })
		switch {
		case i < 0 && name == root:
			out = append(out, target{root: root})
		case i < 0:
			out = append(out, target{root: root, scopes: []string{name}})
		case name == root:
			out[i].scopes = nil
		case out[i].scopes != nil:
			out[i].scopes = append(out[i].scopes, name)
		}
	}
	return out, nil
}

// workspaceOf is the folder that somebody who works on dir would open in an
// editor: the checkout it belongs to, else the folder of its go.work or go.mod,
// else dir itself. Pins and policy count from there downwards, so a check of a
// part must know the whole.
func (c *Command) workspaceOf(dir string) string {
	files := c.here().Files
	has := func(dir, name string) bool {
		_, err := files.Stat(filepath.Join(dir, name))
		return err == nil
	}
	home := c.getenv("HOME")
	var work, module string
	for d := dir; ; {
		// A home folder under version control is no workspace of its projects.
		if has(d, ".git") && (d == dir || d != home) {
			return d
		}
		if work == "" && has(d, "go.work") {
			work = d
		}
		if module == "" && has(d, "go.mod") {
			module = d
		}
		up := filepath.Dir(d)
		if up == d {
			break
		}
		d = up
	}
	switch {
	case work != "":
		return work
	case module != "":
		return module
	}
	return dir
}

// mender is one whose fixes are noted in the audit as done by a command.
func (c *Command) mender(command string) *engine.Mender {
	m, _ := c.memory(command)
	return m
}

// remember has the history know of what a command did, before anything else
// changes. What was done stays done if that fails, and the next check remembers
// it.
func (c *Command) remember(ctx context.Context, opts engine.Options, memory *engine.Memory) {
	opts.Memory, opts.Record = memory, true
	if _, err := engine.Evaluate(ctx, opts); err != nil {
		fmt.Fprintln(c.Stderr, "It is not in the history yet:", tell.Clean(drift.MaskText(err.Error())))
	}
}

// recover puts right what a kill left behind, says so, and reports whether there
// was anything.
func (c *Command) recover(ctx context.Context, mender *engine.Mender, world engine.World, report *drift.Report) (bool, error) {
	recovered, err := mender.Recover(ctx, world, report, engine.Hands{})
	for _, r := range recovered {
		fmt.Fprintln(c.Stderr, tell.Clean(drift.MaskText(r.Text)))
	}
	return len(recovered) > 0, err
}

// memory is what is remembered, for a command that acts; the mender closes it.
func (c *Command) memory(command string) (*engine.Mender, *engine.Memory) {
	m := engine.NewMender(c.StateDir, c.here().Environ)
	c.menders = append(c.menders, m)
	return m, m.Memory(drift.Actor{Kind: drift.ActorCommand, Name: command}, nil, engine.Listener{})
}

func (c *Command) engineOptions(root string, untrusted bool) engine.Options {
	c.looks = true
	return engine.Options{Root: root, World: c.here(), Trusted: !untrusted, StateDir: c.StateDir}
}

// evaluate looks at a target and keeps the findings that keep wants. Of a part
// of a workspace it tells only that part's, and which Go runs there. A policy
// that cannot be read concerns every part.
func (c *Command) evaluate(ctx context.Context, t target, opts engine.Options, keep func(*drift.Report, drift.Finding, drift.Place) bool) (*drift.Report, error) {
	report, err := engine.Evaluate(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("cannot look at %s: %w", t.root, err)
	}
	all := report
	report = engine.Narrow(report, func(f drift.Finding, at drift.Place) bool {
		return f.Code == codePolicyInvalid || t.holds(f, at) && keep(all, f, at)
	})
	if len(t.scopes) == 0 {
		return report, nil
	}
	dir := t.scopes[0]
	if info, err := opts.World.Files.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if dir == t.root {
		return report, nil
	}
	why, err := engine.Explain(ctx, opts, dir)
	if err != nil {
		return nil, fmt.Errorf("cannot look at %s: %w", dir, err)
	}
	snap := *report.Snapshot
	snap.Selection = why.Selection
	report.Snapshot, report.Pinned = &snap, why.Pinned
	return report, nil
}
