package lsp

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
)

type action struct {
	Title       string          `json:"title"`
	Kind        string          `json:"kind"`
	IsPreferred bool            `json:"isPreferred"`
	Diagnostics []diag          `json:"diagnostics"`
	Edit        *workspaceEdit  `json:"edit"`
	Command     json.RawMessage `json:"command"`
	Data        json.RawMessage `json:"data"`
}

type workspaceEdit struct {
	Changes         map[string][]textEdit `json:"changes"`
	DocumentChanges []struct {
		Kind         string `json:"kind"`
		URI          string `json:"uri"`
		TextDocument struct {
			URI     string `json:"uri"`
			Version *int   `json:"version"`
		} `json:"textDocument"`
		Edits []textEdit `json:"edits"`
	} `json:"documentChanges"`
}

type textEdit struct {
	Range   span   `json:"range"`
	NewText string `json:"newText"`
}

func (c *client) actions(file string, at span, only ...string) []json.RawMessage {
	c.t.Helper()
	context := object{"diagnostics": []any{}}
	if len(only) > 0 {
		context["only"] = only
	}
	var out []json.RawMessage
	c.call("textDocument/codeAction", object{"textDocument": doc(file), "range": at, "context": context}, &out)
	return out
}

func read(t testing.TB, raw json.RawMessage) action {
	t.Helper()
	var a action
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return a
}

var toolchainLine = span{pos{4, 12}, pos{4, 12}}

func TestCodeActionOpenDocument(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	c.open(file, "// 🐹\n"+wrongToolchain)
	if got := c.actions(file, toolchainLine); len(got) != 0 {
		t.Errorf("actions beside the finding: %s", got)
	}
	got := c.actions(file, span{pos{5, 0}, pos{5, 99}})
	if len(got) < 2 {
		t.Fatalf("actions %s", got)
	}
	a := read(t, got[0])
	if a.Title != "Write go1.25.3" || a.Kind != "quickfix" || !a.IsPreferred || a.Edit != nil || len(a.Diagnostics) != 1 || a.Diagnostics[0].Code != "pin-invalid" {
		t.Errorf("first action %+v", a)
	}
	var resolved json.RawMessage
	c.call("codeAction/resolve", got[0], &resolved)
	r := read(t, resolved)
	if r.Edit == nil || len(r.Edit.DocumentChanges) != 1 {
		t.Fatalf("resolved %s", resolved)
	}
	change := r.Edit.DocumentChanges[0]
	if change.TextDocument.URI != fileURI(file) || change.TextDocument.Version == nil || *change.TextDocument.Version != 1 ||
		!slices.Equal(change.Edits, []textEdit{{span{pos{5, 10}, pos{5, 16}}, "go1.25.3"}}) {
		t.Errorf("edit %+v", change)
	}
	// Once the text has moved on, the action is out of date.
	c.edit(file, 2, "// now\n// two\n"+wrongToolchain)
	var fault *wireFault
	if err := c.try("codeAction/resolve", got[0], nil); !errors.As(err, &fault) || fault.Code != -32801 {
		t.Errorf("resolved late: %v, want -32801", err)
	}
}

func TestCodeActionClosedDocument(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "\ufeff"+wrongToolchain)
	caps := capable()
	delete(caps["textDocument"].(object)["codeAction"].(object), "resolveSupport")
	c := serve(t, m.world)
	c.initializeAs(caps, object{"watch": false}, m.path("ws"))
	got := c.actions(file, toolchainLine)
	if len(got) == 0 {
		t.Fatal("no actions")
	}
	// A client that cannot resolve gets the edit at once; the file has no version.
	a := read(t, got[0])
	if a.Edit == nil || len(a.Edit.DocumentChanges) != 1 || a.Edit.DocumentChanges[0].TextDocument.Version != nil {
		t.Fatalf("action %s", got[0])
	}
	if e := a.Edit.DocumentChanges[0].Edits; len(e) != 1 || e[0].Range != (span{pos{4, 10}, pos{4, 16}}) {
		t.Errorf("edits %+v", e)
	}
	// Changed on disk behind everybody's back: nothing is offered for old text.
	m.write(t, "ws/go.mod", "module other\n\ngo 1.24.0\n")
	for _, raw := range c.actions(file, toolchainLine) {
		if a := read(t, raw); a.IsPreferred {
			t.Errorf("offered for text that is gone: %s", raw)
		}
	}
}

