package health

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

var (
	severities = []drift.Severity{drift.SeverityHint, drift.SeverityInfo, drift.SeverityWarning, drift.SeverityError}
	surfaces   = []drift.Surface{drift.SurfaceDocs, drift.SurfaceLint, drift.SurfaceDevelop, drift.SurfaceTest, drift.SurfaceBuild}
)

func alone(s drift.Severity, at drift.Surface) drift.Finding {
	return drift.Finding{Severity: s, Surface: at}
}

// mendedBy is a finding whose repair changes variables.
func mendedBy(s drift.Severity, id string, variables ...string) drift.Finding {
	fix := drift.Fix{ID: id, Kind: drift.FixRepair}
	for _, v := range variables {
		fix.Actions = append(fix.Actions, drift.Action{Kind: drift.ActionSetGOENV, Variable: v})
	}
	return drift.Finding{Severity: s, Surface: drift.SurfaceBuild, Fixes: []drift.Fix{{ID: "accept", Kind: drift.FixAccept}, fix}}
}

func score(list []drift.Finding) int {
	n, _ := Score(list)
	return n
}

func TestScoreIsMonotone(t *testing.T) {
	one := rapid.Custom(func(t *rapid.T) drift.Finding {
		return alone(rapid.SampledFrom(severities).Draw(t, "severity"), rapid.SampledFrom(surfaces).Draw(t, "surface"))
	})
	rapid.Check(t, func(t *rapid.T) {
		have := rapid.SliceOfN(one, 0, 40).Draw(t, "have")
		before, burdens := Score(have)
		if before < 0 || before > 100 {
			t.Fatalf("score %d is outside 0..100", before)
		}
		if more := score(append(slices.Clone(have), one.Draw(t, "more"))); more > before {
			t.Fatalf("one finding more raised the score from %d to %d", before, more)
		}
		if again := score(rapid.Permutation(have).Draw(t, "shuffled")); again != before {
			t.Fatalf("the order changed the score from %d to %d", before, again)
		}
		for _, b := range burdens {
			if mended := score(slices.Delete(slices.Clone(have), b.Worst, b.Worst+1)); mended != before+b.Points {
				t.Fatalf("mending finding %d makes %d of %d, and not %d points more", b.Worst, mended, before, b.Points)
			}
		}
		if len(have) == 0 {
			return
		}
		i := rapid.IntRange(0, len(have)-1).Draw(t, "i")
		worse := slices.Clone(have)
		worse[i].Severity = severities[min(slices.Index(severities, have[i].Severity)+1, len(severities)-1)]
		if bad := score(worse); bad > before {
			t.Fatalf("a worse finding raised the score from %d to %d", before, bad)
		}
		worse[i].Surface = drift.SurfaceBuild
		if bad := score(worse); bad > before {
			t.Fatalf("a finding felt in the build raised the score from %d to %d", before, bad)
		}
	})
}

func TestScore(t *testing.T) {
	e, w, i, h := drift.SeverityError, drift.SeverityWarning, drift.SeverityInfo, drift.SeverityHint
	for _, test := range []struct {
		have []drift.Severity
		at   drift.Surface
		want int
	}{
		{nil, drift.SurfaceBuild, 100},
		{[]drift.Severity{h, h, h}, drift.SurfaceBuild, 100},
		{[]drift.Severity{i}, drift.SurfaceBuild, 98},
		{[]drift.Severity{w}, drift.SurfaceBuild, 90},
		{[]drift.Severity{w}, drift.SurfaceLint, 95},
		{[]drift.Severity{e}, drift.SurfaceBuild, 70},
		{[]drift.Severity{e}, drift.SurfaceTest, 76},
		{[]drift.Severity{e}, drift.SurfaceDevelop, 82},
		{[]drift.Severity{i}, drift.SurfaceDocs, 99},
		{[]drift.Severity{w, w, w}, drift.SurfaceBuild, 73},
		{[]drift.Severity{e, e, e, e, e, e, e, e, e, e}, drift.SurfaceBuild, 3},
		{slices.Repeat([]drift.Severity{e}, 100), drift.SurfaceBuild, 0},
	} {
		var list []drift.Finding
		for _, s := range test.have {
			list = append(list, alone(s, test.at))
		}
		if got := score(list); got != test.want {
			t.Errorf("Score of %v in %s = %d, want %d", test.have, test.at, got, test.want)
		}
	}
}

func TestOneCauseCountsOnce(t *testing.T) {
	e, w, i := drift.SeverityError, drift.SeverityWarning, drift.SeverityInfo
	// GOTOOLCHAIN shows in three findings. What mends two variables mends those of
	// one, and GOFLAGS is left to itself.
	list := []drift.Finding{
		mendedBy(w, "one", "GOTOOLCHAIN"),
		mendedBy(e, "both", "GOTOOLCHAIN", "GOROOT"),
		mendedBy(i, "other", "GOROOT"),
		mendedBy(w, "flags", "GOFLAGS"),
		alone(i, drift.SurfaceBuild),
	}
	got, burdens := Score(list)
	if want := 62; got != want { // 0.7 x 0.9 x 0.98
		t.Errorf("score %d, want %d", got, want)
	}
	type burden struct {
		worst, findings, points int
		fix                     string
		fixPoints               int
	}
	var told []burden
	for _, b := range burdens {
		out := burden{worst: b.Worst, findings: b.Findings, points: b.Points, fixPoints: b.FixPoints}
		if b.Fix != nil {
			out.fix = b.Fix.ID
		}
		told = append(told, out)
	}
	want := []burden{{1, 3, 26, "both", 26}, {3, 1, 7, "flags", 7}, {4, 1, 1, "", 0}}
	if !slices.Equal(told, want) {
		t.Errorf("burdens %+v, want %+v", told, want)
	}
}

// TestPartOfACause: where no single fix mends all of a cause, what one gains is
// what is left to gain.
func TestPartOfACause(t *testing.T) {
	list := []drift.Finding{
		mendedBy(drift.SeverityError, "a", "A", "B"),
		mendedBy(drift.SeverityWarning, "b", "B", "C"),
	}
	got, burdens := Score(list)
	if got != 70 || len(burdens) != 1 {
		t.Fatalf("score %d, burdens %+v", got, burdens)
	}
	if b := burdens[0]; b.Points != 30 || b.Fix.ID != "a" || b.FixPoints != 20 {
		t.Errorf("the fix %s gains %d of %d, want a, 20 and 30", b.Fix.ID, b.FixPoints, b.Points)
	}
}
