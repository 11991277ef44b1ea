package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"godrift.dev/scripts/fleet/grafana"
	"godrift.dev/scripts/fleet/server"
)

// figures are what was measured.
type figures struct {
	settings
	workspaces int
	// packed and unpacked are the bytes of one message of one host.
	packed, unpacked float64
	// measured is how long the rest was looked at.
	measured time.Duration
	// load is what the machine had to do besides, over the last minutes.
	load string
	// up and down are bytes on the wire between hosts and the collector.
	up, down int64
	// hostSeries are those of the hosts, headSeries all in Prometheus' head: what the
	// rules record and its own, too.
	hostSeries, headSeries float64
	// samples were taken by Prometheus in the time that was measured.
	samples float64
	// scrape is how long the last scrape took and what it brought.
	scrapeSeconds, scrapeSamples float64
	collector, prometheus        taken
	rules                        []ruleGroup
	boards                       []boardTime
	storage                      storage
}

// taken is what a process took of the machine while it was looked at.
type taken struct {
	cpu       time.Duration
	rss, peak int64
}

type ruleGroup struct {
	name    string
	seconds float64
}

// boardTime is how long the queries of one dashboard took.
type boardTime struct {
	title   string
	queries int
	all     time.Duration
	worst   time.Duration
	of      string
}

// during looks at everything for the length of the measurement.
func (m *figures) during(ctx context.Context, p *server.Prometheus, c *server.Collector, wire *relay) error {
	begun := time.Now()
	up, down := wire.up.Load(), wire.down.Load()
	collector, err := c.Usage()
	if err != nil {
		return err
	}
	prometheus, err := p.Usage()
	if err != nil {
		return err
	}
	if err := wait(ctx, m.length); err != nil {
		return err
	}
	m.measured = time.Since(begun)
	m.up, m.down = wire.up.Load()-up, wire.down.Load()-down
	for _, of := range []struct {
		usage  func() (server.Usage, error)
		before server.Usage
		into   *taken
	}{{c.Usage, collector, &m.collector}, {p.Usage, prometheus, &m.prometheus}} {
		now, err := of.usage()
		if err != nil {
			return err
		}
		*of.into = taken{cpu: now.CPU - of.before.CPU, rss: now.RSS, peak: now.Peak}
	}
	load, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	m.load = strings.Join(strings.Fields(string(load))[:3], ", ")
	return m.ask(ctx, p)
}

// ask has Prometheus tell of itself.
func (m *figures) ask(ctx context.Context, p *server.Prometheus) error {
	now := time.Now()
	for expr, into := range map[string]*float64{
		`count({job="godrift",__name__!~".*:.*"})`: &m.hostSeries,
		`prometheus_tsdb_head_series`:              &m.headSeries,
		fmt.Sprintf(`sum(increase(prometheus_tsdb_head_samples_appended_total[%ds]))`, int(m.measured.Seconds())): &m.samples,
	} {
		got, err := p.Query(ctx, expr, now)
		if err != nil {
			return err
		}
		if len(got) != 1 {
			return fmt.Errorf("%s: %d answers", expr, len(got))
		}
		*into = got[0].Values[0]
	}
	if !m.write {
		for expr, into := range map[string]*float64{
			`scrape_duration_seconds{job="godrift-collector"}`: &m.scrapeSeconds,
			`scrape_samples_scraped{job="godrift-collector"}`:  &m.scrapeSamples,
		} {
			got, err := p.Query(ctx, expr, now)
			if err != nil || len(got) != 1 {
				return fmt.Errorf("%s: %d answers: %w", expr, len(got), err)
			}
			*into = got[0].Values[0]
		}
	}
	got, err := p.Query(ctx, `prometheus_rule_group_last_duration_seconds`, now)
	for _, s := range got {
		_, name, _ := strings.Cut(s.Labels["rule_group"], ";")
		m.rules = append(m.rules, ruleGroup{name, s.Values[0]})
	}
	slices.SortFunc(m.rules, func(a, b ruleGroup) int { return strings.Compare(a.name, b.name) })
	return err
}

// queries runs what every dashboard asks, three times, and takes the middle one.
func (m *figures) queries(ctx context.Context, p *server.Prometheus) error {
	boards, err := grafana.Read(filepath.Join(m.shared, "grafana"))
	if err != nil {
		return err
	}
	const times = 3
	for _, d := range boards {
		b := boardTime{title: d.Title}
		for _, panel := range d.Panels {
			step, err := panel.Step(m.measured)
			if err != nil {
				return err
			}
			for _, q := range panel.Targets {
				var took []time.Duration
				for range times {
					expr := grafana.Fill(q.Expr, m.measured.Truncate(time.Second), step)
					begun := time.Now()
					if q.Range {
						_, err = p.QueryRange(ctx, expr, begun.Add(-m.measured), begun, step)
					} else {
						_, err = p.Query(ctx, expr, begun)
					}
					if err != nil {
						return err
					}
					took = append(took, time.Since(begun))
				}
				slices.Sort(took)
				middle := took[times/2]
				b.queries++
				b.all += middle
				if middle > b.worst {
					b.worst, b.of = middle, panel.Title
				}
			}
		}
		m.boards = append(m.boards, b)
	}
	return nil
}
