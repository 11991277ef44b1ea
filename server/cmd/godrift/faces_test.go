package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/jsonschema-go/jsonschema"
	"golang.org/x/tools/txtar"

	"godrift.dev/server/engine"
	"godrift.dev/server/face/cli"
	"godrift.dev/server/face/lsp"
	"godrift.dev/server/tell"
	"godrift.dev/shared"
)

// machine is a folder with a workspace in it, and an environment in which the
// Go that runs this test is the only one.
type machine struct {
	root    string
	environ map[string]string
}

// cases are workspaces of testdata: the comment of each archive holds variables,
// NAME=value, in which $HOME and $WS stand for the folders.
func cases(t *testing.T) map[string]machine {
	t.Helper()
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goroot := strings.TrimSpace(string(out))
	machines := map[string]machine{}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		home := t.TempDir()
		m := machine{root: filepath.Join(home, "ws"), environ: map[string]string{
			"HOME": home, "PATH": filepath.Join(goroot, "bin"), "GOTOOLCHAIN": "local",
			"XDG_STATE_HOME": filepath.Join(home, "state"),
		}}
		for _, f := range archive.Files {
			name := filepath.Join(home, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, f.Data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		for line := range strings.Lines(string(archive.Comment)) {
			if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
				m.environ[name] = os.Expand(value, func(v string) string {
					return map[string]string{"HOME": home, "WS": m.root}[v]
				})
			}
		}
		machines[strings.TrimSuffix(filepath.Base(file), ".txtar")] = m
	}
	return machines
}

func (m machine) command(t *testing.T, wantExits []int, args ...string) []byte {
	t.Helper()
	var out, errs bytes.Buffer
	var environ []string
	for name, value := range m.environ {
		environ = append(environ, name+"="+value)
	}
	command := cli.Command{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Environ: environ, Dir: m.root, Version: "v0.0.0"}
	if code := command.Main(args); !slices.Contains(wantExits, code) {
		t.Fatalf("godrift %s: exit %d\n%s%s", strings.Join(args, " "), code, out.Bytes(), errs.Bytes())
	}
	return out.Bytes()
}

func (m machine) world() engine.World {
	w := engine.Here("cli")
	w.Environ = m.environ
	return w
}

// spot is what every face must say of a finding.
type spot struct {
	Code, Severity, Message, File string
	Line, EndLine                 int
}

func spotsOf(findings []tell.Finding) []spot {
	var spots []spot
	for _, f := range findings {
		spots = append(spots, spot{f.Code, string(f.Severity), f.Message, f.File, f.Line, f.EndLine})
	}
	return sorted(spots)
}

// sorted puts spots in an order of their own. A finding about the environment
// names whose it is, which is the one word that faces say differently.
func sorted(spots []spot) []spot {
	for i := range spots {
		spots[i].Message = strings.ReplaceAll(spots[i].Message, "the environment of the editor", "the environment of this shell")
	}
	slices.SortFunc(spots, func(a, b spot) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return spots
}

// One evaluation, all faces: the command line, the server's report and the
// diagnostics in an editor say the same.
func TestFacesAgree(t *testing.T) {
	for name, m := range cases(t) {
		t.Run(name, func(t *testing.T) {
			report, err := engine.Evaluate(t.Context(), engine.Options{Root: m.root, World: m.world(), Trusted: true})
			if err != nil {
				t.Fatal(err)
			}
			want := spotsOf(tell.NewCheck(report).Findings)
			if len(want) == 0 {
				t.Fatal("this case has no findings: it proves nothing")
			}

			var checked tell.CheckDocument
			if err := json.Unmarshal(m.command(t, []int{0, 1, 2}, "check", "--format", "json"), &checked); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, spotsOf(checked.Findings)); diff != "" {
				t.Errorf("check differs from the evaluation:\n%s", diff)
			}

			s := serve(t, m)
			var reported tell.CheckDocument
			s.call("godrift/report", lsp.FolderParams{}, &reported)
			if diff := cmp.Diff(want, spotsOf(reported.Findings)); diff != "" {
				t.Errorf("godrift/report differs from the evaluation:\n%s", diff)
			}
			if diff := cmp.Diff(want, s.diagnostics()); diff != "" {
				t.Errorf("the diagnostics differ from the evaluation:\n%s", diff)
			}
		})
	}
}

// Every JSON document validates against its published schema.
func TestDocumentsMatchTheirSchemas(t *testing.T) {
	commands := map[string][]string{
		"check": {"check", "--format", "json"}, "why": {"why", "--format", "json"}, "pins": {"pins", "--format", "json"},
		"env": {"env", "--format", "json"}, "fix": {"fix", "--all", "--format", "json"}, "version": {"version", "--format", "json"},
		"tools": {"tools", "--format", "json"}, "modules": {"modules", "--format", "json"},
		"cgo":      {"cgo", "--untrusted", "--format", "json"},
		"snapshot": {"snapshot", "--format", "json"}, "log": {"log", "--format", "json"}, "audit": {"log", "--audit", "--format", "json"},
		"diff": {"diff", "now", "now", "--format", "json"},
	}
	for name, m := range cases(t) {
		for document, args := range commands {
			t.Run(name+"/"+document, func(t *testing.T) {
				validate(t, document, m.command(t, []int{0, 1, 2}, args...))
			})
		}
	}
}

