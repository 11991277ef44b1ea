package main

import (
	"io/fs"
	"os/exec"
	"path/filepath"

	"godrift.dev/server/observe/workspace"
)

// scan measures figure 7: everything that opening a workspace does, environment
// and selection included, beside a mere list of its files.
func (b *bench) scan() error {
	world := workspace.Here("cli")
	open := func(root string) func() error {
		return func() error {
			_, err := workspace.Open(b.ctx, workspace.Options{Root: root, World: world})
			return err
		}
	}
	for _, folder := range b.folders {
		name := filepath.Base(folder)
		plain, err := b.copyOf(folder, "scan-"+name, false)
		if err != nil {
			return err
		}
		list := func() error {
			cmd := exec.CommandContext(b.ctx, "git", "ls-files")
			cmd.Dir = folder
			_, err := cmd.Output()
			return err
		}
		walk := func() error {
			return filepath.WalkDir(plain, func(_ string, _ fs.DirEntry, err error) error { return err })
		}
		for _, c := range []struct {
			name string
			a, b func() error
		}{
			{"A open " + name + " in process; B `git ls-files`", open(folder), list},
			{"A open " + name + " without git in process; B `filepath.WalkDir`", open(plain), walk},
		} {
			var ours, theirs times
			for i := range b.n + 1 {
				mine, err := timed(1, c.a)
				if err != nil {
					return err
				}
				yours, err := timed(1, c.b)
				if err != nil {
					return err
				}
				if i > 0 {
					ours, theirs = append(ours, mine), append(theirs, yours)
				}
			}
			pair(c.name, ours, theirs)
		}
		ours, theirs, err := b.inTurn(folder, []string{b.godrift, "check"}, []string{"git", "ls-files"})
		if err != nil {
			return err
		}
		pair("A `godrift check` in "+name+"; B `git ls-files`: wall", ours.wall, theirs.wall)
		pair("… CPU", ours.cpu, theirs.cpu)
		if err := b.beside(folder, name, ours.cpu); err != nil {
			return err
		}
	}
	return nil
}

// beside puts the processors' time of godrift beside that of one run of
// Renovate, which lists all dependencies that it finds in a folder and asks
// nobody about them.
func (b *bench) beside(folder, name string, ours times) error {
	if b.renovate == "" {
		return nil
	}
	_, cpu, err := b.took(folder, b.renovate, "--platform=local", "--dry-run=extract")
	if err != nil {
		return err
	}
	row("A `godrift check` in "+name+"; B Renovate's extraction, once: CPU", ms(ours.median()), ms(cpu), ratio(float64(ours.median()), float64(cpu)))
	return nil
}
