package fleet

import (
	"strings"
	"testing"
	"time"

	"godrift.dev/scripts/fleet/grafana"
	"godrift.dev/scripts/fleet/server"
)

// Every query of every dashboard and every rule yields something on a real Prometheus
// that holds what real telemetry wrote.
func TestQueries(t *testing.T) {
	f := newFixture(t)
	t.Run("dashboards", func(t *testing.T) { testDashboardQueries(t, f) })
	t.Run("rules", func(t *testing.T) { testRuleQueries(t, f) })
}

func testDashboardQueries(t *testing.T, f *fixture) {
	sample(t, f.Prometheus, `ALERTS{alertname=~"Godrift.+",alertstate="firing"}`)
	const length = 3 * time.Hour
	for _, d := range dashboards(t) {
		for _, p := range d.Panels {
			step, err := p.Step(length)
			if err != nil {
				t.Fatal(err)
			}
			for _, q := range p.Targets {
				expr := grafana.Fill(q.Expr, length, step)
				if strings.Contains(expr, "$") {
					t.Errorf("%s: %s: a variable is left: %s", d.File, p.Title, expr)
				}
				at := f.to
				if strings.Contains(expr, "ALERTS{") {
					at = time.Now()
				}
				got, err := f.Query(t.Context(), expr, at)
				if q.Range {
					got, err = f.QueryRange(t.Context(), expr, at.Add(-length), at, step)
				}
				switch {
				case err != nil:
					t.Errorf("%s: %s: %v", d.File, p.Title, err)
				case len(got) == 0:
					t.Errorf("%s: %s: no data: %s", d.File, p.Title, expr)
				case onlyZeros(got):
					t.Errorf("%s: %s: nothing but 0: %s", d.File, p.Title, expr)
				}
			}
		}
	}
}

// sample waits until a query yields something: rules are evaluated from time to time.
func sample(t *testing.T, p *server.Prometheus, expr string) (got []server.Series) {
	t.Helper()
	err := server.Await(t.Context(), 90*time.Second, func() (bool, error) {
		var err error
		got, err = p.Query(t.Context(), expr, time.Now())
		return len(got) > 0, err
	})
	if err != nil {
		t.Fatalf("no data for %s: %v", expr, err)
	}
	return got
}

// A panel that shows 0 in a fleet where everything happens asks for the wrong thing.
// What cannot be built is marked by the value 0.
func onlyZeros(all []server.Series) bool {
	for _, s := range all {
		for _, v := range s.Values {
			if v != 0 {
				return false
			}
		}
	}
	return len(all) > 0 && all[0].Labels["goos"] == ""
}

func testRuleQueries(t *testing.T, f *fixture) {
	for _, rule := range rules(t) {
		got, err := f.QueryRange(t.Context(), rule.Expr, f.to.Add(-fine), f.to, time.Minute)
		switch {
		case err != nil:
			t.Errorf("%s%s: %v", rule.Record, rule.Alert, err)
		case len(got) == 0:
			t.Errorf("%s%s: no data: %s", rule.Record, rule.Alert, rule.Expr)
		}
		if rule.Record == "" {
			continue
		}
		// What the rule has recorded is the same.
		recorded, err := f.QueryRange(t.Context(), rule.Record, f.to.Add(-fine), f.to, time.Minute)
		if err != nil || len(recorded) == 0 {
			t.Errorf("%s: nothing was recorded: %v", rule.Record, err)
		}
	}
}
