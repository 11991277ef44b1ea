package alert

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/tell"
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
