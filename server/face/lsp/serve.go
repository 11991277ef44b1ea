package lsp

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"godrift.dev/server/engine"
)

// The exit codes of Serve.
const (
	// ExitClean is for an exit after a shutdown.
	ExitClean = 0
	// ExitUnclean is for an exit, or an end of the input, without a shutdown.
	ExitUnclean = 1
)

// Options says how to serve one client.
type Options struct {
	// In and Out are the streams to the client. If Out is os.Stdout, os.Stdout
	// points at Err while Serve runs, so that nothing but messages goes out.
	In  io.Reader
	Out io.Writer
	// Err takes the log; nothing is logged if it is nil.
	Err io.Writer
	// World is what the engines see of the machine; its environment is that of
	// the editor until the client reports another.
	World engine.World
	// Version is godrift's own.
	Version string
	// StateDir replaces the user's state folder.
	StateDir string
	// Reply is the program with arguments that a login shell starts to tell its
	// environment; without it none is asked.
	Reply []string
	// Quiet and MaxDelay are those of engine.Options.
	Quiet, MaxDelay time.Duration
	// Now is the clock; time.Now if nil.
	Now func() time.Time
	// Alive reports whether a process exists, and Tick says when to ask. They
	// are replaced in tests.
	Alive func(pid int) bool
	Tick  func() (<-chan time.Time, func())
}

// How often the client's process is looked for, and how long requests under
// way may take to be answered after exit.
const (
	aliveEvery = 3 * time.Second
	flushTime  = 5 * time.Second
)

// Serve speaks with one client until it says exit, its input ends, its process
// is gone or ctx is done. It returns the exit code of the process. A read from
// standard input that is under way cannot be interrupted: the caller is
// expected to end the process.
func Serve(ctx context.Context, opts Options) int {
	if out := os.Stdout; opts.Out == out { //nolint:forbidigo // it is taken away from everybody else here
		// Keep the real descriptor; what anybody else prints goes to stderr.
		os.Stdout = os.Stderr              //nolint:forbidigo // see above
		defer func() { os.Stdout = out }() //nolint:forbidigo // see above
	}
	if opts.Err == nil {
		opts.Err = io.Discard
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Alive == nil {
		opts.Alive = processExists
	}
	if opts.Tick == nil {
		opts.Tick = func() (<-chan time.Time, func()) {
			t := time.NewTicker(aliveEvery)
			return t.C, t.Stop
		}
	}

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	level := new(slog.LevelVar)
	s := newServer(ctx, opts, newLog(opts.Err, level), level)
	closeIn := func() error { return nil }
	if c, ok := opts.In.(io.Closer); ok && opts.In != os.Stdin {
		closeIn = c.Close
	}
	// The connection itself ends only when all requests are answered, and one
	// of them may take long: the end of the input must not wait for it.
	inputEnded := make(chan struct{})
	ended := sync.OnceFunc(func() { close(inputEnded) })
	conn := jsonrpc2.NewConn(newStream(opts.In, opts.Out, closeIn, ended, s.log), jsonrpc2.WithCodec(codec{}))
	s.conn, s.client = conn, protocol.ClientDispatcher(conn)
	s.background(s.publishLoop)
	// The connection outlives what is given up at the end: with a ctx that is done the
	// library would keep the last answers to itself.
	conn.Go(context.WithoutCancel(ctx), s.handle)

	select {
	case <-s.exit:
	case <-inputEnded:
		s.log.Info("the input from the client has ended")
	case <-s.orphaned:
		s.log.Warn("the client's process is gone")
	case <-ctx.Done():
	}
	code := ExitUnclean
	if s.ending() {
		code = ExitClean
	}
	// Give up what is under way, and let the answers that say so go out.
	cancel()
	s.mu.Lock()
	s.shells.Close()
	s.mu.Unlock()
	waitFor(&s.work, flushTime)
	_ = closeIn()
	if err := s.mender.Close(); err != nil {
		s.log.Error("cannot close the journal of fixes", "error", err)
	}
	return code
}

// waitFor waits for wg, but not for ever.
func waitFor(wg *sync.WaitGroup, most time.Duration) {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}
