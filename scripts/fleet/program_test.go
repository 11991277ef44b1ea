//go:build fleet

package fleet

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// The tests with this tag need programs that take long to build: npm run test:fleet
// builds them and says where they are.

// collectorProgram is the collector of shared/observability/collector/builder.yaml.
func collectorProgram(t *testing.T) string {
	t.Helper()
	file := os.Getenv("GODRIFT_OTELCOL")
	if file == "" {
		t.Fatal("GODRIFT_OTELCOL does not name the collector; run these tests by npm run test:fleet")
	}
	return file
}

var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "godrift-fleet-")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "godrift")
	cmd := exec.Command("go", "build", "-o", file, "./server/cmd/godrift")
	cmd.Dir = "../.."
	cmd.Stderr = os.Stderr
	return file, cmd.Run()
})

// godrift is the program of this checkout.
func godrift(t *testing.T) string {
	t.Helper()
	file, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func TestMain(m *testing.M) {
	code := m.Run()
	if file, err := built(); err == nil {
		_ = os.RemoveAll(filepath.Dir(file)) // it is in a temporary folder
	}
	os.Exit(code)
}

// workspaceOf makes a workspace with a go.mod.
func workspaceOf(t *testing.T, name, goMod string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), goMod)
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
