// Package server starts the programs that godrift's metrics go to, Prometheus,
// Alertmanager and the OpenTelemetry collector, each on loopback and with everything it
// writes in one folder, asks them things, and ends them.
package server
