package goenv

import (
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"godrift.dev/server/drift"
)

// machine is a made-up machine for a test.
type machine struct {
	Version string // of the go, whose tree is /go
	Environ map[string]string
	Dir     string
	Files   map[string]string // by absolute name; one that ends with a slash is a folder
}

func load(t *testing.T, m machine) *Config {
	t.Helper()
	files := memory{fstest.MapFS{"go/pkg/tool/x": {}, "ws/x": {}, "tmp/x": {}}}
	for name, text := range m.Files {
		if strings.HasSuffix(name, "/") {
			name += "x"
		}
		files.MapFS[strings.TrimPrefix(name, "/")] = &fstest.MapFile{Data: []byte(text), Mode: 0o755}
	}
	if m.Dir == "" {
		m.Dir = "/ws"
	}
	return Load(Input{
		Files: files, Environ: m.Environ, Host: drift.Host{GOOS: "linux", GOARCH: "amd64"},
		Dir: m.Dir, Version: m.Version, Executable: "/go/bin/go",
	})
}

// memory is a drift.Files in memory, without links.
type memory struct{ fstest.MapFS }

func rel(name string) string {
	if name = strings.TrimPrefix(filepath.ToSlash(filepath.Clean(name)), "/"); name == "" {
		return "."
	}
	return name
}

func (m memory) ReadFile(name string) ([]byte, error)       { return m.MapFS.ReadFile(rel(name)) }
func (m memory) Stat(name string) (fs.FileInfo, error)      { return m.MapFS.Stat(rel(name)) }
func (m memory) Lstat(name string) (fs.FileInfo, error)     { return m.MapFS.Stat(rel(name)) }
func (m memory) ReadDir(name string) ([]fs.DirEntry, error) { return m.MapFS.ReadDir(rel(name)) }
func (m memory) EvalSymlinks(name string) (string, error) {
	if _, err := m.Stat(name); err != nil {
		return "", err
	}
	return filepath.Clean(name), nil
}

func variable(t *testing.T, c *Config, name string) drift.Variable {
	t.Helper()
	e := drift.Environment{Variables: c.Variables()}
	v, ok := e.Lookup(name)
	if !ok {
		t.Fatalf("go env of %s has no %s", c.in.Version, name)
	}
	return v
}

