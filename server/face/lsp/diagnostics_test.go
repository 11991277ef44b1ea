package lsp

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const wrongToolchain = "module example.com/m\n\ngo 1.24.0\n\ntoolchain 1.25.3\n"

func TestPublish(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(object{"rulesDir": m.path("rules dir")}, m.path("ws"))

	// What is on disk is judged without a file being open.
	p, n := c.published(file, 0, func(p published) bool { return p.has("pin-invalid") })
	if p.Version != nil {
		t.Errorf("a file that is not open has version %d", *p.Version)
	}
	d := p.find("pin-invalid")
	if want := (span{pos{4, 10}, pos{4, 16}}); d.Range != want {
		t.Errorf("range %v, want %v", d.Range, want)
	}
	if d.Severity != 1 || d.Source != "godrift" || d.Data == nil || len(d.Data.Fixes) == 0 || d.Data.Folder != fileURI(m.path("ws")) {
		t.Errorf("diagnostic %+v", d)
	}
	if want := fileURI(m.path("rules dir/pin-invalid.md")); d.CodeDescription == nil || d.CodeDescription.Href != want {
		t.Errorf("code description %+v, want %s", d.CodeDescription, want)
	}

	// The unsaved text counts from now on, with its version.
	c.open(file, wrongToolchain)
	c.edit(file, 2, "// 🐹\n"+wrongToolchain)
	p, n = c.published(file, n+1, func(p published) bool { return p.Version != nil && *p.Version == 2 })
	if want := (span{pos{5, 10}, pos{5, 16}}); p.find("pin-invalid").Range != want {
		t.Errorf("after an edit the range is %v, want %v", p.find("pin-invalid").Range, want)
	}
	c.edit(file, 3, strings.Replace(wrongToolchain, "toolchain ", "toolchain go", 1))
	p, n = c.published(file, n+1, func(p published) bool { return !p.has("pin-invalid") })
	if p.Version == nil || *p.Version != 3 {
		t.Errorf("version %v, want 3", p.Version)
	}

	// Closed without saving, the disk counts again.
	c.notify("textDocument/didClose", object{"textDocument": doc(file)})
	_, n = c.published(file, n+1, func(p published) bool { return p.has("pin-invalid") && p.Version == nil })

	// A change on disk that the editor only reports.
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	c.notify("workspace/didChangeWatchedFiles", object{"changes": []object{{"uri": fileURI(file), "type": 3}}})
	p, _ = c.published(file, n+1, func(p published) bool { return !p.has("pin-invalid") })
	if len(p.Diagnostics) != 0 {
		t.Errorf("a file that is gone has diagnostics: %+v", p.Diagnostics)
	}
}

