package workspace

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// gitDir finds the git folder of a checkout whose top is dir: .git itself, or
// what a .git file of a worktree or submodule names. Empty if there is none.
func gitDir(files drift.Files, dir string) string {
	name := filepath.Join(dir, ".git")
	info, err := files.Stat(name)
	switch {
	case err != nil:
		return ""
	case info.IsDir():
		return name
	}
	text, err := files.ReadFile(name)
	if err != nil {
		return ""
	}
	line, _, _ := bytes.Cut(text, []byte("\n"))
	to, ok := strings.CutPrefix(strings.TrimSpace(string(line)), "gitdir:")
	if to = strings.TrimSpace(to); !ok || to == "" {
		return ""
	}
	if to = filepath.FromSlash(to); !filepath.IsAbs(to) {
		to = filepath.Join(dir, to)
	}
	return filepath.Clean(to)
}

// checkout finds the checkout that dir is in: its top and its git folder.
func checkout(files drift.Files, dir string) (top, git string) {
	for {
		if git = gitDir(files, dir); git != "" {
			return dir, git
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", ""
		}
		dir = up
	}
}

// readIndexFile reads an index through a view of the file system.
func readIndexFile(files drift.Files, name string, hashLen int, each func(path []byte, mode uint32)) error {
	f, err := drift.Open(files, name)
	if err != nil {
		return err
	}
	defer f.Close()
	return readIndex(io.NewSectionReader(f, 0, math.MaxInt64), hashLen, each)
}

// missing reports whether an error says that there is no such file.
func missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
