package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"

	"godrift.dev/server/engine"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares JSON with a file in testdata, the test's own folder replaced.
func golden(t *testing.T, name string, got []byte, m *machine) {
	t.Helper()
	if m != nil {
		got = bytes.ReplaceAll(got, []byte(fileURI(m.dir)), []byte("file:///MACHINE"))
		got = bytes.ReplaceAll(got, []byte(m.dir), []byte("/MACHINE"))
		got = bytes.ReplaceAll(got, []byte(m.environ["PATH"]), []byte("/PATH"))
		got = bytes.ReplaceAll(got, []byte(m.goes), []byte("1.X.Y"))
	}
	var b bytes.Buffer
	if err := json.Indent(&b, got, "", "\t"); err != nil {
		t.Fatalf("%s: %v in %s", name, err, got)
	}
	b.WriteByte('\n')
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("%s is not as it was (write it with -update):\n%s", name, b.Bytes())
	}
}

func (c *client) exitCode() int {
	c.t.Helper()
	select {
	case code := <-c.exit:
		return code
	case <-time.After(patience):
		c.t.Fatal("the server did not end")
		return -1
	}
}

func TestInitialize(t *testing.T) {
	m := newMachine(t)
	c := serve(t, m.world)
	golden(t, "initialize.json", c.initialize(nil, m.path("home")), m)
}

// Clients say what they can in all sorts of ways; none must be refused.
func TestInitializeBare(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "module m\n\ngo 1.20.0\n\ntoolchain 1.25.3\n")
	for name, params := range map[string]object{
		"null everything": {"processId": nil, "rootUri": nil, "capabilities": object{}, "workspaceFolders": nil},
		"root URI":        {"processId": nil, "rootUri": fileURI(m.path("ws")), "capabilities": object{}},
		"root path":       {"processId": nil, "rootUri": nil, "rootPath": m.path("ws"), "capabilities": object{}},
		"odd options": {
			"processId": nil, "rootUri": fileURI(m.path("ws")), "capabilities": object{},
			"initializationOptions": []int{1, 2},
		},
		"a folder elsewhere": {
			"processId": nil, "rootUri": nil, "capabilities": object{},
			"workspaceFolders": []object{{"uri": "vscode-vfs://github/a/b", "name": "b"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, m.world)
			c.call("initialize", params, nil)
			c.notify("initialized", nil)
			c.open(file, m.read(t, "ws/go.mod"))
			// Also where no folder is open the file gets its diagnostics.
			c.published(file, 0, func(p published) bool { return p.has("pin-invalid") })
		})
	}
}

func TestExitCodes(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(c *client)
		want int
	}{
		{"exit after shutdown", func(c *client) {
			c.initialize(nil)
			c.call("shutdown", nil, nil)
			c.notify("exit", nil)
		}, ExitClean},
		{"exit without shutdown", func(c *client) {
			c.initialize(nil)
			c.notify("exit", nil)
		}, ExitUnclean},
		{"exit at once", func(c *client) { c.notify("exit", nil) }, ExitUnclean},
		{"end of input", func(c *client) {
			c.initialize(nil)
			c.in.Close()
		}, ExitUnclean},
		{"end of input after shutdown", func(c *client) {
			c.initialize(nil)
			c.call("shutdown", nil, nil)
			c.in.Close()
		}, ExitClean},
		{"end in the middle of a message", func(c *client) {
			c.initialize(nil)
			c.raw("Content-Length: 100\r\n\r\n{")
			c.in.Close()
		}, ExitUnclean},
		{"told to stop", func(c *client) { c.stop() }, ExitUnclean},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := serve(t, newMachine(t).world)
			tc.do(c)
			if got := c.exitCode(); got != tc.want {
				t.Errorf("exit code %d, want %d", got, tc.want)
			}
		})
	}
}

