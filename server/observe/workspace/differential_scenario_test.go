//go:build linux

package workspace_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// A scenario is one made-up machine: the Gos installed on it, its files, and
// the environment of a process in one folder. In every text {ROOT} stands for
// the scenario's folder, {TC:1.25.3} for the GOROOT of a fetched toolchain,
// {PROXYHOST} and {SUMDB} for the hosts in the go.env that Go is shipped with.
type scenario struct {
	Name     string
	Kind     string
	Note     string
	Installs []install
	Files    []file
	// ModCache are the versions in the module cache at {ROOT}/home/go/pkg/mod.
	ModCache []string
	// Proxy are the files of a module proxy at {ROOT}/proxy.
	Proxy map[string]string
	Env   map[string]string
	Cwd   string
	// Unsaved are files whose text godrift gets from an editor while the disk
	// holds something else; "" in Disk means that there is no such file.
	Unsaved []unsaved
}

// install is a GOROOT made of links into a fetched toolchain.
type install struct {
	Dir     string
	Version string
	// GoEnv is the text of go.env; as shipped if Shipped.
	GoEnv   string
	Shipped bool
	NoGoEnv bool
	NoTool  bool
}

// file is a file below {ROOT}: a text, a link or a folder.
type file struct {
	Path    string
	Content string
	Symlink string
	Dir     bool
	Mode    fs.FileMode
}

type unsaved struct {
	Path string
	Disk string
}

// stub is a stand-in for a toolchain of that name.
func stub(name string) string {
	return strings.ReplaceAll(`#!/bin/sh
# a stand-in for toolchain NAME
case "$1" in
version) echo "go version NAME {HOST}";;
env) if [ "$2" = -json ]; then echo '{"GOVERSION":"NAME","GOROOT":"/stub/NAME","GOTOOLCHAIN":"'"$GOTOOLCHAIN"'"}'; else echo "stub NAME $*"; fi;;
*) echo "stub NAME $* switch=$GOTOOLCHAIN_INTERNAL_SWITCH_VERSION";;
esac
`, "NAME", name)
}

// machine is a scenario on disk.
type machine struct {
	root  string
	cwd   string
	env   map[string]string
	texts *strings.Replacer
}

// build writes the scenario to a folder of its own, to be removed by the
// caller. Background children of the go command may still write into it, so
// testing's TempDir, which insists on removing all, does not serve.
func (s *scenario) build(tcs *toolchains) (*machine, error) {
	root, err := os.MkdirTemp("", "drift")
	if err != nil {
		return nil, err
	}
	if root, err = filepath.EvalSymlinks(root); err != nil {
		return nil, err
	}
	m := &machine{root: root, env: map[string]string{}, texts: tcs.replacer(root)}
	if err := m.fill(s, tcs); err != nil {
		return m, err
	}
	for k, v := range s.Env {
		m.env[k] = m.texts.Replace(v)
	}
	m.cwd = m.texts.Replace(s.Cwd)
	if _, ok := m.env["PWD"]; !ok {
		m.env["PWD"] = m.cwd
	}
	return m, os.MkdirAll(m.cwd, 0o755)
}

func (m *machine) fill(s *scenario, tcs *toolchains) error {
	for _, in := range s.Installs {
		if err := m.install(in, tcs); err != nil {
			return err
		}
	}
	for _, v := range s.ModCache {
		if err := m.cacheToolchain(v, tcs); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.Proxy)) {
		if err := m.write(filepath.Join("proxy", name), m.texts.Replace(s.Proxy[name]), 0o644); err != nil {
			return err
		}
	}
	for _, f := range s.Files {
		if err := m.file(f); err != nil {
			return err
		}
	}
	return nil
}

func (m *machine) file(f file) error {
	path := filepath.Join(m.root, f.Path)
	switch {
	case f.Dir:
		os.Remove(path)
		return os.MkdirAll(path, 0o755)
	case f.Symlink != "":
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		os.Remove(path)
		return os.Symlink(m.texts.Replace(f.Symlink), path)
	}
	mode := f.Mode
	if mode == 0 {
		mode = 0o644
	}
	return m.write(f.Path, m.texts.Replace(f.Content), mode)
}

