package tools

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

// osFiles is the disk, as far as these tests need it.
type osFiles struct{}

func (osFiles) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (osFiles) Stat(name string) (os.FileInfo, error)      { return os.Stat(name) }
func (osFiles) Lstat(name string) (os.FileInfo, error)     { return os.Lstat(name) }
func (osFiles) ReadDir(name string) ([]os.DirEntry, error) { return os.ReadDir(name) }
func (osFiles) EvalSymlinks(name string) (string, error)   { return filepath.EvalSymlinks(name) }
func (osFiles) Open(name string) (drift.Content, error)    { return os.Open(name) }

// build builds a small program that depends on golang.org/x/mod for one system,
// and fails the test if the go command is missing.
func build(t *testing.T, goos, goarch string, flags ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program.exe")
	args := append([]string{"build", "-o", out}, flags...)
	cmd := exec.Command("go", append(args, "godrift.dev/server/observe/tools/testdata/program")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=-buildvcs=false", "GOWORK=off")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// TestReadIsGoVersion holds what is read of ELF, PE and Mach-O files, stripped
// ones too, against what go version -m says of them.
func TestReadIsGoVersion(t *testing.T) {
	for _, c := range []struct {
		goos, goarch string
		flags        []string
	}{
		{"linux", "amd64", nil},
		{"linux", "arm64", []string{"-ldflags=-s -w"}},
		{"windows", "amd64", []string{"-trimpath"}},
		{"darwin", "arm64", []string{"-ldflags=-s -w"}},
	} {
		t.Run(c.goos+"/"+c.goarch, func(t *testing.T) {
			t.Parallel()
			file := build(t, c.goos, c.goarch, c.flags...)
			out, err := exec.Command("go", "version", "-m", "-json", file).Output()
			if err != nil {
				t.Fatal(err)
			}
			var info debug.BuildInfo
			if err := json.Unmarshal(out, &info); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			want := drift.Tool{
				Path: file, State: drift.ToolRead, Package: info.Path, Module: info.Main.Path, Version: info.Main.Version, GoVersion: info.GoVersion,
			}
			for _, dep := range info.Deps {
				if dep.Path == "golang.org/x/tools" {
					want.XTools = dep.Version
				}
			}
			if want.XTools == "" || want.GoVersion == "" {
				t.Fatalf("go version -m says too little to prove anything: %s", out)
			}
			if diff := cmp.Diff(want, Read(osFiles{}, file)); diff != "" {
				t.Errorf("go version -m (-) and Read (+):\n%s", diff)
			}
		})
	}
}

// TestReadOthers: what is no whole Go program has a state that says what it is.
func TestReadOthers(t *testing.T) {
	whole, err := os.ReadFile(build(t, "linux", "amd64"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, text []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o755); err != nil {
			t.Fatal(err)
		}
		return file
	}
	for _, c := range []struct {
		file string
		want drift.ToolState
	}{
		{write("script", []byte("#!/bin/sh\nexec gopls\n")), drift.ToolScript},
		{write("empty", nil), drift.ToolUnreadable},
		{write("text", []byte("hello, this is no program at all")), drift.ToolForeign},
		{write("one", []byte("x")), drift.ToolForeign},
		{write("cut", whole[:3000]), drift.ToolUnreadable},
		{write("half", whole[:len(whole)/2]), drift.ToolUnreadable},
		{"/bin/sh", drift.ToolForeign},
		{filepath.Join(dir, "nothing"), drift.ToolUnreadable},
		{dir, drift.ToolUnreadable},
	} {
		got := Read(osFiles{}, c.file)
		if got.State != c.want || got.Problem == "" || got.GoVersion != "" {
			t.Errorf("%s: %+v, want the state %s with a reason", filepath.Base(c.file), got, c.want)
		}
	}
}

// FuzzRead: no bytes make reading panic or run away.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"", "#!/bin/sh", "\x7fELF\x02\x01\x01", "MZ\x90\x00", "\xcf\xfa\xed\xfe\x07\x00\x00\x01", "\xca\xfe\xba\xbe\x00\x00\x00\x02"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tool := Read(memory{text}, "/x")
		if tool.State == drift.ToolRead && tool.GoVersion == "" || tool.State != drift.ToolRead && tool.Problem == "" {
			t.Errorf("%+v", tool)
		}
	})
}

// memory is one file.
type memory struct{ text []byte }

func (m memory) ReadFile(string) ([]byte, error)       { return m.text, nil }
func (m memory) Stat(string) (os.FileInfo, error)      { return nil, os.ErrNotExist }
func (m memory) Lstat(string) (os.FileInfo, error)     { return nil, os.ErrNotExist }
func (m memory) ReadDir(string) ([]os.DirEntry, error) { return nil, os.ErrNotExist }
func (m memory) EvalSymlinks(n string) (string, error) { return n, nil }
