package engine

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// checkout is where a git checkout stands.
type checkout struct {
	branch string // empty if it is on none
	commit string
}

// headOf reads where the checkout of a folder stands, from the files that git
// keeps (gitrepository-layout(5)): HEAD, loose and packed references, and the
// file .git of a worktree. It is zero outside of git.
func headOf(files drift.Files, root string) checkout {
	dir := filepath.Join(root, ".git")
	if info, err := files.Stat(dir); err != nil {
		return checkout{}
	} else if !info.IsDir() {
		line := firstLine(files, dir)
		dir = strings.TrimPrefix(line, "gitdir: ")
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(root, dir)
		}
	}
	line := firstLine(files, filepath.Join(dir, "HEAD"))
	ref, ok := strings.CutPrefix(line, "ref: ")
	if !ok {
		return checkout{commit: line}
	}
	common := dir
	if to := firstLine(files, filepath.Join(dir, "commondir")); to != "" {
		common = to
		if !filepath.IsAbs(common) {
			common = filepath.Join(dir, common)
		}
	}
	at := checkout{branch: strings.TrimPrefix(ref, "refs/heads/")}
	if at.commit = firstLine(files, filepath.Join(common, filepath.FromSlash(ref))); at.commit == "" {
		packed, _ := files.ReadFile(filepath.Join(common, "packed-refs"))
		for line := range strings.Lines(string(packed)) {
			if commit, name, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name == ref {
				at.commit = commit
			}
		}
	}
	return at
}

func firstLine(files drift.Files, name string) string {
	text, err := files.ReadFile(name)
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	return strings.TrimSpace(line)
}

// name is how people call it.
func (c checkout) name() string {
	if c.branch != "" {
		return drift.Clip(c.branch)
	}
	return short(c.commit)
}

func short(commit string) string { return commit[:min(len(commit), 10)] }

// wayOf says from where to where a checkout went, empty if it stayed.
func wayOf(from, to checkout) string {
	switch {
	case from == to || from == (checkout{}) || to == (checkout{}):
		return ""
	case from.name() != to.name():
		return from.name() + " → " + to.name()
	}
	return fmt.Sprintf("%s, %s → %s", to.name(), short(from.commit), short(to.commit))
}

// text is a checkout as it is stored.
func (c checkout) text() string { return c.branch + "\n" + c.commit }

func checkoutOf(text string) checkout {
	branch, commit, _ := strings.Cut(text, "\n")
	return checkout{branch, commit}
}
