//go:build unix

package act

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

func installAction(name string) drift.Action {
	return drift.Action{Kind: drift.ActionInstallToolchain, Toolchain: name}
}

// toolchainProxy is a module proxy in a folder that serves one toolchain,
// whose go is a script.
func toolchainProxy(t *testing.T, name string) string {
	t.Helper()
	version := "v0.0.1-" + name + "." + runtime.GOOS + "-" + runtime.GOARCH
	dir := t.TempDir()
	folder := filepath.Join(dir, "golang.org", "toolchain", "@v")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for file, text := range map[string]string{
		"bin/go":  "#!/bin/sh\necho go version " + name + " " + runtime.GOOS + "/" + runtime.GOARCH + "\n",
		"VERSION": name + "\n", "go.mod": "module golang.org/toolchain\n", "pkg/tool/keep": "", "lib/time/keep": "", "bin/gofmt": "",
	} {
		f, err := z.Create("golang.org/toolchain@" + version + "/" + file)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for suffix, text := range map[string]string{".zip": archive.String(), ".info": `{"Version":"` + version + `"}`, ".mod": "module golang.org/toolchain\n"} {
		if err := os.WriteFile(filepath.Join(folder, version+suffix), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return "file://" + dir
}

// TestInstallThroughTheRealGo: the go on PATH fetches a toolchain although the
// environment and the GOENV file do what they can to prevent it.
func TestInstallThroughTheRealGo(t *testing.T) {
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatal("there is no go on PATH")
	}
	w := newWorld(t)
	cache := filepath.Join(t.TempDir(), "mod")
	t.Cleanup(func() { exec.Command("chmod", "-R", "u+w", cache).Run() })
	w.write(w.opts.GOENV, "GO111MODULE=off\nGOFLAGS=-nonsense\nGOTOOLCHAIN=go1.4\nGOWORK=rel\nGOROOT=/nowhere\n")
	w.opts.Environ = map[string]string{
		"PATH": filepath.Dir(program) + ":/usr/bin:/bin", "HOME": w.root, "GOENV": w.opts.GOENV, "GOMODCACHE": cache, "GOSUMDB": "off",
		"GOPROXY": toolchainProxy(t, "go1.99.1"), "GOROOT": "/nowhere", "GOTOOLCHAIN": "local", "GOFLAGS": "-nonsense", "GO111MODULE": "off",
	}
	goroot, err := exec.Command(program, "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	w.opts.Toolchains = []drift.Toolchain{
		{Version: "go1.20.14", Executable: "/nowhere/go1.20/bin/go", GOROOT: "/nowhere/go1.20", Origin: drift.OriginPath},
		{Executable: "/nowhere/shim", Shim: true, Origin: drift.OriginPath},
		{Version: runtime.Version(), Executable: program, GOROOT: strings.TrimSpace(string(goroot)), Origin: drift.OriginPath},
	}
	var told []string
	w.opts.Progress = func(text string, _, _ int64) { told = append(told, text) }
	res := w.apply(installAction("go1.99.1"), setGOENV("GOTOOLCHAIN", "go1.99.1"))
	if len(res.Done) != 2 || res.Done[0] != "go1.99.1 is in the module cache" || !slices.Contains(told, "Downloading go1.99.1") {
		t.Errorf("Result = %+v, progress %q", res, told)
	}
	if found, _ := filepath.Glob(filepath.Join(cache, "golang.org", "toolchain@*go1.99.1*", "bin", "go")); len(found) != 1 {
		t.Errorf("the module cache holds %v", found)
	}
	// What cannot be had changes nothing.
	_, err = Apply(context.Background(), w.opts, fixOf(installAction("go1.99.2"), setGOENV("GOTOOLCHAIN", "go1.99.2")))
	if err == nil || !strings.Contains(err.Error(), "no go1.99.2 is published for "+runtime.GOOS) || !strings.Contains(err.Error(), "toolchain not available") {
		t.Errorf("Apply of what does not exist: %v", err)
	}
	if got := goenvValue([]byte(w.read(w.opts.GOENV)), "GOTOOLCHAIN"); got == nil || *got != "go1.99.1" {
		t.Errorf("GOTOOLCHAIN is %s", show(got))
	}
	w.opts.Environ["GOPROXY"] = "off"
	_, err = Apply(context.Background(), w.opts, fixOf(installAction("go1.99.3")))
	if err == nil || !strings.Contains(err.Error(), "forbids downloads") {
		t.Errorf("Apply with GOPROXY=off: %v", err)
	}
	delete(w.opts.Environ, "GOSUMDB") // go.env of that Go names one
	w.opts.Environ["GOPROXY"] = "https://me:hunter2@127.0.0.1:1"
	_, err = Apply(context.Background(), w.opts, fixOf(installAction("go1.99.3")))
	if err == nil || !strings.Contains(err.Error(), "check the network") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Apply without a network: %v", err)
	}
}

// script puts an executable go on a PATH of its own.
func (w *world) script(text string) {
	w.t.Helper()
	dir := w.t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		w.t.Fatal(err)
	}
	w.opts.Environ["PATH"] = "relative:" + dir + ":/usr/bin:/bin"
}

