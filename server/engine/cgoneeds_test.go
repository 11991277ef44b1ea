package engine

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/ports"
)

// mixedModule has packages of every kind, a dependency beside it, and two programs.
func mixedModule(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	const c = "// int f(void) { return 0; }\nimport \"C\"\n\nfunc F() int { return int(C.f()) }\n"
	for name, text := range map[string]string{
		"m/go.mod":             "module example.com/m\n\ngo 1.21\n\nrequire example.com/dep v1.2.3\n\nreplace example.com/dep => ../dep\n",
		"m/only/only.go":       "package only\n\n" + c,
		"m/half/half.go":       "package half\n\n" + c,
		"m/half/half_nocgo.go": "//go:build !cgo\n\npackage half\n\nfunc F() int { return 0 }\n",
		"m/part/part.go":       "package part\n\n" + c,
		"m/part/user.go":       "package part\n\nfunc G() int { return F() }\n",
		"m/plain/plain.go":     "package plain\n\n// \"C\" is a letter.\nfunc F() int { return 0 }\n",
		"m/windows/windows.go": "//go:build windows\n\npackage windows\n\n" + c,
		"m/testdata/x/x.go":    "package x\n\n" + c,
		"m/cmd/app/main.go":    "package main\n\nimport (\n\t\"net\"\n\t\"os/user\"\n\n\t\"example.com/dep/c\"\n)\n\nfunc main() { _, _ = net.LookupHost(\"x\"); _, _ = user.Current(); c.F() }\n",
		"m/cmd/tiny/main.go":   "package main\n\nimport \"example.com/m/plain\"\n\nfunc main() { plain.F() }\n",
		"m/nested/go.mod":      "module example.com/nested\n",
		"m/nested/c/c.go":      "package c\n\n" + c,
		"dep/go.mod":           "module example.com/dep\n\ngo 1.21\n",
		"dep/c/c.go":           "package c\n\n" + c,
	} {
		file := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(root, "m")
}

// TestCgoNeedsEqualBuild holds what is said of every package to what go build does
// without cgo.
func TestCgoNeedsEqualBuild(t *testing.T) {
	dir := mixedModule(t)
	world := Here("cli")
	world.Environ["GOFLAGS"] = ""
	host := ports.Port{GOOS: runtime.GOOS, GOARCH: runtime.GOARCH}
	opts := Options{Root: dir, World: world, Trusted: true}
	needs, err := CgoNeeds(t.Context(), opts, dir, host, true)
	if err != nil || needs.OwnOnly {
		t.Fatalf("%+v, %v", needs, err)
	}
	want := map[string]drift.CgoNeed{
		"example.com/m/only": drift.CgoRequired, "example.com/m/part": drift.CgoRequired, "example.com/m/half": drift.CgoFallback, "example.com/dep/c": drift.CgoRequired,
	}
	for _, p := range needs.Packages {
		if p.Standard {
			continue
		}
		if want[p.Path] != p.Need {
			t.Errorf("%s is %s, want %q", p.Path, p.Need, want[p.Path])
		}
		delete(want, p.Path)
		cmd := exec.Command("go", "build", p.Path)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOTOOLCHAIN=local")
		out, err := cmd.CombinedOutput()
		if (err == nil) != (p.Need == drift.CgoFallback) {
			t.Errorf("%s is %s, and go build says %v\n%s", p.Path, p.Need, err, out)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	if len(needs.Needing()) != 3 || needs.Packages[0].Path != "example.com/m/half" || !needs.Packages[0].Own {
		t.Errorf("the packages are %+v", needs.Packages)
	}

	// Without a go command the module's own are found alone.
	own, err := CgoNeeds(t.Context(), opts, dir, host, false)
	if err != nil || !own.OwnOnly {
		t.Fatalf("%+v, %v", own, err)
	}
	var paths []string
	for _, p := range own.Packages {
		paths = append(paths, p.Path)
	}
	if !slices.Equal(paths, []string{"example.com/m/half", "example.com/m/only", "example.com/m/part"}) {
		t.Errorf("the module's own packages are %v", paths)
	}
}

// TestCgoEffectsAreReal holds what is said of programs to programs.
func TestCgoEffectsAreReal(t *testing.T) {
	needCompilers(t, "gcc")
	dir := mixedModule(t)
	world := Here("cli")
	world.Environ["GOFLAGS"] = ""
	host := ports.Port{GOOS: "linux", GOARCH: "amd64"}
	needs, err := CgoNeeds(t.Context(), Options{Root: dir, World: world}, dir, host, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, program := range needs.Programs {
		effects := CgoEffects(program, needs, "linux")
		topics := map[string]bool{}
		for _, e := range effects {
			topics[e.What] = true
		}
		for _, enabled := range []string{"0", "1"} {
			file := filepath.Join(t.TempDir(), "out")
			cmd := exec.Command("go", "build", "-o", file, program.Path)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "CGO_ENABLED="+enabled, "GOFLAGS=", "GOTOOLCHAIN=local")
			out, err := cmd.CombinedOutput()
			if built := err == nil; built != (enabled == "1" || !topics["example.com/dep/c"]) {
				t.Errorf("%s with CGO_ENABLED=%s: %v\n%s", program.Path, enabled, err, out)
				continue
			}
			if err != nil {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if dynamic := bytes.Contains(text, []byte("/lib64/ld-linux")); dynamic != (topics["linking"] && enabled == "1") {
				t.Errorf("%s with CGO_ENABLED=%s is linked dynamically: %v; said is %v", program.Path, enabled, dynamic, topics)
			}
			if c := bytes.Contains(text, []byte("getaddrinfo")); enabled == "1" && topics["names of hosts"] && !c {
				t.Errorf("%s does not call the C library's resolver", program.Path)
			}
		}
		if (program.Path == "example.com/m/cmd/app") != topics["users and groups"] {
			t.Errorf("%s: %v", program.Path, topics)
		}
	}
	if len(needs.Programs) != 2 {
		t.Errorf("the programs are %+v", needs.Programs)
	}
}

// TestCgoPicture holds the reasons that are told to the layers they stand for.
func TestCgoPicture(t *testing.T) {
	dir := t.TempDir()
	world := Here("cli")
	for _, name := range []string{"GOOS", "GOARCH", "CGO_ENABLED", "CC"} {
		delete(world.Environ, name)
	}
	world.Environ["GOENV"] = filepath.Join(dir, "env")
	if err := os.WriteFile(world.Environ["GOENV"], []byte("CC=clang-99\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	world.Environ["GOARCH"] = "s390x"
	m, err := Cgo(t.Context(), Options{Root: dir, World: world}, CgoRequest{Dir: dir, Targets: []ports.Port{{GOOS: "js", GOARCH: "wasm"}}})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range m.Picture {
		got[s.Name+"="+s.Value] = s.Text
	}
	want := map[string]string{
		"GOARCH=s390x":  "set in the environment: cross-compiling, which switches cgo off unless CGO_ENABLED says otherwise",
		"CGO_ENABLED=0": "cgo is off by default whenever GOOS or GOARCH is not this machine's",
		"CC=clang-99":   "set in " + world.Environ["GOENV"] + ":1, by go env -w; there is no such program",
	}
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: %q, want %q (%v)", name, got[name], text, got)
		}
	}
	if len(m.Picture) != 5 || m.Picture[0].Name != "GOROOT" {
		t.Errorf("the picture is %+v", m.Picture)
	}
}