// So do the documents of commands that decide and that change something.
func TestDocumentsOfDeedsMatchTheirSchemas(t *testing.T) {
	for _, m := range cases(t) {
		toml := filepath.Join(m.root, "godrift.toml")
		if err := os.WriteFile(toml, []byte("[contract]\nrequire.CGO_ENABLED = \"0\"\nrequire.CC = \"evil\"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			document string
			args     []string
		}{
			{"allow", []string{"allow"}},
			{"allow", []string{"allow", "--yes"}},
			{"allow", []string{"deny", "--yes"}},
			{"allow", []string{"deny"}},
			{"accept", []string{"accept"}},
			{"rollback", []string{"rollback", "--all"}},
			{"rollback", []string{"rollback", "--shell", "bash"}},
			{"audit", []string{"log", "--audit"}},
		} {
			validate(t, c.document, m.command(t, []int{0}, append(c.args, "--format", "json")...))
		}
		return // one folder is like another
	}
}

// So do the documents about alerts, and each alert itself.
func TestAlertsMatchTheirSchemas(t *testing.T) {
	for _, m := range cases(t) {
		config := filepath.Join(m.environ["HOME"], ".config", "godrift", "config.toml")
		log := filepath.Join(m.environ["HOME"], "alerts.log")
		if err := os.MkdirAll(filepath.Dir(config), 0o700); err != nil {
			t.Fatal(err)
		}
		text := "[[alert.channel]]\nname = \"a\"\nkind = \"log\"\nfile = " + strconv.Quote(log) + "\n[[alert.channel]]\nname = \"b\"\nkind = \"command\"\ncommand = [\"/nowhere\"]\n"
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		validate(t, "alert-test", m.command(t, []int{3}, "monitor", "test-alert", "--format", "json"))
		validate(t, "alerts", m.command(t, []int{0}, "monitor", "silence", "pin-*", "--for", "2h", "--format", "json"))
		validate(t, "alerts", m.command(t, []int{0}, "monitor", "alerts", "--format", "json"))
		line, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		validate(t, "alert", line)
		return // one folder is like another
	}
}

// So does what a monitor told of itself, and of one that never ran.
func TestMonitorDocumentMatchesItsSchema(t *testing.T) {
	for _, m := range cases(t) {
		validate(t, "monitor-status", m.command(t, []int{1}, "monitor", "status", "--format", "json"))
		note := `{"version":1,"pid":12,"started":"2026-01-02T12:00:00Z","workspaces":[{"name":"a","root":"/a","problem":"gone","looked":"2026-01-02T12:00:00Z"}]}`
		file := filepath.Join(m.environ["XDG_STATE_HOME"], "godrift", "monitor.json")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(note), 0o600); err != nil {
			t.Fatal(err)
		}
		validate(t, "monitor-status", m.command(t, []int{1}, "monitor", "status", "--format", "json"))
		return // one folder is like another
	}
}

// So does the document of a command that needs a git repository.
func TestHookDocumentMatchesItsSchema(t *testing.T) {
	for _, m := range cases(t) {
		if out, err := exec.Command("git", "init", "-q", m.root).CombinedOutput(); err != nil {
			t.Fatalf("git init: %v\n%s", err, out)
		}
		for _, args := range [][]string{{}, {"--yes"}, {}, {"--remove"}, {"--remove", "--yes"}, {"--remove"}} {
			validate(t, "hook-git", m.command(t, []int{0}, append([]string{"hook", "git", "--format", "json"}, args...)...))
		}
		return // one folder is like another
	}
}

// So does that of a command that starts go.
func TestVerifyDocumentMatchesItsSchema(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the go that is started here is a script")
	}
	for _, m := range cases(t) {
		bin := t.TempDir()
		script := "#!/bin/sh\necho 'example.com/dep v1.0.0: dir has been modified (/cache/example.com/dep@v1.0.0)' >&2\nexit 1\n"
		if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		m.environ["PATH"] = bin
		validate(t, "modules-verify", m.command(t, []int{1}, "modules", "verify", "--format", "json"))
		return // one folder is like another
	}
}

