package engine_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

// TestDigestInEditor checks that a tag which is edited while its digest stays is
// told from one that is half typed, and from one that got a digest of its own.
func TestDigestInEditor(t *testing.T) {
	opts := workspace(t, map[string]string{"go.mod": "module m\n\ngo 1.25.0\n", "Dockerfile": "FROM golang:1.26.6" + sha + "\n"})
	e := engine.New(opts)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	defer func() { stop(); <-done }()
	file := filepath.Join(opts.Root, "Dockerfile")
	other := "@sha256:fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"
	for i, step := range []struct {
		text string
		want bool
	}{
		{"FROM golang:1.26.6" + sha, false},
		{"FROM golang:1.26." + sha, false},
		{"FROM golang:1.26.7" + sha, true},
		{"FROM golang:1.27" + sha, true},
		{"FROM golang:1.26" + sha, false},
		{"FROM golang:1.26.7" + other, false},
		{"FROM golang:1.26.8" + other, false}, // nobody knows what that digest is of
		{"FROM golang:1.26.8-alpine" + sha, true},
		{"FROM golang:1.26.8", false},
	} {
		e.Send(drift.Event{Kind: drift.EventEdited, Buffer: drift.Document{File: file, Text: []byte(step.text + "\n"), Open: true, Version: int32(i + 1)}})
		wait, cancel := context.WithTimeout(t.Context(), patience)
		report, err := e.Settled(wait)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(codes(report), "pin-digest-mismatch"); got != step.want {
			t.Errorf("%s: reported %v, want %v", step.text, got, step.want)
		}
	}
}
