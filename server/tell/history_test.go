package tell

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"godrift.dev/server/drift"
)

// A diff and a log name things as people do: folders shortened, what follows
// from the rest last, and nothing that could steer a terminal.
func TestHistoryText(t *testing.T) {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	a := drift.Record{Version: 1, Time: at, Root: "/home/me/w", Of: "editor", Values: map[string]string{
		"go.selected": "go1.26.0", "env.GOFLAGS": "", "env.GOFLAGS@layer": "default", "env.GOMODCACHE": "/home/me/go/pkg/mod", "env.GOMODCACHE@layer": "default",
		"pin..go-version:.go-version": "1.26.0", "host.editor": "Code", "score": "90", "print.goenv": "0123456789abcdef",
	}}
	b := drift.Record{Version: 1, Time: at.Add(time.Hour), Root: "/home/me/w", Of: "cli", Values: map[string]string{
		"go.selected": "go1.25.3", "env.GOFLAGS": "-x=\x1b[31m", "env.GOFLAGS@layer": "goenv /home/me/.config/go/env", "env.GOMODCACHE": "/home/me/w/cache", "env.GOMODCACHE@layer": "process",
		"pin.build/Dockerfile:dockerfile:from#2": "1.26", "score": "80", "print.goenv": "fedcba9876543210",
	}}
	opts := Options{Dir: "/home/me/w", Home: "/home/me"}
	var out strings.Builder
	if err := DiffText(&out, NewDiff("/home/me/w", "baseline", "now", a, b), false, opts, time.UTC); err != nil {
		t.Fatal(err)
	}
	want := "from baseline (" + drift.ShortID(a.ID()) + ", editor, 2026-05-04 03:02:01)\n" +
		"to   now (" + drift.ShortID(b.ID()) + ", cli, 2026-05-04 04:02:01)\n" + `
~  GOFLAGS                  "" → -x=�[31m             default → ~/.config/go/env
~  Go that runs             go1.26.0 → go1.25.3       older
~  GOMODCACHE               ~/go/pkg/mod → ~/w/cache  default → process
-  .go-version              1.26.0
+  build/Dockerfile FROM #2 1.26
~  file of go env -w        01234567… → fedcba98…
~  health                   90 → 80
1 added, 1 removed, 5 changed: 1 fact of the Go that runs, 2 variables, 2 pins, 1 fingerprint, 1 health
`[1:]
	got := out.String()
	squeeze := func(s string) string {
		var lines []string
		for line := range strings.Lines(s) {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
		return strings.Join(lines, "\n")
	}
	if diff := cmp.Diff(squeeze(want), squeeze(got)); diff != "" {
		t.Errorf("diff (-want +got):\n%s\n%s", diff, got)
	}

	out.Reset()
	moment := drift.Moment{
		ID: 1, Time: at, Root: "/home/me/w", Of: "editor", Before: a.ID(), After: b.ID(), Changes: drift.Diff(a, b),
		Cause: drift.Cause{Kind: drift.CauseBranch, Text: "main → \x1b]0;x\a"}, By: drift.Actor{Name: "Code"},
	}
	if err := LogText(&out, NewLog("/home/me/w", []drift.Moment{moment, moment}, 1), opts, time.UTC); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); strings.ContainsAny(got, "\x1b\a") || !strings.Contains(got, "branch switch: main → ") ||
		!strings.Contains(got, "and 2 more: godrift diff "+drift.ShortID(a.ID())+" "+drift.ShortID(b.ID())) || strings.Count(got, "2026-05-04") != 1 {
		t.Errorf("log:\n%s", got)
	}
	out.Reset()
	deed := drift.Deed{Time: at, Kind: drift.DeedRollback, Title: "GOFLAGS", By: drift.Actor{Kind: drift.ActorUser}, Result: drift.DeedRefused, Note: "it changed\nmeanwhile", Duration: 12 * time.Millisecond}
	if err := AuditText(&out, NewAudit("/home/me/w", []drift.Deed{deed}), opts, time.UTC); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("2026-05-04 03:02:01  refused rollback  GOFLAGS  (user, 12ms)\n  it changed\\nmeanwhile\n", out.String()); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// What people change comes first, and a value that only moved to another layer
// after all other variables, however the names sort.
func TestHistoryOrder(t *testing.T) {
	at := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	a := drift.Record{Version: 1, Time: at, Root: "/w", Of: "cli", Values: map[string]string{
		"env.GOPROXY": "x", "env.GOPROXY@layer": "go.env /a", "env.GOSUMDB": "x", "env.GOSUMDB@layer": "go.env /a", "score": "81",
		"env.GOROOT": "/a", "env.GOROOT@layer": "default", "env.GOTOOLCHAIN": "auto", "env.GOTOOLCHAIN@layer": "default", "env.GOVERSION": "go1.26.0", "env.GOVERSION@layer": "default",
		"agreed": "1.25.3 (.go-version)", "pin.Dockerfile:dockerfile:from": "1.26.0", "pin..go-version:.go-version": "1.25.3",
	}}
	b := drift.Record{Version: 1, Time: at, Root: "/w", Of: "cli", Values: map[string]string{
		"env.GOPROXY": "x", "env.GOPROXY@layer": "go.env /b", "env.GOSUMDB": "x", "env.GOSUMDB@layer": "go.env /b", "score": "79",
		"env.GOROOT": "/b", "env.GOROOT@layer": "default", "env.GOTOOLCHAIN": "go1.26.8", "env.GOTOOLCHAIN@layer": "process", "env.GOVERSION": "go1.26.8", "env.GOVERSION@layer": "default",
		"agreed": "1.26.8 (godrift.toml)", "pin.Dockerfile:dockerfile:from": "1.26.8", "pin..go-version:.go-version": "",
	}}
	var out strings.Builder
	if err := DiffText(&out, NewDiff("/w", "a", "b", a, b), false, Options{Dir: "/w"}, time.UTC); err != nil {
		t.Fatal(err)
	}
	var names []string
	for line := range strings.Lines(out.String()) {
		if name, ok := strings.CutPrefix(line, "~  "); ok {
			names = append(names, strings.TrimSpace(strings.Split(name, "  ")[0]))
		}
	}
	want := []string{"agreed", "GOTOOLCHAIN", "GOVERSION", ".go-version", "Dockerfile FROM #1", "GOROOT", "GOPROXY", "GOSUMDB", "health"}
	if diff := cmp.Diff(want, names); diff != "" || !strings.Contains(out.String(), "1.25.3 → (says nothing)") {
		t.Errorf("order (-want +got):\n%s\n%s", diff, out.String())
	}
}
