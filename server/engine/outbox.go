package engine

import (
	"context"
	"time"

	"godrift.dev/server/ask"
	"godrift.dev/server/remember"
)

// Outbox is where alerts are kept until they are sent: in the same database as the
// history, which is opened now.
func (m *Memory) Outbox() (*remember.Store, error) { return m.mender.open() }

// RunProgram starts a program of the user's own configuration, with an input, and
// waits for its end: it is killed with all that it has started when its time is over.
// said is what it printed, bounded and without secrets.
func RunProgram(ctx context.Context, argv []string, environ map[string]string, input []byte, limit time.Duration) (said string, failed, timedOut bool, err error) {
	answer, err := ask.Program{Path: argv[0], Args: argv[1:], Environ: environ, Input: input, Limit: limit, Keep: 4 << 10}.Run(ctx)
	return string(answer.Stdout) + answer.Stderr, answer.Failed, answer.TimedOut, err
}
