package lsp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// patience bounds every wait in these tests.
const patience = 10 * time.Second

// message is one JSON-RPC message as it stands on the wire.
type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *wireFault      `json:"error,omitempty"`
}

type wireFault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (f *wireFault) Error() string { return fmt.Sprintf("%d: %s", f.Code, f.Message) }

// client speaks raw JSON-RPC with a server over pipes.
type client struct {
	t    testing.TB
	in   *io.PipeWriter
	log  *lockedBuffer
	exit chan int
	stop context.CancelFunc
	// answer is called for requests of the server.
	answer func(method string, params json.RawMessage) (any, *wireFault)

	mu      sync.Mutex
	next    int
	waiting map[string]chan message
	notes   []message // notifications and requests of the server, in order
	news    chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts a server for a test.
func serve(t testing.TB, change func(*Options)) *client {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	c := &client{
		t: t, in: inW, log: &lockedBuffer{}, exit: make(chan int, 1),
		waiting: map[string]chan message{}, news: make(chan struct{}),
		answer: func(string, json.RawMessage) (any, *wireFault) { return nil, nil },
	}
	opts := Options{
		In: inR, Out: outW, Err: c.log, World: engine.Here("editor"), Version: "v0.0.0-test",
		StateDir: filepath.Join(t.TempDir(), "state"), Quiet: time.Millisecond,
	}
	if change != nil {
		change(&opts)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	finished := make(chan struct{})
	go func() {
		code := Serve(ctx, opts)
		c.exit <- code
		outW.Close()
		close(finished)
	}()
	go c.listen(outR)
	t.Cleanup(func() {
		cancel()
		inW.Close()
		select {
		case <-finished:
		case <-time.After(patience):
			t.Error("the server did not end")
		}
		outR.Close()
		if log := c.log.String(); strings.Contains(log, "crash report") && !strings.Contains(log, "panic on purpose") {
			t.Errorf("the server panicked:\n%s", log)
		}
		if t.Failed() {
			t.Logf("the server's log:\n%s", c.log)
		}
	})
	return c
}

func (c *client) listen(r io.Reader) {
	br := bufio.NewReader(r)
	for {
		head, err := textproto.NewReader(br).ReadMIMEHeader()
		if err != nil {
			return
		}
		n, err := strconv.Atoi(head.Get("Content-Length"))
		if err != nil {
			c.t.Errorf("a header without a length: %v", head)
			return
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(br, body); err != nil {
			return
		}
		var m message
		if err := json.Unmarshal(body, &m); err != nil {
			c.t.Errorf("the server sent %q: %v", body, err)
			continue
		}
		c.take(m)
	}
}

func (c *client) take(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m.Method == "" {
		if ch := c.waiting[string(m.ID)]; ch != nil {
			delete(c.waiting, string(m.ID))
			ch <- m
			return
		}
	}
	c.notes = append(c.notes, m)
	close(c.news)
	c.news = make(chan struct{})
	if m.Method != "" && m.ID != nil {
		go func() {
			result, fault := c.answer(m.Method, m.Params)
			out := map[string]any{"jsonrpc": "2.0", "id": m.ID}
			if fault != nil {
				out["error"] = fault
			} else {
				out["result"] = result
			}
			c.send(out)
		}()
	}
}

func (c *client) send(v any) {
	body, err := json.Marshal(v)
	if err != nil {
		c.t.Errorf("encode: %v", err)
		return
	}
	c.raw(frame(string(body)))
}

func (c *client) raw(s string) {
	if _, err := io.WriteString(c.in, s); err != nil && !errors.Is(err, io.ErrClosedPipe) {
		c.t.Errorf("write to the server: %v", err)
	}
}

func (c *client) notify(method string, params any) {
	m := map[string]any{"jsonrpc": "2.0", "method": method}
	if params != nil {
		m["params"] = params
	}
	c.send(m)
}

// begin sends a request and returns its number and where the answer comes.
func (c *client) begin(method string, params any) (int, chan message) {
	c.mu.Lock()
	c.next++
	id := c.next
	ch := make(chan message, 1)
	c.waiting[strconv.Itoa(id)] = ch
	c.mu.Unlock()
	m := map[string]any{"jsonrpc": "2.0", "id": id, "method": method}
	if params != nil {
		m["params"] = params
	}
	c.send(m)
	return id, ch
}

// try sends a request and waits for the answer.
func (c *client) try(method string, params, result any) error {
	c.t.Helper()
	_, ch := c.begin(method, params)
	return c.await(method, ch, result)
}

func (c *client) await(method string, ch chan message, result any) error {
	c.t.Helper()
	select {
	case m := <-ch:
		if m.Error != nil {
			return m.Error
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				c.t.Fatalf("the answer to %s is %s: %v", method, m.Result, err)
			}
		}
		return nil
	case <-time.After(patience):
		c.t.Fatalf("no answer to %s; the log:\n%s", method, c.log)
		return nil
	}
}

func (c *client) call(method string, params, result any) {
	c.t.Helper()
	if err := c.try(method, params, result); err != nil {
		c.t.Fatalf("%s: %v", method, err)
	}
}

// seen waits until a notification or request of the server, from the given one
// on, satisfies want, and returns its number.
func (c *client) seen(what string, from int, want func(message) bool) (message, int) {
	c.t.Helper()
	deadline := time.After(patience)
	for {
		c.mu.Lock()
		for i := from; i < len(c.notes); i++ {
			if want(c.notes[i]) {
				m := c.notes[i]
				c.mu.Unlock()
				return m, i
			}
		}
		from = len(c.notes)
		news := c.news
		c.mu.Unlock()
		select {
		case <-news:
		case <-deadline:
			c.t.Fatalf("%s did not come; what came:\n%s\nthe log:\n%s", what, c.heard(), c.log)
		}
	}
}

func (c *client) heard() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	for _, m := range c.notes {
		fmt.Fprintf(&b, "%s %s\n", m.Method, m.Params)
	}
	return b.String()
}

// count is how many notifications and requests came so far.
func (c *client) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.notes)
}

