package fleet

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"godrift.dev/scripts/fleet/grafana"
)

func dashboards(t *testing.T) []grafana.Dashboard {
	t.Helper()
	all, err := grafana.Read(filepath.Join(observability, "grafana"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDashboards(t *testing.T) {
	seen := map[string]string{}
	for _, d := range dashboards(t) {
		t.Run(d.File, func(t *testing.T) {
			for _, id := range []string{d.UID, d.Title} {
				if seen[id] != "" || id == "" {
					t.Errorf("%q is also that of %s", id, seen[id])
				}
				seen[id] = d.File
			}
			if !strings.HasPrefix(d.UID, "godrift-") || !strings.HasPrefix(d.Title, "godrift: ") || !slices.Contains(d.Tags, "godrift") {
				t.Errorf("uid %q, title %q, tags %q: not to be recognised as godrift's", d.UID, d.Title, d.Tags)
			}
			if !strings.HasSuffix(d.Description, ".") {
				t.Errorf("description %q is no sentence", d.Description)
			}
			lintVariables(t, &d)
			lintPanels(t, &d)
		})
	}
	if len(seen) < 14 {
		t.Errorf("only %d dashboards", len(seen)/2)
	}
}

func lintVariables(t *testing.T, d *grafana.Dashboard) {
	t.Helper()
	for i, v := range d.Templating.List {
		if v.Label == "" || v.Description == "" {
			t.Errorf("variable %s: no label or description", v.Name)
		}
		if want := []string{"datasource", "instance", "workspace"}; i >= len(want) || v.Name != want[i] {
			t.Errorf("variable %d is %s; they are %v", i, v.Name, want)
		}
		if v.Type == "query" && v.AllValue != ".*" {
			t.Errorf("variable %s: All must also match series that have no such label, and fit into a URL", v.Name)
		}
	}
	if !d.Has("datasource") || !d.Has("instance") {
		t.Error("no datasource or instance to choose")
	}
}

func lintPanels(t *testing.T, d *grafana.Dashboard) {
	t.Helper()
	ids, titles, taken := map[int]bool{}, map[string]bool{}, map[[2]int]string{}
	bottom := 0
	for _, p := range d.Panels {
		if ids[p.ID] || p.ID == 0 {
			t.Errorf("%s: id %d is not its own", p.Title, p.ID)
		}
		ids[p.ID] = true
		if titles[p.Type+p.Title] || p.Title == "" {
			t.Errorf("title %q is not its own", p.Title)
		}
		titles[p.Type+p.Title] = true
		if !strings.HasSuffix(p.Description, ".") {
			t.Errorf("%s: description %q is no sentence", p.Title, p.Description)
		}
		if p.FieldConfig.Defaults.Unit == "" {
			t.Errorf("%s: no unit", p.Title)
		}
		g := p.GridPos
		if g.W < 1 || g.H < 3 || g.X < 0 || g.X+g.W > 24 {
			t.Errorf("%s: stands at %+v", p.Title, g)
		}
		for x := g.X; x < g.X+g.W; x++ {
			for y := g.Y; y < g.Y+g.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" {
					t.Fatalf("%s lies over %s", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		bottom = max(bottom, g.Y+g.H)
		lintTargets(t, &p)
	}
	if len(taken) != bottom*24 {
		t.Errorf("%d of %d fields of the grid are empty", bottom*24-len(taken), bottom*24)
	}
}

func lintTargets(t *testing.T, p *grafana.Panel) {
	t.Helper()
	const source = "${datasource}"
	refs := map[string]bool{}
	if len(p.Targets) == 0 || p.Datasource.UID != source {
		t.Errorf("%s: no query, or not of the chosen data source: %+v", p.Title, p.Datasource)
	}
	for _, q := range p.Targets {
		if refs[q.RefID] || q.RefID == "" || q.Datasource.UID != source || q.Datasource.Type != "prometheus" {
			t.Errorf("%s: query %q of %+v", p.Title, q.RefID, q.Datasource)
		}
		refs[q.RefID] = true
		if q.Instant == q.Range {
			t.Errorf("%s: query %s is for an instant or for a range", p.Title, q.RefID)
		}
		if q.LegendFormat == "" {
			t.Errorf("%s: query %s has no legend", p.Title, q.RefID)
		}
		if !strings.Contains(q.Expr, "$instance") && !strings.Contains(p.Description, "all hosts") {
			t.Errorf("%s: does not heed the chosen hosts: %s", p.Title, q.Expr)
		}
		if strings.Contains(q.Expr, "$__interval") && p.Interval == "" {
			t.Errorf("%s: a rule that is evaluated every five minutes is summed up, and the panel sets no least interval", p.Title)
		}
		// A label in braces of the legend must be one that the query leaves.
		for _, m := range regexp.MustCompile(`\{\{(\w+)\}\}`).FindAllStringSubmatch(q.LegendFormat, -1) {
			if !regexp.MustCompile(`by \([^)]*\b`+m[1]+`\b[^)]*\)`).MatchString(q.Expr) && !strings.Contains(q.Expr, `count_values("`+m[1]+`"`) {
				t.Errorf("%s: the legend shows %s, which the query does not keep: %s", p.Title, m[1], q.Expr)
			}
		}
	}
}
