package goenv

import (
	"fmt"
	"path/filepath"

	"godrift.dev/server/drift/ports"

	"godrift.dev/server/drift"
)

// checkCache: to tell GOGCCFLAGS, "go env" asks the C compiler what it can do
// and keeps the answer in the build cache, if there is a compiler; dry says that
// -n is set, which asks nobody (cmd/go/internal/work/exec.go gccSupportsFlag,
// cmd/go/internal/cache/default.go initDefaultCache).
func (c *Config) checkCache(dry bool) string {
	if dry || !c.haveCompiler() {
		return ""
	}
	dir := c.Getenv("GOCACHE")
	switch {
	case dir == "off":
		return "build cache is disabled by GOCACHE=off, but required as of Go 1.12"
	case dir == "":
		base := c.cacheDir()
		if base == "" {
			return "build cache is required, but could not be located: GOCACHE is not defined and " + c.noCacheDir()
		}
		dir = filepath.Join(base, "go-build")
	case !filepath.IsAbs(dir):
		return "build cache is required, but could not be located: GOCACHE is not an absolute path"
	}
	for name := c.abs(dir); ; name = filepath.Dir(name) {
		info, err := c.in.Files.Stat(name)
		if err == nil && !info.IsDir() {
			return fmt.Sprintf("failed to initialize build cache at %s: mkdir %s: not a directory", dir, name)
		}
		if err == nil || name == filepath.Dir(name) {
			break
		}
	}
	return c.checkCacheProg()
}

// haveCompiler reports whether the program that CC names can be run.
func (c *Config) haveCompiler() bool {
	cc, _ := ports.DefaultCompilers(int(c.rel), c.GOOS())
	words, err := drift.Words(c.envOr("CC", cc))
	if err != nil || len(words) == 0 {
		return false
	}
	_, ok := c.lookPath(words[0])
	return ok
}

// cacheDir is os.UserCacheDir; empty if there is none.
func (c *Config) cacheDir() string {
	return c.userDir("XDG_CACHE_HOME", ".cache", "LocalAppData", "Library/Caches", "lib/cache")
}

// noCacheDir is the error of os.UserCacheDir.
func (c *Config) noCacheDir() string {
	switch c.in.Host.GOOS {
	case "windows":
		return "%LocalAppData% is not defined"
	case "darwin", "ios":
		return "$HOME is not defined"
	case "plan9":
		return "$home is not defined"
	}
	if c.process("XDG_CACHE_HOME") != "" {
		return "path in $XDG_CACHE_HOME is relative"
	}
	return "neither $XDG_CACHE_HOME nor $HOME are defined"
}

// checkCacheProg is cmd/go/internal/cache/prog.go startCacheProg as far as it
// runs nothing. Until Go 1.23 GOCACHEPROG was an experiment.
func (c *Config) checkCacheProg() string {
	v := c.Getenv("GOCACHEPROG")
	if v == "" || c.rel < 24 {
		return ""
	}
	words, err := drift.Words(v)
	switch {
	case err != nil:
		return "GOCACHEPROG args: " + err.Error()
	case len(words) == 0:
		return ""
	}
	prog := words[0]
	if _, ok := c.lookPath(prog); ok {
		return ""
	}
	why := fmt.Sprintf("exec: %q: executable file not found in $PATH", prog)
	if prog != filepath.Base(prog) {
		why = "fork/exec " + prog + ": no such file or directory"
	}
	return fmt.Sprintf("error starting GOCACHEPROG program %q: %s", prog, why)
}
