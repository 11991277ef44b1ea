package engine

import (
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

// realBuild is what go build says of a program with C code.
func realBuild(t *testing.T, dir string, environ []string) (ok bool, output string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-o", filepath.Join(t.TempDir(), "out"), ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), environ...)
	out, err := cmd.CombinedOutput()
	return err == nil, string(out)
}

// cgoModule is a module with a program that calls C.
func cgoModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/c\n\ngo 1.20\n",
		"c.go":   "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() { C.free(C.malloc(1)) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// needCompilers are what this test asks; scripts/test.mjs installs them.
func needCompilers(t *testing.T, names ...string) {
	t.Helper()
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skip("the compilers are those of a Linux on amd64")
	}
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s is asked here: %v", name, err)
			}
			t.Skipf("%s is not installed", name)
		}
	}
}

// TestCgoEqualsBuild holds every verdict to what go build really does.
func TestCgoEqualsBuild(t *testing.T) {
	needCompilers(t, "gcc", "aarch64-linux-gnu-gcc", "x86_64-w64-mingw32-gcc")
	dir := cgoModule(t)
	tests := []struct {
		target, cc string
		verdict    drift.CgoVerdict
		cause      drift.CgoCause // empty: whatever it is
	}{
		{"linux/amd64", "", drift.CgoWorks, ""},
		{"linux/amd64", "gcc -O1", drift.CgoWorks, ""},
		{"linux/amd64", "nothere", drift.CgoFails, drift.CgoNoCompiler},
		{"linux/amd64", "aarch64-linux-gnu-gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"linux/amd64", "x86_64-w64-mingw32-gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"linux/amd64", "./gcc", drift.CgoFails, drift.CgoBadVariable},
		{"linux/amd64", "'gcc", drift.CgoFails, drift.CgoBadVariable},
		{"linux/amd64", "false", drift.CgoFails, ""},
		{"linux/arm64", "aarch64-linux-gnu-gcc", drift.CgoWorks, ""},
		{"linux/arm64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"linux/riscv64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"linux/arm", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"windows/amd64", "x86_64-w64-mingw32-gcc", drift.CgoWorks, ""},
		{"windows/amd64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"windows/386", "x86_64-w64-mingw32-gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"darwin/arm64", "clang-nowhere", drift.CgoFails, drift.CgoNoCompiler},
		{"freebsd/amd64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"solaris/amd64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"openbsd/amd64", "gcc", drift.CgoFails, drift.CgoOtherMachine},
		{"netbsd/amd64", "gcc", drift.CgoWrong, drift.CgoOtherMachine},
		{"js/wasm", "gcc", drift.CgoUnsupported, drift.CgoNoPort},
	}
	if out, err := exec.Command("gcc", "-m32", "-print-file-name=libgcc.a").Output(); err == nil && !strings.Contains(string(out), "/32/") {
		tests = append(tests, struct {
			target, cc string
			verdict    drift.CgoVerdict
			cause      drift.CgoCause
		}{"linux/386", "gcc", drift.CgoFails, drift.CgoNoMultilib})
	}
	for _, tt := range tests {
		t.Run(strings.ReplaceAll(tt.target+" CC="+tt.cc, "/", "-"), func(t *testing.T) {
			p, _ := ports.Parse(tt.target)
			world := Here("cli")
			world.Environ["CC"], world.Environ["CGO_ENABLED"], world.Environ["GOFLAGS"] = tt.cc, "1", ""
			m, err := Cgo(t.Context(), Options{Root: dir, World: world, Trusted: true}, CgoRequest{Dir: dir, Targets: []ports.Port{p}, Try: true})
			if err != nil {
				t.Fatal(err)
			}
			got := m.Targets[0]
			cause := drift.CgoCause("")
			if got.Problem != nil {
				cause = got.Problem.Cause
			}
			if got.Verdict != tt.verdict || tt.cause != "" && cause != tt.cause {
				t.Errorf("the verdict is %s %s, want %s %s\n%+v\n%s", got.Verdict, cause, tt.verdict, tt.cause, got.Problem, got.Output)
			}
			built, output := realBuild(t, dir, []string{"GOOS=" + p.GOOS, "GOARCH=" + p.GOARCH, "CC=" + tt.cc, "CGO_ENABLED=1", "GOFLAGS=", "GOTOOLCHAIN=local"})
			if built != (got.Verdict == drift.CgoWorks || got.Verdict == drift.CgoWrong) {
				t.Errorf("the verdict is %s, and go build succeeds: %v\n%s", got.Verdict, built, output)
			}
			// What go build prints is explained in the same way.
			if !built && tt.cause != "" {
				_, problem := ExplainCgo(Options{Root: dir, World: world}, dir, []ports.Port{p}, output)
				// Of MinGW on Linux the text alone tells headers that are missing.
				mingw := tt.target == "linux/amd64" && problem.Cause == drift.CgoNoHeader
				if problem.Cause != tt.cause && !mingw {
					t.Errorf("what go build prints is taken for %s, want %s\n%s", problem.Cause, tt.cause, output)
				}
			}
			if got.Verdict == drift.CgoWorks && got.Compiler.Machine == "" {
				t.Error("what the compiler builds for is not told")
			}
		})
	}
}

