package goenv

import (
	"fmt"
	"path/filepath"
	"strings"

	"godrift.dev/server/drift/ports"

	"godrift.dev/server/drift"
)

// Stop is what this go command prints when it stops, after it was selected and
// before it does what it was asked for; empty if it goes on. The order is that
// of cmd/go/main.go main and invoke. The command is version, env or list; what
// only one of them does is checked for that one. Warnings are lines that are
// printed before whatever comes.
func (c *Config) Stop(command string) (warnings, problem string) {
	warnings, gopath := c.checkGOPATH()
	if problem = c.checkGOROOT(); c.rel < 22 {
		if gopath != "" {
			problem = gopath
		}
	} else if problem != "" {
		warnings = ""
	} else {
		problem = gopath
	}
	if problem == "" {
		problem = c.checkTelemetry()
	}
	if problem == "" && command != "env" {
		problem = c.checkBuild()
	}
	if problem == "" {
		_, problem = c.Flags(command)
	}
	return warnings, problem
}

// checkGOROOT is in cmd/go/main.go main.
func (c *Config) checkGOROOT() string {
	root := c.GOROOT()
	if root == "" {
		return "go: cannot find GOROOT directory: 'go' binary is trimmed and GOROOT is not set"
	}
	if !c.isDir(root) {
		return "go: cannot find GOROOT directory: " + root
	}
	return ""
}

// checkGOPATH is in cmd/go/main.go main. The warning, a line, does not stop the
// command.
func (c *Config) checkGOPATH() (warning, problem string) {
	root := c.GOROOT()
	if c.rel < 22 {
		root = c.runtimeGOROOT()
	}
	if filepath.Clean(c.gopath) == filepath.Clean(root) {
		if c.rel >= 24 {
			return fmt.Sprintf("warning: both GOPATH and GOROOT are the same directory (%s); see https://go.dev/wiki/InstallTroubleshooting\n", c.gopath), ""
		}
		return fmt.Sprintf("warning: GOPATH set to GOROOT (%s) has no effect\n", c.gopath), ""
	}
	for _, p := range filepath.SplitList(c.gopath) {
		if p == "" {
			continue
		}
		if strings.HasPrefix(p, "~") {
			return "", fmt.Sprintf("go: GOPATH entry cannot start with shell metacharacter '~': %q", p)
		}
		if !filepath.IsAbs(p) && c.Getenv("GOPATH") != "" {
			return "", fmt.Sprintf("go: GOPATH entry is relative; must be absolute path: %q.\nFor more details see: 'go help gopath'", p)
		}
	}
	return "", ""
}

// checkTelemetry: since Go 1.23 every command counts in which mode it runs and
// looks for the workspace for that
// (cmd/go/internal/telemetrystats/telemetrystats.go incrementConfig).
func (c *Config) checkTelemetry() string {
	if c.rel < 23 || !c.ModulesEnabled() {
		return ""
	}
	_, problem := c.FindGoWork()
	return problem
}

// checkBuild is internal/buildcfg/cfg.go Check, and the same for a GOEXPERIMENT
// that comes from a file (cmd/go/internal/cfg/cfg.go computeExperiment).
func (c *Config) checkBuild() string {
	if p := c.buildError(); p != "" {
		return "go: " + p
	}
	if p, _ := checkExperiment(c.rel, c.GOARCH(), c.Getenv("GOEXPERIMENT")); p != "" {
		return "go: " + p
	}
	return ""
}

