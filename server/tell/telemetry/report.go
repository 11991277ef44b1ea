package telemetry

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/releases"
)

// Report tells what is so now. The same report may be told twice.
func (w *Workspace) Report(r *drift.Report) {
	if r == nil || r.Snapshot == nil {
		return
	}
	w.t.mu.Lock()
	defer w.t.mu.Unlock()
	if w.seen == r {
		return
	}
	w.seen = r
	w.moves.report(r, w.moved)
	w.gauges = w.gauges[:0]
	w.selection(r)
	w.environment(r)
	w.found(r)
	w.pinned(r)
	w.set(score, float64(r.Score))
	if r.Usual != nil && r.Usual.Median >= 0 {
		w.set(scoreLimit, float64(r.Usual.Limit))
	}
	w.set(checkTime, seconds(w.t.now()))
}

// set adds a value of the workspace; values are those of the labels after its name.
func (w *Workspace) set(m id, value float64, values ...string) {
	w.gauges = append(w.gauges, series(m, value, slices.Insert(values, 0, w.name)...))
}

func (w *Workspace) selection(r *drift.Report) {
	sel := &r.Snapshot.Selection
	w.set(selectedInfo, 1, versionLabel(sel.Selected), word(string(sel.How)), versionLabel(r.Pinned.Version))
	if v := versionLabel(sel.Selected); v != none && v != other {
		w.set(selectedSupported, truth(releases.Supported(sel.Selected)))
	}
	w.set(driftState, truth(r.Drift))
}

func (w *Workspace) environment(r *drift.Report) {
	if v, ok := r.Snapshot.Environment.Lookup("CGO_ENABLED"); ok && (v.Value == "0" || v.Value == "1") {
		w.set(cgoState, truth(v.Value == "1"))
	}
	if c := r.Snapshot.Cgo; c != nil && c.Target.GOOS != "" && c.Target.Verdict != drift.CgoUntried {
		w.target(c.Target) // what was not tried now may have been before
	}
	if c := r.Snapshot.Cache; c != nil {
		if !c.Measured.IsZero() {
			w.set(cacheSize, float64(c.Bytes))
		}
		if !c.Checked.IsZero() {
			w.set(cacheCorrupt, float64(len(c.Bad)))
		}
	}
}

// found tells of the findings. Rules are godrift's own and few; what comes with another
// name than theirs is counted as other.
func (w *Workspace) found(r *drift.Report) {
	type kind struct{ rule, severity string }
	n := map[kind]float64{}
	rules := map[string]bool{}
	for _, f := range r.Findings {
		k := kind{word(f.Code), word(string(f.Severity))}
		if _, ok := n[k]; !ok && len(n) >= mostRules-len(severities) {
			k = kind{other, severity(f.Severity)}
		}
		n[k]++
		rules[k.rule] = true
	}
	for k, number := range n {
		w.set(findings, number, k.rule, k.severity)
	}
	now := w.t.now()
	maps.DeleteFunc(w.since, func(rule string, _ time.Time) bool { return !rules[rule] })
	for rule := range rules {
		if _, ok := w.since[rule]; !ok {
			w.since[rule] = now
		}
		w.set(findingSince, seconds(w.since[rule]), rule)
	}
}

var severities = []drift.Severity{drift.SeverityError, drift.SeverityWarning, drift.SeverityInfo, drift.SeverityHint}

// severity is one of those that there are.
func severity(s drift.Severity) string {
	if slices.Contains(severities, s) {
		return string(s)
	}
	return string(drift.SeverityHint)
}

// pinned tells of the pins, of which the versions that most have count by themselves.
func (w *Workspace) pinned(r *drift.Report) {
	type kind struct{ role, version string }
	n := map[kind]float64{}
	for _, p := range r.Snapshot.Pins {
		n[kind{word(string(p.Role)), versionLabel(p.Version)}]++
	}
	if len(n) > mostVersions {
		most := slices.SortedFunc(maps.Keys(n), func(a, b kind) int {
			return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a.role, b.role), cmp.Compare(a.version, b.version))
		})
		for _, k := range most[mostVersions:] {
			number := n[k]
			delete(n, k)
			n[kind{role(k.role), other}] += number
		}
	}
	for k, number := range n {
		w.set(pins, number, k.role, k.version)
	}
}

// role is one of those that there are.
func role(text string) string {
	switch drift.Role(text) {
	case drift.RoleFloor, drift.RoleBuild, drift.RoleShip, drift.RoleTest, drift.RoleLint, drift.RoleDevelop, drift.RoleDocs:
		return text
	}
	return other
}

func truth(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// seconds is a time as Prometheus wants it.
func seconds(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }
