package cli_test

import (
	"bytes"
	"strings"
	"testing"

	"godrift.dev/server/face/cli"
)

// TestErrorLine: the name of a file cannot steer the terminal or begin a line of
// its own.
func TestErrorLine(t *testing.T) {
	var out bytes.Buffer
	c := cli.Command{Stderr: &out, Dir: t.TempDir(), Environ: []string{}}
	if code := c.Main([]string{"check", "a\x1b]0;x\a\n::error::b\u202e\u009bc"}); code != cli.ExitUsage {
		t.Errorf("exit code %d, want %d", code, cli.ExitUsage)
	}
	got := strings.TrimSuffix(out.String(), "\n")
	if strings.ContainsAny(got, "\x1b\a\n\u202e\u009b") || !strings.Contains(got, "::error::b") {
		t.Errorf("the error is %q", got)
	}
}
