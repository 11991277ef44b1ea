// Package emulate makes hosts up: each has workspaces whose Go, findings, caches and
// targets are like those of real ones and change as time goes by, and tells of them
// through godrift's own telemetry. What leaves an emulated host is byte for byte what
// a monitor would send; only what it sees is made up.
package emulate