// A request under way must not keep the process alive, and is answered.
func TestExitWithARequestUnderWay(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.20\n")
	c := serve(t, m.world)
	asked := make(chan struct{})
	c.answer = func(method string, _ json.RawMessage) (any, *wireFault) {
		if method == "window/showMessageRequest" {
			close(asked)
			select {} // the person went home
		}
		return nil, nil
	}
	fix := c.leftover(m)
	_, ch := c.begin("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{fix}})
	<-asked
	c.notify("exit", nil)
	err := c.await("workspace/executeCommand", ch, nil)
	var fault *wireFault
	if !errors.As(err, &fault) || fault.Code != -32800 {
		t.Errorf("the request under way was answered with %v, want -32800", err)
	}
	if got := c.exitCode(); got != ExitUnclean {
		t.Errorf("exit code %d", got)
	}
}

func TestStates(t *testing.T) {
	c := serve(t, newMachine(t).world)
	for _, method := range []string{"textDocument/hover", "godrift/report", "shutdown", "nonsense"} {
		if err := c.try(method, object{}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32002") {
			t.Errorf("%s before initialize: %v, want -32002", method, err)
		}
	}
	c.open("/x/go.mod", "go 1.20") // dropped, not fatal
	c.initialize(nil)
	if err := c.try("initialize", object{"capabilities": object{}}, nil); err == nil || !strings.HasPrefix(err.Error(), "-32600") {
		t.Errorf("initialize twice: %v, want -32600", err)
	}
	c.call("shutdown", nil, nil)
	for _, method := range []string{"textDocument/hover", "godrift/report", "shutdown"} {
		if err := c.try(method, nil, nil); err == nil || !strings.HasPrefix(err.Error(), "-32600") {
			t.Errorf("%s after shutdown: %v, want -32600", method, err)
		}
	}
}

// What cannot be understood is answered, and the session goes on.
func TestMistakes(t *testing.T) {
	c := serve(t, newMachine(t).world)
	c.initialize(nil)
	for _, tc := range []struct {
		method string
		params any
		want   string
	}{
		{"textDocument/nonsense", object{}, "-32601"},
		{"godrift/nonsense", nil, "-32601"},
		{"nonsense", nil, "-32601"},
		{"textDocument/foldingRange", object{"textDocument": object{"uri": "file:///x"}}, "-32601"},
		{"textDocument/hover", []int{1}, "-32602"},
		{"textDocument/hover", nil, "-32602"},
		{"textDocument/codeAction", object{"range": 7}, "-32602"},
		{"godrift/report", nil, "-32602"}, // no params at all: understood, but no folder is open
		{"godrift/why", object{"uri": 7}, "-32602"},
		{"godrift/why", object{"uri": "untitled:x"}, "-32602"},
		{"godrift/plan", []string{"x"}, "-32602"},
		{"workspace/executeCommand", object{"command": "rm"}, "-32602"},
	} {
		if err := c.try(tc.method, tc.params, nil); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s with %v: %v, want %s", tc.method, tc.params, err, tc.want)
		}
	}
	for _, n := range []struct {
		method string
		params any
	}{
		{"textDocument/didOpen", nil},
		{"textDocument/didOpen", []int{}},
		{"textDocument/didChange", object{"textDocument": object{"uri": "file:///never/opened/go.mod", "version": 2}, "contentChanges": []object{{"text": ""}}}},
		{"textDocument/didChange", object{"textDocument": object{"uri": "file:///never/opened/go.mod"}, "contentChanges": 5}},
		{"textDocument/didClose", object{"textDocument": object{"uri": "untitled:Untitled-1"}}},
		{"textDocument/didOpen", object{"textDocument": object{"uri": "git:/x/go.mod?", "languageId": "", "version": 0, "text": "go"}}},
		{"workspace/didChangeConfiguration", nil},
		{"workspace/didChangeConfiguration", object{"settings": 7}},
		{"workspace/didChangeWorkspaceFolders", object{"event": object{"added": []object{{"uri": "::", "name": ""}}, "removed": []object{{"uri": "x:", "name": ""}}}}},
		{"window/workDoneProgress/cancel", object{"token": "never"}},
		{"$/cancelRequest", object{"id": 12345}},
		{"$/cancelRequest", object{"id": object{}}},
		{"$/cancelRequest", nil},
		{"$/nonsense", nil},
		{"godrift/nonsense", nil},
		{"godrift/environment", nil},
		{"godrift/environment", object{"name": "editor", "variables": 7}},
		{"godrift/trust", []int{}},
		{"nonsense", nil},
		{"initialize", nil},
	} {
		c.notify(n.method, n.params)
	}
	c.raw(frame("{not json"))
	c.raw("garbage\r\n\r\n")
	c.send(object{"jsonrpc": "2.0", "id": 99999, "result": nil}) // an answer nobody waits for
	c.call("textDocument/hover", object{"textDocument": object{"uri": "file:///x/go.mod"}, "position": object{"line": 0, "character": 0}}, nil)
	c.seen("the refusal of what is not JSON", 0, func(m message) bool { return m.Error != nil && m.Error.Code == -32700 })
}

