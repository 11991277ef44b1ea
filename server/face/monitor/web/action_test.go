package web

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
	"godrift.dev/server/tell"
)

// press sends a request of a button and reads the document.
func (s *site) press(path string, req tell.MonitorActionRequest) tell.MonitorActionDocument {
	s.t.Helper()
	body, err := json.Marshal(req)
	if err != nil {
		s.t.Fatal(err)
	}
	a := s.post(path, string(body))
	a.want(s.t, 200, tell.SchemaMonitorAction)
	var doc tell.MonitorActionDocument
	if err := json.Unmarshal([]byte(a.body), &doc); err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func (s *site) pressed(path string, req tell.MonitorActionRequest, status int, holds string) {
	s.t.Helper()
	body, err := json.Marshal(req)
	if err != nil {
		s.t.Fatal(err)
	}
	s.post(path, string(body)).want(s.t, status, holds)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, ws Workspace, name, text string) {
	t.Helper()
	file := filepath.Join(ws.Root, name)
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ws.Engine.Send(drift.Event{Kind: drift.EventRefresh, Cause: "test"})
}

// fixOf finds the fix of a rule's finding that changes a file.
func fixOf(t *testing.T, ws Workspace, code string) drift.Fix {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	report, err := ws.Engine.Settled(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		if f.Code == code && len(f.Fixes) > 0 {
			return f.Fixes[0]
		}
	}
	t.Fatalf("no fix of %s", code)
	return drift.Fix{}
}

// A fix is shown, done as it was shown, and taken back; each is noted as done at
// the page.
func TestFixAndUndo(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	docker := filepath.Join(ws.Root, "Dockerfile")
	before := read(t, docker)
	req := tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix, Fix: fixOf(t, ws, "pin-below-floor").ID}

	shown := s.press("/api/plan", req)
	if shown.Applied || shown.Hash == "" || !strings.Contains(shown.Diff, "-FROM golang:1.23.0") || read(t, docker) != before {
		t.Fatalf("shown: %+v", shown)
	}
	if again := s.press("/api/plan", req); again.Hash != shown.Hash {
		t.Error("the same plan has another hash")
	}
	s.pressed("/api/apply", req, 400, "ask /api/plan first")
	req.Hash = strings.Repeat("0", 64)
	s.pressed("/api/apply", req, 409, "something else now than what was shown")
	if read(t, docker) != before {
		t.Fatal("a wrong hash changed something")
	}
	req.Hash = shown.Hash
	done := s.press("/api/apply", req)
	if !done.Applied || done.Journal == 0 || read(t, docker) == before {
		t.Fatalf("done: %+v", done)
	}
	s.pressed("/api/apply", req, 404, "not offered any more")

	undo := tell.MonitorActionRequest{Root: ws.Root}
	if shown = s.press("/api/undo", undo); shown.Applied || shown.Hash == "" || !strings.Contains(shown.Diff, "+FROM golang:1.23.0") {
		t.Fatalf("shown: %+v", shown)
	}
	undo.Hash = shown.Hash
	if done = s.press("/api/undo", undo); !done.Applied || read(t, docker) != before {
		t.Fatalf("undone: %+v", done)
	}
	undo.Hash = ""
	s.pressed("/api/undo", undo, 404, "nothing to undo")

	deeds, err := ws.Options.Memory.Audit(t.Context(), ws.Root, time.Time{}, time.Now().Add(time.Minute), 10)
	if err != nil || len(deeds) != 2 || deeds[0].By != actor || deeds[1].By != actor {
		t.Errorf("audit: %+v, %v", deeds, err)
	}
}

