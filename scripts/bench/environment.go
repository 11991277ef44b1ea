package main

import (
	"errors"
	"os/exec"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/workspace"
)

// timed is the time per call of f, of enough calls in a row for the clock.
func timed(calls int, f func() error) (time.Duration, error) {
	start := time.Now()
	for range calls {
		if err := f(); err != nil {
			return 0, err
		}
	}
	return time.Since(start) / time.Duration(calls), nil
}

// environment measures figure 1: godrift within its process beside a go command.
func (b *bench) environment() error {
	root, err := b.small("environment", mended)
	if err != nil {
		return err
	}
	world := workspace.Here("cli")
	ws, err := workspace.Open(b.ctx, workspace.Options{Root: root, World: world})
	if err != nil {
		return err
	}
	probed := workspace.Probe(world, root)
	probed.Select(root)
	probed.Environment(root)
	probed.Unchanged() // the first one looks at every file
	goMod := drift.Event{Kind: drift.EventSaved, Files: []string{goModOf(root)}}
	cases := []struct {
		name  string
		calls int
		f     func() error
	}{
		{"is anything changed that selection and environment depend on? no", 200, func() error {
			if !probed.Unchanged() {
				return errors.New("the machine changed while it was measured; run this again")
			}
			return nil
		}},
		{"go.mod saved without a change", 200, func() error { _, err := ws.Next(b.ctx, goMod); return err }},
		{"everything looked at again, nothing changed", 50, func() error {
			_, err := ws.Next(b.ctx, drift.Event{Kind: drift.EventRefresh})
			return err
		}},
		{"selection and environment worked out again", 50, func() error {
			p := probed.Again(world, root)
			p.Select(root)
			p.Environment(root)
			return nil
		}},
		{"selection and environment from nothing", 50, func() error {
			p := workspace.Probe(world, root)
			p.Select(root)
			p.Environment(root)
			return nil
		}},
	}
	for _, c := range cases {
		var ours, theirs times
		for i := range b.n + 1 {
			mine, err := timed(c.calls, c.f)
			if err != nil {
				return err
			}
			yours, err := timed(1, func() error {
				cmd := exec.CommandContext(b.ctx, "go", "env", "-json")
				cmd.Dir = root
				return cmd.Run()
			})
			if err != nil {
				return err
			}
			if i > 0 {
				ours, theirs = append(ours, mine), append(theirs, yours)
			}
		}
		pair("A "+c.name+"; B `go env -json`", ours, theirs)
	}
	return nil
}

// coldStart measures figure 2: whole processes.
func (b *bench) coldStart() error {
	root, err := b.small("start", mended)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		name string
		a, b []string
	}{
		{"A `godrift version`; B a hello world in Go", []string{b.godrift, "version"}, []string{b.hello}},
		{"A `godrift check`, small workspace; B `go env -json`", []string{b.godrift, "check"}, []string{"go", "env", "-json"}},
	} {
		ours, theirs, err := b.inTurn(root, c.a, c.b)
		if err != nil {
			return err
		}
		pair(c.name+": wall", ours.wall, theirs.wall)
		pair(c.name+": CPU", ours.cpu, theirs.cpu)
	}
	return b.prompt()
}
