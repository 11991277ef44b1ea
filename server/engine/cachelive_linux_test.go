package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/observe/gocache"
)

// live is a home with a build cache that several real go commands use all the time.
type live struct {
	*testing.T
	home, goroot string
	rounds       chan int // each finished build, by its builder
}

func (l live) environ() map[string]string {
	return map[string]string{
		"HOME": l.home, "PATH": filepath.Join(l.goroot, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"),
		"GOTOOLCHAIN": "local", "GOFLAGS": "", "CGO_ENABLED": "0",
	}
}

// build compiles a program in a module of its own that prints a text, runs it, and says
// what went wrong.
func (l live) build(module, text string) error {
	dir := filepath.Join(l.home, module)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range map[string]string{
		"go.mod":     "module example.com/" + module + "\n\ngo 1.21\n",
		"main.go":    fmt.Sprintf("package main\n\nimport \"example.com/%s/in\"\n\nfunc main() { println(in.Text) }\n", module),
		"in/text.go": fmt.Sprintf("package in\n\nconst Text = %q\n", text),
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(content), 0o644)); err != nil {
			return err
		}
	}
	var environ []string
	for name, value := range l.environ() {
		environ = append(environ, name+"="+value)
	}
	for _, command := range [][]string{{filepath.Join(l.goroot, "bin", "go"), "build", "-o", "program", "."}, {filepath.Join(dir, "program")}} {
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Env = dir, environ
		out, err := cmd.CombinedOutput()
		switch {
		case err != nil:
			return fmt.Errorf("%s of %q: %w\n%s", command[0], text, err, out)
		case len(command) == 1 && strings.TrimSpace(string(out)) != text:
			return fmt.Errorf("the program says %q, and should say %q", out, text)
		}
	}
	return nil
}

// outputs are those of a cache, by their names in it.
func (l live) outputs(cache string) []string {
	list, err := gocache.List(l.Context(), cache)
	if err != nil {
		l.Fatal(err)
	}
	return list.Outputs
}

// Everything that can be done to a cache is done while real builds use it: none of them
// fails, and every program says what it should.
func TestCacheWhileBuildsRun(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	l := live{T: t, home: t.TempDir(), goroot: strings.TrimSpace(string(goroot)), rounds: make(chan int, 1024)}
	cache := filepath.Join(l.home, ".cache", "go-build")
	if err := l.build("first", "first"); err != nil {
		t.Fatal(err)
	}
	before := l.outputs(cache)
	if err := l.build("unused", "unused"); err != nil {
		t.Fatal(err)
	}
	var unused []string
	for _, name := range l.outputs(cache) {
		if !slices.Contains(before, name) {
			unused = append(unused, filepath.Join(cache, name))
		}
	}
	if len(unused) < 2 {
		t.Fatalf("only %q belong to the program that nobody builds", unused)
	}

	// The builders run until everything was done.
	stop, builders := make(chan struct{}), sync.WaitGroup{}
	for n := range 2 {
		builders.Go(func() {
			for round := 0; ; round++ {
				select {
				case <-stop:
					return
				default:
				}
				if err := l.build(fmt.Sprintf("builder%d", n), fmt.Sprintf("builder %d, round %d", n, round)); err != nil {
					t.Errorf("builder %d, round %d: %v", n, round, err)
					return
				}
				select {
				case l.rounds <- n:
				default:
				}
			}
		})
	}
	defer builders.Wait()
	end := sync.OnceFunc(func() { close(stop) })
	defer end()
	// Each step ends with a round of every builder that began after it.
	settled := func(step string) {
		for len(l.rounds) > 0 {
			<-l.rounds
		}
		seen := map[int]int{}
		for seen[0] < 2 || seen[1] < 2 {
			select {
			case n := <-l.rounds:
				seen[n]++
			case <-time.After(time.Minute):
				t.Fatalf("after %s no build ended for a minute", step)
			}
		}
	}

	world := Here("cli")
	world.Environ = l.environ()
	opts := Options{Root: filepath.Join(l.home, "first"), World: world, Trusted: true, StateDir: filepath.Join(l.home, "state"), NoTools: true}
	mender := NewMender(opts.StateDir, world.Environ)
	defer mender.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	report, err := Evaluate(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}

	damage(t, unused[0])
	check, err := CheckCache(ctx, cache, nil)
	if err != nil || len(check.Bad) != 1 || check.Bad[0].Path != unused[0] {
		t.Fatalf("the check found %+v, %v", check.Bad, err)
	}
	if _, err := mender.Apply(ctx, world, report, CacheRepair(check, time.Now()), Hands{}); err != nil {
		t.Fatal(err)
	}
	settled("the repair")

	long := time.Now().Add(-30 * 24 * time.Hour)
	if err := os.Chtimes(unused[1], long, long); err != nil {
		t.Fatal(err)
	}
	trim, err := PlanTrim(ctx, cache, time.Now().Add(-5*24*time.Hour), 0)
	if err != nil || !slices.Equal(trim.Files, unused[1:2]) {
		t.Fatalf("the plan of the trim is %q, %v", trim.Files, err)
	}
	if _, _, err := TrimCache(ctx, cache, trim, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	settled("the trim")

	plan, err := PlanCacheSwitch(ctx, report, "")
	if err != nil {
		t.Fatal(err)
	}
	plan.CarryOver = true
	carried, err := mender.MakeCache(ctx, plan, CacheSteps{})
	if err != nil || carried.Outputs < len(before) {
		t.Fatalf("carried over %+v of %d, %v", carried, len(before), err)
	}
	switched, err := mender.SwitchCache(ctx, world, report, plan, Hands{})
	if err != nil {
		t.Fatal(err)
	}
	// What is carried over is used: only what is new is compiled.
	settled("the switch")

	// The old cache goes when the last go command of before the switch has ended.
	report, err = Evaluate(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	for gone := false; !gone; {
		list, err := mender.OldCaches(ctx, world, report.Snapshot.Environment, 0, time.Now())
		if err != nil || len(list) != 1 || list[0].Dir != cache {
			t.Fatalf("the old caches are %+v, %v", list, err)
		}
		if gone = len(list[0].InUse) == 0; !gone {
			settled("a look for old caches: " + list[0].InUse[0])
			continue
		}
		if left, err := mender.CollectCache(ctx, list[0]); left || err != nil {
			t.Fatalf("the old cache stays: %v, %v", left, err)
		}
	}
	if _, err := os.Lstat(cache); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the old cache is still there: %v", err)
	}
	settled("the collection")
	check, err = CheckCache(ctx, plan.To, nil)
	if err != nil || len(check.Bad) != 0 {
		t.Errorf("in the new cache is bad: %+v, %v", check.Bad, err)
	}

	// Undo goes back, for the next go command.
	if _, err := mender.Undo(ctx, world, report, switched.ID, Hands{}); err != nil {
		t.Fatal(err)
	}
	end()
	builders.Wait()
	env := exec.Command(filepath.Join(l.goroot, "bin", "go"), "env", "GOCACHE")
	env.Dir, env.Env = l.home, append(os.Environ(), "HOME="+l.home, "XDG_CONFIG_HOME=", "XDG_CACHE_HOME=", "GOENV=", "GOCACHE=")
	if out, err := env.Output(); err != nil || strings.TrimSpace(string(out)) != cache {
		t.Errorf("after undo go uses %s, %v", out, err)
	}
}

// damage flips a bit.
func damage(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)/2] ^= 4
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