// CheckFIPS is cmd/go/internal/fips140/fips140.go Init, which runs when modules
// are initialised.
func (c *Config) CheckFIPS() string {
	if c.rel < 24 {
		return ""
	}
	v := c.envOr("GOFIPS140", "off")
	if v == "off" {
		return ""
	}
	if v != "latest" {
		if strings.Contains(v, "/") || strings.Contains(v, `\`) || strings.Contains(v, "..") {
			return fmt.Sprintf("go: malformed GOFIPS140 version %q", v)
		}
		if c.GOROOT() == "" {
			return "go: missing GOROOT for GOFIPS140"
		}
		dir := filepath.Join(c.abs(c.GOROOT()), "lib", "fips140")
		name := v
		if text, err := c.in.Files.ReadFile(filepath.Join(dir, v+".txt")); err == nil {
			name = strings.TrimSpace(string(text))
			if _, err := c.in.Files.Stat(filepath.Join(dir, name+".zip")); err != nil {
				return fmt.Sprintf("go: unknown GOFIPS140 version %q (from %q)", name, v)
			}
		}
		if _, err := c.in.Files.Stat(filepath.Join(dir, name+".zip")); err != nil {
			return fmt.Sprintf("go: unknown GOFIPS140 version %q", name)
		}
	}
	if _, boring := checkExperiment(c.rel, c.GOARCH(), c.Getenv("GOEXPERIMENT")); boring {
		return "go: cannot use GOFIPS140 with GOEXPERIMENT=boringcrypto"
	}
	return ""
}

// checkModules is cmd/go/internal/modload/init.go Init as far as all commands
// run it: the message that stops it, with warnings before it.
func (c *Config) checkModules() string {
	if p := c.CheckFIPS(); p != "" {
		return p
	}
	switch v := c.Getenv("GO111MODULE"); v {
	case "", "on", "auto", "off":
	default:
		return "go: unknown environment setting GO111MODULE=" + v
	}
	return ""
}

// GOPATHModule is what is said about a go.mod in GOPATH[0]: since Go 1.22 a
// warning, before that the end (cmd/go/internal/modload/init.go Init).
func (c *Config) GOPATHModule() (text string, fatal bool) {
	first, _, _ := strings.Cut(c.gopath, string(filepath.ListSeparator))
	if first == "" || c.Getenv("GO111MODULE") == "off" {
		return "", false
	}
	if _, err := c.in.Files.Stat(filepath.Join(c.abs(first), "go.mod")); err != nil {
		return "", false
	}
	if c.rel < 22 {
		return "$GOPATH/go.mod exists but should not", true
	}
	return "go: warning: ignoring go.mod in $GOPATH " + first, false
}

// StopEnv is what "go env -json" prints when it stops; empty if it tells all
// variables (cmd/go/internal/envcmd/env.go runEnv and what it calls).
func (c *Config) StopEnv() string {
	warnings, problem := c.Stop("env")
	if problem == "" {
		flags, _ := c.Flags("env")
		for _, check := range []func() string{
			func() string { return jsonWith(flags) },
			c.checkBuild,
			c.checkModules,
			func() string {
				text, fatal := c.GOPATHModule()
				if text != "" && !fatal {
					warnings += text + "\n"
					text = ""
				}
				return text
			},
			func() string { _, p := c.FindGoWork(); return p },
			c.CheckCompilers,
			func() string { return c.checkWorkDir(isTrue(flags["n"])) },
			c.checkPlatform,
			c.checkWords,
			func() string { return c.checkCache(isTrue(flags["n"])) },
		} {
			if problem = check(); problem != "" {
				break
			}
		}
	}
	if problem == "" {
		return ""
	}
	return warnings + problem
}

// jsonWith is the start of cmd/go/internal/envcmd/env.go runEnv.
func jsonWith(flags map[string]string) string {
	switch {
	case isTrue(flags["u"]):
		return "go: cannot use -json with -u"
	case isTrue(flags["w"]):
		return "go: cannot use -json with -w"
	}
	return ""
}

// checkWorkDir is in cmd/go/internal/work/action.go NewBuilder; dry says that
// -n is set, which needs no folder.
func (c *Config) checkWorkDir(dry bool) string {
	if dry {
		return ""
	}
	dir := c.Getenv("GOTMPDIR")
	if dir == "" {
		dir = c.tempDir()
	}
	info, err := c.in.Files.Stat(c.abs(dir))
	switch {
	case err != nil:
		return fmt.Sprintf("go: creating work dir: stat %s: no such file or directory", dir)
	case !info.IsDir():
		// In place of the asterisk stands a random number.
		return fmt.Sprintf("go: creating work dir: mkdir %s: not a directory", filepath.Join(dir, "go-build*"))
	}
	return ""
}

// checkPlatform is cmd/go/internal/work/action.go CheckGOOSARCHPair.
func (c *Config) checkPlatform() string {
	if p := (ports.Port{GOOS: c.GOOS(), GOARCH: c.GOARCH()}); !ports.Known(int(c.rel), p) {
		return fmt.Sprintf("go: unsupported GOOS/GOARCH pair %s", p)
	}
	return ""
}

// checkWords is cmd/go/internal/work/exec.go envList, which dies over a value
// that cannot be split.
func (c *Config) checkWords() string {
	for _, name := range []string{"CGO_CPPFLAGS", "CGO_CFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS", "CC", "PKG_CONFIG"} {
		v := c.Getenv(name)
		words, err := drift.Words(v)
		switch {
		case err != nil:
			return fmt.Sprintf("panic: could not parse environment variable %s with value %q: %v", name, v, err)
		case v != "" && len(words) == 0 && (name == "CC" || name == "PKG_CONFIG"):
			return "panic: runtime error: index out of range [0] with length 0"
		}
	}
	return ""
}

// CheckCompilers refuses compilers that are relative or cannot be parsed, as in
// cmd/go/internal/work/init.go BuildInit.
func (c *Config) CheckCompilers() string {
	for _, name := range []string{"CC", "CXX", "FC"} {
		words, err := drift.Words(c.Getenv(name))
		if err != nil {
			return fmt.Sprintf("go: %s environment variable could not be parsed: %v", name, err)
		}
		if len(words) == 0 {
			continue
		}
		if path := words[0]; !filepath.IsAbs(path) && path != filepath.Base(path) {
			return fmt.Sprintf("go: %s environment variable is relative; must be absolute path: %s", name, path)
		}
	}
	return ""
}

// isTrue reads the value of a boolean flag that was checked before.
func isTrue(v string) bool {
	switch v {
	case "1", "t", "T", "true", "TRUE", "True":
		return true
	}
	return false
}
