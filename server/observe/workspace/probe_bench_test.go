package workspace

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/toolchain"
)

// machine is a machine made up in a temporary folder: two Gos, whose programs
// are text files, so that their versions come from the tree, a GOENV file and a
// module.
func machine(tb testing.TB) (w World, dir string) {
	tb.Helper()
	root := tb.TempDir()
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	write := func(name, text string, mode os.FileMode) {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			tb.Fatal(err)
		}
	}
	write("sdk/bin/go", "\x7fELF\x00 no real program", 0o755)
	write("sdk/VERSION", "go1.26.3\n", 0o644)
	write("sdk/pkg/tool/linux_amd64/compile", "", 0o755)
	write("sdk/go.env", "GOPROXY=https://proxy.example,direct\nGOSUMDB=sum.example\nGOTOOLCHAIN=auto\n", 0o644)
	write("home/.config/go/env", "GOPRIVATE=example.com\nGOFLAGS=-mod=mod\n", 0o644)
	write("home/ws/go.mod", "module example.com/m\n\ngo 1.25.0\n", 0o644)
	for n := range 6 {
		write(fmt.Sprintf("home/ws/a/b/c/%d.go", n), "package c\n", 0o644)
	}
	return World{
		Files: Disk(),
		Environ: map[string]string{
			"HOME":  filepath.Join(root, "home"),
			"PATH":  filepath.Join(root, "none") + ":" + filepath.Join(root, "sdk/bin") + ":/usr/bin:/bin",
			"SHELL": "/bin/sh",
		},
		Of:   "cli",
		Host: drift.Host{GOOS: "linux", GOARCH: "amd64"},
	}, filepath.Join(root, "home/ws")
}

// BenchmarkRecompute is a probe of the machine anew with one selection and one
// environment: what is compared with "go env -json". Programs stay identified.
func BenchmarkRecompute(b *testing.B) {
	w, dir := machine(b)
	p := Probe(w, dir)
	p.Environment(dir)
	b.ReportAllocs()
	for b.Loop() {
		p = p.Again(w, dir)
		p.Select(dir)
		p.Environment(dir)
	}
}

// BenchmarkRecomputeSelection is the same without the environment.
func BenchmarkRecomputeSelection(b *testing.B) {
	w, dir := machine(b)
	p := Probe(w, dir)
	p.Select(dir)
	b.ReportAllocs()
	for b.Loop() {
		p = p.Again(w, dir)
		p.Select(dir)
	}
}

// BenchmarkUnchanged is what it takes to know that nothing changed.
func BenchmarkUnchanged(b *testing.B) {
	w, dir := machine(b)
	p := Probe(w, dir)
	p.Select(dir)
	p.Environment(dir)
	b.ReportAllocs()
	for b.Loop() {
		if !p.Unchanged() {
			b.Fatal("something changed")
		}
	}
}

// BenchmarkSelectAgain is one more folder of a probe.
func BenchmarkSelectAgain(b *testing.B) {
	w, dir := machine(b)
	p := Probe(w, dir)
	b.ReportAllocs()
	for b.Loop() {
		p.Select(dir)
	}
}

func BenchmarkDiscover(b *testing.B) {
	w, _ := machine(b)
	b.ReportAllocs()
	for b.Loop() {
		toolchain.Discover(w.Files, w.Environ, w.Host)
	}
}

// BenchmarkIdentify reads the version out of the go command that runs this test.
func BenchmarkIdentify(b *testing.B) {
	goroot := os.Getenv("GOROOT")
	if goroot == "" {
		b.Skip("GOROOT is not set; go test sets it")
	}
	b.ReportAllocs()
	for b.Loop() {
		var ps toolchain.Programs
		ps.Identify(Disk(), os.Getenv, filepath.Join(goroot, "bin", "go"))
	}
}
