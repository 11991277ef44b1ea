package engine_test

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
	"godrift.dev/server/engine"
)

func TestNarrowMovesAFindingToTheRelatedPlaceThatIsAskedAbout(t *testing.T) {
	place := func(file string) drift.Place { return drift.Place{File: file, Span: drift.Span{Start: 3, End: 9}} }
	report := &drift.Report{Findings: []drift.Finding{
		{Code: "a", Severity: drift.SeverityError, Place: place("/w/go.mod"), Related: []drift.Related{
			{Place: place("/w/m1/go.mod"), Message: "m1"}, {Place: place("/w/m2/go.mod"), Message: "m2"}, {Place: place("/w/m3/go.mod"), Message: "m3"},
		}},
		{Code: "b", Severity: drift.SeverityError, Place: place("/w/other")},
		{Code: "c", Severity: drift.SeverityError, Place: place("/w/m2/.go-version"), Related: []drift.Related{{Place: place("/w/m2/go.mod")}}},
	}}
	in := func(dir string) *drift.Report {
		return engine.Narrow(report, func(_ drift.Finding, at drift.Place) bool { return strings.HasPrefix(at.File, dir+"/") })
	}

	got := in("/w/m2").Findings
	if len(got) != 2 || got[0].Code != "c" || got[0].Place != place("/w/m2/.go-version") || got[1].Code != "a" {
		t.Fatalf("in m2: %+v", got)
	}
	a := got[1]
	if a.Place != place("/w/m2/go.mod") || a.Origin != place("/w/go.mod") {
		t.Errorf("it stands at %v, came from %v", a.Place, a.Origin)
	}
	var related []string
	for _, r := range a.Related {
		related = append(related, r.Place.File)
	}
	if s := strings.Join(related, " "); s != "/w/go.mod /w/m1/go.mod /w/m3/go.mod" {
		t.Errorf("related: %s", s)
	}
	if in("/w/m2").Score >= 100 {
		t.Error("the score does not count it")
	}
	if r := in("/w/m4"); len(r.Findings) != 0 || r.Score != 100 {
		t.Errorf("elsewhere: %+v", r)
	}
	// The report itself is as before, and of all nothing moves.
	if f := in("/w").Findings; len(f) != 3 || f[0].Origin != (drift.Place{}) || f[0].Related[1].Message != "m2" {
		t.Errorf("of all: %+v", f)
	}
}
