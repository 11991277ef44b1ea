package cgo

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"godrift.dev/server/drift/ports"
)

// TestReadResult holds the reader of programs to what Go itself writes for every
// port: the format and the processor, and no other port's.
func TestReadResult(t *testing.T) {
	dir := t.TempDir()
	source := filepath.Join(dir, "x.go")
	if err := os.WriteFile(source, []byte("package main\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, pair := range []string{"linux/amd64", "linux/arm64", "linux/386", "windows/amd64", "windows/386", "darwin/arm64", "darwin/amd64", "linux/s390x", "linux/ppc64le", "linux/mips", "aix/ppc64"} {
		p, _ := ports.Parse(pair)
		file := filepath.Join(dir, p.GOOS+"-"+p.GOARCH)
		cmd := exec.Command("go", "build", "-o", file, source)
		cmd.Env = append(os.Environ(), "GOOS="+p.GOOS, "GOARCH="+p.GOARCH, "CGO_ENABLED=0", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", pair, err, out)
		}
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		res, err := ReadResult(f)
		_ = f.Close()
		if err != nil {
			t.Errorf("%s: %v", pair, err)
			continue
		}
		if machine, system := res.fits(p); !machine || !system {
			t.Errorf("%s is read as %s", pair, res)
		}
		for _, other := range []string{"linux/riscv64", "windows/arm64", "linux/mipsle", "linux/ppc64"} {
			o, _ := ports.Parse(other)
			if machine, system := res.fits(o); machine && system {
				t.Errorf("%s is taken for %s", pair, other)
			}
		}
	}
}

func TestSystemOf(t *testing.T) {
	for interp, want := range map[string]string{
		"/lib64/ld-linux-x86-64.so.2": "linux", "/lib/ld-linux-aarch64.so.1": "linux", "/lib/ld-musl-x86_64.so.1": "linux", "/lib/ld64.so.1": "linux",
		"/system/bin/linker64": "android", "/usr/libexec/ld.elf_so": "netbsd", "/usr/libexec/ld.so": "openbsd", "/libexec/ld-elf.so.1": "freebsd",
		"/usr/libexec/ld-elf.so.2": "dragonfly", "/lib/amd64/ld.so.1": "solaris", "": "", "/nix/store/x/lib/ld-linux-x86-64.so.2": "linux",
	} {
		if got := systemOf(interp, 0); got != want {
			t.Errorf("%s belongs to %q, want %q", interp, got, want)
		}
	}
}

// FuzzReadResult holds that no file breaks the reader.
func FuzzReadResult(f *testing.F) {
	self, err := os.Executable()
	if err != nil {
		f.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(program[:4096])
	f.Add([]byte("MZ" + string(make([]byte, 80))))
	f.Add([]byte("\x7fELF\x02\x01\x01" + string(make([]byte, 57))))
	f.Add([]byte("\xcf\xfa\xed\xfe\x0c\x00\x00\x01" + string(make([]byte, 57))))
	f.Fuzz(func(_ *testing.T, text []byte) {
		if res, err := ReadResult(bytes.NewReader(text)); err == nil {
			_ = res.String()
		}
	})
}

func TestPortOf(t *testing.T) {
	for triple, want := range map[string]string{
		"x86_64-linux-gnu": "linux/amd64", "aarch64-linux-gnu": "linux/arm64", "x86_64-w64-mingw32": "windows/amd64", "i686-w64-mingw32": "windows/386",
		"arm64-apple-darwin24.1.0": "darwin/arm64", "x86_64-unknown-freebsd14.2": "freebsd/amd64", "arm-linux-gnueabihf": "linux/arm",
		"aarch64-unknown-linux-android24": "android/arm64", "x86_64-alpine-linux-musl": "linux/amd64", "mips64el-linux-gnuabi64": "linux/mips64le",
		"powerpc64le-linux-gnu": "linux/ppc64le", "x86_64-pc-windows-msvc": "windows/amd64", "": "/", "nonsense": "/",
	} {
		if got := PortOf(triple).String(); got != want {
			t.Errorf("%s is %s, want %s", triple, got, want)
		}
	}
	if on("linux/386").foreign("x86_64-linux-gnu") || on("linux/amd64").foreign("") || !on("linux/arm64").foreign("x86_64-linux-gnu") || !on("windows/amd64").foreign("x86_64-linux-gnu") {
		t.Error("what a compiler can build for is judged wrongly")
	}
}
