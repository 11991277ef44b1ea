package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/ask"
	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
	"godrift.dev/server/observe/cgo"
	"godrift.dev/server/observe/workspace"
)

// cgoLimit is how long one compiler may take: one that reads its headers from a
// slow disk for the first time needs seconds.
const cgoLimit = 30 * time.Second

// CgoRequest says what to find out about cgo.
type CgoRequest struct {
	// Dir is the folder that the go command would be started in.
	Dir string
	// Targets are what to look at; none means what is built here now and the
	// ports that Go calls first class.
	Targets []ports.Port
	// Try allows starting compilers. Without it only what files tell is said.
	Try bool
	// Remembered has trials that ended well count for a day, where godrift has a
	// state folder.
	Remembered bool
	// Limit replaces the time that one compiler may take if it is not zero.
	Limit time.Duration
	// Progress is told how many targets are done; it may be nil.
	Progress func(done, all int)
}

// CgoMatrix is how every target stands.
type CgoMatrix struct {
	// Go is the toolchain that builds.
	Go string
	// Targets are in the order of the request.
	Targets []drift.CgoTarget
	// Picture is which variable forces which, for what is built now.
	Picture []drift.CgoStep
}

// firstClass are the ports of which Go says so (internal/platform/zosarch.go).
var firstClass = []string{"linux/amd64", "linux/arm64", "linux/386", "linux/arm", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/386"}

// Ports lists what the Go in a folder builds for.
func Ports(opts Options, dir string) []ports.Port {
	return ports.List(minorOf(workspace.Probe(opts.World, dir).Select(dir)))
}

// minorOf is the minor version of the Go that runs.
func minorOf(sel drift.Selection) int {
	if minor, ok := ports.Minor(sel.Selected); ok {
		return minor
	}
	return ports.Newest
}

// Cgo finds out for which targets C code can be built in a folder.
func Cgo(ctx context.Context, opts Options, req CgoRequest) (CgoMatrix, error) {
	opts = opts.withDefaults()
	l := newCgoLook(opts, req)
	m := CgoMatrix{Go: l.selection.Selected, Targets: make([]drift.CgoTarget, len(l.targets))}
	work := make(chan int)
	var wait sync.WaitGroup
	var mu sync.Mutex
	var failure error
	done := 0
	for range min(runtime.GOMAXPROCS(0), len(l.targets)) {
		wait.Go(func() {
			for i := range work {
				t, err := l.look(ctx, l.targets[i])
				mu.Lock()
				m.Targets[i] = t
				if err != nil && failure == nil {
					failure = err
				}
				if done++; req.Progress != nil {
					req.Progress(done, len(l.targets))
				}
				mu.Unlock()
			}
		})
	}
	for i := range l.targets {
		work <- i
	}
	close(work)
	wait.Wait()
	if ctx.Err() != nil {
		return CgoMatrix{}, ctx.Err()
	}
	if now, err := l.now(ctx, m); err == nil {
		m.Picture = cgo.Picture(l.env, now)
	}
	return m, failure
}

// now is what is built in the folder now.
func (l *cgoLook) now(ctx context.Context, m CgoMatrix) (drift.CgoTarget, error) {
	p := portOf(l.env)
	for i, t := range l.targets {
		if t == p {
			return m.Targets[i], nil
		}
	}
	req := l.req
	req.Try = false
	return cgoLookAt(l.opts, req, l.selection, l.env).look(ctx, p)
}

// CgoEffects are what CGO_ENABLED changes in a program.
func CgoEffects(program drift.CgoProgram, needs drift.CgoNeeds, goos string) []drift.CgoEffect {
	return cgo.Effects(program, needs, goos)
}

// Building is what is built in a folder now.
func Building(opts Options, dir string) ports.Port {
	return portOf(workspace.Probe(opts.World, dir).Environment(dir))
}

// cgoLook is one look at the targets of a folder.
type cgoLook struct {
	opts      Options
	req       CgoRequest
	targets   []ports.Port
	selection drift.Selection
	env       drift.Environment // of the folder, as it is
	minor     int
	machine   cgo.Machine
	system    string
	zig       bool
	machines  sync.Map // what compilers say they build for
}

func newCgoLook(opts Options, req CgoRequest) *cgoLook {
	probed := workspace.Probe(opts.World, req.Dir)
	return cgoLookAt(opts, req, probed.Select(req.Dir), probed.Environment(req.Dir))
}

// cgoLookAt is newCgoLook where it is known which Go runs in which environment.
func cgoLookAt(opts Options, req CgoRequest, selection drift.Selection, env drift.Environment) *cgoLook {
	world := opts.World
	l := &cgoLook{
		opts: opts, req: req, targets: req.Targets, selection: selection, env: env,
		machine: cgo.Machine{Files: world.Files, Path: filepath.SplitList(world.Environ["PATH"]), Host: world.Host},
	}
	l.minor = minorOf(l.selection)
	osRelease, err := world.Files.ReadFile("/etc/os-release")
	if err != nil {
		osRelease, _ = world.Files.ReadFile("/usr/lib/os-release") // without it no package is named
	}
	l.system = cgo.System(world.Host.GOOS, string(osRelease))
	_, l.zig = l.machine.Look("zig")
	if len(l.targets) == 0 {
		l.targets = []ports.Port{portOf(env)}
		for _, name := range firstClass {
			if p, _ := ports.Parse(name); p != l.targets[0] {
				l.targets = append(l.targets, p)
			}
		}
	}
	return l
}

// ExplainCgo says what the output of a failed build in a folder means. Without a
// target it was for what is built there now.
func ExplainCgo(opts Options, dir string, targets []ports.Port, text string) (ports.Port, drift.CgoProblem) {
	l := newCgoLook(opts, CgoRequest{Dir: dir, Targets: targets})
	return l.targets[0], cgo.Explain(text, l.target(l.targets[0]))
}

// target is a port as the observers take it.
func (l *cgoLook) target(p ports.Port) cgo.Target {
	host := l.opts.World.Host
	return cgo.Target{Port: p, Host: ports.Port{GOOS: host.GOOS, GOARCH: host.GOARCH}, System: l.system, Zig: l.zig}
}

// portOf is what is built for in an environment.
func portOf(env drift.Environment) ports.Port {
	goos, _ := env.Lookup("GOOS")
	goarch, _ := env.Lookup("GOARCH")
	return ports.Port{GOOS: goos.Value, GOARCH: goarch.Value}
}

// environment is that of the folder with a target.
func (l *cgoLook) environment(p ports.Port) (drift.Environment, map[string]string) {
	world := l.opts.World
	if portOf(l.env) == p {
		return l.env, world.Environ
	}
	world.Environ = maps.Clone(world.Environ)
	world.Environ["GOOS"], world.Environ["GOARCH"] = p.GOOS, p.GOARCH
	return workspace.Probe(world, l.req.Dir).Environment(l.req.Dir), world.Environ
}

// look says how one target stands.
func (l *cgoLook) look(ctx context.Context, p ports.Port) (drift.CgoTarget, error) {
	env, environ := l.environment(p)
	target := l.target(p)
	for _, name := range []string{"GOMIPS", "GOMIPS64"} {
		if v, ok := env.Lookup(name); ok {
			target.MIPS = v.Value
		}
	}
	t := drift.CgoTarget{GOOS: p.GOOS, GOARCH: p.GOARCH, Native: target.Native()}
	t.Enabled, _ = env.Lookup("CGO_ENABLED")
	t.Compiler.CC, _ = env.Lookup("CC")
	compiler, problem := l.machine.Find(t.Compiler.CC.Value, target)
	t.Compiler.Path = compiler.Path
	t.Why = cgo.Why(t, compiler.Path != "")
	switch {
	case !ports.Cgo(l.minor, p):
		t.Verdict, t.Problem = drift.CgoUnsupported, &drift.CgoProblem{
			Cause: drift.CgoNoPort, Message: fmt.Sprintf("Go has no cgo for %s: with CGO_ENABLED=1 a build of C code stops.", p),
			Remedies: []drift.CgoRemedy{{Text: "build without C code", Command: "CGO_ENABLED=0"}},
		}
		return t, nil
	case problem != nil:
		t.Verdict, t.Problem = drift.CgoFails, problem
	case !l.req.Try:
		t.Verdict = drift.CgoUntried
		return t, nil
	default:
		if err := l.try(ctx, &t, compiler, target, env, environ); err != nil {
			return t, err
		}
	}
	if t.Verdict == drift.CgoFails || t.Verdict == drift.CgoWrong {
		return t, l.others(ctx, &t, target, env, environ)
	}
	return t, nil
}

// try compiles and links a program for a target.
func (l *cgoLook) try(ctx context.Context, t *drift.CgoTarget, compiler cgo.Compiler, target cgo.Target, env drift.Environment, environ map[string]string) error {
	words := func(name string) []string {
		v, _ := env.Lookup(name)
		list, _ := cgo.Split(v.Value) // go env has read it already
		return list
	}
	trial := cgo.NewTrial(compiler, target, cgo.ReadRuntime(l.opts.World.Files, l.selection.GOROOT, target, l.minor),
		cgo.Flags{CPPFlags: words("CGO_CPPFLAGS"), CFlags: words("CGO_CFLAGS"), LDFlags: words("CGO_LDFLAGS")})
	key := l.trialKey(trial, environ)
	if r, ok := l.recall(key); ok {
		t.Cached, t.Verdict, t.Compiler.Machine, t.Built = true, r.Verdict, r.Machine, r.Built
		return nil
	}
	if err := l.run(ctx, t, trial, environ); err != nil {
		return err
	}
	if t.Verdict == drift.CgoWorks {
		l.keep(key, cgoRecord{At: l.opts.Now(), Verdict: t.Verdict, Machine: t.Compiler.Machine, Built: t.Built})
	}
	return nil
}

// run starts the compiler.
func (l *cgoLook) run(ctx context.Context, t *drift.CgoTarget, trial cgo.Trial, environ map[string]string) error {
	compiler := trial.Compiler
	dir, err := os.MkdirTemp("", "godrift-cgo-")
	if err != nil {
		return fmt.Errorf("make a folder to compile in: %w", err)
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system sweeps its folder for temporary files
	if err := os.WriteFile(filepath.Join(dir, trial.SourceName), []byte(trial.Source), 0o600); err != nil {
		return fmt.Errorf("write the program to compile: %w", err)
	}
	environ = maps.Clone(environ)
	environ["LC_ALL"], environ["TERM"], environ["PWD"] = "C", "dumb", dir
	program := ask.Program{Path: compiler.Path, Dir: dir, Environ: environ, Limit: cmp.Or(l.req.Limit, cgoLimit)}
	machine := make(chan string, 1)
	asked := program
	go func() { machine <- l.machineOf(ctx, compiler, asked) }()
	program.Args = trial.Args
	answer, err := program.Run(ctx)
	t.Compiler.Machine = <-machine
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		// A script without its first line, a program for another machine.
		answer = ask.Answer{Failed: true, Stderr: drift.MaskText(err.Error())}
	}
	answer.Stderr = cgo.Said(answer.Stderr)
	outcome := cgo.Outcome{Machine: t.Compiler.Machine, Output: answer.Stderr, Failed: answer.Failed, TimedOut: answer.TimedOut}
	if !outcome.Failed && !outcome.TimedOut {
		outcome.Result, outcome.Bad = readResult(filepath.Join(dir, trial.ResultName))
		if outcome.Bad == nil {
			t.Built = outcome.Result.String()
		}
	}
	t.Output, t.Took = drift.ClipText(strings.ReplaceAll(answer.Stderr, dir+string(filepath.Separator), "")), answer.Took
	t.Verdict, t.Problem = trial.Judge(outcome)
	return nil
}

// machineOf is what a compiler says it builds for, asked once for all targets; empty
// if it does not say.
func (l *cgoLook) machineOf(ctx context.Context, compiler cgo.Compiler, program ask.Program) string {
	ask, _ := l.machines.LoadOrStore(compiler.Path+"\x00"+strings.Join(compiler.Words, "\x00"), sync.OnceValue(func() string {
		program.Args = slices.Concat(compiler.Words[1:], []string{"-dumpmachine"})
		a, err := program.Run(ctx)
		text := strings.TrimSpace(string(a.Stdout))
		if err != nil || a.Failed || strings.ContainsAny(text, " \n") || len(text) > 100 {
			return ""
		}
		return text
	}))
	return ask.(func() string)()
}

// readResult reads what the compiler made. Windows' compilers add .exe. What is no
// file is not opened: that of a pipe would never end.
func readResult(file string) (cgo.Result, error) {
	info, err := os.Stat(file)
	if err != nil {
		file += ".exe"
		info, err = os.Stat(file)
	}
	if err != nil || !info.Mode().IsRegular() {
		return cgo.Result{}, errors.New("it made no file")
	}
	f, err := os.Open(file)
	if err != nil {
		return cgo.Result{}, fmt.Errorf("what it made cannot be read: %w", err)
	}
	defer f.Close()
	return cgo.ReadResult(f)
}

// others looks among the compilers that are installed for one that does.
func (l *cgoLook) others(ctx context.Context, t *drift.CgoTarget, target cgo.Target, env drift.Environment, environ map[string]string) error {
	if t.Problem == nil || t.Problem.Cause != drift.CgoNoCompiler && t.Problem.Cause != drift.CgoOtherMachine {
		return nil
	}
	for _, cc := range l.machine.Candidates(target) {
		if cc == t.Compiler.CC.Value {
			continue
		}
		remedy := drift.CgoRemedy{Text: "use " + cc + ", which is installed", Command: "CC=" + quoteWord(cc), CC: cc}
		if l.req.Try {
			compiler, problem := l.machine.Find(cc, target)
			if problem != nil {
				continue
			}
			other := *t
			if err := l.try(ctx, &other, compiler, target, env, environ); err != nil {
				return err
			}
			if other.Verdict != drift.CgoWorks {
				continue
			}
			remedy.Proven = true
			remedy.Text += " and builds for " + target.String()
		}
		kept := []drift.CgoRemedy{remedy}
		for _, r := range t.Problem.Remedies {
			if r.Command == "CGO_ENABLED=0" {
				kept = append(kept, r)
			}
		}
		t.Problem.Remedies = kept
		return nil
	}
	return nil
}

// quoteWord is a value as a line of a shell of any family takes it.
func quoteWord(s string) string {
	if strings.ContainsRune(s, ' ') {
		return "'" + s + "'"
	}
	return s
}