func TestCodeActionCreatesPolicy(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	got := c.actions(file, toolchainLine)
	at := slices.IndexFunc(got, func(raw json.RawMessage) bool { return strings.HasPrefix(read(t, raw).Title, "Accept") })
	if at < 0 {
		t.Fatalf("nothing to accept in %s", got)
	}
	var resolved json.RawMessage
	c.call("codeAction/resolve", got[at], &resolved)
	edit := read(t, resolved).Edit
	toml := fileURI(m.path("ws/godrift.toml"))
	if edit == nil || len(edit.DocumentChanges) != 2 || edit.DocumentChanges[0].Kind != "create" || edit.DocumentChanges[0].URI != toml ||
		edit.DocumentChanges[1].TextDocument.URI != toml || !strings.Contains(edit.DocumentChanges[1].Edits[0].NewText, "pin-invalid") {
		t.Errorf("resolved %s", resolved)
	}
	m.write(t, "ws/godrift.toml", "")
	var fault *wireFault
	if err := c.try("codeAction/resolve", got[at], nil); !errors.As(err, &fault) || fault.Code != -32801 {
		t.Errorf("resolved though the file exists: %v, want -32801", err)
	}
}

func TestCodeActionOldClient(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initializeAs(object{}, nil, m.path("ws"))
	got := c.actions(file, toolchainLine)
	if len(got) == 0 {
		t.Fatal("no actions")
	}
	var command struct {
		Title     string `json:"title"`
		Command   string `json:"command"`
		Arguments []any  `json:"arguments"`
	}
	if err := json.Unmarshal(got[0], &command); err != nil || command.Command != CommandApplyFix || len(command.Arguments) != 1 {
		t.Errorf("a client without literals gets %s", got[0])
	}
	c.answer = func(method string, _ json.RawMessage) (any, *wireFault) {
		return object{"title": "Apply"}, nil
	}
	var done ApplyResult
	c.call("workspace/executeCommand", object{"command": command.Command, "arguments": command.Arguments}, &done)
	if want := strings.Replace(wrongToolchain, "1.25.3", "go1.25.3", 1); m.read(t, "ws/go.mod") != want || !done.Applied {
		t.Errorf("%+v left %q", done, m.read(t, "ws/go.mod"))
	}
}

func TestFixAll(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	for _, only := range []string{"source.fixAll.godrift", "source.fixAll", "source"} {
		got := c.actions(file, span{}, only)
		if len(got) != 1 {
			t.Fatalf("only %s: %s", only, got)
		}
		a := read(t, got[0])
		if a.Kind != "source.fixAll.godrift" || a.Edit == nil || len(a.Edit.DocumentChanges) != 1 {
			t.Errorf("only %s: %s", only, got[0])
		}
	}
	if got := c.actions(file, toolchainLine, "refactor"); len(got) != 0 {
		t.Errorf("refactorings: %s", got)
	}
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	c.call(MethodRefresh, nil, nil)
	if got := c.actions(file, span{}, "source.fixAll"); len(got) != 0 {
		t.Errorf("nothing to fix, but %s", got)
	}
}

