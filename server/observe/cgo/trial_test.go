package cgo

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// disk is the disk itself.
type disk struct{}

func (disk) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (disk) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (disk) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (disk) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (disk) EvalSymlinks(name string) (string, error)   { return filepath.EvalSymlinks(name) }

func goroot(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestReadRuntime looks at runtime/cgo of the Go that runs this test.
func TestReadRuntime(t *testing.T) {
	root := goroot(t)
	minor, _ := ports.Minor(runtime.Version())
	tests := []struct {
		target        string
		headers, none []string
		ld            string
	}{
		{"linux/amd64", []string{"pthread.h", "stdlib.h", "sys/mman.h"}, []string{"windows.h", "android/log.h", "sanitizer/msan_interface.h"}, "-lpthread"},
		{"windows/amd64", []string{"windows.h", "process.h"}, []string{"pthread.h", "sys/mman.h"}, ""},
		{"freebsd/arm64", []string{"sys/signalvar.h", "machine/sysarch.h"}, []string{"windows.h"}, "-lpthread"},
		{"android/arm64", []string{"android/log.h"}, []string{"windows.h"}, "-llog"},
		{"solaris/amd64", []string{"ucontext.h"}, nil, "-lxnet"},
	}
	for _, tt := range tests {
		rt := ReadRuntime(disk{}, root, on(tt.target), minor)
		for _, h := range tt.headers {
			if !slices.Contains(rt.Headers, h) {
				t.Errorf("%s does without %s: %v", tt.target, h, rt.Headers)
			}
		}
		for _, h := range tt.none {
			if slices.Contains(rt.Headers, h) {
				t.Errorf("%s wants %s", tt.target, h)
			}
		}
		if tt.ld != "" && !slices.Contains(rt.LDFlags, tt.ld) || !slices.Contains(rt.CFlags, "-Werror") {
			t.Errorf("%s has flags %v and %v", tt.target, rt.CFlags, rt.LDFlags)
		}
	}
	if rt := ReadRuntime(disk{}, t.TempDir(), on("linux/amd64"), minor); !slices.Contains(rt.Headers, "stdlib.h") {
		t.Errorf("without a GOROOT nothing is tried: %v", rt)
	}
}

// TestArguments holds the flags to those that the go command really passes.
func TestArguments(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module x\n\ngo 1.20\n", "x.go": "package main\n\n// int f(void) { return 0; }\nimport \"C\"\n\nfunc main() { C.f() }\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, pair := range []string{"linux/amd64", "linux/386", "linux/arm", "linux/arm64", "linux/s390x", "linux/mips64", "linux/mipsle", "linux/loong64", "windows/amd64", "darwin/arm64", "darwin/amd64", "aix/ppc64", "netbsd/amd64"} {
		target := on(pair)
		// With -n nothing is compiled, and no compiler is needed.
		cmd := exec.Command("go", "build", "-n", ".")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOOS="+target.GOOS, "GOARCH="+target.GOARCH, "CGO_ENABLED=1", "CC=the-compiler", "GOFLAGS=", "GOTOOLCHAIN=local", "GOWORK=off")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", pair, err, out)
		}
		want := ""
		for line := range strings.Lines(string(out)) {
			if strings.Contains(line, "the-compiler") && strings.Contains(line, "-c x.cgo2.c") {
				want = " " + strings.TrimSpace(line) + " "
			}
		}
		if want == "" {
			t.Fatalf("%s: go build -n compiles nothing\n%s", pair, out)
		}
		for _, flag := range append(target.archFlags(), target.systemFlags()...) {
			if !strings.Contains(want, " "+flag+" ") {
				t.Errorf("%s: go build does not pass %s:%s", pair, flag, want)
			}
		}
		for _, flag := range strings.Fields(want) {
			if strings.HasPrefix(flag, "-m") && !slices.Contains(target.archFlags(), flag) && !slices.Contains(target.systemFlags(), flag) {
				t.Errorf("%s: go build passes %s, which is not tried", pair, flag)
			}
		}
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	cc := filepath.Join(dir, "mycc")
	if err := os.WriteFile(cc, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	m := Machine{Files: disk{}, Path: []string{"", ".", dir}, Host: drift.Host{GOOS: "linux", GOARCH: "amd64"}}
	target := on("linux/amd64")
	for _, tt := range []struct {
		cc    string
		path  string
		words int
		cause drift.CgoCause
	}{
		{"mycc", cc, 1, ""},
		{"mycc -B x '-D A B'", cc, 4, ""},
		{cc, cc, 1, ""},
		{"", "", 1, drift.CgoNoCompiler},
		{"nocc", "", 1, drift.CgoNoCompiler},
		{"/no/such/cc", "", 1, drift.CgoNoCompiler},
		{"./mycc", "", 1, drift.CgoBadVariable},
		{"'mycc", "", 0, drift.CgoBadVariable},
	} {
		c, problem := m.Find(tt.cc, target)
		cause := drift.CgoCause("")
		if problem != nil {
			cause = problem.Cause
		}
		if c.Path != tt.path || len(c.Words) != tt.words || cause != tt.cause {
			t.Errorf("CC=%s is %+v, %+v", tt.cc, c, problem)
		}
	}
	before := m.Identity(cc)
	if err := os.WriteFile(cc, []byte("#!/bin/sh\n# another\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if m.Identity(cc) == before {
		t.Error("another compiler has the same identity")
	}
}
