package goenv

import (
	"path/filepath"

	"godrift.dev/server/drift"
)

// findGOROOT is cmd/go/internal/cfg/cfg.go findGOROOT. Since Go 1.21 the line
// in the user's file comes before the process environment, because the result
// names the go.env to read; the GOROOT that is reported afterwards is the
// process's all the same. A GOROOT line in go.env never counts.
func (c *Config) findGOROOT() {
	fromUser, ok := c.user.Lookup("GOROOT")
	layer := drift.Layer{Kind: drift.LayerGOENV, File: c.abs(c.userName), Line: fromUser.Line}
	value := ""
	if ok {
		value = fromUser.Value
	}
	if process := c.process("GOROOT"); process != "" && (c.rel < 21 || value == "") {
		o := c.in.Overrides["GOROOT"]
		value, layer = process, drift.Layer{Kind: drift.LayerProcess, File: o.File, Line: o.Line}
	}
	if value != "" {
		c.goroot = filepath.Clean(value)
	} else {
		layer = drift.Layer{Kind: drift.LayerDefault}
		c.goroot = c.rootOfExecutable()
	}
	layer.Value = c.goroot
	c.gorootLayer = layer
}

// rootOfExecutable finds the tree that the program stands in: two folders up,
// since Go 1.21 also three (bin/GOOS_GOARCH), first as it was started and then
// with links resolved, and else the value compiled into the program.
func (c *Config) rootOfExecutable() string {
	if exe := c.in.Executable; exe != "" {
		if dir := c.rootAbove(exe); dir != "" {
			return dir
		}
		if resolved, err := c.in.Files.EvalSymlinks(exe); err == nil {
			if dir := c.rootAbove(resolved); dir != "" {
				return dir
			}
		}
	}
	return c.compiledGOROOT()
}

// compiledGOROOT is what official builds have compiled in: nothing since Go
// 1.21, whose builds are trimmed. What others have is not known.
func (c *Config) compiledGOROOT() string {
	switch {
	case c.rel >= 21:
		return ""
	case c.in.Host.GOOS == "windows":
		return `C:\Program Files\Go`
	}
	return "/usr/local/go"
}

// runtimeGOROOT is runtime.GOROOT in the go command.
func (c *Config) runtimeGOROOT() string {
	if root := c.process("GOROOT"); root != "" {
		return root
	}
	return c.compiledGOROOT()
}

func (c *Config) rootAbove(exe string) string {
	dir := filepath.Dir(filepath.Dir(exe))
	if c.isGOROOT(dir) {
		return dir
	}
	if c.rel >= 21 {
		if dir = filepath.Dir(dir); c.isGOROOT(dir) {
			return dir
		}
	}
	return ""
}

// isGOROOT is cmd/go/internal/cfg/cfg.go isGOROOT.
func (c *Config) isGOROOT(dir string) bool {
	info, err := c.in.Files.Stat(filepath.Join(dir, "pkg", "tool"))
	return err == nil && info.IsDir()
}

// GOROOT is the reported GOROOT: the process environment's as it stands, else
// what findGOROOT found (cmd/go/internal/cfg/cfg.go SetGOROOT).
func (c *Config) GOROOT() string {
	if c.rel < 21 {
		return c.goroot
	}
	return c.Getenv("GOROOT")
}