// published waits for the diagnostics of a file that satisfy want.
func (c *client) published(file string, from int, want func(published) bool) (published, int) {
	c.t.Helper()
	var got published
	_, at := c.seen("diagnostics of "+filepath.Base(file), from, func(m message) bool {
		if m.Method != "textDocument/publishDiagnostics" {
			return false
		}
		var p published
		if err := json.Unmarshal(m.Params, &p); err != nil {
			c.t.Fatalf("diagnostics: %v", err)
		}
		if p.URI != fileURI(file) || !want(p) {
			return false
		}
		got = p
		return true
	})
	return got, at
}

type published struct {
	URI         string `json:"uri"`
	Version     *int   `json:"version"`
	Diagnostics []diag `json:"diagnostics"`
}

func (p published) has(code string) bool {
	for _, d := range p.Diagnostics {
		if d.Code == code {
			return true
		}
	}
	return false
}

func (p published) find(code string) diag {
	for _, d := range p.Diagnostics {
		if d.Code == code {
			return d
		}
	}
	return diag{}
}

type diag struct {
	Range           span   `json:"range"`
	Severity        int    `json:"severity"`
	Code            string `json:"code"`
	CodeDescription *struct {
		Href string `json:"href"`
	} `json:"codeDescription,omitempty"`
	Source  string          `json:"source"`
	Message string          `json:"message"`
	Tags    []int           `json:"tags,omitempty"`
	Related []any           `json:"relatedInformation,omitempty"`
	Data    *DiagnosticData `json:"data,omitempty"`
}

type span struct {
	Start pos `json:"start"`
	End   pos `json:"end"`
}

type pos struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

func fileURI(file string) string { return string(uriOf(file)) }

type object = map[string]any

// capable are the capabilities of a client that can do everything.
func capable() object {
	return object{
		"general": object{"positionEncodings": []string{"utf-16"}},
		"window":  object{"workDoneProgress": true},
		"workspace": object{
			"workspaceFolders": true, "configuration": true, "applyEdit": true,
			"workspaceEdit": object{"documentChanges": true, "resourceOperations": []string{"create", "rename", "delete"}},
			"codeLens":      object{"refreshSupport": true}, "inlayHint": object{"refreshSupport": true},
			"diagnostics": object{"refreshSupport": true},
		},
		"textDocument": object{
			"hover": object{"contentFormat": []string{"markdown", "plaintext"}},
			"publishDiagnostics": object{
				"relatedInformation": true, "codeDescriptionSupport": true, "dataSupport": true, "versionSupport": true,
				"tagSupport": object{"valueSet": []int{1, 2}},
			},
			"codeAction": object{
				"dataSupport": true, "isPreferredSupport": true,
				"resolveSupport":           object{"properties": []string{"edit"}},
				"codeActionLiteralSupport": object{"codeActionKind": object{"valueSet": []string{"quickfix", "source"}}},
			},
		},
	}
}