// The whole way of a fix that is no edit: asked, applied with progress, looked
// at again, and taken back by the button.
func TestApplyFix(t *testing.T) {
	m := newMachine(t)
	var question, offer atomic.Pointer[string]
	undo := make(chan struct{})
	c := serve(t, m.world)
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if method != "window/showMessageRequest" {
			return nil, nil
		}
		text := string(params)
		if strings.Contains(text, `"Apply"`) {
			question.Store(&text)
			return object{"title": "Apply"}, nil
		}
		offer.Store(&text)
		<-undo
		return object{"title": "Undo"}, nil
	}
	fix := c.leftover(m)
	goenv := m.path("home/goenv")

	var plan PlanResult
	c.call(MethodPlan, fix, &plan)
	if plan.Title == "" || !strings.Contains(plan.Diff, "-GOFLAGS=-mod=mod") {
		t.Errorf("plan %+v", plan)
	}
	if m.read(t, "home/goenv") != "GOFLAGS=-mod=mod\n" {
		t.Fatal("a plan changed something")
	}

	var done ApplyResult
	c.call("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{fix}}, &done)
	if !done.Applied || done.ID == 0 || !slices.Contains(done.Files, fileURI(goenv)) {
		t.Errorf("result %+v", done)
	}
	if q := question.Load(); q == nil || !strings.Contains(*q, "GOFLAGS") {
		t.Errorf("asked %v", q)
	}
	if text, _ := os.ReadFile(goenv); strings.Contains(string(text), "GOFLAGS") {
		t.Errorf("the GOENV file is still %q", text)
	}
	for _, kind := range []string{`"begin"`, `"end"`} {
		c.seen("progress "+kind, 0, func(msg message) bool {
			return msg.Method == "$/progress" && strings.Contains(string(msg.Params), `"kind":`+kind)
		})
	}
	_, n := c.published(goenv, 0, func(p published) bool { return len(p.Diagnostics) == 0 })

	close(undo)
	c.published(goenv, n+1, func(p published) bool { return p.has("env-leftover") })
	c.seen("the word that it was taken back", 0, func(msg message) bool {
		return msg.Method == "window/showMessage" && strings.Contains(string(msg.Params), "Taken back")
	})
	if text, _ := os.ReadFile(goenv); string(text) != "GOFLAGS=-mod=mod\n" {
		t.Errorf("after undo the GOENV file is %q", text)
	}
}

