//go:build unix

package ask

import (
	"archive/zip"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func write(t *testing.T, file, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// downloaded is a module with one dependency, which the real go command downloaded
// into a module cache of its own.
func downloaded(t *testing.T) (v ModVerify, cache string) {
	t.Helper()
	program, err := exec.LookPath("go")
	if err != nil {
		t.Fatalf("the go command is what is asked here: %v", err)
	}
	top := t.TempDir()
	proxy := filepath.Join(top, "proxy", "example.com", "dep", "@v")
	write(t, filepath.Join(proxy, "v1.0.0.mod"), "module example.com/dep\n", 0o644)
	write(t, filepath.Join(proxy, "v1.0.0.info"), `{"Version":"v1.0.0"}`, 0o644)
	f, err := os.Create(filepath.Join(proxy, "v1.0.0.zip"))
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(f)
	for name, text := range map[string]string{"go.mod": "module example.com/dep\n", "dep.go": "package dep\n"} {
		w, err := archive.Create("example.com/dep@v1.0.0/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(top, "app")
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.21\n\nrequire example.com/dep v1.0.0\n", 0o644)
	cache = filepath.Join(top, "cache")
	v = ModVerify{Program: program, Dir: dir, Limit: time.Minute, Environ: map[string]string{
		"HOME": top, "PATH": os.Getenv("PATH"), "GOMODCACHE": cache, "GOFLAGS": "-modcacherw", "GOENV": "off", "GOCACHE": filepath.Join(top, "gocache"),
	}}
	cmd := exec.Command(program, "mod", "download")
	cmd.Dir = dir
	for name, value := range v.Environ {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, "GOPROXY=file://"+filepath.Join(top, "proxy"), "GOSUMDB=off", "GOTOOLCHAIN=local")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go mod download: %v\n%s", err, out)
	}
	return v, cache
}

// The real go command says what is bad, and it is understood.
func TestModVerify(t *testing.T) {
	v, cache := downloaded(t)
	if bad, err := v.Run(t.Context()); err != nil || len(bad) > 0 {
		t.Fatalf("as downloaded: %v, %v", bad, err)
	}
	source := filepath.Join(cache, "example.com", "dep@v1.0.0", "dep.go")
	write(t, source, "package dep // changed\n", 0o644)
	bad, err := v.Run(t.Context())
	if err != nil || len(bad) != 1 || bad[0].Kind != "dir" || bad[0].Path != "example.com/dep" || bad[0].Version != "v1.0.0" || bad[0].File != filepath.Dir(source) {
		t.Errorf("a changed file: %+v, %v", bad, err)
	}
	hash := filepath.Join(cache, "cache", "download", "example.com", "dep", "@v", "v1.0.0.ziphash")
	write(t, hash, "h1:AAAA", 0o644)
	if bad, err = v.Run(t.Context()); err != nil || len(bad) != 2 || bad[0].Kind != "zip" || bad[1].Kind != "dir" || !strings.HasSuffix(bad[0].File, "v1.0.0.zip") {
		t.Errorf("another hash: %+v, %v", bad, err)
	}
	if err := os.Remove(hash); err != nil {
		t.Fatal(err)
	}
	if bad, err = v.Run(t.Context()); err != nil || len(bad) != 1 || bad[0].Kind != "ziphash" || bad[0].File != hash {
		t.Errorf("without a hash: %+v, %v", bad, err)
	}
	write(t, hash, "h1:AAAA", 0o644)
	write(t, strings.TrimSuffix(hash, "hash"), "no zip", 0o644)
	if bad, err = v.Run(t.Context()); err != nil || len(bad) != 1 || bad[0].Kind != "other" {
		t.Errorf("a broken zip: %+v, %v", bad, err)
	}
	write(t, filepath.Join(v.Dir, "go.mod"), "module example.com/app\n\ngo 1.21\n\nrequire example.com/more v1.0.0\n", 0o644)
	if bad, err = v.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "GOPROXY=off") {
		t.Errorf("what is not in the cache: %+v, %v", bad, err)
	}
}

// A go command that hangs is ended with what it has started, and so is one that
// nobody waits for any more.
func TestModVerifyEnds(t *testing.T) {
	home := t.TempDir()
	program := filepath.Join(home, "go")
	write(t, program, "#!/bin/sh\n[ -z \"$TELL\" ] || echo x > \"$TELL\"\nsleep 3600 & sleep 3600\n", 0o755)
	v := ModVerify{Program: program, Dir: home, Environ: map[string]string{"HOME": home, "PATH": os.Getenv("PATH")}, Limit: 300 * time.Millisecond}
	if _, err := v.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no answer within") {
		t.Errorf("a go that hangs: %v", err)
	}
	v.Limit = time.Minute
	pipe := filepath.Join(home, "pipe")
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	v.Environ["TELL"] = pipe
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		_, _ = os.ReadFile(pipe) // which waits until it runs
		cancel()
	}()
	if _, err := v.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	if left := stillRunning(t, home); len(left) > 0 {
		t.Errorf("still running: %v", left)
	}
	v.Program = filepath.Join(home, "none")
	if _, err := v.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "start ") {
		t.Errorf("no program: %v", err)
	}
}

func FuzzReadVerified(f *testing.F) {
	f.Add("example.com/dep v1.0.0: dir has been modified (/a b (c)/d)\n")
	f.Add("example.com/dep v1.0.0: missing ziphash: open /x/v1.0.0.ziphash: no such file or directory\r\n")
	f.Add("example.com/dep v1.0.0: zip: not a valid zip file\ngo: x")
	f.Fuzz(func(t *testing.T, text string) {
		bad, rest := readVerified(text)
		lines := strings.Count(rest, "\n")
		for range strings.Lines(text) {
			lines--
		}
		if len(bad) != -lines {
			t.Errorf("%d bad and %q of %q", len(bad), rest, text)
		}
		for _, b := range bad {
			if b.Path == "" || !strings.HasPrefix(b.Version, "v") || b.Says == "" {
				t.Errorf("%+v", b)
			}
		}
	})
}
