package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// client is an editor that can do little: it speaks with one language server
// and notes when diagnostics come.
type client struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	started time.Time
	calls   atomic.Int64
	answers chan message
	news    chan published
	ended   chan error
}

type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

// published is one textDocument/publishDiagnostics and when it came, or a
// godrift/status that says that the work on a folder is done: a server that
// finds nothing publishes nothing.
type published struct {
	at          time.Time
	URI         string            `json:"uri"`
	Version     int               `json:"version"`
	Diagnostics []json.RawMessage `json:"diagnostics"`
}

// start runs a language server.
func (b *bench) start(dir, name string, args ...string) (*client, error) {
	cmd := exec.CommandContext(b.ctx, name, args...)
	cmd.Dir = dir
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c := &client{cmd: cmd, in: in, started: time.Now(), answers: make(chan message, 16), news: make(chan published, 1<<16), ended: make(chan error, 1)}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { c.ended <- c.read(bufio.NewReaderSize(out, 1<<16)) }()
	return c, nil
}

// read takes what the server says. The time of a message is that of its last
// byte, before it is decoded.
func (c *client) read(r *bufio.Reader) error {
	for {
		length := 0
		for {
			line, err := r.ReadString('\n')
			if err != nil {
				return err
			}
			line = strings.TrimSpace(line)
			if line == "" {
				break
			}
			if value, ok := strings.CutPrefix(strings.ToLower(line), "content-length:"); ok {
				if length, err = strconv.Atoi(strings.TrimSpace(value)); err != nil {
					return err
				}
			}
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(r, body); err != nil {
			return err
		}
		at := time.Now()
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			p := published{at: at}
			if err := json.Unmarshal(m.Params, &p); err != nil {
				return err
			}
			p.URI = plain(p.URI)
			c.news <- p
		case m.Method == "godrift/status":
			var status struct {
				Folder    string `json:"folder"`
				Quiescent bool   `json:"quiescent"`
			}
			if err := json.Unmarshal(m.Params, &status); err != nil {
				return err
			}
			if status.Quiescent {
				c.news <- published{at: at, URI: plain(status.Folder)}
			}
		case m.Method == "":
			c.answers <- m
		case m.ID != nil:
			if err := c.send(map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": answer(m)}); err != nil {
				return err
			}
		}
	}
}

// answer is what a client without settings says to a server's request.
func answer(m message) any {
	if m.Method != "workspace/configuration" {
		return nil
	}
	var params struct {
		Items []json.RawMessage `json:"items"`
	}
	_ = json.Unmarshal(m.Params, &params) // an empty list will do
	return make([]any, len(params.Items))
}

func (c *client) send(m any) error {
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(body), body)
	_, err = c.in.Write(b.Bytes())
	return err
}

func (c *client) notify(method string, params any) error {
	return c.send(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

func (c *client) call(ctx context.Context, method string, params any) error {
	id := c.calls.Add(1)
	m := map[string]any{"jsonrpc": "2.0", "id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	if err := c.send(m); err != nil {
		return err
	}
	select {
	case m := <-c.answers:
		if m.Error != nil {
			return fmt.Errorf("%s: %s", method, m.Error)
		}
		return nil
	case err := <-c.ended:
		return fmt.Errorf("%s: the server has ended: %w", method, err)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

// initialize opens a workspace folder. It returns when the server has answered;
// the server has not been told to begin yet.
func (c *client) initialize(ctx context.Context, root string, options any) error {
	return c.call(ctx, "initialize", map[string]any{
		"processId":             os.Getpid(),
		"rootUri":               uri(root),
		"workspaceFolders":      []any{map[string]any{"uri": uri(root), "name": "bench"}},
		"initializationOptions": options,
		"capabilities": map[string]any{
			"textDocument": map[string]any{"publishDiagnostics": map[string]any{"versionSupport": true, "relatedInformation": true}},
			"workspace":    map[string]any{"configuration": true, "workspaceFolders": true},
		},
	})
}

func (c *client) open(file, text string) error {
	return c.notify("textDocument/didOpen", map[string]any{
		"textDocument": map[string]any{"uri": uri(file), "languageId": "go.mod", "version": 1, "text": text},
	})
}

// first waits for the first diagnostics of a folder's go.mod, or for word that
// there are none.
func (c *client) first(ctx context.Context, root string) (published, error) {
	return c.next(ctx, goModOf(root), func(p published) bool { return p.URI == plain(uri(goModOf(root))) || p.URI == plain(uri(root)) })
}

// await waits for diagnostics of a file for which ok is true.
func (c *client) await(ctx context.Context, file string, ok func(published) bool) (published, error) {
	want := plain(uri(file))
	return c.next(ctx, file, func(p published) bool { return p.URI == want && ok(p) })
}

func (c *client) next(ctx context.Context, file string, ok func(published) bool) (published, error) {
	for {
		select {
		case p := <-c.news:
			if ok(p) {
				return p, nil
			}
		case err := <-c.ended:
			return published{}, fmt.Errorf("the server has ended: %w", err)
		case <-ctx.Done():
			return published{}, fmt.Errorf("no diagnostics of %s from %s: %w", file, filepath.Base(c.cmd.Path), ctx.Err())
		}
	}
}

// stop ends the server and returns the time it took on the processors.
func (c *client) stop(ctx context.Context) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := c.call(ctx, "shutdown", nil)
	if err == nil {
		err = c.notify("exit", nil)
	}
	_ = c.in.Close()
	if err != nil {
		_ = c.cmd.Process.Kill()
	}
	_ = c.cmd.Wait()
	return c.cmd.ProcessState.UserTime() + c.cmd.ProcessState.SystemTime()
}

func uri(file string) string {
	file = filepath.ToSlash(file)
	if !strings.HasPrefix(file, "/") {
		file = "/" + file
	}
	return (&url.URL{Scheme: "file", Path: file}).String()
}

// plain is a URI without escapes: servers spell the same file differently.
func plain(u string) string {
	if s, err := url.PathUnescape(u); err == nil {
		return s
	}
	return u
}
