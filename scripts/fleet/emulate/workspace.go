package emulate

import (
	"math/rand/v2"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
	"godrift.dev/server/tell/telemetry"
)

// workspace is the state of one made-up workspace.
type workspace struct {
	*telemetry.Workspace
	root    string
	agreed  string
	version string
	at      place
	cgo     bool
	found   []rule
	pins    []drift.Pin
	cache   int64
	corrupt int
	limit   int // the usual score; negative if it is not known yet
	broken  []drift.CgoTarget
}

func newWorkspace(r *rand.Rand, of *telemetry.Telemetry) *workspace {
	name := pick(r, names)
	w := &workspace{
		root: "/src/" + name, version: pick(r, versions), at: pick(r, places),
		cgo: r.IntN(10) < 7, cache: int64(r.ExpFloat64() * 4e9), limit: -1,
	}
	w.Workspace = of.Workspace(name, w.root)
	w.agreed = w.version
	if r.IntN(8) == 0 {
		w.agreed = pick(r, versions)
	}
	if r.IntN(4) > 0 {
		w.limit = 60 + r.IntN(20)
	}
	for range r.IntN(5) {
		w.found = append(w.found, pick(r, findings))
	}
	plain := strings.TrimPrefix(w.agreed, "go")
	for role, n := range map[drift.Role]int{drift.RoleFloor: 1 + r.IntN(3), drift.RoleBuild: 1 + r.IntN(6), drift.RoleShip: r.IntN(4), drift.RoleLint: r.IntN(2), drift.RoleDevelop: r.IntN(2)} {
		for range n {
			version := plain
			if r.IntN(6) == 0 {
				version = strings.TrimPrefix(pick(r, versions), "go")
			}
			w.pins = append(w.pins, drift.Pin{Role: role, Raw: version, Version: version})
		}
	}
	for _, target := range targets[:1+r.IntN(len(targets))] {
		verdict := drift.CgoWorks
		if target != targets[0] && r.IntN(3) > 0 {
			verdict = drift.CgoFails
		}
		w.broken = append(w.broken, drift.CgoTarget{GOOS: target[0], GOARCH: target[1], Verdict: verdict})
	}
	w.Cgo(w.broken)
	return w
}

// change is something that happens to a workspace, and what an engine would look at
// because of it.
func (w *workspace) change(r *rand.Rand) drift.EventKind {
	switch r.IntN(6) {
	case 0:
		w.version, w.at = pick(r, versions), pick(r, places)
		return drift.EventEnvironment
	case 1:
		w.cgo = !w.cgo
		return drift.EventEnvironment
	case 2:
		w.agreed = w.version
		return drift.EventSaved
	case 3:
		if len(w.found) > 0 {
			w.found = w.found[1:]
		}
		return drift.EventSaved
	case 4:
		w.cache += int64(r.ExpFloat64() * 1e8)
		return drift.EventTools
	}
	if len(w.found) < 6 {
		w.found = append(w.found, pick(r, findings))
	}
	return drift.EventSaved
}

// report is what an engine would say of the workspace.
func (w *workspace) report(now time.Time) *drift.Report {
	cgo := "0"
	if w.cgo {
		cgo = "1"
	}
	found := w.found
	if w.version != w.agreed {
		found = append(found[:len(found):len(found)], rule{"toolchain-drift", drift.SeverityWarning})
	}
	if !releases.Supported(w.version) {
		found = append(found[:len(found):len(found)], rule{"pin-unsupported", drift.SeverityWarning})
	}
	if w.corrupt > 0 {
		found = append(found[:len(found):len(found)], rule{"gocache-corrupt", drift.SeverityError})
	}
	r := &drift.Report{
		Score: 100, Drift: w.version != w.agreed, Pinned: drift.Pinned{Version: w.agreed},
		Snapshot: &drift.Snapshot{
			Root: w.root, Time: now, Pins: w.pins,
			Environment: drift.Environment{Of: "monitor", Variables: []drift.Variable{
				{Name: "CGO_ENABLED", Layer: drift.Layer{Value: cgo}},
				{Name: "GOROOT", Layer: drift.Layer{Value: w.at.goroot(w.version)}},
			}},
			Selection: drift.Selection{Selected: w.version, GOROOT: w.at.goroot(w.version), How: w.at.how},
			Cache:     &drift.Cache{Checked: now, Measured: now, Bytes: w.cache, Bad: make([]drift.CacheBad, w.corrupt)},
		},
	}
	for _, f := range found {
		r.Findings = append(r.Findings, drift.Finding{Code: f.code, Severity: f.severity})
		r.Score -= map[drift.Severity]int{drift.SeverityError: 25, drift.SeverityWarning: 8, drift.SeverityInfo: 2}[f.severity]
	}
	r.Score = max(0, r.Score)
	if w.limit >= 0 {
		r.Usual = &drift.Usual{Median: w.limit + 10, Spread: 5, Limit: w.limit, Low: r.Score < w.limit}
	}
	return r
}
