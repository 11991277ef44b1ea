package cli_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/face/cli"
	"godrift.dev/server/tell"
)

// TestEnvOfEditor holds that what an editor was remembered with is shown, with
// since when, and without secrets.
func TestEnvOfEditor(t *testing.T) {
	top := t.TempDir()
	dir, state := filepath.Join(top, "app"), filepath.Join(top, "state")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module m\n\ngo 1.24.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := plantGo(filepath.Join(top, "go"), "go1.26.2"); err != nil {
		t.Fatal(err)
	}
	environ := []string{"HOME=" + top, "USERPROFILE=" + top, "PATH=" + filepath.Join(top, "go", "bin"), "GOFLAGS=-mine"}
	env := func(args ...string) (out, errs string, code int) {
		var stdout, stderr bytes.Buffer
		c := cli.Command{Stdout: &stdout, Stderr: &stderr, Environ: environ, Dir: dir, StateDir: state}
		code = c.Main(append([]string{"env", "--of", "editor"}, args...))
		return stdout.String(), stderr.String(), code
	}
	if _, errs, code := env(); code != cli.ExitFailed || !strings.Contains(errs, "open that folder in an editor") {
		t.Errorf("before an editor was there: %d, %s", code, errs)
	}

	world := engine.Here("editor")
	world.Environ = map[string]string{
		"HOME": top, "USERPROFILE": top, "PATH": filepath.Join(top, "go", "bin"), "GOFLAGS": "-theirs", "GOPROXY": "https://me:s3cret@proxy.example",
	}
	mender := engine.NewMender(state, nil)
	defer mender.Close()
	memory := mender.Memory(drift.Actor{Kind: drift.ActorEditor}, nil, engine.Listener{})
	opts := engine.Options{Root: dir, World: world, Trusted: true, NoTools: true, Memory: memory, Record: true}
	if _, err := engine.Evaluate(t.Context(), opts); err != nil {
		t.Fatal(err)
	}

	out, errs, code := env("GOFLAGS", "GOVERSION", "GOPROXY")
	if code != cli.ExitOK || out != "-theirs\ngo1.26.2\nhttps://***@proxy.example\n" {
		t.Errorf("%d, %q", code, out)
	}
	if !regexp.MustCompile(`^The editor, as it is remembered since \S+ \S+ \(just now\)\.\n$`).MatchString(errs) {
		t.Errorf("standard error: %q", errs)
	}
	out, _, _ = env("--format", "json")
	var doc tell.EnvDocument
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Of != "editor" || doc.Seen == "" || doc.Env["GOFLAGS"].Layer != "process" || doc.GOOS != world.Host.GOOS || doc.GOENV == "" || len(doc.Env) < 30 {
		t.Errorf("%s", out)
	}
	if strings.Contains(out, "s3cret") {
		t.Error("a secret is shown")
	}
}
