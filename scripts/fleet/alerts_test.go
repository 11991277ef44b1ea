//go:build fleet

package fleet

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"godrift.dev/scripts/fleet/server"
)

// told is what Alertmanager posts to a webhook.
type told struct {
	Path   string
	Status string
	Alerts []struct {
		Status      string
		Labels      map[string]string
		Annotations map[string]string
	}
}

// webhook takes what Alertmanager posts.
func webhook(t *testing.T) (url string, all <-chan told) {
	t.Helper()
	c := make(chan told, 100)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m := told{Path: r.URL.Path}
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Errorf("Alertmanager posts what is no JSON: %v", err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c <- m
	}))
	t.Cleanup(s.Close)
	return s.URL, c
}

// await waits until an alert is told with a status.
func await(t *testing.T, all <-chan told, alert, status string) told {
	t.Helper()
	limit := time.After(90 * time.Second)
	for {
		select {
		case m := <-all:
			for _, a := range m.Alerts {
				if a.Labels["alertname"] == alert && a.Status == status {
					m.Alerts = append(m.Alerts[:0], a)
					return m
				}
			}
		case <-limit:
			t.Fatalf("%s is never %s", alert, status)
		}
	}
}

// edit copies a file with parts replaced, each of which must be there.
func edit(t *testing.T, file string, replace map[string]string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edited := string(text)
	for old, by := range replace {
		found := regexp.MustCompile(old)
		if !found.MatchString(edited) {
			t.Fatalf("%s has no %s", file, old)
		}
		edited = found.ReplaceAllString(edited, by)
	}
	write(t, file, edited)
}

// A real monitor sees that no go can run in a workspace; a real Prometheus with the
// rules and the scrape configuration of the examples, in seconds instead of minutes, has
// a real Alertmanager tell a webhook; and when the workspace is mended, that is told too.
func TestMonitorToAlertmanager(t *testing.T) {
	const good = "module example.com/app\n\ngo 1.21.0\n"
	workspace := workspaceOf(t, "app", good)
	m, err := server.StartMonitor(t.Context(), godrift(t), t.TempDir(), workspace, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Stop)
	url, all := webhook(t)
	dir := prometheusDir(t)
	alertmanager := filepath.Join(dir, "alertmanager.yml")
	edit(t, alertmanager, map[string]string{
		`http://127\.0\.0\.1:9099`: url, `group_wait: \S+`: "group_wait: 0s", `group_interval: \S+`: "group_interval: 1s",
	})
	a, err := server.StartAlertmanager(t.Context(), alertmanager)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(a.Stop)
	edit(t, filepath.Join(dir, "godrift.alerts.yml"), map[string]string{`for: \S+`: "for: 1s"})
	edit(t, filepath.Join(dir, "godrift.rules.yml"), map[string]string{`interval: 1m`: "interval: 1s"})
	config := filepath.Join(dir, "prometheus.yml")
	edit(t, config, map[string]string{
		`127\.0\.0\.1:9494`: m.Address, `127\.0\.0\.1:9093`: a.Address, `_interval: 1m`: "_interval: 1s", `_timeout: 45s`: "_timeout: 1s",
	})
	write(t, filepath.Join(dir, "godrift.token"), m.Token)
	p, err := server.StartPrometheus(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)

	sample(t, p, `up{job="godrift"} == 1`)
	sample(t, p, `godrift_score{job="godrift",workspace="app"} > 0`)
	sample(t, p, `job_version:go_selected:count{version=~"go1.+"} > 0`)

	write(t, filepath.Join(workspace, "go.mod"), "module example.com/app\n\ngo 1.99.0\n")
	fired := await(t, all, "GodriftGoBlocked", "firing")
	if fired.Path != "/godrift/now" || fired.Alerts[0].Labels["workspace"] != "app" || !strings.Contains(fired.Alerts[0].Annotations["summary"], "No go command can run in app") {
		t.Errorf("told as %+v", fired)
	}
	write(t, filepath.Join(workspace, "go.mod"), good)
	await(t, all, "GodriftGoBlocked", "resolved")

	// The monitor ends: what is scraped is not there.
	m.Stop()
	await(t, all, "GodriftMonitorDown", "firing")
}
