package server

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Process is a program that runs.
type Process struct {
	Name string
	// Log is where its output goes.
	Log  string
	cmd  *exec.Cmd
	done chan struct{}
	err  error
}

// question is what a program that is ready answers with 200, the token it asks for, and
// what is trusted over TLS.
type question struct {
	url, token string
	secure     *tls.Config
}

// start starts a program, with env added to this process's environment, and waits until
// it says over HTTP that it is ready.
func start(ctx context.Context, dir string, ready question, name string, env []string, args ...string) (*Process, error) {
	p := &Process{Name: filepath.Base(name), Log: filepath.Join(dir, filepath.Base(name)+".log"), done: make(chan struct{})}
	log, err := os.Create(p.Log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.Command(name, args...)
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = dir, log, log
	p.cmd.Env = append(os.Environ(), env...)
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", p.Name, err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := p.await(ctx, ready); err != nil {
		p.Stop()
		text, _ := os.ReadFile(p.Log) // the reason, if it is there
		return nil, fmt.Errorf("%s: %w\n%s", p.Name, err, text)
	}
	return p, nil
}

// await asks until the answer is 200.
func (p *Process) await(ctx context.Context, ready question) error {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: ready.secure}}
	defer client.CloseIdleConnections()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, ready.url, http.NoBody)
		if err != nil {
			return err
		}
		if ready.token != "" {
			req.Header.Set("Authorization", "Bearer "+ready.token)
		}
		answer, err := client.Do(req)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.done:
			return fmt.Errorf("it ended: %w", p.err)
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Await asks again and again until something is so, for at most the limit: other programs
// tell nobody when it is.
func Await(ctx context.Context, limit time.Duration, so func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	again := time.NewTicker(100 * time.Millisecond)
	defer again.Stop()
	for {
		if done, err := so(); done || err != nil {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return fmt.Errorf("it is not so after %s: %w", limit, ctx.Err())
		}
	}
}

// Stop asks it to end, and ends it if it does not.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(os.Interrupt) // it may have ended
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// Usage is what a process has taken: memory in RAM now, its most, and processor time.
type Usage struct {
	RSS, Peak int64
	CPU       time.Duration
}

// Usage reads proc(5).
func (p *Process) Usage() (Usage, error) {
	var u Usage
	dir := filepath.Join("/proc", strconv.Itoa(p.cmd.Process.Pid))
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return u, err
	}
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		kib, err := strconv.ParseInt(fields[1], 10, 64)
		switch {
		case err != nil:
		case fields[0] == "VmRSS:":
			u.RSS = kib << 10
		case fields[0] == "VmHWM:":
			u.Peak = kib << 10
		}
	}
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return u, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // the name may hold anything
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return u, fmt.Errorf("%s/stat is too short", dir)
	}
	for _, ticks := range fields[11:13] { // utime and stime, in hundredths of a second
		n, err := strconv.ParseInt(ticks, 10, 64)
		if err != nil {
			return u, err
		}
		u.CPU += time.Duration(n) * 10 * time.Millisecond
	}
	return u, nil
}

// Address is a free one on loopback.
func Address() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	address := l.Addr().String()
	return address, l.Close()
}
