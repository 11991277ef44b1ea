package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// outsideHook takes out of an environment what pre-commit puts in to run a hook
// that is written in Go: a Go of its own in GOROOT and on PATH, and
// GOTOOLCHAIN=local. Nobody but the hook runs with them, so they say nothing
// about the machine. It returns environ itself if there is nothing to take out.
//
// https://github.com/pre-commit/pre-commit/blob/main/pre_commit/languages/golang.py
func outsideHook(environ map[string]string) map[string]string {
	goroot := environ["GOROOT"]
	if environ["PRE_COMMIT"] == "" || filepath.Base(goroot) != ".go" {
		return environ
	}
	own := []string{filepath.Join(filepath.Dir(goroot), "bin"), filepath.Join(goroot, "bin")}
	path := filepath.SplitList(environ["PATH"])
	kept := slices.DeleteFunc(slices.Clone(path), func(dir string) bool { return slices.Contains(own, filepath.Clean(dir)) })
	if len(kept) == len(path) {
		return environ
	}
	out := make(map[string]string, len(environ))
	for name, value := range environ {
		if name != "GOROOT" && (name != "GOTOOLCHAIN" || value != "local") {
			out[name] = value
		}
	}
	out["PATH"] = strings.Join(kept, string(os.PathListSeparator))
	return out
}
