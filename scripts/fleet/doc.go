// Package fleet proves what shared/observability gives to people who run
// Prometheus, Alertmanager, Grafana and an OpenTelemetry collector: with these
// very programs, from Debian, and never with a stand-in for one of them.
//
//	cd scripts/fleet && go test ./...
package fleet
