// Package toolchain works out which Go the go command runs in a folder, or the
// error it prints instead, and lists the Gos of a machine. It runs nothing.
//
// Select follows cmd/go/internal/toolchain/select.go of the go command that is
// on PATH, and of the one that takes over after a switch, each in its version.
package toolchain

import (
	"fmt"
	"strconv"
	"strings"

	"godrift.dev/server/drift"
)

// Config is the configuration of one go command in one folder, as
// cmd/go/internal/cfg and cmd/go/internal/modload see it. Package goenv
// implements it.
type Config interface {
	// Dir is the current folder as os.Getwd tells it.
	Dir() string
	// Release is 25 for Go 1.25.
	Release() int
	// Process is a variable of the process environment alone.
	Process(name string) string
	// Getenv and Lookup read the layers, without built-in defaults.
	Getenv(name string) string
	Lookup(name string) drift.Layer
	// GOROOT, ModCache and CgoEnabled are as "go env" prints them.
	GOROOT() string
	ModCache() string
	CgoEnabled() bool
	// GOOS and GOARCH are what is built for.
	GOOS() string
	GOARCH() string
	// ModulesEnabled is modload.WillBeEnabled; FindGoWork and FindGoMod are
	// modload's. FindGoWork may say what is printed instead.
	ModulesEnabled() bool
	FindGoWork() (file, problem string)
	FindGoMod() string
	// Flags are the flags that GOFLAGS gives to a command.
	Flags(command string) (flags map[string]string, problem string)
	// Stop is what stops a command after selection, before it starts its work.
	// Warnings are lines that it prints before.
	Stop(command string) (warnings, problem string)
	// CheckFIPS, CheckCompilers and GOPATHModule are what stops commands that
	// load modules: see the methods of goenv.Config.
	CheckFIPS() string
	CheckCompilers() string
	GOPATHModule() (text string, fatal bool)
	// TempRoot is the folder of a go.mod that is ignored because it is the folder
	// for temporary files; empty if there is none.
	TempRoot() string
}

// Input is all that a selection depends on.
type Input struct {
	Files drift.Files
	// Environ is the process environment of whoever starts go.
	Environ map[string]string
	Host    drift.Host
	// Dir is the folder in which go is started, as the user typed it.
	Dir string
	// Programs and Modules remember what was read, from one folder to the next.
	Programs *Programs
	Modules  *Modules
	// Configure returns the configuration of a go command.
	Configure func(Program) Config
	// Released reports whether a toolchain of this name was released, so that it
	// could be downloaded. Without it every name could.
	Released func(name string) bool
}

// Result is a selection together with the go command that answers in the end.
type Result struct {
	drift.Selection
	// Program answers; its Kind is KindUnknown if no go command does, or one
	// nothing is known about.
	Program Program
	// Config is the answering go command's; nil if there is no go.
	Config Config
	// Unselected says that Error is about the selection itself, so that
	// "go env" fails with it too.
	Unselected bool
	// Warnings are lines that every command prints first.
	Warnings string
	// Build is from which files commands that load modules take them; it is empty
	// if they stop or use none.
	Build Build
}

// Build says from which files commands that load modules take them.
type Build struct {
	// Work is the go.work in effect, Mod the go.mod without one, and Alt the file
	// of -modfile that is read in its place.
	Work, Mod, Alt string
	// Mode is what -mod comes to: "readonly", "vendor" or "mod". Reason says why in
	// the go command's words, empty if a flag says so.
	Mode, Reason string
}

// The variables with which a go command tells the next one about a switch
// (cmd/go/internal/toolchain/select.go).
const (
	targetEnv = "GOTOOLCHAIN_INTERNAL_SWITCH_VERSION"
	countEnv  = "GOTOOLCHAIN_INTERNAL_SWITCH_COUNT"
	maxSwitch = 100
)

// Select works out what a go command started in the folder runs.
func Select(in Input) Result {
	s := &selection{Input: in, noting: noting{Files: in.Files}}
	s.Files = &s.noting
	s.Dir = in.Dir
	s.result.Dir = in.Dir
	s.result.Steps = []drift.Step{}
	s.run()
	return s.result
}

// selection is one run of Select.
type selection struct {
	Input
	noting noting
	result Result
	local  Program
	config Config
}

func (s *selection) getenv(name string) string { return s.Environ[name] }