// initialize starts a session in folders.
func (c *client) initialize(options object, folders ...string) json.RawMessage {
	c.t.Helper()
	return c.initializeAs(capable(), options, folders...)
}

func (c *client) initializeAs(capabilities, options object, folders ...string) json.RawMessage {
	c.t.Helper()
	list := []object{}
	for _, f := range folders {
		list = append(list, object{"uri": fileURI(f), "name": filepath.Base(f)})
	}
	if options == nil {
		options = object{}
	}
	if options["settings"] == nil {
		options["settings"] = object{"logLevel": "debug"}
	}
	var result json.RawMessage
	c.call("initialize", object{
		"processId": nil, "rootUri": nil, "capabilities": capabilities, "clientInfo": object{"name": "Test Code", "version": "1.2.3"},
		"workspaceFolders": list, "initializationOptions": options,
	}, &result)
	c.notify("initialized", object{})
	return result
}

func (c *client) open(file, text string) {
	c.notify("textDocument/didOpen", object{"textDocument": object{
		"uri": fileURI(file), "languageId": "anything", "version": 1, "text": text,
	}})
}

func (c *client) edit(file string, version int, text string) {
	c.notify("textDocument/didChange", object{
		"textDocument":   object{"uri": fileURI(file), "version": version},
		"contentChanges": []object{{"text": text}},
	})
}

func doc(file string) object { return object{"uri": fileURI(file)} }

// machine is a made-up machine on which the Go that runs these tests is the
// only one.
type machine struct {
	dir     string
	environ map[string]string
	goes    string // the version of that Go, without "go"
}

func newMachine(t testing.TB) *machine {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	goes, err := exec.LookPath("go")
	if err == nil {
		goes, err = filepath.EvalSymlinks(goes)
	}
	if err != nil {
		t.Fatalf("these tests look at the Go that runs them: %v", err)
	}
	m := &machine{dir: dir}
	version, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(goes)), "VERSION"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(version), "\n")
	m.goes = strings.TrimPrefix(strings.TrimSpace(line), "go")
	m.write(t, "home/.keep", "")
	m.environ = map[string]string{
		"PATH": filepath.Dir(goes), "HOME": m.path("home"), "USERPROFILE": m.path("home"),
		"GOENV": m.path("home/goenv"), "GOTOOLCHAIN": "local",
	}
	return m
}

func (m *machine) path(name string) string { return filepath.Join(m.dir, filepath.FromSlash(name)) }

func (m *machine) write(t testing.TB, name, text string) string {
	t.Helper()
	file := m.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

func (m *machine) read(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(m.path(name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// world puts a server on the machine.
func (m *machine) world(o *Options) { o.World.Environ = maps.Clone(m.environ) }

// reported is the part of godrift/report that the tests look at.
type reported struct {
	Schema   string `json:"schema"`
	Findings []struct {
		Code  string `json:"code"`
		File  string `json:"file"`
		Line  int    `json:"line"`
		Fixes []struct {
			ID    string `json:"id"`
			Title string `json:"title"`
			Kind  string `json:"kind"`
		} `json:"fixes"`
	} `json:"findings"`
	Counts    tell.Counts `json:"counts"`
	Selection struct {
		Selected string `json:"selected"`
	} `json:"selection"`
}

// fix finds the first fix of a kind for a rule.
func (c *client) fix(folder, code, kind string) FixParams {
	c.t.Helper()
	var r reported
	c.call(MethodReport, FolderParams{Folder: fileURI(folder)}, &r)
	for _, f := range r.Findings {
		for _, x := range f.Fixes {
			if f.Code == code && x.Kind == kind {
				return FixParams{Folder: fileURI(folder), Fix: x.ID}
			}
		}
	}
	c.t.Fatalf("no fix for %s in %+v", code, r)
	return FixParams{}
}

// leftover starts a session in which a line of the GOENV file quietly changes
// builds, and returns the fix that removes it, which is no edit of text.
func (c *client) leftover(m *machine) FixParams {
	c.t.Helper()
	m.write(c.t, "home/goenv", "GOFLAGS=-mod=mod\n")
	m.write(c.t, "ws/go.mod", "module m\n\ngo 1.25.0\n")
	c.initialize(nil, m.path("ws"))
	return c.fix(m.path("ws"), "env-leftover", "repair")
}
