package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// The two states of a go.mod that the language servers are shown. Both report
// the second one.
const (
	mended = "module example.com/bench\n\ngo 1.21.0\n"
	broken = "module example.com/bench\n\ngo 1.x5\n"
)

func goModOf(root string) string { return filepath.Join(root, "go.mod") }

// small makes a workspace of one module.
func (b *bench) small(name, goMod string) (string, error) {
	root := filepath.Join(b.scratch, name)
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(root, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		return "", err
	}
	return root, os.WriteFile(goModOf(root), []byte(goMod), 0o644)
}

// copyOf makes a copy of a folder that shares the files' content with it
// through hard links, so that go.mod can be broken without harm; what git keeps
// is left out unless it is wanted.
func (b *bench) copyOf(root, as string, git bool) (string, error) {
	to := filepath.Join(b.scratch, as)
	return to, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case rel == ".git" && !git:
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir():
			return os.MkdirAll(target, 0o755)
		case d.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(path)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		case !d.Type().IsRegular():
			return nil
		}
		if d.Name() != "go.mod" && os.Link(path, target) == nil {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, text, 0o644)
	})
}

var goLine = regexp.MustCompile(`(?m)^go .*$`)

// breakGoMod makes the go line of a folder's go.mod one that no Go accepts.
func breakGoMod(root string) error {
	text, err := os.ReadFile(goModOf(root))
	if err != nil {
		return err
	}
	return os.WriteFile(goModOf(root), goLine.ReplaceAll(text, []byte("go 1.x5")), 0o644)
}
