package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
	"godrift.dev/server/engine"
)

// hosts are the programs that are compiled and linked in figure 10, by target: what
// a person would type to see whether a compiler works.
var hosts = []struct {
	target, cc string
	flags      []string
}{
	{"linux/amd64", "gcc", []string{"-m64", "-pthread", "-O2", "-g"}},
	{"linux/arm64", "aarch64-linux-gnu-gcc", []string{"-pthread", "-O2", "-g"}},
	{"windows/amd64", "x86_64-w64-mingw32-gcc", []string{"-m64", "-mthreads", "-O2", "-g"}},
}

// hello needs what every program with C code needs: the C library, and threads where they
// are a library.
const hello = `#include <stdio.h>
#include <stdlib.h>
#ifndef _WIN32
#include <pthread.h>
static void *run(void *p) { return p; }
#endif

int main(void) {
#ifndef _WIN32
	pthread_t t;
	if (pthread_create(&t, NULL, run, NULL) == 0)
		pthread_join(t, NULL);
#endif
	free(malloc(1));
	return puts("hello") < 0;
}
`

// probe measures figure 10: a trial of a compiler beside one compile and link, and
// beside go build of a package with C code that has changed.
func (b *bench) probe() error {
	dir := filepath.Join(b.scratch, "probe")
	if err := os.MkdirAll(filepath.Join(dir, "c"), 0o755); err != nil { // go build takes every C file of a folder
		return err
	}
	for name, text := range map[string]string{
		"c/hello.c": hello,
		"go.mod":    "module example.com/probe\n\ngo 1.20\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, h := range hosts {
		if _, err := exec.LookPath(h.cc); err != nil {
			fmt.Printf("| %s | %s is not installed | | |\n", h.target, h.cc)
			continue
		}
		if err := b.probeOne(dir, h.target, h.cc, h.flags); err != nil {
			return fmt.Errorf("%s: %w", h.target, err)
		}
	}
	return nil
}

func (b *bench) probeOne(dir, target, cc string, flags []string) error {
	p, _ := ports.Parse(target)
	world := engine.Here("cli")
	world.Environ["CC"], world.Environ["CGO_ENABLED"] = cc, "1"
	opts := engine.Options{Root: dir, World: world, Trusted: true}
	trial := func() error {
		m, err := engine.Cgo(b.ctx, opts, engine.CgoRequest{Dir: dir, Targets: []ports.Port{p}, Try: true})
		if err == nil && m.Targets[0].Verdict != drift.CgoWorks {
			err = fmt.Errorf("the trial says %s\n%s", m.Targets[0].Verdict, m.Targets[0].Output)
		}
		return err
	}
	bare := func() error {
		args := append(append([]string{}, flags...), "-o", "hello.out", "hello.c")
		cmd := exec.CommandContext(b.ctx, cc, args...)
		cmd.Dir = filepath.Join(dir, "c")
		return b.do(cmd)
	}
	changes := 0
	build := func() error {
		changes++
		text := fmt.Sprintf("package main\n\n// #include <stdlib.h>\n// enum { n = %d };\nimport \"C\"\n\nfunc main() { C.free(C.malloc(C.n)) }\n", changes)
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644); err != nil {
			return err
		}
		cmd := exec.CommandContext(b.ctx, "go", "build", "-o", "go.out", ".")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CC="+cc, "CGO_ENABLED=1", "GOOS="+p.GOOS, "GOARCH="+p.GOARCH, "GOFLAGS=", "GOTOOLCHAIN=local")
		return b.do(cmd)
	}
	sides := [3]times{}
	for i := range b.n + 1 {
		for k, f := range []func() error{trial, bare, build} {
			start := time.Now()
			if err := f(); err != nil {
				return err
			}
			if i > 0 { // the first go build makes the standard library
				sides[k] = append(sides[k], time.Since(start))
			}
		}
	}
	if len(sides[0]) == 0 {
		return errors.New("nothing was measured")
	}
	row := func(name string, other times) {
		a, bb := sides[0].median(), other.median()
		fmt.Printf("| %s, beside %s | %s | %s | %s |\n", target, name, ms(a), ms(bb), ratio(float64(a), float64(bb)))
	}
	row("one compile and link of a C program by "+cc, sides[1])
	row("go build of a changed package with C code", sides[2])
	return nil
}
