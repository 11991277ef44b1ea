//go:build unix

package act

import (
	"archive/zip"
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

const toolPackage = "tools.example.com/one/cmd/one"

// toolWorld has a module proxy in a folder with two versions of a program, the
// first of which is installed. The go command is that of PATH.
func toolWorld(t *testing.T, dir string) (w *world, file string) {
	t.Helper()
	w = worldIn(t, dir)
	proxy := filepath.Join(dir, "proxy", "tools.example.com", "one", "@v")
	if err := os.MkdirAll(proxy, 0o755); err != nil {
		t.Fatal(err)
	}
	w.write(filepath.Join(proxy, "list"), "v1.0.0\nv1.1.0\nv1.2.0\n")
	for version, body := range map[string]string{"v1.0.0": "println(1)", "v1.1.0": "println(2)", "v1.2.0": "undefined()"} {
		mod := "module tools.example.com/one\n\ngo 1.21\n"
		w.write(filepath.Join(proxy, version+".info"), `{"Version":"`+version+`"}`)
		w.write(filepath.Join(proxy, version+".mod"), mod)
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range map[string]string{"go.mod": mod, "cmd/one/main.go": "package main\n\nfunc main() { " + body + " }\n"} {
			f, err := z.Create("tools.example.com/one@" + version + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		w.write(filepath.Join(proxy, version+".zip"), b.String())
	}
	gocache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"GOPROXY": "file://" + filepath.Join(dir, "proxy"), "GOSUMDB": "off", "GOMODCACHE": filepath.Join(dir, "mod"), "GOCACHE": strings.TrimSpace(string(gocache)),
	} {
		w.opts.Environ[name] = value
	}
	t.Cleanup(func() { // the module cache is read-only
		_ = filepath.WalkDir(filepath.Join(dir, "mod"), func(name string, entry os.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				err = os.Chmod(name, 0o755)
			}
			return err
		})
	})
	file = filepath.Join(dir, "bin", "one")
	if _, err := os.Stat(file); err == nil {
		return w, file // a child's world is there already
	}
	cmd := exec.Command("go", "install", toolPackage+"@v1.0.0")
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOBIN="+filepath.Dir(file), "GOFLAGS=", "GOWORK=off")
	for name, value := range w.opts.Environ {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return w, file
}

// rebuildTo is the action that replaces the program by another version.
func rebuildTo(t *testing.T, file, version string) drift.Action {
	t.Helper()
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	toolchain, _, _ := strings.Cut(strings.Fields(info.GoVersion)[0], "-")
	return drift.Action{Kind: drift.ActionRebuildTool, File: file, Value: info.GoVersion, Toolchain: toolchain, Package: toolPackage, Version: version}
}

func versionOf(t *testing.T, file string) string {
	t.Helper()
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Main.Version
}

func TestRebuild(t *testing.T) {
	w, file := toolWorld(t, newDir(t))
	// What would make another program of it, or none, does not count.
	w.write(w.opts.GOENV, "GOOS=plan9\nGOFLAGS=-mod=vendor\nGOBIN=/nowhere\nGOTOOLCHAIN=go1.99.9\n")
	w.opts.Environ["GOFLAGS"] = "-mod=vendor"
	w.opts.Environ["GOARCH"] = "wasm"
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	action := rebuildTo(t, file, "v1.1.0")
	plan, err := Plan(context.Background(), w.opts, fixOf(action))
	if err != nil || plan.Diff != "" || len(plan.Commands) != 2 || !strings.Contains(plan.Commands[0], "go install "+toolPackage+"@v1.1.0") {
		t.Errorf("plan %+v, %v", plan, err)
	}
	done := w.apply(action)
	if v := versionOf(t, file); v != "v1.1.0" || len(done.Done) != 1 || done.ID == 0 {
		t.Errorf("after the fix %s is %s: %+v", file, v, done)
	}
	if out, err := exec.Command(file).CombinedOutput(); err != nil || string(out) != "2\n" {
		t.Errorf("it prints %q, %v", out, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o111 == 0 {
		t.Errorf("it cannot be started: %v, %v", info.Mode(), err)
	}
	again := w.undo(done.ID)
	if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, before) {
		t.Errorf("undo did not bring every byte back: %v", err)
	}
	w.undo(again.ID)
	if v := versionOf(t, file); v != "v1.1.0" {
		t.Errorf("undoing the undo leaves %s", v)
	}
	w.clean()
}

func TestRebuildRefuses(t *testing.T) {
	w, file := toolWorld(t, newDir(t))
	good := rebuildTo(t, file, "v1.1.0")
	refuse := func(what, say string, opts Options, a drift.Action) {
		t.Helper()
		if _, err := Apply(context.Background(), opts, fixOf(a)); err == nil || !strings.Contains(err.Error(), say) {
			t.Errorf("%s: %v, want %q", what, err, say)
		}
		if v := versionOf(t, file); v != "v1.0.0" {
			t.Fatalf("%s: the program is now %s", what, v)
		}
	}
	change := func(f func(*drift.Action)) drift.Action {
		a := good
		f(&a)
		return a
	}
	refuse("a path", "no import path", w.opts, change(func(a *drift.Action) { a.Package = "./cmd/one" }))
	refuse("a flag", "no import path", w.opts, change(func(a *drift.Action) { a.Package = "-toolexec=/bin/one" }))
	refuse("the standard library", "no import path", w.opts, change(func(a *drift.Action) { a.Package = "cmd/one" }))
	refuse("another program", "another program", w.opts, change(func(a *drift.Action) { a.Package = "tools.example.com/two" }))
	refuse("a query", "no version", w.opts, change(func(a *drift.Action) { a.Version = "latest" }))
	refuse("a toolchain with a switch", "no name of a Go toolchain", w.opts, change(func(a *drift.Action) { a.Toolchain = "go1.26.8+auto" }))
	refuse("built anew since", "changed in the meantime", w.opts, change(func(a *drift.Action) { a.Value = "go1.20" }))
	refuse("what does not compile", "undefined", w.opts, change(func(a *drift.Action) { a.Version = "v1.2.0" }))
	refuse("a version that is not there", "v1.9.9", w.opts, change(func(a *drift.Action) { a.Version = "v1.9.9" }))
	untrusted := w.opts
	untrusted.Untrusted = true
	refuse("an untrusted folder", "not trusted", untrusted, good)
	if got, err := Recover(context.Background(), w.opts); err != nil || len(got) != 0 {
		t.Errorf("something is left to recover: %+v, %v", got, err)
	}
	// What somebody installed after the fix is not overwritten by its undo.
	done := w.apply(good)
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Undo(context.Background(), w.opts, done.ID); !errors.Is(err, ErrChanged) {
		t.Errorf("undo over another program: %v", err)
	}
}

func newDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRebuildKilledChild is run by TestRebuildKilled in a process of its own.
func TestRebuildKilledChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		return
	}
	ends, err := strconv.Atoi(os.Getenv(childEnds))
	if err != nil {
		t.Fatal(err)
	}
	w, file := toolWorld(t, dir)
	w.opts.build = prebuilt(w, dir)
	w.opts.reached = killAt(ends)
	if _, err := Apply(context.Background(), w.opts, fixOf(rebuildTo(t, file, "v1.1.0"))); err != nil {
		t.Fatal(err)
	}
}

// prebuilt stands in for building: the program is in the folder already.
func prebuilt(w *world, dir string) func(drift.Action) (string, error) {
	return func(drift.Action) (string, error) {
		kept, err := keptTools(&w.opts)
		if err != nil {
			return "", err
		}
		hash, err := hashFile(filepath.Join(dir, "new"))
		if err != nil {
			return "", err
		}
		return hash, copyProgram(filepath.Join(dir, "new"), filepath.Join(kept, hash), hash, 0o600, nil)
	}
}

// TestRebuildKilled kills the replacing of a program at each of its points: after
// recovery it is the old one or the new one, and what is in effect can be
// undone.
func TestRebuildKilled(t *testing.T) {
	base := newDir(t)
	_, file := toolWorld(t, base)
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fresh := append(bytes.Clone(old), "appended: another hash, and a program all the same"...)
	for ends := 1; ; ends++ {
		dir := newDir(t)
		file := filepath.Join(dir, "bin", "one")
		w := worldIn(t, dir)
		w.write(file, string(old))
		w.write(filepath.Join(dir, "new"), string(fresh))
		w.store.Close()
		killed := killedChild(t, "TestRebuildKilledChild", dir, ends)
		recovered, err := Recover(context.Background(), w.opts)
		if err != nil {
			t.Fatalf("point %d: %v", ends, err)
		}
		now, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		isNew := bytes.Equal(now, fresh)
		if !isNew && !bytes.Equal(now, old) {
			t.Errorf("point %d: the program is neither the old nor the new one", ends)
		}
		if len(recovered) > 0 && (recovered[0].Outcome == OutcomeDone) != isNew || len(recovered) > 1 {
			t.Errorf("point %d: recovered %+v, and the program is new: %v", ends, recovered, isNew)
		}
		w.clean()
		if isNew {
			w.undo(0)
			if now, err := os.ReadFile(file); err != nil || !bytes.Equal(now, old) {
				t.Errorf("point %d: undo does not bring the old program back: %v", ends, err)
			}
		}
		if !killed {
			if ends < 8 {
				t.Errorf("only %d points were reached", ends)
			}
			return
		}
	}
}
