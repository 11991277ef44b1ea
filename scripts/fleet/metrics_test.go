package fleet

import (
	"regexp"
	"testing"

	"godrift.dev/server/tell/telemetry"
)

// unseen are the metrics that no dashboard shows.
var unseen = map[string]string{
	"godrift_process_heap_bytes":         "memory in RAM says what a machine has to give",
	"godrift_process_start_time_seconds": "restarts show in every counter",
}

// published finds the names of godrift's metrics in an expression, after what rules
// record was taken out of it.
var (
	recorded  = regexp.MustCompile(`\w+:\w+:\w+`)
	published = regexp.MustCompile(`\b(go_(env|build|selected)|godrift|rollback)_[a-z0-9_]+\b`)
)

// Every metric that godrift publishes is shown somewhere, and nothing is asked for that
// it does not publish.
func TestEveryMetricIsShown(t *testing.T) {
	asked := map[string]string{}
	ask := func(expr, where string) {
		for _, name := range published.FindAllString(recorded.ReplaceAllString(expr, ""), -1) {
			asked[name] = where
		}
	}
	for _, d := range dashboards(t) {
		for _, p := range d.Panels {
			for _, q := range p.Targets {
				ask(q.Expr, d.File+": "+p.Title)
			}
		}
	}
	for _, r := range rules(t) {
		ask(r.Expr, r.Record+r.Alert)
	}
	for _, m := range telemetry.Metrics() {
		names := []string{m.Name}
		if m.Kind == telemetry.Histogram {
			names = []string{m.Name + "_bucket", m.Name + "_count", m.Name + "_sum"}
		}
		shown := false
		for _, name := range names {
			_, ok := asked[name]
			shown = shown || ok
			delete(asked, name)
		}
		switch {
		case shown && unseen[m.Name] != "":
			t.Errorf("%s is shown, although %s", m.Name, unseen[m.Name])
		case !shown && unseen[m.Name] == "":
			t.Errorf("%s is shown nowhere", m.Name)
		}
	}
	for name, where := range asked {
		t.Errorf("%s asks for %s, which godrift does not publish", where, name)
	}
}