func validate(t *testing.T, name string, text []byte) {
	t.Helper()
	raw, err := fs.ReadFile(shared.Schemas, name+".schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema jsonschema.Schema
	if err := json.Unmarshal(raw, &schema); err != nil {
		t.Fatal(err)
	}
	resolved, err := schema.Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := resolved.Validate(value); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// server is a language server and the raw client of this test.
type server struct {
	t     *testing.T
	in    io.WriteCloser
	out   *bufio.Reader
	id    int
	files map[string][]spot // published diagnostics by file
}

func serve(t *testing.T, m machine) *server {
	t.Helper()
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- lsp.Serve(context.Background(), lsp.Options{In: inRead, Out: outWrite, World: m.world(), StateDir: m.environ["XDG_STATE_HOME"]})
		outWrite.Close()
	}()
	s := &server{t: t, in: inWrite, out: bufio.NewReader(outRead), files: map[string][]spot{}}
	t.Cleanup(func() {
		s.call("shutdown", nil, nil)
		s.notify("exit", nil)
		inWrite.Close()
		go func() { _, _ = io.Copy(io.Discard, s.out) }()
		select {
		case code := <-ended:
			if code != lsp.ExitClean {
				t.Errorf("the server ended with %d", code)
			}
		case <-time.After(30 * time.Second):
			t.Error("the server did not end")
		}
	})
	root := "file://" + filepath.ToSlash(m.root)
	s.call("initialize", map[string]any{
		"processId": nil, "capabilities": map[string]any{},
		"workspaceFolders":      []map[string]string{{"uri": root, "name": "ws"}},
		"initializationOptions": map[string]any{"trusted": true, "push": true},
	}, nil)
	s.notify("initialized", map[string]any{})
	return s
}

func (s *server) send(message map[string]any) {
	s.t.Helper()
	message["jsonrpc"] = "2.0"
	body, err := json.Marshal(message)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(s.in, "Content-Length: %d\r\n\r\n%s", len(body), body); err != nil {
		s.t.Fatal(err)
	}
}

func (s *server) notify(method string, params any) {
	s.t.Helper()
	s.send(map[string]any{"method": method, "params": params})
}

func (s *server) call(method string, params, result any) {
	s.t.Helper()
	s.id++
	message := map[string]any{"id": s.id, "method": method}
	if params != nil {
		message["params"] = params
	}
	s.send(message)
	for {
		m := s.read()
		if m.ID == nil || m.Method != "" || string(m.ID) != strconv.Itoa(s.id) {
			continue
		}
		if m.Error != nil {
			s.t.Fatalf("%s: %s", method, m.Error)
		}
		if result != nil {
			if err := json.Unmarshal(m.Result, result); err != nil {
				s.t.Fatal(err)
			}
		}
		return
	}
}

type message struct {
	ID            json.RawMessage
	Method        string
	Params        json.RawMessage
	Result, Error json.RawMessage
}

// read takes the next message, remembers diagnostics and answers requests.
func (s *server) read() message {
	s.t.Helper()
	length := 0
	for {
		line, err := s.out.ReadString('\n')
		if err != nil {
			s.t.Fatalf("read from the server: %v", err)
		}
		line = strings.TrimSpace(line)
		if line == "" {
			break
		}
		if n, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			length, _ = strconv.Atoi(n)
		}
	}
	body := make([]byte, length)
	if _, err := io.ReadFull(s.out, body); err != nil {
		s.t.Fatal(err)
	}
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		s.t.Fatal(err)
	}
	if m.Method == "textDocument/publishDiagnostics" {
		s.remember(m.Params)
	} else if m.Method != "" && m.ID != nil {
		s.send(map[string]any{"id": m.ID, "result": nil})
	}
	return m
}

func (s *server) remember(params json.RawMessage) {
	s.t.Helper()
	var published struct {
		URI         string
		Diagnostics []struct {
			Code, Message string
			Severity      int
			Range         struct{ Start, End struct{ Line int } }
		}
	}
	if err := json.Unmarshal(params, &published); err != nil {
		s.t.Fatal(err)
	}
	file := filepath.FromSlash(strings.TrimPrefix(published.URI, "file://"))
	s.files[file] = nil
	for _, d := range published.Diagnostics {
		severity := []string{"", "error", "warning", "info", "hint"}[d.Severity]
		s.files[file] = append(s.files[file], spot{d.Code, severity, d.Message, file, d.Range.Start.Line + 1, d.Range.End.Line + 1})
	}
}

// diagnostics are all that were published up to now: those of a report are on
// the wire before the answer to the godrift/refresh that caused it.
func (s *server) diagnostics() []spot {
	s.t.Helper()
	s.call("godrift/refresh", lsp.FolderParams{}, nil)
	var all []spot
	for _, spots := range s.files {
		all = append(all, spots...)
	}
	return sorted(all)
}

// What the page asks for validates, too; the monitor gives the same.
func TestPageDocumentsMatchTheirSchemas(t *testing.T) {
	documents := map[tell.PageAsk]string{
		tell.PageAskNow: "page-now", tell.PageAskTimeline: "page-timeline", tell.PageAskMoments: "log", tell.PageAskMoment: "log",
		tell.PageAskCompare: "diff", tell.PageAskWhy: "why", tell.PageAskPins: "pins", tell.PageAskCgo: "cgo", tell.PageAskCache: "page-cache",
		tell.PageAskTools: "tools", tell.PageAskAudit: "audit",
	}
	for _, m := range cases(t) {
		s := serve(t, m)
		for _, ask := range tell.PageAsks {
			var text json.RawMessage
			s.call("godrift/page", lsp.PageParams{Question: tell.PageQuestion{Ask: ask, A: "now", ID: 1}}, &text)
			validate(t, documents[ask], text)
		}
		return // one folder is like another
	}
}
