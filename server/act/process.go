package act

import (
	"bytes"
	"context"
	"os/exec"
	"time"
)

// output is what a program printed, each part bounded.
type output struct{ stdout, stderr string }

// maxOutput bounds what is kept of a program's output.
const maxOutput = 64 << 10

// bounded keeps the first bytes and swallows the rest.
type bounded struct{ bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if room := maxOutput - b.Len(); room > 0 {
		b.Buffer.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// runGo runs a program to its end. When ctx ends it is killed together with
// everything it started.
func runGo(ctx context.Context, program string, args []string, dir string, env []string) (output, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = env
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd) }
	// A grandchild that escaped may hold the pipes open.
	cmd.WaitDelay = 2 * time.Second
	err := cmd.Run()
	return output{stdout.String(), stderr.String()}, err
}
