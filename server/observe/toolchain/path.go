package toolchain

import (
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// FindGo is the go that a shell runs: the first executable file of that name on
// PATH, where relative and empty entries count from dir. Folders, files that
// are not executable and dangling links are passed by.
func FindGo(files drift.Files, host drift.Host, path, dir string) (string, bool) {
	for _, entry := range filepath.SplitList(path) {
		if !filepath.IsAbs(entry) {
			entry = filepath.Join(dir, entry)
		}
		for _, name := range programNames(host, "go") {
			if file := filepath.Join(entry, name); runnable(files, host, file) {
				return file, true
			}
		}
	}
	return "", false
}

// lookPath is os/exec LookPath: a hit through a relative entry of PATH ends the
// search, and such a program is not run (exec.ErrDot).
func lookPath(files drift.Files, host drift.Host, path, dir, name string) (string, bool) {
	for _, entry := range filepath.SplitList(path) {
		abs := entry
		if !filepath.IsAbs(entry) {
			abs = filepath.Join(dir, entry)
		}
		for _, n := range programNames(host, name) {
			if file := filepath.Join(abs, n); runnable(files, host, file) {
				return file, filepath.IsAbs(entry)
			}
		}
	}
	return "", false
}

func programNames(host drift.Host, name string) []string {
	if host.GOOS != "windows" {
		return []string{name}
	}
	var names []string
	if strings.Contains(filepath.Ext(name), "exe") {
		names = append(names, name)
	}
	return append(names, name+".com", name+".exe", name+".bat", name+".cmd")
}

func runnable(files drift.Files, host drift.Host, name string) bool {
	info, err := files.Stat(name)
	if err != nil || info.IsDir() {
		return false
	}
	return host.GOOS == "windows" || info.Mode().Perm()&0o111 != 0
}
