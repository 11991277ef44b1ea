package goenv

import (
	"os"
	"path/filepath"
)

// ModulesEnabled reports whether module mode is on, which is when the go
// command selects a toolchain (cmd/go/internal/modload/init.go WillBeEnabled).
func (c *Config) ModulesEnabled() bool {
	switch c.Getenv("GO111MODULE") {
	case "on", "":
		return true
	case "auto":
		return c.FindGoMod() != ""
	}
	return false
}

// FindGoMod is the nearest go.mod; one directly in the folder for temporary
// files is ignored (cmd/go/internal/modload/init.go FindGoMod).
func (c *Config) FindGoMod() string {
	dir := c.moduleRoot()
	if dir == "" || c.sameDir(dir, c.tempDir()) {
		return ""
	}
	return filepath.Join(dir, "go.mod")
}

// moduleRoot is cmd/go/internal/modload/init.go findModuleRoot.
func (c *Config) moduleRoot() string {
	dir := filepath.Clean(c.cwd)
	for {
		if c.isFile(filepath.Join(dir, "go.mod")) {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// FindGoWork is the go.work in effect, or what the go command prints instead.
// Files that GOWORK names need not exist
// (cmd/go/internal/modload/init.go FindGoWork; InitWorkfile until Go 1.20).
func (c *Config) FindGoWork() (file, problem string) {
	switch v := c.Getenv("GOWORK"); v {
	case "off":
		return "", ""
	case "", "auto":
		return c.workspaceFile(), ""
	default:
		if filepath.IsAbs(v) {
			return v, ""
		}
		if c.rel < 21 {
			return "", "the path provided to GOWORK must be an absolute path"
		}
		return "", "go: invalid GOWORK: not an absolute path"
	}
}

// workspaceFile is cmd/go/internal/modload/init.go findWorkspaceFile: it does
// not climb out of GOROOT.
func (c *Config) workspaceFile() string {
	goroot := c.GOROOT()
	dir := filepath.Clean(c.cwd)
	for {
		if f := filepath.Join(dir, "go.work"); c.isFile(f) {
			return f
		}
		parent := filepath.Dir(dir)
		if parent == dir || parent == goroot {
			return ""
		}
		dir = parent
	}
}

func (c *Config) isFile(name string) bool {
	info, err := c.in.Files.Stat(name)
	return err == nil && !info.IsDir()
}

func (c *Config) isDir(name string) bool {
	info, err := c.in.Files.Stat(c.abs(name))
	return err == nil && info.IsDir()
}

// sameDir is what cmd/go/internal/search/search.go InDir(a, b) == "." tests:
// whether two names lead to the same folder.
func (c *Config) sameDir(a, b string) bool {
	a, b = filepath.Clean(a), filepath.Clean(b)
	if a == b {
		return true
	}
	ia, err := c.in.Files.Stat(a)
	if err != nil {
		return false
	}
	ib, err := c.in.Files.Stat(b)
	if err != nil {
		return false
	}
	if os.SameFile(ia, ib) {
		return true
	}
	// Files of a recorded machine carry no identity.
	if ia.Sys() != nil && ib.Sys() != nil {
		return false
	}
	ra, err := c.in.Files.EvalSymlinks(a)
	if err != nil {
		return false
	}
	rb, err := c.in.Files.EvalSymlinks(b)
	return err == nil && ra == rb
}

// TempRoot is the folder of the nearest go.mod if that is ignored because it is
// the folder for temporary files; else empty.
func (c *Config) TempRoot() string {
	if dir := c.moduleRoot(); dir != "" && c.sameDir(dir, c.tempDir()) {
		return dir
	}
	return ""
}