// What was shown counts: a file that is another one by now is shown again first.
func TestChangedMeanwhile(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	req := tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix, Fix: fixOf(t, ws, "pin-below-floor").ID}
	req.Hash = s.press("/api/plan", req).Hash
	const other = "FROM golang:1.23.0 AS other\nRUN true\n"
	write(t, ws, "Dockerfile", other)
	body, _ := json.Marshal(req)
	if a := s.post("/api/apply", string(body)); a.StatusCode != http.StatusNotFound && a.StatusCode != http.StatusConflict {
		t.Errorf("%d %s", a.StatusCode, a.body)
	}
	if got := read(t, filepath.Join(ws.Root, "Dockerfile")); got != other {
		t.Errorf("changed to %q", got)
	}
	deeds, err := ws.Options.Memory.Audit(t.Context(), ws.Root, time.Time{}, time.Now().Add(time.Minute), 10)
	if err != nil || len(deeds) > 1 || len(deeds) == 1 && deeds[0].Result != drift.DeedRefused {
		t.Errorf("audit: %+v, %v", deeds, err)
	}
	// Neither does one request get what another one was shown.
	req.Hash = ""
	req.Fix = fixOf(t, ws, "pin-below-floor").ID
	hash := s.press("/api/plan", req).Hash
	s.pressed("/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Pins: true, Hash: hash}, 409, "")
}

func TestAcceptAndRollback(t *testing.T) {
	ws := watched(t, map[string]string{"go.mod": "module example.com/a\n\ngo 1.24.0\n", "Dockerfile": "FROM golang:1.24.1\n"})
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	accept := tell.MonitorActionRequest{Root: ws.Root, Reason: "the first"}
	accept.Hash = s.press("/api/accept", accept).Hash
	if done := s.press("/api/accept", accept); !done.Applied {
		t.Fatalf("%+v", done)
	}
	write(t, ws, "Dockerfile", "FROM golang:1.24.2\n")

	shown := s.press("/api/accept", tell.MonitorActionRequest{Root: ws.Root})
	if shown.Before == "" || shown.Snapshot == shown.Before || len(shown.Changes) == 0 {
		t.Errorf("accept shows %+v", shown)
	}

	back := tell.MonitorActionRequest{Root: ws.Root, Files: []string{"Dockerfile"}}
	shown = s.press("/api/rollback", back)
	if shown.Hash == "" || !strings.Contains(shown.Diff, "+FROM golang:1.24.1") {
		t.Fatalf("rollback shows %+v", shown)
	}
	back.Hash = shown.Hash
	if done := s.press("/api/rollback", back); !done.Applied || done.Journal == 0 {
		t.Fatalf("%+v", done)
	}
	if got := read(t, filepath.Join(ws.Root, "Dockerfile")); got != "FROM golang:1.24.1\n" {
		t.Errorf("rolled back to %q", got)
	}
	if nothing := s.press("/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Pins: true}); nothing.Hash != "" || nothing.Refused == "" {
		t.Errorf("nothing to do: %+v", nothing)
	}
	deeds, err := ws.Options.Memory.Audit(t.Context(), ws.Root, time.Time{}, time.Now().Add(time.Minute), 10)
	if err != nil || len(deeds) != 2 || deeds[0].Kind != drift.DeedRollback || deeds[1].Kind != drift.DeedAccept || deeds[1].By != actor {
		t.Errorf("audit: %+v, %v", deeds, err)
	}
}

