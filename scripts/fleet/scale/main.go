// Command scale measures what a fleet of godrift monitors costs those who run
// Prometheus: it emulates hosts whose metrics go through a real collector into a real
// Prometheus on this machine, and prints what that took as Markdown, with the
// arithmetic for a larger fleet.
//
//	go -C scripts/fleet run ./scale -collector FILE [-hosts 1000] [-interval 1m] [-for 15m] [-write]
//
// FILE is the collector that npm run test:fleet builds; it says where it is. Memory and
// processor time are read from /proc, so it runs on Linux only.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"time"

	"godrift.dev/scripts/fleet/server"
)

// settings are those of one run.
type settings struct {
	collector, shared string
	hosts, larger     int
	stored            int
	interval, length  time.Duration
	changes           float64
	write             bool // by remote write, not by being scraped
}

func main() {
	var s settings
	flag.StringVar(&s.collector, "collector", "", "the collector to start")
	flag.StringVar(&s.shared, "shared", "../../shared/observability", "the folder with dashboards, rules and configurations")
	flag.IntVar(&s.hosts, "hosts", 1000, "how many hosts to emulate")
	flag.IntVar(&s.larger, "larger", 10000, "how many hosts to do the arithmetic for")
	flag.IntVar(&s.stored, "stored", 20, "how many hosts to store 20 hours of")
	flag.DurationVar(&s.interval, "interval", time.Minute, "how often each host sends")
	flag.DurationVar(&s.length, "for", 15*time.Minute, "how long to measure once all hosts send")
	flag.Float64Var(&s.changes, "changes", 1, "how often something changes in one workspace in an hour")
	flag.BoolVar(&s.write, "write", false, "have the collector write to Prometheus instead of being scraped")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	dir, err := os.MkdirTemp("", "godrift-scale-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // it is in the folder for temporary files
	say := func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%s "+format+"\n", append([]any{time.Now().Format(time.TimeOnly)}, args...)...)
	}
	if err := os.Mkdir(filepath.Join(dir, "day"), 0o700); err != nil {
		return err
	}
	var m figures
	m.settings = s
	say("measuring messages")
	if m.packed, m.unpacked, err = sizes(ctx, min(s.hosts, 100), s.changes); err != nil {
		return err
	}
	say("storing 20 hours of %d hosts", s.stored)
	if m.storage, err = day(ctx, filepath.Join(dir, "day"), s.stored, s.changes); err != nil {
		return err
	}
	say("starting Prometheus and the collector")
	p, c, err := programs(ctx, s, dir)
	if err != nil {
		return err
	}
	defer p.Stop()
	defer c.Stop()
	wire, err := newRelay(c.OTLP)
	if err != nil {
		return err
	}
	defer wire.close()
	say("starting %d hosts, which takes one interval", s.hosts)
	f, err := newFleet(ctx, s.hosts, wire.url(), s.interval, s.changes)
	if err != nil {
		return err
	}
	defer f.close()
	m.workspaces = f.workspaces
	// Every host has sent after one more, and been scraped.
	if err := wait(ctx, s.interval+30*time.Second); err != nil {
		return err
	}
	say("measuring for %v", s.length)
	if err := m.during(ctx, p, c, wire); err != nil {
		return err
	}
	say("asking what the dashboards ask")
	if err := m.queries(ctx, p); err != nil {
		return err
	}
	return m.print(os.Stdout)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// programs starts Prometheus and the collector, as shared/observability has them.
func programs(ctx context.Context, s settings, dir string) (*server.Prometheus, *server.Collector, error) {
	configs := []string{filepath.Join(s.shared, "collector", "collector.yaml")}
	var args, env []string
	home := filepath.Join(dir, "prometheus")
	if err := server.Copy(home, filepath.Join(s.shared, "prometheus")); err != nil {
		return nil, nil, err
	}
	address, err := server.Address()
	if err != nil {
		return nil, nil, err
	}
	if s.write {
		configs = append(configs, filepath.Join(s.shared, "collector", "remote-write.yaml"))
		args = append(args, "--web.enable-remote-write-receiver")
		env = append(env, "GODRIFT_REMOTE_WRITE=http://"+address+"/api/v1/write")
	}
	c, err := server.StartCollector(ctx, s.collector, dir, env, configs...)
	if err != nil {
		return nil, nil, err
	}
	config := filepath.Join(home, "scale.yml")
	text := fmt.Sprintf("global: {scrape_interval: %v, scrape_timeout: %[1]v, evaluation_interval: 1m}\nrule_files: [godrift.rules.yml, godrift.alerts.yml]\nscrape_configs:\n", s.interval)
	if !s.write {
		text += fmt.Sprintf("  - {job_name: godrift-collector, honor_labels: true, static_configs: [{targets: [%q]}]}\n", c.Metrics)
	}
	text += fmt.Sprintf("  - {job_name: prometheus, static_configs: [{targets: [%q]}]}\n", address)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		c.Stop()
		return nil, nil, err
	}
	p, err := server.StartPrometheusAt(ctx, address, config, args...)
	if err != nil {
		c.Stop()
		return nil, nil, err
	}
	return p, c, nil
}
