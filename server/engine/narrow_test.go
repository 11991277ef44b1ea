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

// TestNarrowSpeaksOfThePlace checks that a finding which moves says what is so at
// its new place, and offers the fix for it.
func TestNarrowSpeaksOfThePlace(t *testing.T) {
	opts := workspace(t, map[string]string{
		"a/go.mod": "module a\n\ngo 1.25.0\n", "a/app.yaml": "runtime: go122\n",
		"b/go.mod": "module b\n\ngo 1.25.0\n", "b/app.yaml": "runtime: go122\n",
	})
	report, err := engine.Evaluate(t.Context(), opts)
	if err != nil {
		t.Fatal(err)
	}
	var got []drift.Finding
	for _, f := range engine.Narrow(report, func(_ drift.Finding, at drift.Place) bool { return strings.HasPrefix(at.File, opts.Root+"/b/") }).Findings {
		if f.Code == "pin-below-floor" {
			got = append(got, f)
		}
	}
	if len(got) != 1 || !strings.HasPrefix(got[0].Message, "b/app.yaml:1 picks go122, but b/go.mod:3 needs") {
		t.Fatalf("in b: %+v", got)
	}
	var related []string
	for _, r := range got[0].Related {
		related = append(related, strings.TrimPrefix(r.Place.File, opts.Root))
	}
	if s := strings.Join(related, " "); s != "/b/go.mod /a/app.yaml" {
		t.Errorf("related: %s", s)
	}
	if f := got[0].Fixes; len(f) != 3 || len(f[0].Actions) != 2 || len(f[1].Actions) != 1 || f[1].Actions[0].File != got[0].Place.File {
		t.Errorf("fixes: %+v", f)
	}
}