// One cause in several files is a squiggle in each, with the fix for that place
// beside the one for all.
func TestOneCauseInSeveralFiles(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	one := m.write(t, "ws/Dockerfile", "FROM golang:1.23.1\n")
	two := m.write(t, "ws/b/Dockerfile", "FROM golang:1.23.2\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	p, _ := c.published(one, 0, func(p published) bool { return p.has("pin-below-floor") })
	first := p.find("pin-below-floor")
	p, _ = c.published(two, 0, func(p published) bool { return p.has("pin-below-floor") })
	second := p.find("pin-below-floor")
	if want := (span{pos{0, 12}, pos{0, 18}}); first.Range != want || second.Range != want {
		t.Errorf("ranges %v and %v, want %v", first.Range, second.Range, want)
	}
	if !strings.Contains(second.Message, "b/Dockerfile:1 picks 1.23.2") {
		t.Errorf("the second place says %q", second.Message)
	}
	got := c.actions(two, second.Range, "quickfix")
	if len(got) != 3 {
		t.Fatalf("actions %s, want one for all, one for this place, one to accept", got)
	}
	if first.Data == nil || second.Data == nil || first.Data.Fixes[0] != second.Data.Fixes[0] || first.Data.Fixes[1] == second.Data.Fixes[1] {
		t.Errorf("fixes %+v and %+v", first.Data, second.Data)
	}
	all := c.actions(two, span{}, "source.fixAll.godrift")
	if len(all) != 1 {
		t.Fatalf("fix all: %s", all)
	}
	if a := read(t, all[0]); a.Edit == nil || len(a.Edit.DocumentChanges) != 1 {
		t.Errorf("fix all reaches into other files: %s", all[0])
	}
}

// The columns are the client's: UTF-16 units, or bytes if it can.
func TestPositionEncodings(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/.go-version", "1.24\n")
	for name, tc := range map[string]struct {
		encodings []string
		want      string
		column    int
	}{
		"utf-16":       {[]string{"utf-16"}, "utf-16", 3},
		"none":         {nil, "utf-16", 3},
		"utf-8":        {[]string{"utf-8", "utf-16"}, "utf-8", 5},
		"utf-8 second": {[]string{"utf-32", "utf-8"}, "utf-8", 5},
	} {
		t.Run(name, func(t *testing.T) {
			c := serve(t, m.world)
			caps := capable()
			caps["general"] = object{"positionEncodings": tc.encodings}
			raw := c.initializeAs(caps, nil, m.path("ws"))
			if !strings.Contains(string(raw), fmt.Sprintf(`"positionEncoding":%q`, tc.want)) {
				t.Errorf("negotiated %s", raw)
			}
			// An emoji in front of the cursor, then a change behind it: both
			// sides must count alike, or the text falls apart.
			c.open(file, "🐹 x\n")
			c.notify("textDocument/didChange", object{
				"textDocument": object{"uri": fileURI(file), "version": 2},
				"contentChanges": []object{
					{"range": span{pos{0, tc.column}, pos{0, tc.column + 1}}, "text": "y"},
					{"range": span{pos{0, 0}, pos{0, tc.column}}, "text": "1.2"},
					{"range": span{pos{0, 3}, pos{0, 4}}, "text": "4.99"},
				},
			})
			p, _ := c.published(file, 0, func(p published) bool { return p.Version != nil && *p.Version == 2 })
			if got, want := p.find("pin-invalid").Range, (span{pos{0, 0}, pos{0, 7}}); got != want {
				t.Errorf("range %v, want %v in %+v", got, want, p)
			}
		})
	}
}

// Nothing is sent twice, and nothing about files that did not change.
func TestPublishOnlyChanges(t *testing.T) {
	m := newMachine(t)
	one := m.write(t, "ws/one/go.mod", wrongToolchain)
	two := m.write(t, "ws/two/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	for _, f := range []string{one, two} {
		c.published(f, 0, func(p published) bool { return p.has("pin-invalid") })
	}
	before := c.count()
	c.open(one, wrongToolchain)
	for v := 2; v < 6; v++ {
		c.edit(one, v, wrongToolchain+strings.Repeat("\n", v))
	}
	c.published(one, before, func(p published) bool { return p.Version != nil && *p.Version == 5 })
	c.call(MethodRefresh, nil, nil)
	c.call(MethodRefresh, nil, nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	last := ""
	for _, n := range c.notes[before:] {
		if n.Method == "textDocument/publishDiagnostics" && strings.Contains(string(n.Params), fileURI(two)) {
			t.Errorf("sent again though nothing changed: %s", n.Params)
		}
		if n.Method == MethodStatus {
			if string(n.Params) == last {
				t.Errorf("a status that is as before: %s", n.Params)
			}
			last = string(n.Params)
		}
	}
}

// A person typing fast must end up with the diagnostics of the last text: no
// change may overtake another.
func TestEditsInOrder(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	c.open(file, "")
	text := "module m\n\ngo 1.24.0\n\ntoolchain 1.25.3\n"
	for i, r := range text {
		c.notify("textDocument/didChange", object{
			"textDocument": object{"uri": fileURI(file), "version": i + 2},
			"contentChanges": []object{{
				"range": span{pos{strings.Count(text[:i], "\n"), column(text, i)}, pos{strings.Count(text[:i], "\n"), column(text, i)}},
				"text":  string(r),
			}},
		})
	}
	last := len(text) + 1
	p, _ := c.published(file, 0, func(p published) bool { return p.Version != nil && *p.Version == last })
	if want := (span{pos{4, 10}, pos{4, 16}}); p.find("pin-invalid").Range != want {
		t.Errorf("%+v", p)
	}
}

func column(text string, i int) int { return i - (strings.LastIndex(text[:i], "\n") + 1) }

func TestPull(t *testing.T) {
	m := newMachine(t)
	one := m.write(t, "ws/one/go.mod", wrongToolchain)
	two := m.write(t, "ws/two/go.mod", wrongToolchain)
	caps := capable()
	caps["textDocument"].(object)["diagnostic"] = object{"dataSupport": true, "relatedInformation": true}
	c := serve(t, m.world)
	raw := c.initializeAs(caps, nil, m.path("ws"))
	if !strings.Contains(string(raw), `"diagnosticProvider"`) {
		t.Fatalf("no pull diagnostics offered: %s", raw)
	}
	type report struct {
		Kind     string `json:"kind"`
		URI      string `json:"uri"`
		Version  *int   `json:"version"`
		ResultID string `json:"resultId"`
		Items    []diag `json:"items"`
	}
	var r report
	c.call("textDocument/diagnostic", object{"textDocument": doc(one)}, &r)
	if r.Kind != "full" || !(published{Diagnostics: r.Items}).has("pin-invalid") || r.ResultID == "" {
		t.Fatalf("first answer %+v", r)
	}
	var again report
	c.call("textDocument/diagnostic", object{"textDocument": doc(one), "previousResultId": r.ResultID}, &again)
	if again.Kind != "unchanged" || again.ResultID != r.ResultID {
		t.Errorf("the same answer again: %+v", again)
	}
	// What was just typed counts.
	c.open(one, wrongToolchain)
	c.edit(one, 2, "module m\n\ngo 1.24.0\n")
	var fixed report
	c.call("textDocument/diagnostic", object{"textDocument": doc(one), "previousResultId": r.ResultID}, &fixed)
	if fixed.Kind != "full" || (published{Diagnostics: fixed.Items}).has("pin-invalid") || fixed.ResultID == r.ResultID {
		t.Errorf("after the edit: %+v", fixed)
	}
	c.seen("a hint to ask again", 0, func(m message) bool { return m.Method == "workspace/diagnostic/refresh" })

	var all struct {
		Items []report `json:"items"`
	}
	c.call("workspace/diagnostic", object{"previousResultIds": []object{{"uri": fileURI(two), "value": r.ResultID}, {"uri": fileURI(one), "value": r.ResultID}}}, &all)
	kinds := map[string]string{}
	for _, it := range all.Items {
		kinds[it.URI] = it.Kind
		if it.URI == fileURI(one) && (it.Version == nil || *it.Version != 2) {
			t.Errorf("the open file has version %v", it.Version)
		}
	}
	if kinds[fileURI(one)] != "full" || kinds[fileURI(two)] == "" {
		t.Errorf("workspace diagnostics: %+v", all)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.ContainsFunc(c.notes, func(m message) bool { return m.Method == "textDocument/publishDiagnostics" }) {
		t.Error("diagnostics were pushed to a client that asks for them")
	}
}

func TestPullUnlessPushed(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	caps := capable()
	caps["textDocument"].(object)["diagnostic"] = object{}
	c := serve(t, m.world)
	if raw := c.initializeAs(caps, object{"push": true}, m.path("ws")); strings.Contains(string(raw), `"diagnosticProvider"`) {
		t.Errorf("both are offered: %s", raw)
	}
	c.published(file, 0, func(p published) bool { return p.has("pin-invalid") })
}

func TestFolders(t *testing.T) {
	m := newMachine(t)
	outer := m.write(t, "a/go.mod", wrongToolchain)
	inner := m.write(t, "a/in/go.mod", wrongToolchain)
	other := m.write(t, "b/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("a"))
	wrong := func(p published) bool { return p.has("pin-invalid") }
	none := func(p published) bool { return len(p.Diagnostics) == 0 }
	c.published(outer, 0, wrong)
	p, n := c.published(inner, 0, wrong)
	if got := p.find("pin-invalid").Data.Folder; got != fileURI(m.path("a")) {
		t.Errorf("the inner file belongs to %s", got)
	}
	// The folder inside takes over its file, the one beside is new.
	c.folders([]string{m.path("a/in"), m.path("b")}, nil)
	c.published(other, n, wrong)
	p, _ = c.published(inner, n+1, wrong)
	if got := p.find("pin-invalid").Data.Folder; got != fileURI(m.path("a/in")) {
		t.Errorf("the inner file belongs to %s", got)
	}
	n = c.count()
	c.folders(nil, []string{m.path("b")})
	c.published(other, n, none)
	n = c.count()
	c.folders(nil, []string{m.path("a/in")})
	p, _ = c.published(inner, n, wrong)
	if got := p.find("pin-invalid").Data.Folder; got != fileURI(m.path("a")) {
		t.Errorf("the inner file belongs to %s", got)
	}
	n = c.count()
	c.folders(nil, []string{m.path("a")})
	c.published(outer, n, none)
	c.published(inner, n, none)
}

func (c *client) folders(added, removed []string) {
	list := func(dirs []string) []object {
		out := []object{}
		for _, d := range dirs {
			out = append(out, object{"uri": fileURI(d), "name": "x"})
		}
		return out
	}
	c.notify("workspace/didChangeWorkspaceFolders", object{"event": object{"added": list(added), "removed": list(removed)}})
}

// A file opened by itself is looked at with its module, and forgotten again.
func TestFileOutsideOfFolders(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "lone/go.mod", "module lone\n\ngo 1.24.0\n")
	pin := m.write(t, "lone/sub/.go-version", "1.24.99\n")
	c := serve(t, m.world)
	c.initialize(nil)
	c.open(pin, "1.24.99\n")
	_, n := c.published(pin, 0, func(p published) bool { return p.has("pin-invalid") })
	var r reported
	c.call(MethodReport, FolderParams{Folder: fileURI(file)}, &r)
	c.notify("textDocument/didClose", object{"textDocument": doc(pin)})
	c.published(pin, n+1, func(p published) bool { return len(p.Diagnostics) == 0 })
	if err := c.try(MethodReport, FolderParams{Folder: fileURI(file)}, nil); err == nil {
		t.Error("the folder is still looked at")
	}
}

// The GOENV file is outside of all folders: what is wrong with it is said once.
func TestFindingOutsideOfFolders(t *testing.T) {
	m := newMachine(t)
	goenv := m.write(t, "home/goenv", "GOFLAGS=-mod=mod\n")
	m.write(t, "a/go.mod", "module a\n\ngo 1.24.0\n")
	m.write(t, "b/go.mod", "module b\n\ngo 1.24.0\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("a"), m.path("b"))
	c.call(MethodReport, FolderParams{Folder: fileURI(m.path("a"))}, nil)
	c.call(MethodReport, FolderParams{Folder: fileURI(m.path("b"))}, nil)
	p, _ := c.published(goenv, 0, func(p published) bool { return p.has("env-leftover") })
	n := 0
	for _, d := range p.Diagnostics {
		if d.Code == "env-leftover" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("said %d times: %+v", n, p)
	}
}

func TestStatus(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(object{"trusted": true}, m.path("ws"))
	settled := func(msg message) bool {
		var s Status
		return msg.Method == MethodStatus && json.Unmarshal(msg.Params, &s) == nil && s.Quiescent
	}
	msg, _ := c.seen("the status", 0, settled)
	var s Status
	if err := json.Unmarshal(msg.Params, &s); err != nil {
		t.Fatal(err)
	}
	if len(s.Gains) != 1 || !slices.ContainsFunc(s.Fixes, func(f StatusFix) bool { return f.ID == s.Gains[0].Fix }) {
		t.Fatalf("what is gained is by no fix on offer: %+v", s)
	}
	s.Gains[0].Fix = "ID"
	for i := range s.Fixes { // its ID depends on where the test runs
		s.Fixes[i].ID = strings.TrimRight(s.Fixes[i].ID, "0123456789abcdef")
	}
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "status.json", raw, m)
}

func TestReportAndWhy(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	var r reported
	c.call(MethodReport, nil, &r)
	if r.Schema != "godrift/check" || r.Counts.Error != 1 || r.Selection.Selected != "go"+m.goes {
		t.Errorf("report %+v", r)
	}
	for _, uri := range []string{"", fileURI(file), fileURI(m.path("ws"))} {
		var w struct {
			Schema   string         `json:"schema"`
			Dir      string         `json:"dir"`
			Selected string         `json:"selected"`
			Steps    []any          `json:"steps"`
			Env      map[string]any `json:"env"`
		}
		c.call(MethodWhy, WhyParams{URI: uri}, &w)
		if w.Schema != "godrift/why" || w.Dir != m.path("ws") || w.Selected != "go"+m.goes || len(w.Steps) == 0 || len(w.Env) < 20 {
			t.Errorf("why %q: %+v", uri, w)
		}
	}
	c.call("workspace/executeCommand", object{"command": CommandExplain, "arguments": []any{WhyParams{URI: fileURI(file)}}}, nil)
	c.seen("the explanation", 0, func(msg message) bool {
		return msg.Method == "window/showMessage" && strings.Contains(string(msg.Params), "go"+m.goes+" runs in")
	})
}

// Another environment of the editor is another answer.
func TestEnvironment(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	m.write(t, "empty/.keep", "")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	var before, after reported
	c.call(MethodReport, nil, &before)
	if before.Selection.Selected != "go"+m.goes {
		t.Fatalf("before: %+v", before)
	}
	m.environ["PATH"] = m.path("empty")
	c.notify(MethodEnvironment, EnvironmentParams{Name: "editor", Folder: fileURI(m.path("ws")), Variables: m.environ})
	c.call(MethodReport, nil, &after)
	if after.Selection.Selected != "" {
		t.Errorf("without go on PATH: %+v", after)
	}
	// That of a terminal is not the editor's.
	c.notify(MethodEnvironment, EnvironmentParams{Name: "terminal:1", Variables: map[string]string{}})
	c.call(MethodReport, nil, &after)
}

func TestTrust(t *testing.T) {
	m := newMachine(t)
	m.write(t, "ws/go.mod", "module m\n\ngo 1.24.0\n")
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	var s Status
	c.call(MethodRefresh, nil, &s)
	if s.Trusted {
		t.Error("trusted without being told")
	}
	c.notify(MethodTrust, TrustParams{Trusted: true})
	c.call(MethodRefresh, nil, &s)
	if !s.Trusted {
		t.Error("not trusted though told")
	}
}

// A client gets its own spelling of a URI back.
func TestSpelling(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/a+b @c/go.mod", wrongToolchain)
	c := serve(t, m.world)
	c.initialize(nil, m.path("ws"))
	canonical := fileURI(file)
	c.published(file, 0, func(p published) bool { return p.has("pin-invalid") })
	own := strings.NewReplacer("%2B", "+", "%40", "@").Replace(canonical)
	if own == canonical {
		t.Fatalf("%s has one spelling only", own)
	}
	c.notify("textDocument/didOpen", object{"textDocument": object{"uri": own, "languageId": "go.mod", "version": 7, "text": wrongToolchain}})
	c.seen("diagnostics for "+own, 0, func(msg message) bool {
		var p published
		return msg.Method == "textDocument/publishDiagnostics" && json.Unmarshal(msg.Params, &p) == nil && p.URI == own && p.Version != nil
	})
}

func TestRelatedPlacesAreBounded(t *testing.T) {
	m := newMachine(t)
	file := m.write(t, "ws/go.mod", "module m\n\ngo 1.99.0\n")
	for i := range mostRelated + 10 {
		m.write(t, fmt.Sprintf("ws/m%d/go.mod", i), "module m\n\ngo 1.99.0\n")
	}
	m.environ["GOTOOLCHAIN"] = "local"
	c := serve(t, m.world)
	c.initializeAs(capable(), nil, m.path("ws"))
	p, _ := c.published(file, 0, func(p published) bool { return p.has("toolchain-unavailable") })
	if n := len(p.find("toolchain-unavailable").Related); n != mostRelated {
		t.Errorf("%d related places, want %d", n, mostRelated)
	}
}
