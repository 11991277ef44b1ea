// Package goenv works out what "go env" prints, and which layer every value
// comes from, without running go: from the process environment, the file that
// go env -w writes, $GOROOT/go.env and the defaults of the go command.
//
// It reproduces cmd/go/internal/cfg and cmd/go/internal/envcmd. What differs
// between releases is decided by the version of the go that would answer, from
// Go 1.20 on; the go that answers is the selected toolchain, not necessarily
// the one on PATH.
//
// Everything is read through a drift.Files, so it works on unsaved text and on
// recorded machines too.
package goenv

import (
	"path/filepath"
	"strings"

	"godrift.dev/server/drift"
)

// Input is all that the variables of one go command depend on.
type Input struct {
	Files drift.Files
	// Environ is the process environment.
	Environ map[string]string
	// Overrides are variables whose value differs from Environ because a wrapper
	// script or a toolchain switch set them; an empty value stands for unset. The
	// File and Line of a layer name the line of the script.
	Overrides map[string]drift.Layer
	Host      drift.Host
	// Dir is the current folder as the user typed it.
	Dir string
	// Version is the answering go's, as runtime.Version prints it.
	Version string
	// Executable is the answering go's program, with links resolved where the
	// system does so for a running program. Empty if it is not known.
	Executable string
	// Parse reads a file in the grammar of GOENV, or returns nil if that cannot
	// be. It may be left nil; a caller with many folders passes one that
	// remembers.
	Parse func(name string) *File
}

// Config is the configuration of one go command in one folder.
type Config struct {
	in  Input
	rel release

	// user is the file that go env -w writes, named by userName; nil if there is
	// none or it cannot be read.
	user     *File
	userName string
	// defaults is $GOROOT/go.env.
	defaults     *File
	defaultsName string
	// goroot is what findGOROOT found.
	goroot      string
	gorootLayer drift.Layer
	gopath      string
	cwd         string
}

// Load reads the files that the configuration depends on.
//
// The order is that of cmd/go/internal/cfg/cfg.go initEnvCache: the user's file
// first, then the GOROOT that its GOROOT line, the process or the program's
// place name, then go.env of that GOROOT.
func Load(in Input) *Config {
	if in.Parse == nil {
		in.Parse = func(name string) *File {
			text, err := in.Files.ReadFile(name)
			if err != nil {
				return nil
			}
			return Parse(text)
		}
	}
	c := &Config{in: in, rel: releaseOf(in.Version)}
	c.cwd = c.workingDir()
	c.userName, _ = c.envFile()
	if c.userName != "" {
		c.user = in.Parse(c.abs(c.userName))
	}
	c.findGOROOT()
	if c.rel >= 21 && c.goroot != "" {
		c.defaultsName = filepath.Join(c.abs(c.goroot), "go.env")
		c.defaults = in.Parse(c.defaultsName)
	}
	c.gopath = c.computeGOPATH()
	return c
}

// abs makes a name absolute against the current folder, as opening it would.
func (c *Config) abs(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(c.in.Dir, name)
}

// Dir is the current folder as os.Getwd reports it: $PWD if that names the same
// folder.
func (c *Config) Dir() string { return c.cwd }

// workingDir follows os/getwd.go: PWD wins if it is absolute and the same folder.
func (c *Config) workingDir() string {
	pwd := c.process("PWD")
	if pwd == "" || pwd == c.in.Dir || !filepath.IsAbs(pwd) {
		return c.in.Dir
	}
	a, err := c.in.Files.EvalSymlinks(pwd)
	if err != nil {
		return c.in.Dir
	}
	b, err := c.in.Files.EvalSymlinks(c.in.Dir)
	if err != nil || a != b {
		return c.in.Dir
	}
	return pwd
}

// process is os.Getenv in the go command.
func (c *Config) process(name string) string {
	if o, ok := c.in.Overrides[name]; ok {
		return o.Value
	}
	return c.in.Environ[name]
}

// Process is the value of a variable in the go command's process environment.
func (c *Config) Process(name string) string { return c.process(name) }

// Release is the minor version of the answering go: 25 for Go 1.25.
func (c *Config) Release() int { return int(c.rel) }

// Getenv is the value before built-in defaults: the process environment if it
// is not empty there, else the user's file, else go.env
// (cmd/go/internal/cfg/cfg.go Getenv).
func (c *Config) Getenv(name string) string {
	return c.Lookup(name).Value
}

