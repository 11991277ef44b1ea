package cli

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOutsideHook(t *testing.T) {
	list := func(a, b string) string {
		return filepath.FromSlash(a) + string(filepath.ListSeparator) + filepath.FromSlash(b)
	}
	venv := filepath.FromSlash("/home/ada/.cache/pre-commit/repo1/golangenv-1.25.3")
	goroot := filepath.Join(venv, ".go")
	path := list(filepath.Join(venv, "bin"), filepath.Join(goroot, "bin")) + string(filepath.ListSeparator) + list("/usr/local/go/bin", "/usr/bin")
	machine := list("/usr/local/go/bin", "/usr/bin")

	for name, c := range map[string]struct{ environ, want map[string]string }{
		"its own Go": {
			map[string]string{"PRE_COMMIT": "1", "GOROOT": goroot, "GOTOOLCHAIN": "local", "PATH": path, "A": "b"},
			map[string]string{"PRE_COMMIT": "1", "PATH": machine, "A": "b"},
		},
		"the system's Go": {
			map[string]string{"PRE_COMMIT": "1", "GOTOOLCHAIN": "local", "PATH": path},
			map[string]string{"PRE_COMMIT": "1", "GOTOOLCHAIN": "local", "PATH": path},
		},
		"no hook": {
			map[string]string{"GOROOT": goroot, "GOTOOLCHAIN": "local", "PATH": path},
			map[string]string{"GOROOT": goroot, "GOTOOLCHAIN": "local", "PATH": path},
		},
		"another GOROOT": {
			map[string]string{"PRE_COMMIT": "1", "GOROOT": filepath.FromSlash("/opt/.go"), "GOTOOLCHAIN": "local", "PATH": path},
			map[string]string{"PRE_COMMIT": "1", "GOROOT": filepath.FromSlash("/opt/.go"), "GOTOOLCHAIN": "local", "PATH": path},
		},
		"another GOTOOLCHAIN": {
			map[string]string{"PRE_COMMIT": "1", "GOROOT": goroot, "GOTOOLCHAIN": "go1.25.3", "PATH": path},
			map[string]string{"PRE_COMMIT": "1", "GOTOOLCHAIN": "go1.25.3", "PATH": machine},
		},
	} {
		if d := cmp.Diff(c.want, outsideHook(c.environ)); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}
