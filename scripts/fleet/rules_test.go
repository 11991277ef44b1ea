package fleet

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type ruleFile struct {
	Groups []struct {
		Name     string
		Interval string
		Rules    []rule
	}
}

type rule struct {
	Record      string
	Alert       string
	Expr        string
	Labels      map[string]string
	Annotations map[string]string
}

// rules are all rules of the two files.
func rules(t *testing.T) []rule {
	t.Helper()
	var all []rule
	for _, name := range []string{"godrift.rules.yml", "godrift.alerts.yml"} {
		var file ruleFile
		readYAML(t, filepath.Join(observability, "prometheus", name), &file)
		for _, group := range file.Groups {
			all = append(all, group.Rules...)
		}
	}
	return all
}

func TestPromtool(t *testing.T) {
	dir := prometheusDir(t)
	// It also checks the rule files that the configuration names.
	out := run(t, dir, "promtool", "check", "config", "--lint-fatal", "prometheus.yml")
	for _, name := range []string{"godrift.rules.yml", "godrift.alerts.yml"} {
		if !strings.Contains(out, name) {
			t.Errorf("prometheus.yml does not name %s:\n%s", name, out)
		}
	}
	tests, err := filepath.Glob(filepath.Join(dir, "tests", "*.yml"))
	if err != nil || len(tests) == 0 {
		t.Fatalf("no unit tests: %v", err)
	}
	run(t, dir, "promtool", append([]string{"test", "rules"}, tests...)...)
}

type ruleTests struct {
	Tests []struct {
		Alerts []struct {
			Name     string           `yaml:"alertname"`
			Expected []map[string]any `yaml:"exp_alerts"`
		} `yaml:"alert_rule_test"`
		Queries []struct {
			Expr     string
			Expected []map[string]any `yaml:"exp_samples"`
		} `yaml:"promql_expr_test"`
	}
}

// Every alert has a unit test in which it fires and one in which it does not, and
// every recording rule one that it records something.
func TestEveryRuleIsTested(t *testing.T) {
	fires, silent, recorded := map[string]bool{}, map[string]bool{}, ""
	files, err := filepath.Glob(filepath.Join(observability, "prometheus", "tests", "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var tests ruleTests
		readYAML(t, file, &tests)
		for _, test := range tests.Tests {
			for _, alert := range test.Alerts {
				into := silent
				if len(alert.Expected) > 0 {
					into = fires
				}
				into[alert.Name] = true
			}
			for _, query := range test.Queries {
				if _, name, ok := strings.Cut(query.Expr, `ALERTS{alertname="`); ok && len(query.Expected) > 0 {
					name, _, _ = strings.Cut(name, `"`)
					fires[name] = true
				}
				if len(query.Expected) > 0 {
					recorded += query.Expr + "\n"
				}
			}
		}
	}
	all := rules(t)
	for _, rule := range all {
		switch {
		case rule.Alert != "" && !fires[rule.Alert]:
			t.Errorf("%s: no unit test in which it fires", rule.Alert)
		case rule.Alert != "" && !silent[rule.Alert]:
			t.Errorf("%s: no unit test in which it does not fire", rule.Alert)
		case rule.Record != "" && !strings.Contains(recorded, rule.Record) && !usedByTested(all, rule.Record, fires, recorded):
			t.Errorf("%s: no unit test looks at what it records", rule.Record)
		}
	}
}

// usedByTested says whether a record is what a tested rule is made of.
func usedByTested(all []rule, record string, fires map[string]bool, recorded string) bool {
	return slices.ContainsFunc(all, func(r rule) bool {
		return strings.Contains(r.Expr, record) && (fires[r.Alert] || r.Record != "" && strings.Contains(recorded, r.Record))
	})
}

// An alert says how bad it is in godrift's own words, what is the matter, and
// what to do next.
func TestAlertsTellWhatToDo(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range rules(t) {
		if rule.Alert == "" {
			continue
		}
		if seen[rule.Alert] {
			t.Errorf("%s: twice", rule.Alert)
		}
		seen[rule.Alert] = true
		if !strings.HasPrefix(rule.Alert, "Godrift") {
			t.Errorf("%s: alertmanager.yml routes by names that begin with Godrift", rule.Alert)
		}
		if s := rule.Labels["severity"]; !slices.Contains([]string{"error", "warning", "info"}, s) {
			t.Errorf("%s: severity %q", rule.Alert, s)
		}
		for _, name := range []string{"summary", "description", "action"} {
			if rule.Annotations[name] == "" {
				t.Errorf("%s: no %s", rule.Alert, name)
			}
		}
	}
}