func TestActionsRefused(t *testing.T) {
	ws := watched(t, drifted)
	looking := ws
	looking.Root, looking.Mender = filepath.Dir(ws.Root), nil
	s := newSite(t, &source{list: []Workspace{ws, looking}}, nil)
	for _, c := range []struct {
		path   string
		req    tell.MonitorActionRequest
		status int
		holds  string
	}{
		{"/api/plan", tell.MonitorActionRequest{Action: tell.MonitorFix}, 400, "which workspace"},
		{"/api/plan", tell.MonitorActionRequest{Root: "/etc", Action: tell.MonitorFix}, 404, "does not watch"},
		{"/api/plan", tell.MonitorActionRequest{Root: looking.Root, Action: tell.MonitorFix}, 403, "only shows"},
		{"/api/plan", tell.MonitorActionRequest{Root: ws.Root}, 400, "the action is"},
		{"/api/plan", tell.MonitorActionRequest{Root: ws.Root, Action: "shell"}, 400, "the action is"},
		{"/api/undo", tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix}, 400, "the body says something else"},
		{"/api/plan", tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix, Fix: "none"}, 404, "not offered"},
		{"/api/undo", tell.MonitorActionRequest{Root: ws.Root, Journal: 4711}, 404, "nothing to undo"},
		{"/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Files: []string{"../../etc/passwd"}}, 400, "no file as seen"},
		{"/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Files: []string{"/etc/passwd"}}, 400, "no file as seen"},
		{"/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Variables: []string{"LD_PRELOAD"}}, 400, "no variable of the go command"},
		{"/api/rollback", tell.MonitorActionRequest{Root: ws.Root, All: true, Variables: []string{"GOFLAGS"}}, 400, "name no variable"},
		{"/api/rollback", tell.MonitorActionRequest{Root: ws.Root, Snapshot: "<script>"}, 400, "names no snapshot"},
		{"/api/accept", tell.MonitorActionRequest{Root: ws.Root, Reason: strings.Repeat("x", mostReason+1)}, 400, "too long"},
	} {
		s.pressed(c.path, c.req, c.status, c.holds)
	}
	s.post("/api/plan", `{"root":"x","evil":1}`).want(t, 400, "not the JSON that is asked for")
	s.post("/api/plan", `{} {}`).want(t, 400, "something after the JSON")
	s.post("/api/plan", `[`).want(t, 400, "not the JSON")
	s.post("/api/plan", "").want(t, 400, "not the JSON")
}

// A change that waits for another one gives up, and the end of the monitor ends
// one that is under way.
func TestOneAtATime(t *testing.T) {
	ws := watched(t, drifted)
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	s.server.acting <- struct{}{}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := s.server.carry(ctx, ws, tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorUndo}); err == nil || !strings.Contains(err.Error(), "another change") {
		t.Errorf("two at a time: %v", err)
	}
	<-s.server.acting
	s.stop()
	if s.server.begin() {
		t.Error("a change began after the end")
	}
}

// Who acts is the one that the context names.
func TestBy(t *testing.T) {
	ws := watched(t, drifted)
	ctx := engine.By(t.Context(), actor)
	if err := ws.Options.Memory.Note(ctx, drift.Deed{Time: time.Now(), Root: ws.Root, Kind: drift.DeedFix, Title: "x", Result: drift.DeedDone}); err != nil {
		t.Fatal(err)
	}
	deeds, err := ws.Options.Memory.Audit(t.Context(), ws.Root, time.Time{}, time.Now().Add(time.Minute), 1)
	if err != nil || len(deeds) != 1 || deeds[0].By.Name != "monitor page" {
		t.Errorf("%+v, %v", deeds, err)
	}
}

// What only a repository asks for, and what only an editor can do, is shown and not
// done.
func TestNotForTheMonitor(t *testing.T) {
	ws := watched(t, map[string]string{
		"go.mod":       "module example.com/a\n\ngo 1.24.0\n",
		"godrift.toml": "[contract]\nrequire.GOFLAGS = \"-mod=vendor\"\n",
	})
	s := newSite(t, &source{list: []Workspace{ws}}, nil)
	report := ws.Engine.Report()
	asked := 0
	for _, f := range report.Findings {
		for _, fix := range f.Fixes {
			req := tell.MonitorActionRequest{Root: ws.Root, Action: tell.MonitorFix, Fix: fix.ID}
			doc := s.press("/api/plan", req)
			if !fix.Asked && !fix.NeedsEditor() {
				if doc.Hash == "" || doc.Refused != "" {
					t.Errorf("%s: %+v", fix.Title, doc)
				}
				continue
			}
			asked++
			if doc.Hash != "" || doc.Refused == "" {
				t.Errorf("%s: %+v", fix.Title, doc)
			}
			// Neither does it help to guess that an empty hash was meant.
			for _, hash := range []string{"", "0", strings.Repeat("0", 64)} {
				req.Hash = hash
				body, _ := json.Marshal(req)
				if a := s.post("/api/apply", string(body)); a.StatusCode < 400 {
					t.Errorf("%s is done: %s", fix.Title, a.body)
				}
			}
		}
	}
	if asked == 0 {
		t.Errorf("nothing is asked for: %+v", report.Findings)
	}
}
