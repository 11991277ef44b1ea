package config

import (
	"errors"
	"path/filepath"
	"strings"
	"unicode"
)

// maxPath is the longest path that a setting may hold.
const maxPath = 4096

// Expand puts the home folder of this environment in the place of a leading ~, as a
// shell does. What has none stays as it is.
func Expand(path string, environ map[string]string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && rest[0] != '/' && rest[0] != filepath.Separator {
		return path
	}
	home := environ["HOME"]
	if home == "" {
		home = environ["USERPROFILE"]
	}
	return filepath.Join(home, rest)
}

// checkPath demands a path that names the same in whichever folder it is read.
func checkPath(path string) error {
	switch {
	case path == "":
		return errors.New("a path is missing")
	case len(path) > maxPath:
		return errors.New("the path is too long")
	case strings.ContainsFunc(path, unicode.IsControl):
		return errors.New("the path holds a control character")
	case path == "~", strings.HasPrefix(path, "~/"), strings.HasPrefix(path, "~"+string(filepath.Separator)), filepath.IsAbs(path):
		return nil
	}
	return errors.New("write the whole path, from / or from ~/")
}
