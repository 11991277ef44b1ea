package cgo

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// Machine is what a compiler is looked for on.
type Machine struct {
	Files drift.Files
	// Path are the folders of PATH.
	Path []string
	Host drift.Host
}

// Look finds a program as exec.LookPath does: an entry of PATH that is relative
// ends the search without a hit.
func (m Machine) Look(name string) (path string, ok bool) {
	if strings.ContainsRune(name, '/') || m.Host.GOOS == "windows" && strings.ContainsRune(name, '\\') {
		return name, filepath.IsAbs(name) && m.executable(name)
	}
	for _, dir := range m.Path {
		file := filepath.Join(dir, name)
		if m.Host.GOOS == "windows" && filepath.Ext(name) == "" {
			file += ".exe"
		}
		if !filepath.IsAbs(file) {
			continue
		}
		if m.executable(file) {
			return file, true
		}
	}
	return "", false
}

func (m Machine) executable(name string) bool {
	info, err := m.Files.Stat(name)
	if err != nil || info.IsDir() {
		return false
	}
	return m.Host.GOOS == "windows" || info.Mode().Perm()&0o111 != 0
}

// Compiler is the C compiler of a target: the words of CC, and where the first
// of them leads.
type Compiler struct {
	Words []string
	// Path is absolute.
	Path string
}

// Identity names a compiler so that another one in its place, or another version
// of it, has another name: path, what links lead to, size and time of change.
func (m Machine) Identity(path string) string {
	real, err := m.Files.EvalSymlinks(path)
	if err != nil {
		return path
	}
	info, err := m.Files.Stat(real)
	if err != nil {
		return path
	}
	return strings.Join([]string{path, real, strconv.FormatInt(info.Size(), 10), strconv.FormatInt(info.ModTime().UnixNano(), 10)}, "\x00")
}

// Find finds the compiler that a value of CC names. The problem is the one that
// a build stops with.
func (m Machine) Find(cc string, target Target) (Compiler, *drift.CgoProblem) {
	words, err := drift.Words(cc)
	switch {
	case err != nil:
		return Compiler{}, &drift.CgoProblem{
			Cause: drift.CgoBadVariable, Name: "CC", Message: fmt.Sprintf("CC cannot be read: %v.", err),
			Line: fmt.Sprintf("go: CC environment variable could not be parsed: %v", err),
		}
	case len(words) == 0:
		words = []string{"gcc"}
	}
	name := words[0]
	if !filepath.IsAbs(name) && name != filepath.Base(name) {
		return Compiler{Words: words}, &drift.CgoProblem{
			Cause: drift.CgoBadVariable, Name: "CC", Message: "CC names a relative path, which the go command refuses; write the whole path, or a name alone.",
			Line: "go: CC environment variable is relative; must be absolute path: " + name,
		}
	}
	path, ok := m.Look(name)
	if !ok {
		why := "executable file not found in $PATH"
		if filepath.IsAbs(name) {
			if _, err := m.Files.Stat(name); err != nil {
				why = "no such file or directory"
			} else {
				why = fs.ErrPermission.Error()
			}
			why = "stat " + name + ": " + why
		}
		problem := Explain(fmt.Sprintf("cgo: C compiler %q not found: exec: %q: %s", name, name, why), target)
		return Compiler{Words: words}, &problem
	}
	return Compiler{Words: words, Path: path}, nil
}