// TestCgoOffers holds that an installed compiler that does is found and proven.
func TestCgoOffers(t *testing.T) {
	needCompilers(t, "gcc", "aarch64-linux-gnu-gcc", "x86_64-w64-mingw32-gcc")
	dir := cgoModule(t)
	world := Here("cli")
	delete(world.Environ, "CC")
	m, err := Cgo(t.Context(), Options{Root: dir, World: world, Trusted: true}, CgoRequest{Dir: dir, Try: true})
	if err != nil {
		t.Fatal(err)
	}
	for target, cc := range map[string]string{"linux/arm64": "aarch64-linux-gnu-gcc", "windows/amd64": "x86_64-w64-mingw32-gcc"} {
		i := slices.IndexFunc(m.Targets, func(x drift.CgoTarget) bool { return x.GOOS+"/"+x.GOARCH == target })
		if i < 0 || m.Targets[i].Problem == nil {
			t.Errorf("%s has no problem: %+v", target, m.Targets)
			continue
		}
		if r := m.Targets[i].Problem.Remedies[0]; r.CC != cc || !r.Proven {
			t.Errorf("for %s it offers %+v, want %s", target, r, cc)
		}
	}
}

// TestCgoUntrusted holds that no program is started where that is not allowed.
func TestCgoUntrusted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the compiler is a shell script")
	}
	dir, bin := cgoModule(t), t.TempDir()
	mark := filepath.Join(bin, "started")
	if err := os.WriteFile(filepath.Join(bin, "gcc"), []byte("#!/bin/sh\necho x > "+mark+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	world := Here("cli")
	world.Environ["PATH"] = bin + string(filepath.ListSeparator) + world.Environ["PATH"]
	m, err := Cgo(t.Context(), Options{Root: dir, World: world}, CgoRequest{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(mark); err == nil || m.Targets[0].Verdict == drift.CgoWorks {
		t.Errorf("a compiler was started: %+v", m.Targets[0])
	}
}

// TestCgoHangs holds that a compiler that never ends is killed with its children.
func TestCgoHangs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the compiler is a shell script")
	}
	dir, bin := cgoModule(t), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "gcc"), []byte("#!/bin/sh\nsleep 600 &\nwait\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	world := Here("cli")
	world.Environ["PATH"] = bin + string(filepath.ListSeparator) + world.Environ["PATH"]
	p := ports.Port{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH}
	m, err := Cgo(t.Context(), Options{Root: dir, World: world, Trusted: true}, CgoRequest{Dir: dir, Targets: []ports.Port{p}, Try: true, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Targets[0]; got.Verdict != drift.CgoFails || got.Problem.Cause != drift.CgoTimedOut {
		t.Errorf("a compiler that hangs is told as %s %+v", got.Verdict, got.Problem)
	}
}
