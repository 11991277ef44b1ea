package toolchain_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/toolchain"
)

// rooted is a machine of its own below a temporary folder: "/" is dir.
type rooted struct{ dir string }

func (r rooted) at(name string) string { return filepath.Join(r.dir, name) }

func (r rooted) ReadFile(name string) ([]byte, error)       { return os.ReadFile(r.at(name)) }
func (r rooted) Stat(name string) (fs.FileInfo, error)      { return os.Stat(r.at(name)) }
func (r rooted) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(r.at(name)) }
func (r rooted) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(r.at(name)) }

func (r rooted) EvalSymlinks(name string) (string, error) {
	p, err := filepath.EvalSymlinks(r.at(name))
	if err != nil {
		return "", err
	}
	rest, ok := strings.CutPrefix(p, r.dir)
	if !ok {
		return "", errors.New(name + " leads out of the test's machine")
	}
	return rest, nil
}

// machine builds the files of a machine. A path that ends in "/" is a GOROOT
// whose version is the content; "-> target" makes a link; "#!" an executable
// script; everything else a plain file.
func machine(t *testing.T, files map[string]string) rooted {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := rooted{dir}
	write := func(name, content string, mode fs.FileMode) {
		name = r.at(name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		switch target, isLink := strings.CutPrefix(content, "-> "); {
		case strings.HasSuffix(name, "/"):
			write(name+"bin/go", "\x7fELF, so to say", 0o755)
			if err := os.MkdirAll(r.at(name+"pkg/tool"), 0o755); err != nil {
				t.Fatal(err)
			}
			if content != "" {
				write(name+"VERSION", content, 0o644)
			}
		case isLink:
			if err := os.MkdirAll(filepath.Dir(r.at(name)), 0o755); err != nil {
				t.Fatal(err)
			}
			rel, err := filepath.Rel(filepath.Dir(name), target)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(rel, r.at(name)); err != nil {
				t.Fatal(err)
			}
		case strings.HasPrefix(content, "#!"):
			write(name, content, 0o755)
		default:
			write(name, content, 0o644)
		}
	}
	return r
}

func TestDiscover(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the machines built here have slashes; paths are those of the running system")
	}
	home := map[string]string{"HOME": "/home/u"}
	with := func(more ...string) map[string]string {
		m := map[string]string{"HOME": "/home/u"}
		for i := 0; i < len(more); i += 2 {
			m[more[i]] = more[i+1]
		}
		return m
	}
	const mod = "/home/u/go/pkg/mod/golang.org/toolchain@v0.0.1-"
	const arch = "/home/u/go/pkg/mod/cache/download/golang.org/toolchain/@v/v0.0.1-"
	tests := []struct {
		name    string
		files   map[string]string
		environ map[string]string
		want    []drift.Toolchain
	}{
		{
			name:    "nothing",
			environ: home,
		},
		{
			name: "PATH keeps its order and repeats nothing",
			files: map[string]string{
				"/a/":         "go1.24.9\ntime 2025-10-13T16:08:43Z\n",
				"/b/":         "go1.26.8\n",
				"/link":       "-> /a",
				"/usr/bin/go": "-> /b/bin/go",
			},
			environ: with("PATH", "/link/bin:/none:/usr/bin:/a/bin:/b/bin:rel:"),
			want: []drift.Toolchain{
				{Version: "go1.24.9", GOROOT: "/a", Executable: "/link/bin/go", Origin: drift.OriginPath},
				{Version: "go1.26.8", GOROOT: "/b", Executable: "/usr/bin/go", Origin: drift.OriginPath},
			},
		},
		{
			name: "on PATH: shims, folders, plain files, dangling links",
			files: map[string]string{
				"/shims/go":     "#!/bin/sh\nexec mise x -- go \"$@\"\n",
				"/dir/go/x":     "",
				"/plain/go":     "no execute bit",
				"/dangling/go":  "-> /nowhere/go",
				"/opt/mise":     "#!not a go\n",
				"/mise/go":      "-> /opt/mise",
				"/nogo/":        "weekly.2012",
				"/usr/local/go": "-> /nogo",
			},
			environ: with("PATH", "/dir:/plain:/dangling:/shims:/mise:/nogo/bin"),
			want: []drift.Toolchain{
				{Executable: "/shims/go", Origin: drift.OriginPath, Shim: true},
				{Executable: "/mise/go", Origin: drift.OriginPath, Shim: true},
				{GOROOT: "/nogo", Executable: "/nogo/bin/go", Origin: drift.OriginPath},
			},
		},
		{
			name: "SDK folders, newest first, and the wrappers for them",
			files: map[string]string{
				"/home/u/sdk/go1.9.7/":          "go1.9.7",
				"/home/u/sdk/go1.25.3/":         "go1.25.3",
				"/home/u/sdk/go1.26rc1/":        "go1.26rc1",
				"/home/u/sdk/gotip/":            "devel go1.27-abcdef Mon Jan 5 2026",
				"/home/u/sdk/notes.txt":         "",
				"/home/u/sdk/go1.20.1/x.tar.gz": "half unpacked",
				"/home/u/go/bin/go1.25.3":       "#! a wrapper, so to say",
				"/home/u/go/bin/go1.22.1":       "#! a wrapper that downloaded nothing yet",
				"/home/u/go/bin/go1.24.9":       "-> /opt/go/bin/go",
				"/home/u/go/bin/gopls":          "#! no version",
				"/opt/go/":                      "go1.24.9",
			},
			environ: home,
			want: []drift.Toolchain{
				{Version: "go1.26rc1", GOROOT: "/home/u/sdk/go1.26rc1", Executable: "/home/u/sdk/go1.26rc1/bin/go", Origin: drift.OriginSDK},
				{Version: "go1.25.3", GOROOT: "/home/u/sdk/go1.25.3", Executable: "/home/u/sdk/go1.25.3/bin/go", Origin: drift.OriginSDK},
				{Version: "go1.9.7", GOROOT: "/home/u/sdk/go1.9.7", Executable: "/home/u/sdk/go1.9.7/bin/go", Origin: drift.OriginSDK},
				{Version: "devel go1.27-abcdef Mon Jan 5 2026", GOROOT: "/home/u/sdk/gotip", Executable: "/home/u/sdk/gotip/bin/go", Origin: drift.OriginSDK},
				{Version: "go1.24.9", GOROOT: "/opt/go", Executable: "/home/u/go/bin/go1.24.9", Origin: drift.OriginGobin},
				{Executable: "/home/u/go/bin/go1.22.1", Origin: drift.OriginGobin, Shim: true},
			},
		},
		{
			name: "module cache: whole toolchains of this host only",
			files: map[string]string{
				mod + "go1.25.3.linux-amd64/":               "go1.25.3",
				arch + "go1.25.3.linux-amd64.ziphash":       "h1:",
				mod + "go1.24.9.linux-amd64/":               "go1.24.9",
				arch + "go1.24.9.linux-amd64.ziphash":       "h1:",
				arch + "go1.24.9.linux-amd64.partial":       "",
				mod + "go1.23.12.linux-amd64/":              "go1.23.12",
				mod + "go1.22.12.darwin-arm64/":             "go1.22.12",
				arch + "go1.22.12.darwin-arm64.ziphash":     "h1:",
				mod + "go1.26.8-!corp.linux-amd64/":         "go1.26.8-Corp",
				arch + "go1.26.8-!corp.linux-amd64.ziphash": "h1:",
			},
			environ: home,
			want: []drift.Toolchain{
				{Version: "go1.26.8-Corp", GOROOT: mod + "go1.26.8-!corp.linux-amd64", Executable: mod + "go1.26.8-!corp.linux-amd64/bin/go", Origin: drift.OriginModCache},
				{Version: "go1.25.3", GOROOT: mod + "go1.25.3.linux-amd64", Executable: mod + "go1.25.3.linux-amd64/bin/go", Origin: drift.OriginModCache},
			},
		},
		{
			name: "module cache elsewhere",
			files: map[string]string{
				"/mc/golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64/":                          "go1.25.3",
				"/mc/cache/download/golang.org/toolchain/@v/v0.0.1-go1.25.3.linux-amd64.ziphash": "h1:",
				"/gp/bin/go1.21.13": "-> /opt/go/bin/go",
				"/opt/go/":          "go1.21.13",
			},
			environ: with("GOMODCACHE", "/mc", "GOPATH", "/gp:/gp2"),
			want: []drift.Toolchain{
				{Version: "go1.25.3", GOROOT: "/mc/golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64", Executable: "/mc/golang.org/toolchain@v0.0.1-go1.25.3.linux-amd64/bin/go", Origin: drift.OriginModCache},
				{Version: "go1.21.13", GOROOT: "/opt/go", Executable: "/gp/bin/go1.21.13", Origin: drift.OriginGobin},
			},
		},
		{
			name: "version managers in their usual folders",
			files: map[string]string{
				"/home/u/.local/share/mise/installs/go/1.26.8/": "go1.26.8",
				"/home/u/.local/share/mise/installs/go/latest":  "-> /home/u/.local/share/mise/installs/go/1.26.8",
				"/home/u/.asdf/installs/golang/1.25.3/go/":      "go1.25.3",
				"/home/u/.goenv/versions/1.24.9/":               "go1.24.9",
				"/home/u/.gvm/gos/go1.23.12/":                   "go1.23.12",
			},
			environ: home,
			want: []drift.Toolchain{
				{Version: "go1.26.8", GOROOT: "/home/u/.local/share/mise/installs/go/1.26.8", Executable: "/home/u/.local/share/mise/installs/go/1.26.8/bin/go", Origin: drift.OriginMise},
				{Version: "go1.25.3", GOROOT: "/home/u/.asdf/installs/golang/1.25.3/go", Executable: "/home/u/.asdf/installs/golang/1.25.3/go/bin/go", Origin: drift.OriginAsdf},
				{Version: "go1.24.9", GOROOT: "/home/u/.goenv/versions/1.24.9", Executable: "/home/u/.goenv/versions/1.24.9/bin/go", Origin: drift.OriginGoenv},
				{Version: "go1.23.12", GOROOT: "/home/u/.gvm/gos/go1.23.12", Executable: "/home/u/.gvm/gos/go1.23.12/bin/go", Origin: drift.OriginGvm},
			},
		},
		{
			name: "version managers told to live elsewhere; GOENV is not goenv's",
			files: map[string]string{
				"/m/installs/go/1.26.8/":        "go1.26.8",
				"/s/installs/golang/1.25.3/go/": "go1.25.3",
				"/e/versions/1.24.9/":           "go1.24.9",
				"/not/versions/1.20.1/":         "go1.20.1",
				"/g/gos/go1.23.12/":             "go1.23.12",
			},
			environ: with("MISE_DATA_DIR", "/m", "ASDF_DATA_DIR", "/s", "GOENV_ROOT", "/e", "GOENV", "/not", "GVM_ROOT", "/g"),
			want: []drift.Toolchain{
				{Version: "go1.26.8", GOROOT: "/m/installs/go/1.26.8", Executable: "/m/installs/go/1.26.8/bin/go", Origin: drift.OriginMise},
				{Version: "go1.25.3", GOROOT: "/s/installs/golang/1.25.3/go", Executable: "/s/installs/golang/1.25.3/go/bin/go", Origin: drift.OriginAsdf},
				{Version: "go1.24.9", GOROOT: "/e/versions/1.24.9", Executable: "/e/versions/1.24.9/bin/go", Origin: drift.OriginGoenv},
				{Version: "go1.23.12", GOROOT: "/g/gos/go1.23.12", Executable: "/g/gos/go1.23.12/bin/go", Origin: drift.OriginGvm},
			},
		},
		{
			name: "distribution folders, also without a home",
			files: map[string]string{
				"/usr/local/go/":    "go1.26.8",
				"/usr/lib/go-1.24/": "go1.24.9",
				"/usr/lib/go":       "-> /usr/lib/go-1.24",
				"/snap/go/current/": "go1.25.3",
				"/home/linuxbrew/.linuxbrew/Cellar/go/1.23.12/libexec/": "go1.23.12",
				"/home/linuxbrew/.linuxbrew/opt/go":                     "-> /home/linuxbrew/.linuxbrew/Cellar/go/1.23.12",
				"/opt/homebrew/opt/go/libexec/":                         "go1.22.1",
			},
			want: []drift.Toolchain{
				{Version: "go1.26.8", GOROOT: "/usr/local/go", Executable: "/usr/local/go/bin/go", Origin: drift.OriginSystem},
				{Version: "go1.25.3", GOROOT: "/snap/go/current", Executable: "/snap/go/current/bin/go", Origin: drift.OriginSystem},
				{Version: "go1.24.9", GOROOT: "/usr/lib/go-1.24", Executable: "/usr/lib/go-1.24/bin/go", Origin: drift.OriginSystem},
				{Version: "go1.23.12", GOROOT: "/home/linuxbrew/.linuxbrew/opt/go/libexec", Executable: "/home/linuxbrew/.linuxbrew/opt/go/libexec/bin/go", Origin: drift.OriginSystem},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := toolchain.Discover(machine(t, tt.files), tt.environ, drift.Host{GOOS: "linux", GOARCH: "amd64"})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("toolchains (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDiscoverBuildInfo reads the version of a tree that has no VERSION file
// out of its go command.
func TestDiscoverBuildInfo(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	r := machine(t, map[string]string{"/usr/local/go/": ""})
	if err := os.WriteFile(r.at("/usr/local/go/bin/go"), program, 0o755); err != nil {
		t.Fatal(err)
	}
	got := toolchain.Discover(r, nil, drift.Host{GOOS: "linux", GOARCH: "amd64"})
	want := []drift.Toolchain{{
		Version: runtime.Version(), GOROOT: "/usr/local/go", Executable: "/usr/local/go/bin/go", Origin: drift.OriginSystem,
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("toolchains (-want +got):\n%s", diff)
	}
}