// Lookup is Getenv with the layer that the value comes from. A line without a
// value in the user's file is such a layer too: it hides go.env's.
func (c *Config) Lookup(name string) drift.Layer {
	if v := c.process(name); v != "" {
		o := c.in.Overrides[name]
		return drift.Layer{Kind: drift.LayerProcess, Value: v, File: o.File, Line: o.Line}
	}
	if name == "GOROOT" {
		return c.gorootLayer
	}
	if s, ok := c.user.Lookup(name); ok {
		return drift.Layer{Kind: drift.LayerGOENV, Value: s.Value, File: c.abs(c.userName), Line: s.Line}
	}
	if s, ok := c.defaults.First(name); ok {
		return drift.Layer{Kind: drift.LayerGoEnv, Value: s.Value, File: c.defaultsName, Line: s.Line}
	}
	return drift.Layer{Kind: drift.LayerDefault}
}

// envOr is cmd/go/internal/cfg/cfg.go envOr.
func (c *Config) envOr(name, def string) string {
	if v := c.Getenv(name); v != "" {
		return v
	}
	return def
}

// File is the name of the file that go env -w writes, as "go env GOENV" prints
// it; empty if there is none.
func (c *Config) File() string { return c.userName }

// envFile is cmd/go/internal/cfg/cfg.go EnvFile. A relative GOENV counts from
// the current folder. set says that GOENV names the file.
func (c *Config) envFile() (name string, set bool) {
	if v := c.process("GOENV"); v != "" {
		if v == "off" {
			return "", true
		}
		return v, true
	}
	dir := c.userDir("XDG_CONFIG_HOME", ".config", "AppData", "Library/Application Support", "lib")
	if dir == "" {
		return "", false
	}
	return filepath.Join(dir, "go/env"), false
}

// userDir is os/file.go UserConfigDir and UserCacheDir. Until Go 1.23 a
// relative XDG folder was taken as it is; since 1.24 it is an error.
func (c *Config) userDir(xdg, below, windows, mac, plan9 string) string {
	switch c.in.Host.GOOS {
	case "windows":
		return c.process(windows)
	case "darwin", "ios":
		if home := c.process("HOME"); home != "" {
			return home + "/" + mac
		}
		return ""
	case "plan9":
		if home := c.process("home"); home != "" {
			return home + "/" + plan9
		}
		return ""
	}
	if dir := c.process(xdg); dir != "" {
		if c.rel >= 24 && !filepath.IsAbs(dir) {
			return ""
		}
		return dir
	}
	if home := c.process("HOME"); home != "" {
		return home + "/" + below
	}
	return ""
}

// tempDir is os/file_unix.go and os/file_windows.go TempDir.
func (c *Config) tempDir() string {
	if c.in.Host.GOOS == "windows" {
		for _, name := range []string{"TMP", "TEMP", "USERPROFILE"} {
			if v := c.process(name); v != "" {
				return v
			}
		}
		return `C:\Windows`
	}
	if v := c.process("TMPDIR"); v != "" {
		return v
	}
	if c.in.Host.GOOS == "android" {
		return "/data/local/tmp"
	}
	return "/tmp"
}

// homeVar is the variable that holds the user's home folder.
func (c *Config) homeVar() string {
	switch c.in.Host.GOOS {
	case "windows":
		return "USERPROFILE"
	case "plan9":
		return "home"
	}
	return "HOME"
}

// computeGOPATH is go/build defaultGOPATH and cmd/go/internal/cfg/cfg.go
// gopath: $HOME/go unless that is the GOROOT of the process environment.
func (c *Config) computeGOPATH() string {
	if v := c.Getenv("GOPATH"); v != "" {
		return v
	}
	home := c.process(c.homeVar())
	if home == "" {
		return ""
	}
	def := filepath.Join(home, "go")
	if root := c.runtimeGOROOT(); root != "" && filepath.Clean(root) == filepath.Clean(def) {
		return ""
	}
	return def
}

// below is cmd/go/internal/cfg/cfg.go gopathDir.
func (c *Config) below(rel string) string {
	first := c.gopath
	if i := strings.IndexByte(first, filepath.ListSeparator); i >= 0 {
		first = first[:i]
	}
	if first == "" {
		return ""
	}
	return filepath.Join(first, rel)
}

// ModCache is GOMODCACHE.
func (c *Config) ModCache() string {
	return c.envOr("GOMODCACHE", c.below("pkg/mod"))
}

// GOOS and GOARCH are what is built for.
func (c *Config) GOOS() string { return c.envOr("GOOS", c.in.Host.GOOS) }

// GOARCH is the architecture that is built for.
func (c *Config) GOARCH() string { return c.envOr("GOARCH", c.in.Host.GOARCH) }