func (s *selection) run() {
	path, ok := FindGo(s.Files, s.Host, s.Environ["PATH"], s.Dir)
	if !ok {
		s.result.How = drift.HowNoGo
		s.step("no folder on PATH has a program named go")
		return
	}
	s.local = s.Programs.Identify(s.Files, s.getenv, path)
	s.result.Program = s.local
	s.result.Go = &drift.Toolchain{
		Version: s.local.Version, Executable: path, Origin: drift.OriginPath,
		Shim: s.local.Kind != KindGo,
	}
	s.config = s.Configure(s.local)
	s.result.Config = s.config
	if s.local.Kind != KindGo {
		s.result.How = drift.HowLocal
		s.step("%s is a script or wrapper that chooses a Go when it runs; only running it tells which", s.show(path))
		return
	}
	s.result.Go.GOROOT = s.config.GOROOT()
	s.tellLocal()
	if s.config.Release() < 21 {
		s.step("%s knows no toolchain selection: it runs itself", s.local.Version)
		s.keep()
		return
	}
	c := s.decide(s.local, s.config)
	s.tell(c)
	switch {
	case c.problem != "":
		s.fail(c.problem)
		return
	case c.skip:
		s.keep()
		s.load(c)
		return
	}
	_, name := local(s.local.Version)
	if target := s.config.Process(targetEnv); target != "" {
		if target != name {
			s.fail(fmt.Sprintf("go: toolchain %s invoked to provide %s", name, target))
			return
		}
		s.step("%s=%s is left over in the environment and forbids switching", targetEnv, target)
		s.keep()
		s.load(c)
		return
	}
	if c.want == "local" || c.want == name {
		s.decided(c, false)
		s.keep()
		s.load(c)
		return
	}
	s.decided(c, true)
	if !couldBeGo(c.want) {
		s.fail(fmt.Sprintf("go: invalid GOTOOLCHAIN %q", c.want))
		return
	}
	s.reach(c)
}

// keep settles that the go on PATH runs, unless it stops.
func (s *selection) keep() {
	s.result.How = drift.HowLocal
	s.result.Program = s.local
	s.settle(s.local, s.config)
}

// settle fills in the go command that runs in the end and what stops it.
func (s *selection) settle(p Program, config Config) {
	s.result.Program, s.result.Config = p, config
	s.result.GOROOT = config.GOROOT()
	s.result.Selected = printed(p.Version)
	if warnings, problem := config.Stop("version"); problem != "" {
		s.stop(warnings + problem)
		return
	}
	if config.Release() < 21 {
		s.load(choice{})
	}
}

// printed is the third word of what "go version" prints.
func printed(runtimeVersion string) string {
	for i := range len(runtimeVersion) {
		if runtimeVersion[i] == ' ' {
			return runtimeVersion[:i]
		}
	}
	return runtimeVersion
}

// fail settles that the go command stops with this text.
func (s *selection) fail(text string) {
	s.result.Unselected = true
	s.stop(text)
}

// stop settles that the selected go command stops with this text.
func (s *selection) stop(text string) {
	text = bounded(s.result.Warnings + strings.TrimRight(text, " \t\r\n"))
	s.result.How = drift.HowError
	s.result.Selected = ""
	s.result.Error = text
	s.step("so every go command here fails with: %s", text)
}

// enter hands over to the toolchain that was found: it looks again at
// everything, in its own version and with its own go.env, and insists on being
// what was asked for.
func (s *selection) enter(how drift.How, want string, p Program) {
	s.result.How = how
	config := s.Configure(p)
	s.result.Program, s.result.Config = p, config
	if p.Kind != KindGo {
		// A program of that name which nothing is known about: its name is all.
		s.result.Selected = want
		return
	}
	if config.Release() < 21 {
		s.settle(p, config)
		return
	}
	c := s.decide(p, config)
	_, name := local(p.Version)
	switch {
	case c.problem != "":
		s.fail(c.problem)
		return
	case !c.skip && name != want:
		s.fail(fmt.Sprintf("go: toolchain %s invoked to provide %s", name, want))
		return
	}
	s.settle(p, config)
	s.load(c)
}

// countSwitches reports whether no more switches are allowed. When they get
// suspiciously many, each is announced.
func (s *selection) countSwitches(want string) bool {
	count, _ := strconv.Atoi(s.config.Process(countEnv))
	if count >= maxSwitch-10 {
		v, _ := local(s.local.Version)
		s.result.Warnings = fmt.Sprintf("go: switching from go%s to %s [depth %d]\n", v, want, count)
	}
	return count < maxSwitch
}
