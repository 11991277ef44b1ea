// Package grafana reads dashboards as far as their queries, and fills in the variables
// of those as Grafana does.
package grafana

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Dashboard is one of them.
type Dashboard struct {
	File        string `json:"-"`
	UID         string
	Title       string
	Description string
	Tags        []string
	Templating  struct{ List []Variable }
	Panels      []Panel
}

// Variable is what a person chooses at the top of a dashboard.
type Variable struct {
	Name, Type, Label, Description string
	AllValue                       string
}

// Panel is one picture.
type Panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	Datasource  Datasource
	// Interval is the least step; empty if it sets none.
	Interval    string
	GridPos     struct{ X, Y, W, H int }
	Targets     []Target
	FieldConfig struct {
		Defaults struct{ Unit string }
	}
}

// Datasource is where a query goes.
type Datasource struct{ Type, UID string }

// Target is a query.
type Target struct {
	Expr         string
	RefID        string
	Datasource   Datasource
	LegendFormat string
	Format       string
	Instant      bool
	Range        bool
}

// Read reads the dashboards of a folder, by their names.
func Read(dir string) ([]Dashboard, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	all := make([]Dashboard, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read a dashboard: %w", err)
		}
		if err := json.Unmarshal(text, &all[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all[i].File = filepath.Base(file)
	}
	return all, nil
}

// Has says whether a dashboard has a variable.
func (d *Dashboard) Has(name string) bool {
	return slices.ContainsFunc(d.Templating.List, func(v Variable) bool { return v.Name == name })
}

// Step is the step of a panel over a range: Grafana draws no more points than there are
// pixels, and never less than the panel's interval or Prometheus' own.
func (p *Panel) Step(length time.Duration) (time.Duration, error) {
	step := max(time.Minute, (length / 800).Truncate(time.Second))
	if p.Interval == "" {
		return step, nil
	}
	least, err := time.ParseDuration(p.Interval)
	if err != nil {
		return 0, fmt.Errorf("%s: interval: %w", p.Title, err)
	}
	return max(step, least), nil
}

// Fill fills in the variables of a query for a range and step, with all hosts and
// workspaces chosen.
func Fill(expr string, length, step time.Duration) string {
	return strings.NewReplacer(
		"$__rate_interval", max(4*time.Minute, step+time.Minute).String(),
		"$__interval", step.String(),
		"$__range", length.String(),
		"$instance", ".*",
		"$workspace", ".*",
	).Replace(expr)
}
