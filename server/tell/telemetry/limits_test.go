package telemetry

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

// mostSeries is what all limits together allow: what one workspace may have, and the
// process.
const mostSeries = mostWorkspaces*(1+mostPairs+1+2+mostTargets+3+2*mostRules+mostVersions+8+4+1+3+24+1) + 3*mostProbes + (mostChannels+1)*(6+16) + 14*17 + 3*16 + 16

// hostile is a text that would do harm in a log, a page, a query or a label.
func hostile(i int) string {
	return fmt.Sprintf("x%d\"} 1\n# TYPE evil counter\nevil{a=\"\x1b[31m\u202e/home/me/secret/../..\\\x00 https://me:hunter2@example.com ghp_%020d%s", i, i, strings.Repeat("é", 1500))
}

func TestSeriesAreBounded(t *testing.T) {
	tel := started(t, Options{Version: hostile(1)})
	var all []*Workspace
	for i := range mostWorkspaces + 20 {
		w := tel.Workspace(hostile(i%3), hostile(i))
		all = append(all, w)
		r := reportWith("/sdk/go"+hostile(i), fmt.Sprintf("go1.%d.%d", 20+i%7, i), "1")
		if i == 0 {
			for n := range 3000 {
				r.Findings = append(r.Findings, drift.Finding{Code: fmt.Sprintf("rule-%d", n), Severity: drift.Severity(hostile(n))})
				r.Snapshot.Pins = append(r.Snapshot.Pins, drift.Pin{Role: drift.Role(fmt.Sprint("role", n%50)), Version: fmt.Sprintf("1.%d.%d", n%40, n)}, drift.Pin{Role: drift.RoleBuild, Version: hostile(n)})
			}
		}
		w.Report(r)
		for n := range 200 / (1 + 20*min(i, 1)) {
			w.Report(reportWith(hostile(n), fmt.Sprintf("go1.%d.%d", n%30, n), fmt.Sprint(n%2)))
			w.Cgo([]drift.CgoTarget{{GOOS: fmt.Sprint("os", n), GOARCH: hostile(n), Verdict: drift.CgoWorks}})
			w.Deed(drift.Deed{ID: int64(1 + n), Kind: drift.DeedKind(hostile(n)), Result: drift.DeedResult(hostile(n))})
			w.Evaluated(drift.Evaluation{Events: []drift.Event{{Kind: drift.EventKind(hostile(n)), Cause: hostile(n)}}, First: time.Now(), Err: errors.New(hostile(n))})
		}
		w.Report(r)
	}
	for n := range 500 {
		tel.Probe(hostile(n), time.Second, nil, math.Inf(1), true)
		tel.Alert(fmt.Sprint("channel", n), hostile(n), time.Second)
	}
	text := scrape(t, tel)
	n := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		if len(line) > 1000 {
			t.Errorf("a line of %d bytes: %.200s", len(line), line)
		}
	}
	t.Logf("%d series", n)
	if n > mostSeries {
		t.Errorf("%d series, of %d at most", n, mostSeries)
	}
	hasNot(t, text, "evil{", "hunter2", "ghp_0", "\x1b", "\u202e", "\x00", "/home", "secret/")
	if p := pairs(text); p > mostPairs+1 {
		t.Errorf("%d pairs of from and to", p)
	}
	if !strings.Contains(text, `version="other"`) || !strings.Contains(text, `rule="other"`) || !strings.Contains(text, `channel="other"`) {
		t.Error("what is one too many is not counted as other")
	}
	// The findings are all there, under one name or another.
	sum := 0
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "godrift_findings{") {
			var v int
			if _, err := fmt.Sscan(line[strings.LastIndexByte(line, ' ')+1:], &v); err != nil {
				t.Fatal(err)
			}
			sum += v
		}
	}
	if sum != 3000 {
		t.Errorf("%d findings are told of 3000", sum)
	}
	for _, w := range all {
		w.Close()
	}
	tel.Probes(nil)
	hasNot(t, scrape(t, tel), "workspace=", "probe=")
}

func pairs(text string) int {
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "go_build_goroot_migrations_total{") {
			pair, _, _ := strings.Cut(line, ",workspace=")
			seen[pair] = true
		}
	}
	return len(seen)
}

// A series ends with its subject.
func TestSeriesEnd(t *testing.T) {
	tel := started(t, Options{})
	w := tel.Workspace("app", "/src/app")
	r := reportWith("/usr/local/go", "go1.26.8", "1")
	r.Findings = []drift.Finding{{Code: "pin-disagrees", Severity: drift.SeverityError}, {Code: "cache-corrupt", Severity: drift.SeverityWarning}}
	w.Report(r)
	has(t, scrape(t, tel), `godrift_findings{rule="pin-disagrees",severity="error",workspace="app"} 1`)
	r2 := *r
	r2.Findings = r.Findings[1:]
	w.Report(&r2)
	text := scrape(t, tel)
	hasNot(t, text, "pin-disagrees")
	has(t, text, `godrift_findings{rule="cache-corrupt",severity="warning",workspace="app"} 1`)
	again := tel.Workspace("app", "/src/other")
	if again.Name() != "app-2" {
		t.Errorf("the second workspace of a name is %q", again.Name())
	}
	w.Close()
	if w = tel.Workspace("app", "/src/app"); w.Name() != "app" {
		t.Errorf("a name that is free again is %q", w.Name())
	}
}

func TestDeedsCountOnce(t *testing.T) {
	tel := started(t, Options{})
	w := tel.Workspace("app", "/src/app")
	for range 3 {
		for id := range int64(600) {
			w.Deed(drift.Deed{ID: id + 1, Kind: drift.DeedRollback, Result: drift.DeedDone, Duration: time.Second})
		}
	}
	w.Deed(drift.Deed{ID: 601, Kind: drift.DeedUndo, Result: drift.DeedRefused})
	has(t, scrape(t, tel),
		`rollback_total{result="done",workspace="app"} 600`, `rollback_total{result="failed",workspace="app"} 0`,
		`rollback_duration_seconds_count{result="done"} 600`, `godrift_deeds_total{kind="undo",result="refused",workspace="app"} 1`)
	if len(w.noted) > remembered+1 {
		t.Errorf("%d numbers are kept", len(w.noted))
	}
}

func FuzzLabel(f *testing.F) {
	f.Add("app")
	f.Add(hostile(1))
	f.Add("go1.25.3-corp.7")
	f.Fuzz(func(t *testing.T, text string) {
		for _, got := range []string{label(text), word(text), versionLabel(text), placeLabel(place{goroot: text, version: text})} {
			if got == "" || len([]rune(got)) > 2*longest || strings.ContainsAny(got, "/\\\n\x00\x1b\u202e") {
				t.Errorf("%q becomes %q", text, got)
			}
			if drift.MaskText(got) != got {
				t.Errorf("%q becomes %q, which holds a secret", text, got)
			}
		}
	})
}
