package cli

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// hookFolder is where git looks for hooks, and whose folder that is.
type hookFolder struct {
	dir string
	// common is where git keeps the repository, top the checkout; empty for a bare
	// repository.
	common, top string
	// setting is where core.hooksPath is set, as git names it; empty if it is not.
	setting string
	// trees counts the checkouts of the repository.
	trees int
}

// hookFolder asks git: https://git-scm.com/docs/git-config#Documentation/git-config.txt-corehooksPath
func (c *Command) hookFolder(ctx context.Context, dir string) (hookFolder, error) {
	r, err := c.repository(ctx, dir, false)
	if err != nil {
		// There is no checkout in a bare repository, but it has hooks for those made
		// with git worktree.
		if r = c.bare(ctx, dir); r == nil {
			return hookFolder{}, err
		}
	}
	out := hookFolder{}
	absolute := func(args ...string) (string, error) {
		text, err := r.ask(ctx, args...)
		if err != nil {
			return "", fmt.Errorf("asking git where the hooks of %s are: %w", dir, err)
		}
		name := filepath.FromSlash(line(text))
		if !filepath.IsAbs(name) {
			name = filepath.Join(r.top, name)
		}
		return filepath.Clean(name), nil
	}
	if out.common, err = absolute("rev-parse", "--git-common-dir"); err != nil {
		return out, err
	}
	if out.dir, err = absolute("rev-parse", "--git-path", "hooks"); err != nil {
		return out, err
	}
	if r.top != r.gitDir {
		out.top = r.top
	}
	if text, err := r.ask(ctx, "config", "--show-origin", "-z", "--get", "core.hooksPath"); err == nil {
		origin, _, _ := strings.Cut(string(text), "\x00")
		out.setting = strings.TrimPrefix(origin, "file:")
		if !filepath.IsAbs(out.setting) && origin != out.setting {
			out.setting = filepath.Join(r.top, filepath.FromSlash(out.setting))
		}
	}
	if text, err := r.ask(ctx, "worktree", "list", "--porcelain"); err == nil {
		for l := range strings.Lines(string(text)) {
			if strings.HasPrefix(l, "worktree ") {
				out.trees++
			}
		}
	}
	return out, nil
}

// bare is a repository without a checkout, nil if dir is in none.
func (c *Command) bare(ctx context.Context, dir string) *repository {
	r, err := c.gitAt(dir, false)
	if err != nil {
		return nil
	}
	out, err := r.ask(ctx, "rev-parse", "--is-bare-repository", "--absolute-git-dir")
	is, gitDir, _ := strings.Cut(line(out), "\n")
	if err != nil || is != "true" {
		return nil
	}
	r.gitDir = filepath.FromSlash(gitDir)
	r.top = r.gitDir
	return r
}

// husky reports whether the folder is one that husky writes anew with each
// npm install.
func (h hookFolder) husky() bool {
	return filepath.Base(h.dir) == "_" && filepath.Base(filepath.Dir(h.dir)) == ".husky" || filepath.Base(h.dir) == ".husky"
}

// objection says why a hook had better not be written there, empty if nothing
// speaks against it, and whether --force helps.
func (h hookFolder) objection(c *Command) (text string, force bool) {
	real := c.resolved(h.dir)
	info, err := c.here().Files.Stat(h.dir)
	set := "core.hooksPath"
	if h.setting != "" {
		set += " (set in " + h.setting + ")"
	}
	check := `the line "godrift check --staged"`
	switch {
	case err == nil && info.Mode()&fs.ModeDir == 0:
		return fmt.Sprintf("%s leads to %s, which is no folder: git runs no hooks here; git config --unset core.hooksPath turns them on where it is set", set, h.dir), false
	case h.husky():
		file := filepath.Join(strings.TrimSuffix(h.dir, string(filepath.Separator)+"_"), "pre-commit")
		return fmt.Sprintf("husky runs the hooks here, and writes %s anew with every install: put %s into %s instead", h.dir, check, file), false
	case drift.Within(c.resolved(h.common), real):
		return "", false
	case h.top != "" && drift.Within(c.resolved(h.top), real):
		return fmt.Sprintf("%s leads to %s, which is part of the checkout: what is written there is everybody's. Put %s into %s yourself; or --force writes a hook that looks for godrift on PATH",
			set, h.dir, check, filepath.Join(h.dir, "pre-commit")), true
	}
	return fmt.Sprintf("%s leads to %s, outside this repository: a hook there runs in every repository that uses it. If that is meant, --force does it; for this repository alone: git config --local core.hooksPath %s, then again",
		set, h.dir, drift.ShellWord(filepath.Join(h.common, "hooks"))), true
}

// shared reports whether the folder is part of the checkout.
func (h hookFolder) shared(c *Command) bool {
	real := c.resolved(h.dir)
	return h.top != "" && drift.Within(c.resolved(h.top), real) && !drift.Within(c.resolved(h.common), real)
}
