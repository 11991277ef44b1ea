package toolchain

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"godrift.dev/server/drift"
)

// plain is the disk of the test.
type plain struct{}

func (plain) ReadFile(name string) ([]byte, error)       { return os.ReadFile(name) }
func (plain) Stat(name string) (fs.FileInfo, error)      { return os.Stat(name) }
func (plain) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (plain) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (plain) EvalSymlinks(name string) (string, error)   { return filepath.EvalSymlinks(name) }

var _ drift.Files = plain{}

// What is remembered of a modules.txt counts only as long as its text does.
func TestVendoredIsReadAgainWhenItChanges(t *testing.T) {
	name := filepath.Join(t.TempDir(), "modules.txt")
	modules := &Modules{}
	for _, version := range []string{"v1.0.0", "v1.0.0", "v1.2.0"} {
		text := "# example.com/a " + version + "\n## explicit; go 1.21\nexample.com/a\n"
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		l := loader{selection: &selection{Input: Input{Files: plain{}, Modules: modules}}, release: 26, localVersion: "1.26.8"}
		v, problem := l.readVendored(name)
		if problem != "" || v.versions["example.com/a"] != version {
			t.Errorf("versions are %v, problem %q; want %s", v.versions, problem, version)
		}
		modules = modules.Again()
		if len(modules.vendor) != 1 {
			t.Errorf("%d files are remembered, want 1", len(modules.vendor))
		}
	}
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	l := loader{selection: &selection{Input: Input{Files: plain{}, Modules: modules}}, release: 26, localVersion: "1.26.8"}
	if v, problem := l.readVendored(name); problem != "" || len(v.list) != 0 {
		t.Errorf("a file that is gone says %v, problem %q", v.list, problem)
	}
}