func TestApplyFixRefused(t *testing.T) {
	m := newMachine(t)
	c := serve(t, m.world)
	c.answer = func(string, json.RawMessage) (any, *wireFault) { return object{"title": "Cancel"}, nil }
	fix := c.leftover(m)
	var done ApplyResult
	c.call("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{fix}}, &done)
	if done.Applied || m.read(t, "home/goenv") != "GOFLAGS=-mod=mod\n" {
		t.Errorf("done though the person said no: %+v", done)
	}
	c.answer = func(string, json.RawMessage) (any, *wireFault) { return nil, nil } // closed the box
	c.call("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{fix}}, &done)
	if done.Applied {
		t.Errorf("done though the person said nothing: %+v", done)
	}
	var fault *wireFault
	if err := c.try(MethodApply, FixParams{Folder: fix.Folder, Fix: "pin-invalid-000000000000"}, nil); !errors.As(err, &fault) || fault.Code != -32801 {
		t.Errorf("a fix that is not there: %v, want -32801", err)
	}
}

func TestApplyAndUndoRequests(t *testing.T) {
	m := newMachine(t)
	c := serve(t, m.world)
	fix := c.leftover(m)
	var done, undone ApplyResult
	c.call(MethodApply, fix, &done)
	if !done.Applied || done.ID == 0 || done.Shell == nil {
		t.Errorf("apply: %+v", done)
	}
	var s Status
	c.call(MethodRefresh, nil, &s)
	if s.Counts.Info != 0 {
		t.Errorf("after the fix: %+v", s)
	}
	c.call(MethodUndo, UndoParams{Folder: fix.Folder}, &undone)
	if !undone.Applied || m.read(t, "home/goenv") != "GOFLAGS=-mod=mod\n" {
		t.Errorf("undo: %+v, file %q", undone, m.read(t, "home/goenv"))
	}
	var fault *wireFault
	if err := c.try(MethodUndo, UndoParams{Folder: fix.Folder}, nil); !errors.As(err, &fault) || fault.Code != -32803 {
		t.Errorf("undo of nothing: %v, want -32803", err)
	}
}

// A fix for the editor is offered to clients that can, carried out by them, and
// taken back by them.
func TestEditorFix(t *testing.T) {
	m := newMachine(t)
	m.environ["GOFLAGS"] = "-mod=mod"
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	environment := map[string]string{"GOFLAGS": "-mod=mod"}
	var log []string
	c := serve(t, m.world)
	c.answer = func(method string, params json.RawMessage) (any, *wireFault) {
		if method != MethodSetEnvironment {
			return nil, nil
		}
		var p SetEnvironmentParams
		if err := json.Unmarshal(params, &p); err != nil {
			return nil, &wireFault{Code: -32602, Message: err.Error()}
		}
		log = append(log, string(params))
		previous := map[string]*string{}
		note := func(name string) {
			previous[name] = nil
			if v, ok := environment[name]; ok {
				previous[name] = &v
			}
		}
		for name, v := range p.Set {
			note(name)
			environment[name] = v
		}
		for _, name := range p.Unset {
			note(name)
			delete(environment, name)
		}
		return SetEnvironmentResult{Previous: previous}, nil
	}
	c.initialize(object{"editorEnvironment": true, "trusted": true}, m.path("ws"))
	fix, ok := c.editorFix(m.path("ws"))
	if !ok {
		t.Fatal("no fix for the editor on offer")
	}
	var done ApplyResult
	c.call(MethodApply, fix, &done)
	if !done.Applied || done.ID == 0 || len(log) != 1 || len(environment) != 0 {
		t.Fatalf("result %+v after %v", done, log)
	}
	c.call(MethodUndo, UndoParams{Folder: fix.Folder, ID: done.ID}, nil)
	if environment["GOFLAGS"] != "-mod=mod" || len(log) != 2 {
		t.Errorf("after undo %v, by %v", environment, log)
	}

	blind := serve(t, m.world)
	blind.initialize(nil, m.path("ws"))
	if fix, ok := blind.editorFix(m.path("ws")); ok {
		t.Errorf("%v is offered to a client that cannot do it", fix)
	}
}

// editorFix looks for a fix whose plan speaks of the editor.
func (c *client) editorFix(folder string) (FixParams, bool) {
	c.t.Helper()
	var s Status
	c.call(MethodRefresh, FolderParams{Folder: fileURI(folder)}, &s)
	for _, fix := range s.Fixes {
		ref := FixParams{Folder: s.Folder, Fix: fix.ID}
		var plan PlanResult
		if err := c.try(MethodPlan, ref, &plan); err == nil && len(plan.Commands) == 1 && strings.Contains(plan.Commands[0], "editor") {
			return ref, true
		}
	}
	return FixParams{}, false
}

// Nothing is downloaded for a folder that nobody trusts.
func TestNoDownloadUntrusted(t *testing.T) {
	edit := drift.Action{Kind: drift.ActionEdit}
	install := drift.Action{Kind: drift.ActionInstallToolchain, Toolchain: "go1.25.3"}
	for _, tc := range []struct {
		trusted bool
		actions []drift.Action
		want    error
	}{
		{true, []drift.Action{edit, install}, nil},
		{false, []drift.Action{edit}, nil},
		{false, []drift.Action{edit, install}, errUntrusted},
	} {
		report := &drift.Report{Snapshot: &drift.Snapshot{Trusted: tc.trusted}}
		if err := allowed(report, drift.Fix{Actions: tc.actions}); !errors.Is(err, tc.want) {
			t.Errorf("trusted %v, %v: %v, want %v", tc.trusted, tc.actions, err, tc.want)
		}
	}
	// The whole way: the server says so to the person.
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	m.write(t, "ws/.go-version", "1.24.3\n")
	delete(m.environ, "GOTOOLCHAIN") // so that the GOENV file can say it
	c := serve(t, m.world)
	c.initializeAs(object{}, object{"editorEnvironment": true}, m.path("ws"))
	var s Status
	c.call(MethodRefresh, nil, &s)
	for _, fix := range s.Fixes {
		if strings.Contains(fix.Note, "Downloads") {
			t.Errorf("%s is offered, and would be refused", fix.Title)
		}
	}
	var r tell.CheckDocument
	c.call(MethodReport, FolderParams{}, &r)
	refused := 0
	for _, finding := range r.Findings {
		for _, fix := range finding.Fixes {
			var fault *wireFault
			err := c.try("workspace/executeCommand", object{"command": CommandApplyFix, "arguments": []any{FixParams{Folder: s.Folder, Fix: fix.ID}}}, nil)
			if errors.As(err, &fault) && fault.Code == -32803 && strings.Contains(fault.Message, "not trusted") {
				refused++
			}
		}
	}
	if refused == 0 {
		t.Errorf("no download was refused in %+v", r.Findings)
	}
}