func (m *machine) write(name, content string, mode fs.FileMode) error {
	path := filepath.Join(m.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	os.Remove(path)
	// A child that another goroutine forks while the file is open for writing
	// would keep it open, and running it then fails with "text file busy".
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	return os.WriteFile(path, []byte(content), mode)
}

func (m *machine) install(in install, tcs *toolchains) error {
	from, ok := tcs.roots[in.Version]
	if !ok {
		return fmt.Errorf("no toolchain %s", in.Version)
	}
	to := filepath.Join(m.root, in.Dir)
	if err := os.MkdirAll(filepath.Join(to, "bin"), 0o755); err != nil {
		return err
	}
	if err := tcs.link(in.Version, filepath.Join(to, "bin", "go")); err != nil {
		return err
	}
	// pkg is a folder of its own: it may be the scenario's GOPATH/pkg too.
	if err := os.MkdirAll(filepath.Join(to, "pkg"), 0o755); err != nil {
		return err
	}
	for _, name := range []string{"pkg/tool", "src", "lib"} {
		if name == "pkg/tool" && in.NoTool {
			continue
		}
		if err := os.Symlink(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	text, err := os.ReadFile(filepath.Join(from, "VERSION"))
	if err != nil {
		return err
	}
	if err := m.write(filepath.Join(in.Dir, "VERSION"), string(text), 0o644); err != nil {
		return err
	}
	if in.NoGoEnv || in.Shipped && in.Version == "1.20.14" {
		return nil
	}
	goenv := in.GoEnv
	if in.Shipped {
		goenv = tcs.goEnv
	}
	return m.write(filepath.Join(in.Dir, "go.env"), m.texts.Replace(goenv), 0o644)
}

// cacheToolchain puts a fetched toolchain into the scenario's module cache,
// with what the checksum database said about it.
func (m *machine) cacheToolchain(v string, tcs *toolchains) error {
	dir := filepath.Join(m.root, "home", "go", "pkg", "mod")
	name := "v0.0.1-go" + v + "." + tcs.host.GOOS + "-" + tcs.host.GOARCH
	links := map[string]string{
		filepath.Join("golang.org", "toolchain@"+name):                                       "",
		filepath.Join("cache", "download", "golang.org", "toolchain", "@v", name+".ziphash"): "",
		filepath.Join("cache", "download", "golang.org", "toolchain", "@v", name+".zip"):     "",
		filepath.Join("cache", "download", "sumdb"):                                          "",
	}
	for link := range links {
		to := filepath.Join(dir, link)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.Symlink(filepath.Join(tcs.modCache, link), to); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return nil
}

// getwd is what os.Getwd returns to a process in the scenario's folder: $PWD
// if it names that folder, else the folder with all links resolved.
func (m *machine) getwd() (string, error) {
	if pwd := m.env["PWD"]; filepath.IsAbs(pwd) {
		a, errA := os.Stat(pwd)
		b, errB := os.Stat(m.cwd)
		if errA == nil && errB == nil && os.SameFile(a, b) {
			return pwd, nil
		}
	}
	return filepath.EvalSymlinks(m.cwd)
}

// environ is the environment as a process gets it.
func (m *machine) environ() []string {
	list := make([]string, 0, len(m.env))
	for _, k := range slices.Sorted(maps.Keys(m.env)) {
		list = append(list, k+"="+m.env[k])
	}
	return list
}

// remove deletes the machine. What a background child of the go command
// writes after this stays behind in the temporary folder.
func (m *machine) remove() { _ = os.RemoveAll(m.root) }

// link puts the go command of a version at path, as a file of its own: a
// symbolic link would lead it to another GOROOT.
func (tcs *toolchains) link(v, path string) error {
	from := filepath.Join(tcs.roots[v], "bin", "go")
	err := os.Link(from, path)
	if errors.Is(err, syscall.EXDEV) || errors.Is(err, fs.ErrPermission) {
		text, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		return os.WriteFile(path, text, 0o755)
	}
	return err
}

// describe prints the scenario for a failing test.
func (s *scenario) describe(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s) %s\n", s.Name, s.Kind, s.Note)
	for _, in := range s.Installs {
		fmt.Fprintf(&b, "  install %s: %s", in.Dir, in.Version)
		switch {
		case in.NoGoEnv:
			b.WriteString(" without go.env")
		case !in.Shipped:
			fmt.Fprintf(&b, " go.env %q", in.GoEnv)
		}
		if in.NoTool {
			b.WriteString(" without pkg/tool")
		}
		b.WriteString("\n")
	}
	if len(s.ModCache) > 0 {
		fmt.Fprintf(&b, "  module cache: %s\n", strings.Join(s.ModCache, " "))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Proxy)) {
		fmt.Fprintf(&b, "  proxy %s: %q\n", name, s.Proxy[name])
	}
	for _, f := range s.Files {
		switch {
		case f.Dir:
			fmt.Fprintf(&b, "  %s/\n", f.Path)
		case f.Symlink != "":
			fmt.Fprintf(&b, "  %s -> %s\n", f.Path, f.Symlink)
		case strings.Contains(f.Content, "a stand-in for toolchain"):
			fmt.Fprintf(&b, "  %s: stub %o\n", f.Path, f.Mode)
		default:
			fmt.Fprintf(&b, "  %s: %q", f.Path, f.Content)
			if f.Mode != 0 {
				fmt.Fprintf(&b, " %o", f.Mode)
			}
			b.WriteString("\n")
		}
	}
	for _, u := range s.Unsaved {
		fmt.Fprintf(&b, "  unsaved %s, on disk %q\n", u.Path, u.Disk)
	}
	fmt.Fprintf(&b, "  cwd %s, environment:\n", s.Cwd)
	for _, k := range slices.Sorted(maps.Keys(s.Env)) {
		fmt.Fprintf(&b, "    %s=%q\n", k, s.Env[k])
	}
	return b.String()
}
