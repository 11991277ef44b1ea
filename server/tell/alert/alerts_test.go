package alert

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
	"godrift.dev/shared"
)

// What a report shows goes to a webhook and a log, signed, once; and again when it is
// gone.
func TestFromReportToChannels(t *testing.T) {
	s := serve(t, nil)
	dir := t.TempDir()
	log := filepath.Join(dir, "logs", "alerts.log")
	c := parsed(t, `
[alert]
group-wait = "0s"
resolve-wait = "0s"
[[alert.channel]]
name = "hook"
kind = "webhook"
url-env = "HOOK"
secret-env = "KEY"
headers = {x-team = "go"}
[[alert.channel]]
name = "file"
kind = "log"
file = "`+log+`"
`)
	changed, rang := bell()
	a := made(t, Options{Config: c, Outbox: store(t, stateDir(t)), Environ: map[string]string{"HOOK": s.URL + "/in", "KEY": "key"}, Host: "machine", Changed: changed})
	begin(t, a)
	a.Report(t.Context(), "app", report("/w", finding("go-missing", drift.SeverityError, "GOROOT")), nil)
	s.wait(t, 1)
	first := s.all()[0]
	var e Event
	if err := json.Unmarshal([]byte(first.body), &e); err != nil {
		t.Fatal(err)
	}
	if e.Schema != "godrift/alert" || e.State != drift.AlertFiring || e.Rule != "go-missing" || e.Workspace != "app" || e.Root != "/w" || e.Host != "machine" || e.ID == "" || e.Report == "" {
		t.Errorf("%+v", e)
	}
	if got, want := first.header.Get("Godrift-Signature"), "v1="+Sign([]byte("key"), first.header.Get("Godrift-Timestamp"), []byte(first.body)); got != want {
		t.Errorf("signature %s, want %s", got, want)
	}
	if first.header.Get("X-Team") != "go" || first.header.Get("Idempotency-Key") == "" {
		t.Errorf("%v", first.header)
	}
	// The same again is nothing new.
	a.Report(t.Context(), "app", report("/w", finding("go-missing", drift.SeverityError, "GOROOT")), nil)
	a.Report(t.Context(), "app", report("/w"), nil)
	s.wait(t, 1)
	var gone Event
	if err := json.Unmarshal([]byte(s.all()[1].body), &gone); err != nil {
		t.Fatal(err)
	}
	if gone.State != drift.AlertResolved || gone.ID != e.ID || gone.Fingerprint != e.Fingerprint {
		t.Errorf("%+v", gone)
	}
	until(t, a, rang, func(d tell.AlertsDocument) bool {
		return len(d.Queued) == 0 && d.Channels[0].Sent == 2 && d.Channels[1].Sent == 2 && len(d.Firing) == 0
	})
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n != 2 {
		t.Errorf("%d lines in the log:\n%s", n, text)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// Every kind of alert validates against the schema that is published, and carries what it
// promises.
func TestSchema(t *testing.T) {
	raw, err := fs.ReadFile(shared.Schemas, "alert.schema.json")
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
	clock := &clockwork{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	shelf := newShelf()
	c := parsed(t, "[alert]\ngroup-wait = \"0s\"\nresolve-wait = \"0s\"\nrepeat = \"1h\"\n[[alert.channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl-env = \"URL\"\n")
	a := made(t, Options{Config: c, Outbox: shelf, Now: clock.Now, Host: "machine", Link: "http://127.0.0.1:9494/?token=abc"})
	turn := func(r *drift.Report, moments ...drift.Moment) {
		t.Helper()
		if r != nil {
			a.Report(t.Context(), "app", r, moments)
		}
		if _, err := a.turn(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.move(2 * time.Hour)
	}
	first := []drift.Finding{finding("env-drift", drift.SeverityError, "A"), finding("env-drift", drift.SeverityError, "B")}
	turn(report("/w", first...))
	shelf.full = true
	blocked := report("/w", append(first, finding("go-missing", drift.SeverityError, "C"))...)
	blocked.Snapshot.Selection = drift.Selection{Error: "go: no", Steps: []drift.Step{{Text: "there is no go on PATH"}}}
	moment := drift.Moment{
		Time: clock.Now(), Cause: drift.Cause{Kind: drift.CauseMachine}, Changes: []drift.Change{{Key: drift.KeyGoPath, Old: "/usr/bin/go"}},
	}
	turn(blocked, moment)
	shelf.full = false
	turn(blocked, moment)
	turn(nil)
	turn(report("/w"))
	kinds := map[string]int{}
	for _, l := range shelf.letters {
		var m struct{ Alerts []json.RawMessage }
		if err := json.Unmarshal(l.Body, &m); err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(m.Alerts[0], &value); err != nil {
			t.Fatal(err)
		}
		if err := resolved.Validate(value); err != nil {
			t.Errorf("%v\n%s", err, m.Alerts[0])
		}
		var e Event
		if err := json.Unmarshal(m.Alerts[0], &e); err != nil {
			t.Fatal(err)
		}
		kind := string(e.Kind) + " " + string(e.State)
		if e.Repeated {
			kind += " again"
		}
		kinds[kind]++
		if strings.Contains(string(m.Alerts[0]), "token") {
			t.Errorf("the token of the page is told: %s", m.Alerts[0])
		}
		if e.Rule == "go-missing" && e.State == drift.AlertFiring {
			if e.Before != "/usr/bin/go" || e.After != "" || !strings.Contains(e.Cause, "the machine changed") {
				t.Errorf("%q %q %q", e.Before, e.After, e.Cause)
			}
			for _, want := range []string{"# go-missing", "### Since when", "First seen: 2026-11-22T11:00:00Z", "go: no", "there is no go on PATH"} {
				if !strings.Contains(e.Report, want) {
					t.Errorf("the report has no %q:\n%s", want, e.Report)
				}
			}
		}
	}
	for _, kind := range []string{"summary firing", "finding firing", "finding firing again", "finding resolved", "notice firing"} {
		if kinds[kind] == 0 {
			t.Errorf("there is no %s: %v", kind, kinds)
		}
	}
}

// Who reads an alert is not in the folder that it is about: its command names that.
func TestCommandNamesTheFolder(t *testing.T) {
	f := finding("go-missing", drift.SeverityError, "GOROOT")
	f.Fixes = []drift.Fix{{Title: "Install it", Kind: drift.FixRepair}}
	for root, want := range map[string]string{"/srv/app-1.2": "/srv/app-1.2", "/srv/a b$(x)": "'/srv/a b$(x)'", "/srv/it's": `'/srv/it'\''s'`} {
		events := eventsOf(sighting{name: "app", report: report(root, f)}, "machine", "", func(string) time.Time { return time.Time{} })
		if len(events) != 1 || !strings.HasPrefix(events[0].Command, "godrift fix --finding ") || !strings.HasSuffix(events[0].Command, " "+want) {
			t.Errorf("%s: %+v", root, events)
		}
	}
}
