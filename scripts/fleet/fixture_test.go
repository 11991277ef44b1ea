package fleet

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"godrift.dev/scripts/fleet/emulate"
	"godrift.dev/scripts/fleet/server"
	"godrift.dev/server/config"
)

// fixture is a Prometheus that holds a day of a small fleet.
type fixture struct {
	*server.Prometheus
	from, to time.Time
}

// fine is how long before the end every minute is there; before that it is every ten.
const (
	day  = 26 * time.Hour
	fine = 3*time.Hour + 10*time.Minute
)

// newFixture lets a fleet live through a day on a clock of its own, and has promtool
// make of its metrics what Prometheus would have stored.
func newFixture(t *testing.T) *fixture {
	t.Helper()
	dir := prometheusDir(t)
	f := &fixture{to: time.Now().Truncate(time.Minute)}
	f.from = f.to.Add(-day)
	gathered, err := server.NewBackfill(filepath.Join(dir, "metrics.txt"))
	if err != nil {
		t.Fatal(err)
	}
	live(t, f.from, f.to, gathered)
	data := filepath.Join(dir, "data")
	if err := gathered.Blocks(t.Context(), data); err != nil {
		t.Fatal(err)
	}
	// Nothing is scraped, and nobody told: what is there is the past.
	config := filepath.Join(dir, "fixture.yml")
	text := "global: {evaluation_interval: 1s}\nrule_files: [godrift.rules.yml, godrift.alerts.yml]\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := server.StartPrometheus(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	err = p.BackfillRules(t.Context(), f.to.Add(-fine), f.to, time.Minute, filepath.Join(dir, "godrift.rules.yml"))
	p.Stop()
	if err != nil {
		t.Fatal(err)
	}
	if f.Prometheus, err = server.StartPrometheus(t.Context(), config, "--storage.tsdb.allow-overlapping-blocks"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Stop)
	return f
}

// live is the day of fourteen hosts: at its end some are gone, one does not say what
// it should, one is down, and on one a workspace has fallen silent.
func live(t *testing.T, from, to time.Time, into *server.Backfill) {
	t.Helper()
	const (
		hosts  = 14
		gone   = 4 // the last ones
		silent = 3
		mute   = 4
	)
	// A collector takes what they send, which they count.
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	defer collector.Close()
	settings := config.DefaultTelemetry()
	settings.OTLP, settings.Interval = collector.URL, time.Second
	now := from
	all := make([]*emulate.Host, hosts)
	for i := range all {
		h, err := emulate.New(t.Context(), i+1, emulate.Options{Telemetry: settings, Changes: 0.5, Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		defer h.Close(context.Background())
		all[i] = h
	}
	for now = from; !now.After(to); {
		left := to.Sub(now)
		for i, h := range all {
			target := fmt.Sprintf("job=%q,instance=%q", "godrift", h.Name)
			h.Step()
			text := scrape(t, h)
			switch {
			case i >= hosts-gone && left < 20*time.Minute:
				continue
			case i == mute && left < 20*time.Minute:
				text = ""
			case i == silent && left < 20*time.Minute:
				text = without(text, `workspace="`)
			}
			into.Scrape(text+"up 1\n", target, now)
			into.Scrape("target_info 1\n", target+fmt.Sprintf(",host_name=%q,os_type=%q", h.Name, "linux"), now)
		}
		into.Scrape("up 0\n", `job="godrift",instance="down"`, now)
		step := time.Minute
		if left > fine {
			step = 10 * time.Minute
		}
		now = now.Add(step)
	}
}

func scrape(t *testing.T, h *emulate.Host) string {
	t.Helper()
	r := httptest.NewRecorder()
	h.Metrics().ServeHTTP(r, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(r.Body)
	if err != nil || r.Code != http.StatusOK {
		t.Fatalf("%d %v: %s", r.Code, err, text)
	}
	return string(text)
}

// without drops the lines that hold a part.
func without(text, part string) string {
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.Contains(line, part) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}