func TestCancel(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.20\n")
	c := serve(t, m.world)
	asked := make(chan struct{})
	answer := make(chan struct{})
	c.answer = func(method string, _ json.RawMessage) (any, *wireFault) {
		if method == "window/showMessageRequest" {
			close(asked)
			<-answer
		}
		return nil, nil
	}
	fix := c.leftover(m)
	id, ch := c.begin("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{fix}})
	<-asked
	// While the person thinks, the server serves.
	c.call("godrift/report", nil, nil)
	c.notify("$/cancelRequest", object{"id": id})
	var fault *wireFault
	if err := c.await("workspace/executeCommand", ch, nil); !errors.As(err, &fault) || fault.Code != -32800 {
		t.Errorf("cancelled: %v, want -32800", err)
	}
	close(answer)
	c.call("godrift/report", nil, nil)
}

// A client that is gone takes its server with it.
func TestClientProcess(t *testing.T) {
	tick := make(chan time.Time)
	alive := make(chan bool, 3)
	c := serve(t, func(o *Options) {
		newMachine(t).world(o)
		o.Alive = func(pid int) bool {
			if pid != 4711 {
				t.Errorf("looked for process %d", pid)
			}
			return <-alive
		}
		o.Tick = func() (<-chan time.Time, func()) { return tick, func() {} }
	})
	alive <- true
	c.call("initialize", object{"processId": 4711, "rootUri": nil, "capabilities": object{}}, nil)
	alive <- true
	tick <- time.Time{}
	c.notify("initialized", nil)
	if err := c.try("godrift/report", nil, nil); err == nil {
		t.Error("a report without a folder")
	}
	alive <- false
	tick <- time.Time{}
	if got := c.exitCode(); got != ExitUnclean {
		t.Errorf("exit code %d", got)
	}
}

// A number from another process namespace must not end the session.
func TestClientProcessUnknown(t *testing.T) {
	c := serve(t, func(o *Options) {
		newMachine(t).world(o)
		o.Alive = func(int) bool { return false }
		o.Tick = func() (<-chan time.Time, func()) {
			t.Error("a process that cannot be seen is watched")
			return nil, func() {}
		}
	})
	c.call("initialize", object{"processId": 4711, "rootUri": nil, "capabilities": object{}}, nil)
	c.call("shutdown", nil, nil)
}

func TestProcessExists(t *testing.T) {
	if !processExists(os.Getpid()) {
		t.Error("this process does not exist")
	}
	if processExists(1 << 30) {
		t.Error("a process beyond all numbers exists")
	}
}

// Nothing but messages goes to the client, whoever prints.
func TestStdoutIsTheWire(t *testing.T) {
	real, realErr := os.Stdout, os.Stderr
	t.Cleanup(func() { os.Stdout, os.Stderr = real, realErr })
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	spill, err := os.CreateTemp(t.TempDir(), "stderr")
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout, os.Stderr = w, spill
	in, inW := io.Pipe()
	done := make(chan int, 1)
	started := make(chan struct{})
	go func() {
		done <- Serve(context.Background(), Options{
			In: in, Out: w, World: engine.World{Files: engine.Here("editor").Files, Environ: map[string]string{}},
			Alive: func(int) bool {
				os.Stdout.WriteString("SPILLED")
				close(started)
				return false
			},
		})
		w.Close()
	}()
	go func() {
		io.WriteString(inW, frame(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"processId":5,"rootUri":null,"capabilities":{}}}`))
		<-started
		io.WriteString(inW, frame(`{"jsonrpc":"2.0","method":"exit"}`))
	}()
	out, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if code := <-done; code != ExitUnclean {
		t.Errorf("exit code %d", code)
	}
	if os.Stdout != w {
		t.Error("os.Stdout was not given back")
	}
	if !bytes.HasPrefix(out, []byte("Content-Length: ")) || bytes.Contains(out, []byte("SPILLED")) {
		t.Errorf("on the wire: %q", out)
	}
	if text, _ := os.ReadFile(spill.Name()); string(text) != "SPILLED" {
		t.Errorf("on standard error: %q", text)
	}
}

// A bug in one handler costs one answer, and its report holds no secret.
func TestPanicOnPurpose(t *testing.T) {
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	level := new(slog.LevelVar)
	s := newServer(ctx, Options{Version: "v1"}, newLog(&log, level), level)
	s.own["test/panic"] = func(context.Context, []byte) (any, error) {
		panic("panic on purpose at https://user:hunter2@proxy.example.com")
	}
	s.notes["test/panic"] = func([]byte) error { panic("panic on purpose") }
	s.state = ready
	clientR, serverW := io.Pipe()
	serverR, clientW := io.Pipe()
	conn := jsonrpc2.NewConn(newStream(serverR, serverW, func() error { return nil }, func() {}, s.log), jsonrpc2.WithCodec(codec{}))
	conn.Go(ctx, s.handle)
	c := &client{t: t, in: clientW, log: &lockedBuffer{}, waiting: map[string]chan message{}, news: make(chan struct{})}
	go c.listen(clientR)
	for range 2 {
		c.notify("test/panic", nil)
		err := c.try("test/panic", nil, nil)
		var fault *wireFault
		if !errors.As(err, &fault) || fault.Code != -32603 || !strings.Contains(fault.Message, "bug in godrift") {
			t.Errorf("answered with %v", err)
		}
	}
	cancel()
	clientW.Close()
	<-conn.Done()
	text := log.String()
	if strings.Contains(text, "hunter2") {
		t.Errorf("the crash report holds a secret:\n%s", text)
	}
	if n := strings.Count(text, "crash report"); n != 4 {
		t.Errorf("%d crash reports, want 4:\n%s", n, text)
	}
	if !strings.Contains(text, "session_test.go") {
		t.Errorf("the crash report does not say where:\n%s", text)
	}
}