// TestInstallCancelled: cancelling ends the go command together with its
// children, and changes nothing.
func TestInstallCancelled(t *testing.T) {
	for _, timeout := range []bool{false, true} {
		w := newWorld(t)
		fifo := w.path("fifo")
		if err := syscall.Mkfifo(fifo, 0o600); err != nil {
			t.Fatal(err)
		}
		// The child holds the pipe open for as long as it lives.
		w.script("[ $1 = env ] && exit 0\nsleep 1000 >" + fifo + " &\nwait\n")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if timeout {
			w.opts.InstallLimit = 300 * time.Millisecond
		}
		ended := make(chan error, 1)
		go func() {
			pipe, err := os.Open(fifo) // waits until the child has opened it
			if err == nil && !timeout {
				cancel()
			}
			if err == nil {
				_, err = io.Copy(io.Discard, pipe) // until the child is gone
				pipe.Close()
			}
			ended <- err
		}()
		_, err := Apply(ctx, w.opts, fixOf(installAction("go1.25.3"), setGOENV("GOTOOLCHAIN", "go1.25.3")))
		if err == nil || timeout != strings.Contains(err.Error(), "longer than") || timeout == errors.Is(err, context.Canceled) {
			t.Errorf("Apply: %v", err)
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(30 * time.Second):
			t.Error("the child of the go command lives on")
		}
		w.want(w.opts.GOENV, "<none>")
	}
}

// TestKeepsTheOwner: root's fix of somebody's file leaves it that somebody's.
func TestKeepsTheOwner(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	w := newWorld(t)
	w.write("go.mod", "go 1.24\n")
	if err := os.Chown(w.path("go.mod"), 1234, 5678); err != nil {
		t.Skip(err)
	}
	w.apply(w.replace("go.mod", "1.24", "1.25"))
	info, err := os.Stat(w.path("go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !ok || stat.Uid != 1234 || stat.Gid != 5678 {
		t.Errorf("the file belongs to %+v", info.Sys())
	}
}

func TestInstallWithoutAGo(t *testing.T) {
	w := newWorld(t)
	w.opts.Environ["PATH"] = "."
	_, err := Apply(context.Background(), w.opts, fixOf(installAction("go1.25.3")))
	if err == nil || !strings.Contains(err.Error(), "there is no go on PATH") {
		t.Errorf("without a go: %v", err)
	}
	w.opts.Toolchains = []drift.Toolchain{{Version: "go1.20.14", Executable: "/nowhere/go", Origin: drift.OriginPath}}
	_, err = Apply(context.Background(), w.opts, fixOf(installAction("go1.25.3")))
	if err == nil || !strings.Contains(err.Error(), "go1.20.14 cannot fetch toolchains") {
		t.Errorf("with an old go: %v", err)
	}
	w.script("echo go version go1.2.3 x/y\n")
	_, err = Apply(context.Background(), w.opts, fixOf(installAction("go1.25.3")))
	if err == nil || !strings.Contains(err.Error(), "stands on PATH before it") {
		t.Errorf("with a go that is another: %v", err)
	}
}
