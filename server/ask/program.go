package ask

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"

	"godrift.dev/server/drift"
)

// Program is a compiler, or the go command, that is started to learn something, or a
// program of the user's own configuration that is told something.
type Program struct {
	// Path is absolute, and Dir the folder it is started in.
	Path string
	Args []string
	Dir  string
	// Environ is its whole environment.
	Environ map[string]string
	// Input is what it reads from its standard input; nothing if it is empty.
	Input []byte
	// Limit is how long it may take; DefaultLimit if it is zero.
	Limit time.Duration
	// Keep is how much of its output is kept, 64 KiB if it is zero.
	Keep int
}

// Answer is what a program said.
type Answer struct {
	// Stdout and Stderr are bounded, and the latter is masked: it is shown to people.
	Stdout []byte
	Stderr string
	// Failed says that it ended with another code than 0, TimedOut that it was
	// stopped because it did not end.
	Failed, TimedOut bool
	// Took is how long it ran.
	Took time.Duration
}

// Run starts the program and waits for its end. It gets no terminal, and no
// input but Input;
// when its time is over, or ctx ends, it is killed with everything it has started.
// The error says that it could not be started, or that ctx ended.
func (p Program) Run(ctx context.Context) (Answer, error) {
	limit := p.Limit
	if limit == 0 {
		limit = DefaultLimit
	}
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.Command(p.Path, p.Args...)
	cmd.Dir = p.Dir
	cmd.Env = make([]string, 0, len(p.Environ))
	for name, value := range p.Environ {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if len(p.Input) > 0 {
		cmd.Stdin = bytes.NewReader(p.Input)
	}
	keep := p.Keep
	if keep == 0 {
		keep = 64 << 10
	}
	stdout, stderr := &bounded{room: keep}, &bounded{room: keep}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.WaitDelay = 2 * time.Second // what left the session may hold the pipes open
	ownSession(cmd)
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return Answer{}, fmt.Errorf("start %s: %w", p.Path, err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var err error
	stopped := false
	select {
	case err = <-ended:
	case <-limited.Done():
		stopped = true
		endSession(cmd)
		err = <-ended
	}
	a := Answer{Stdout: stdout.bytes(), Stderr: drift.MaskText(strings.ToValidUTF8(string(stderr.bytes()), "\ufffd")), Failed: err != nil, Took: time.Since(begun)}
	if errors.Is(err, exec.ErrWaitDelay) {
		a.Failed = cmd.ProcessState != nil && !cmd.ProcessState.Success()
	}
	if ctx.Err() != nil {
		return a, ctx.Err()
	}
	a.TimedOut = stopped
	return a, nil
}

// bounded keeps the first bytes that are written to it and swallows the rest.
type bounded struct {
	mu   sync.Mutex
	text []byte
	room int
}

var _ io.Writer = (*bounded)(nil)

func (b *bounded) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.text = append(b.text, p[:min(len(p), b.room-len(b.text))]...)
	return len(p), nil
}

func (b *bounded) bytes() []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text
}