func TestLayers(t *testing.T) {
	const user, goenv = "/home/.config/go/env", "/go/go.env"
	home := map[string]string{"HOME": "/home"}
	with := func(name, value string) map[string]string {
		return map[string]string{"HOME": "/home", name: value}
	}
	tests := []struct {
		name string
		m    machine
		want drift.Variable
	}{
		{
			"process over the user's file over go.env",
			machine{Environ: with("GOPROXY", "off"), Files: map[string]string{user: "\nGOPROXY=direct\n", goenv: "GOPROXY=https://p\n"}},
			drift.Variable{Name: "GOPROXY", Layer: drift.Layer{Kind: drift.LayerProcess, Value: "off"}, Shadowed: []drift.Layer{
				{Kind: drift.LayerGOENV, Value: "direct", File: user, Line: 2},
				{Kind: drift.LayerGoEnv, Value: "https://p", File: goenv, Line: 1},
			}},
		},
		{
			"an empty process value does not count",
			machine{Environ: with("GOTOOLCHAIN", ""), Files: map[string]string{goenv: "# x\nGOTOOLCHAIN=auto\n"}},
			drift.Variable{Name: "GOTOOLCHAIN", Layer: drift.Layer{Kind: drift.LayerGoEnv, Value: "auto", File: goenv, Line: 2}},
		},
		{
			"an empty line in the user's file hides go.env",
			machine{Environ: home, Files: map[string]string{user: "GOTOOLCHAIN=\n", goenv: "GOTOOLCHAIN=auto\n"}},
			drift.Variable{Name: "GOTOOLCHAIN", Layer: drift.Layer{Kind: drift.LayerGOENV, File: user, Line: 1}, Shadowed: []drift.Layer{
				{Kind: drift.LayerGoEnv, Value: "auto", File: goenv, Line: 1},
			}},
		},
		{
			"the default stands behind",
			machine{Environ: with("GOOS", "plan9")},
			drift.Variable{Name: "GOOS", Layer: drift.Layer{Kind: drift.LayerProcess, Value: "plan9"}, Shadowed: []drift.Layer{
				{Kind: drift.LayerDefault, Value: "linux"},
			}},
		},
		{
			"GOMODCACHE follows GOPATH",
			machine{Environ: home, Files: map[string]string{user: "GOPATH=/a:/b\n"}},
			drift.Variable{Name: "GOMODCACHE", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "/a/pkg/mod"}},
		},
		{
			"GOROOT of the process, go.env of the user's file",
			machine{Environ: with("GOROOT", "/other"), Files: map[string]string{user: "GOROOT=/third\n", "/third/go.env": "GOVCS=x\n", "/other/go.env": "GOVCS=y\n"}},
			drift.Variable{Name: "GOVCS", Layer: drift.Layer{Kind: drift.LayerGoEnv, Value: "x", File: "/third/go.env", Line: 1}},
		},
		{
			"GOROOT in go.env does not count",
			machine{Environ: home, Files: map[string]string{goenv: "GOROOT=/nowhere\n"}},
			drift.Variable{Name: "GOROOT", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "/go"}},
		},
		{
			"GODEBUG in a file does not count",
			machine{Environ: home, Files: map[string]string{user: "GODEBUG=x=1\n"}},
			drift.Variable{Name: "GODEBUG", Layer: drift.Layer{Kind: drift.LayerDefault}},
		},
		{
			"a relative GOCACHE is off",
			machine{Environ: with("GOCACHE", "rel")},
			drift.Variable{Name: "GOCACHE", Layer: drift.Layer{Kind: drift.LayerProcess, Value: "off"}, Shadowed: []drift.Layer{
				{Kind: drift.LayerDefault, Value: "/home/.cache/go-build"},
			}},
		},
		{
			"GOENV=off reads no file",
			machine{Environ: with("GOENV", "off"), Files: map[string]string{user: "GOBIN=/b\n"}},
			drift.Variable{Name: "GOBIN", Layer: drift.Layer{Kind: drift.LayerDefault}},
		},
		{
			"a relative GOENV counts from the current folder",
			machine{Environ: with("GOENV", "env"), Files: map[string]string{"/ws/env": "GOBIN=/b\n"}},
			drift.Variable{Name: "GOBIN", Layer: drift.Layer{Kind: drift.LayerGOENV, Value: "/b", File: "/ws/env", Line: 1}},
		},
		{
			"GOWORK is found",
			machine{Environ: home, Dir: "/ws/a/b", Files: map[string]string{"/ws/go.work": "go 1.21\n", "/ws/a/b/": ""}},
			drift.Variable{Name: "GOWORK", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "/ws/go.work"}},
		},
		{
			"go.mod directly in the folder for temporary files is none",
			machine{Environ: with("TMPDIR", "/ws"), Files: map[string]string{"/ws/go.mod": "module m\n"}},
			drift.Variable{Name: "GOMOD", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "/dev/null"}},
		},
		{
			"CC in a file does not switch cgo on",
			machine{Environ: with("PATH", "/bin"), Files: map[string]string{user: "CC=clang\n", "/bin/clang": ""}},
			drift.Variable{Name: "CGO_ENABLED", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "0"}},
		},
		{
			"a compiler on PATH does",
			machine{Environ: with("PATH", "/none:/bin"), Files: map[string]string{"/bin/gcc": ""}},
			drift.Variable{Name: "CGO_ENABLED", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "1"}},
		},
		{
			"a compiler found through a relative entry ends the search",
			machine{Environ: with("PATH", "bin:/bin"), Files: map[string]string{"/ws/bin/gcc": "", "/bin/gcc": ""}},
			drift.Variable{Name: "CGO_ENABLED", Layer: drift.Layer{Kind: drift.LayerDefault, Value: "0"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.m.Version == "" {
				tt.m.Version = "go1.26.8"
			}
			if got := variable(t, load(t, tt.m), tt.want.Name); !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// TestNames holds which variables each release has.
func TestNames(t *testing.T) {
	has := func(version string, environ map[string]string, names string) {
		t.Helper()
		e := drift.Environment{Variables: load(t, machine{Version: version, Environ: environ}).Variables()}
		for _, name := range strings.Fields(names) {
			bare, no := strings.CutPrefix(name, "-")
			if _, ok := e.Lookup(bare); ok == no {
				t.Errorf("%s %v: has %s: %v", version, environ, bare, ok)
			}
		}
		for i := 1; i < len(e.Variables); i++ {
			if e.Variables[i-1].Name >= e.Variables[i].Name {
				t.Errorf("%s: %s stands before %s", version, e.Variables[i-1].Name, e.Variables[i].Name)
			}
		}
	}
	has("go1.20.14", nil, "GOAMD64 -GOTOOLCHAIN -GODEBUG -GOAUTH")
	has("go1.21.0", nil, "GOTOOLCHAIN -GODEBUG -GOTELEMETRY")
	has("go1.23.12", nil, "GODEBUG GOTELEMETRY GOTELEMETRYDIR -GOFIPS140")
	has("go1.24.9", nil, "GOAUTH GOCACHEPROG GOFIPS140")
	has("go1.22.12", map[string]string{"GOARCH": "arm64"}, "-GOARM64 -GOAMD64")
	has("go1.23.12", map[string]string{"GOARCH": "arm64"}, "GOARM64 -GOAMD64")
	has("go1.26.8", map[string]string{"GOARCH": "s390x"}, "-GOAMD64")
}

func TestStopEnv(t *testing.T) {
	home := "/home"
	tests := []struct {
		name, version string
		environ       map[string]string
		files         map[string]string
		want          string
	}{
		{"fine", "go1.26.8", nil, nil, ""},
		{"pair", "go1.26.8", map[string]string{"GOOS": "darwin", "GOARCH": "386"}, nil, "go: unsupported GOOS/GOARCH pair darwin/386"},
		{"GO111MODULE", "go1.26.8", map[string]string{"GO111MODULE": "bogus"}, nil, "go: unknown environment setting GO111MODULE=bogus"},
		{"GOROOT", "go1.26.8", map[string]string{"GOROOT": "/none"}, nil, "go: cannot find GOROOT directory: /none"},
		{"GOPATH", "go1.26.8", map[string]string{"GOPATH": "gp"}, nil, "go: GOPATH entry is relative; must be absolute path: \"gp\".\nFor more details see: 'go help gopath'"},
		{"GOPATH before GOROOT until 1.21", "go1.21.13", map[string]string{"GOPATH": "~/x", "GOROOT": "/none"}, nil, `go: GOPATH entry cannot start with shell metacharacter '~': "~/x"`},
		{"GOTMPDIR", "go1.26.8", map[string]string{"GOTMPDIR": "/none"}, nil, "go: creating work dir: stat /none: no such file or directory"},
		{"GOTMPDIR under -n", "go1.26.8", map[string]string{"GOTMPDIR": "/none", "GOFLAGS": "-n"}, nil, ""},
		{"GOFLAGS -u", "go1.26.8", map[string]string{"GOFLAGS": "-u"}, nil, "go: cannot use -json with -u"},
		{"relative GOWORK", "go1.22.12", map[string]string{"GOWORK": "go.work"}, nil, "go: invalid GOWORK: not an absolute path"},
		{"relative GOWORK in 1.20", "go1.20.14", map[string]string{"GOWORK": "go.work", "GOROOT": "/go"}, nil, "the path provided to GOWORK must be an absolute path"},
		{"compiler", "go1.26.8", map[string]string{"CC": "bin/cc"}, nil, "go: CC environment variable is relative; must be absolute path: bin/cc"},
		{"words", "go1.26.8", map[string]string{"CGO_CFLAGS": "'-O2"}, nil, `panic: could not parse environment variable CGO_CFLAGS with value "'-O2": unterminated ' string`},
		{"FIPS", "go1.24.9", nil, map[string]string{"/home/.config/go/env": "GOFIPS140=yes\n"}, `go: unknown GOFIPS140 version "yes"`},
		{"FIPS before 1.24", "go1.23.12", nil, map[string]string{"/home/.config/go/env": "GOFIPS140=yes\n"}, ""},
		{"go.mod in GOPATH until 1.21", "go1.21.13", nil, map[string]string{"/home/go/go.mod": "module m\n"}, "$GOPATH/go.mod exists but should not"},
		{"cache with a compiler", "go1.26.8", map[string]string{"GOCACHE": "off", "PATH": "/bin"}, map[string]string{"/bin/gcc": ""}, "build cache is disabled by GOCACHE=off, but required as of Go 1.12"},
		{"cache without", "go1.26.8", map[string]string{"GOCACHE": "off"}, nil, ""},
		{
			"warning first", "go1.26.8",
			map[string]string{"GOPATH": "/go", "GOTMPDIR": "/none"},
			nil,
			"warning: both GOPATH and GOROOT are the same directory (/go); see https://go.dev/wiki/InstallTroubleshooting\ngo: creating work dir: stat /none: no such file or directory",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			environ := map[string]string{"HOME": home}
			for k, v := range tt.environ {
				environ[k] = v
			}
			c := load(t, machine{Version: tt.version, Environ: environ, Files: tt.files})
			if got := c.StopEnv(); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestUnreadableFileIsNoFile(t *testing.T) {
	c := Load(Input{Files: forbidden{}, Environ: map[string]string{"HOME": "/home"}, Host: drift.Host{GOOS: "linux", GOARCH: "amd64"}, Dir: "/", Version: "go1.26.8"})
	if got := variable(t, c, "GOFLAGS"); got.Value != "" {
		t.Errorf("GOFLAGS = %+v", got)
	}
}

// forbidden is a file system that allows nothing.
type forbidden struct{}

var errForbidden = errors.New("no")

func (forbidden) ReadFile(string) ([]byte, error)       { return nil, errForbidden }
func (forbidden) Stat(string) (fs.FileInfo, error)      { return nil, errForbidden }
func (forbidden) Lstat(string) (fs.FileInfo, error)     { return nil, errForbidden }
func (forbidden) ReadDir(string) ([]fs.DirEntry, error) { return nil, errForbidden }
func (forbidden) EvalSymlinks(string) (string, error)   { return "", errForbidden }
