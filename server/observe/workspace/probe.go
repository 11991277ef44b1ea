package workspace

import (
	"strings"
	"sync"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
	"godrift.dev/server/observe/goenv"
	"godrift.dev/server/observe/toolchain"
)

// Probed is a world at one moment: every file is looked at once, so what is
// common to all folders, such as the GOENV file and the gos on PATH, costs
// nothing more for a second folder. It is safe for several goroutines.
type Probed struct {
	world    World
	memo     *memo
	programs *toolchain.Programs
	modules  *toolchain.Modules
	stock    *inventory

	mu      sync.Mutex
	answers map[string]toolchain.Result
	// For Unchanged: what has to stay the same, how many names that was made of,
	// and that it did not.
	sightings []sighting
	lookedAt  int
	changed   bool
	// stocked says that the list of toolchains was asked for.
	stocked bool
}

// Probe looks at a world. The folder is the one that will be asked about first;
// nothing depends on it today.
func Probe(w World, _ string) *Probed {
	return &Probed{
		world:    w,
		memo:     newMemo(w.Files),
		programs: &toolchain.Programs{},
		modules:  &toolchain.Modules{},
		stock:    &inventory{},
		answers:  map[string]toolchain.Result{},
	}
}

// Again probes anew, for another world or another moment, and keeps what only
// depends on the content of programs.
func (p *Probed) Again(w World, dir string) *Probed {
	again := Probe(w, dir)
	again.programs = p.programs
	again.stock = p.stock
	again.modules = p.modules.Again()
	return again
}

// Select works out which Go a go command started in dir runs.
func (p *Probed) Select(dir string) drift.Selection {
	return p.answer(dir).Selection
}

// Environment works out what "go env" prints in dir.
func (p *Probed) Environment(dir string) drift.Environment {
	r := p.answer(dir)
	env := drift.Environment{
		Of:         p.world.Of,
		Host:       p.world.Host,
		Variables:  []drift.Variable{},
		Toolchains: p.stock.toolchains(p.world.Files, p.environ(r), p.world.Host),
	}
	config, ok := r.Config.(*goenv.Config)
	if !ok {
		config = p.bare(dir)
	}
	p.mu.Lock()
	p.stocked = true
	p.mu.Unlock()
	env.GOENV = config.File()
	env.Variables = config.Variables()
	switch {
	case r.Unselected:
		env.Error = r.Error
	case r.Program.Kind == toolchain.KindGo:
		if env.Error = strings.TrimRight(config.StopEnv(), " \t\r\n"); env.Error != "" {
			env.Error = r.Warnings + env.Error
		}
	}
	return env
}

// bare is the configuration where there is no go that could have one.
func (p *Probed) bare(dir string) *goenv.Config { return p.configure(dir)(toolchain.Program{}) }

// environ is the process environment with GOPATH and GOMODCACHE as the layers
// make them, which is where toolchains are looked for.
func (p *Probed) environ(r toolchain.Result) map[string]string {
	if r.Config == nil {
		return p.world.Environ
	}
	environ := make(map[string]string, len(p.world.Environ)+2)
	for name, value := range p.world.Environ {
		environ[name] = value
	}
	environ["GOMODCACHE"] = r.Config.ModCache()
	for _, name := range []string{"GOPATH", "GOBIN"} {
		if v := r.Config.Getenv(name); v != "" {
			environ[name] = v
		}
	}
	return environ
}

// answer runs the selection for a folder, once.
func (p *Probed) answer(dir string) toolchain.Result {
	p.mu.Lock()
	r, ok := p.answers[dir]
	p.mu.Unlock()
	if ok {
		return r
	}
	r = toolchain.Select(toolchain.Input{
		Files:    p.memo,
		Environ:  p.world.Environ,
		Host:     p.world.Host,
		Dir:      dir,
		Programs: p.programs,
		Modules:  p.modules,
		Configure: func(program toolchain.Program) toolchain.Config {
			return p.configure(dir)(program)
		},
		Released: released,
	})
	p.mu.Lock()
	p.answers[dir] = r
	p.mu.Unlock()
	return r
}

// configure makes the configuration of a go command in a folder.
func (p *Probed) configure(dir string) func(toolchain.Program) *goenv.Config {
	return func(program toolchain.Program) *goenv.Config {
		return goenv.Load(goenv.Input{
			Files:      p.memo,
			Environ:    p.world.Environ,
			Overrides:  program.Overrides,
			Host:       p.world.Host,
			Dir:        dir,
			Version:    program.Version,
			Executable: program.Executable,
			Parse:      p.memo.parse,
		})
	}
}

// released reports whether a toolchain can be downloaded. Releases newer than
// the compiled-in list are given the benefit of the doubt.
func released(name string) bool {
	return releases.Known(name) || releases.After(name)
}
