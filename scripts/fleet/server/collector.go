package server

import (
	"context"
	"path/filepath"
)

// Collector is an OpenTelemetry collector that runs.
type Collector struct {
	*Process
	// OTLP is the base URL that takes OTLP over HTTP, and Metrics the address that
	// Prometheus scrapes.
	OTLP, Metrics string
}

// StartCollector starts the collector with these configuration files, which take
// their addresses from the environment, and with env besides.
func StartCollector(ctx context.Context, program, dir string, env []string, configs ...string) (*Collector, error) {
	var addresses [3]string
	for i := range addresses {
		var err error
		if addresses[i], err = Address(); err != nil {
			return nil, err
		}
	}
	c := &Collector{OTLP: "http://" + addresses[0], Metrics: addresses[1]}
	var args []string
	for _, file := range configs {
		file, err := filepath.Abs(file)
		if err != nil {
			return nil, err
		}
		args = append(args, "--config", file)
	}
	// Its metrics of itself stand on a fixed port.
	args = append(args, "--config", "yaml:service::telemetry::metrics::level: none")
	env = append(env, "GODRIFT_OTLP_LISTEN="+addresses[0], "GODRIFT_METRICS_LISTEN="+addresses[1], "GODRIFT_HEALTH_LISTEN="+addresses[2])
	var err error
	c.Process, err = start(ctx, dir, question{url: "http://" + addresses[2]}, program, env, args...)
	return c, err
}
