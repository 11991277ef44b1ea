package host

import (
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

// tree is a file system of files in memory.
type tree struct{ fstest.MapFS }

func (t tree) name(name string) string                    { return filepath.ToSlash(name)[1:] }
func (t tree) ReadFile(name string) ([]byte, error)       { return t.MapFS.ReadFile(t.name(name)) }
func (t tree) Stat(name string) (fs.FileInfo, error)      { return t.MapFS.Stat(t.name(name)) }
func (t tree) Lstat(name string) (fs.FileInfo, error)     { return t.MapFS.Stat(t.name(name)) }
func (t tree) ReadDir(name string) ([]fs.DirEntry, error) { return t.MapFS.ReadDir(t.name(name)) }
func (t tree) EvalSymlinks(name string) (string, error)   { return name, nil }

func TestFacts(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	linux := drift.Host{GOOS: "linux", GOARCH: "amd64"}
	for name, c := range map[string]struct {
		files   fstest.MapFS
		environ map[string]string
		host    drift.Host
		want    map[string]string
	}{
		"debian in docker": {
			fstest.MapFS{
				"etc/os-release":               file("PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n"),
				"lib64/ld-linux-x86-64.so.2":   file(""),
				".dockerenv":                   file(""),
				"proc/sys/kernel/osrelease":    file("6.1.0-13-amd64\n"),
				"System/Library/CoreServices/": &fstest.MapFile{Mode: fs.ModeDir},
			},
			map[string]string{"SHELL": "/usr/bin/bash", "BASH_VERSION": "5.2.15", "GITHUB_ACTIONS": "true", "CI": "true"},
			linux,
			map[string]string{"os": "linux", "arch": "amd64", "version": "debian 12", "libc": "glibc", "shell": "bash", "shellVersion": "5.2.15", "container": "docker", "ci": "github"},
		},
		"alpine over ssh": {
			fstest.MapFS{"usr/lib/os-release": file("ID=alpine\nVERSION_ID=3.22.1\n"), "lib/ld-musl-x86_64.so.1": file("")},
			map[string]string{"SHELL": "/bin/ash", "SSH_CONNECTION": "1 2 3 4"},
			linux,
			map[string]string{"os": "linux", "arch": "amd64", "version": "alpine 3.22.1", "libc": "musl", "shell": "ash", "remote": "ssh"},
		},
		"wsl": {
			fstest.MapFS{"proc/sys/kernel/osrelease": file("5.15.90.1-microsoft-standard-WSL2\n")},
			map[string]string{"SHELL": "/usr/bin/zsh", "BASH_VERSION": "5", "CI": "false"},
			linux,
			map[string]string{"os": "linux", "arch": "amd64", "shell": "zsh", "wsl": "yes"},
		},
		"macos": {
			fstest.MapFS{"System/Library/CoreServices/SystemVersion.plist": file("<dict>\n<key>ProductVersion</key>\n\t<string>15.1</string>\n</dict>")},
			map[string]string{"SHELL": "/bin/zsh", "ZSH_VERSION": "5.9"},
			drift.Host{GOOS: "darwin", GOARCH: "arm64"},
			map[string]string{"os": "darwin", "arch": "arm64", "version": "15.1", "shell": "zsh", "shellVersion": "5.9"},
		},
		"windows": {
			nil,
			map[string]string{"ComSpec": `C:/Windows/system32/cmd.exe`, "CODESPACES": "true"},
			drift.Host{GOOS: "windows", GOARCH: "amd64"},
			map[string]string{"os": "windows", "arch": "amd64", "shell": "cmd", "remote": "codespaces"},
		},
		"files that are none": {
			fstest.MapFS{"etc/os-release": file("ID=a\x00b\n"), "proc/sys/kernel/osrelease": file("")},
			nil, linux,
			map[string]string{"os": "linux", "arch": "amd64"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{}
			for key, value := range c.want {
				want["host."+key] = value
			}
			if diff := cmp.Diff(want, Facts(Machine{Files: tree{c.files}, Environ: c.environ, Host: c.host})); diff != "" {
				t.Errorf("facts (-want +got):\n%s", diff)
			}
		})
	}
}
