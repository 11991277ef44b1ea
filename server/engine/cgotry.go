package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"godrift.dev/server/ask"
	"godrift.dev/server/drift"
	"godrift.dev/server/observe/cgo"
)

// try compiles and links a program for a target.
func (l *cgoLook) try(ctx context.Context, t *drift.CgoTarget, compiler cgo.Compiler, target cgo.Target, env drift.Environment, environ map[string]string) error {
	words := func(name string) []string {
		v, _ := env.Lookup(name)
		list, _ := drift.Words(v.Value) // go env has read it already
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
