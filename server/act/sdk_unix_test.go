//go:build unix

package act

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

func sdkFix(name string) drift.Fix {
	return fixOf(drift.Action{Kind: drift.ActionInstallSDK, Toolchain: name}, drift.Action{Kind: drift.ActionPrependShell, Variable: "PATH", Toolchain: name})
}

// sdkWorld is one in which the real go can fetch go1.99.1 from a folder.
func sdkWorld(t *testing.T, w *world, proxy string) {
	t.Helper()
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal("there is no go on PATH")
	}
	cache := filepath.Join(dirOf(w), "mod")
	t.Cleanup(func() { exec.Command("chmod", "-R", "u+w", cache).Run() })
	goroot, err := exec.Command(program, "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	w.opts.Environ = map[string]string{
		"PATH": filepath.Dir(program) + ":/usr/bin:/bin", "HOME": dirOf(w), "GOMODCACHE": cache, "GOSUMDB": "off",
		"GOPROXY": proxy, "GOTOOLCHAIN": "local", "GOFLAGS": "-nonsense", "GO111MODULE": "off", "GOENV": w.opts.GOENV,
	}
	w.opts.Toolchains = []drift.Toolchain{{Version: runtime.Version(), Executable: program, GOROOT: strings.TrimSpace(string(goroot)), Origin: drift.OriginPath}}
}

// TestSDK: a Go is put under ~/sdk as golang.org/dl puts it there, runs, and undo
// removes it, but not what somebody has worked on.
func TestSDK(t *testing.T) {
	w := newWorld(t)
	sdkWorld(t, w, toolchainProxy(t, "go1.99.1"))
	sdk := filepath.Join(dirOf(w), "sdk", "go1.99.1")
	p, err := Plan(context.Background(), w.opts, sdkFix("go1.99.1"))
	if err != nil || len(p.Commands) != 3 || !strings.HasPrefix(p.Commands[0], "download go1.99.1") || !strings.Contains(p.Commands[1], sdk) || !strings.Contains(p.Commands[2], "export PATH='"+sdk+"/bin'") {
		t.Fatalf("plan %q %v", p.Commands, err)
	}
	if exists(filepath.Dir(sdk)) {
		t.Error("the plan made a folder")
	}
	apply := func() Result {
		t.Helper()
		res, err := Apply(context.Background(), w.opts, sdkFix("go1.99.1"))
		if err != nil {
			t.Fatal(err)
		}
		return res
	}
	res := apply()
	if len(res.Done) != 1 || res.Done[0] != "installed go1.99.1 in "+sdk || len(res.Shell) != 1 || !res.Shell[0].Prepend || res.Shell[0].Value != filepath.Join(sdk, "bin") {
		t.Errorf("result %+v", res)
	}
	if out, err := exec.Command(filepath.Join(sdk, "bin", "go"), "version").Output(); err != nil || !strings.Contains(string(out), "go1.99.1") {
		t.Errorf("it runs: %q %v", out, err)
	}
	if !exists(filepath.Join(sdk, unpacked)) {
		t.Error("the mark of golang.org/dl is missing")
	}
	if _, err := Apply(context.Background(), w.opts, sdkFix("go1.99.1")); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("installed twice: %v", err)
	}
	undone := w.undo(res.ID)
	if exists(sdk) || len(undone.Done) != 1 || undone.Done[0] != "removed "+sdk {
		t.Errorf("undone: %+v", undone)
	}
	again := w.undo(undone.ID)
	if !exists(filepath.Join(sdk, "bin", "go")) {
		t.Errorf("done again: %+v", again)
	}
	w.write(filepath.Join(sdk, "src", "mine.go"), "package mine\n")
	if _, err := Undo(context.Background(), w.opts, again.ID); err == nil || !strings.Contains(err.Error(), "may hold somebody's work") || !exists(sdk) {
		t.Errorf("what somebody worked on: %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(sdk)); err != nil || len(left) != 1 {
		t.Errorf("beside it: %v %v", left, err)
	}
	w.opts.Untrusted = true
	if _, err := Plan(context.Background(), w.opts, sdkFix("go1.99.1")); err == nil || !strings.Contains(err.Error(), "not trusted") {
		t.Errorf("untrusted: %v", err)
	}
	w.opts.Untrusted = false
	for _, name := range []string{"../x", "go1.25.3/../..", "", "go1.25.3;x"} {
		if _, err := Plan(context.Background(), w.opts, sdkFix(name)); err == nil {
			t.Errorf("%q is taken for a toolchain", name)
		}
	}
}

// TestSDKWithoutChecks: a go from before 1.21 does not fetch a Go that nothing can
// be held against.
func TestSDKWithoutChecks(t *testing.T) {
	w := newWorld(t)
	sdkWorld(t, w, "https://127.0.0.1:1")
	w.opts.Toolchains[0].Version = "go1.20.14"
	_, err := Apply(context.Background(), w.opts, sdkFix("go1.99.1"))
	if err == nil || !strings.Contains(err.Error(), "GOSUMDB=off leaves nothing to check it against") {
		t.Errorf("error %v", err)
	}
}

// TestKilledSDKChild is run by TestKilledSDK in a process that kills itself.
func TestKilledSDKChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	ends, err := strconv.Atoi(os.Getenv(childEnds))
	if err != nil {
		t.Fatal(err)
	}
	w := worldIn(t, dir)
	w.opts.fetch = func(string) (string, error) { return filepath.Join(dir, "tree"), nil }
	w.opts.reached = killAt(ends)
	if os.Getenv(childDoes) == "undo" {
		_, err = Undo(context.Background(), w.opts, 0)
	} else {
		_, err = Apply(context.Background(), w.opts, sdkFix("go1.99.1"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestKilledSDK: wherever a process is killed, there is afterwards the whole SDK
// or none, and nothing beside it.
func TestKilledSDK(t *testing.T) {
	for _, does := range []string{"apply", "undo"} {
		for ends := 1; ; ends++ {
			w := newWorld(t)
			dir := dirOf(w)
			for _, name := range []string{"bin/go", "pkg/tool/x/compile", "VERSION", "src/fmt/print.go"} {
				w.write(filepath.Join(dir, "tree", name), name)
			}
			w.opts.fetch = func(string) (string, error) { return filepath.Join(dir, "tree"), nil }
			if does == "undo" {
				if _, err := Apply(context.Background(), w.opts, sdkFix("go1.99.1")); err != nil {
					t.Fatal(err)
				}
			}
			w.store.Close()
			t.Setenv(childDoes, does)
			if !killedChild(t, "TestKilledSDKChild", dir, ends) {
				if ends < 8 {
					t.Errorf("%s: only %d points were reached", does, ends)
				}
				break
			}
			recovered, err := Recover(context.Background(), w.opts)
			if err != nil || len(recovered) > 1 {
				t.Fatalf("%s, point %d: %+v %v", does, ends, recovered, err)
			}
			sdk := filepath.Join(dir, "sdk", "go1.99.1")
			if exists(sdk) && (!exists(filepath.Join(sdk, unpacked)) || !exists(filepath.Join(sdk, "src", "fmt", "print.go"))) {
				t.Errorf("%s, point %d: half of it is there", does, ends)
			}
			want := 0
			if exists(sdk) {
				want = 1
			}
			if left, err := os.ReadDir(filepath.Dir(sdk)); !os.IsNotExist(err) && len(left) != want {
				t.Errorf("%s, point %d: left beside it %v", does, ends, left)
			}
		}
	}
}
