package health

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"godrift.dev/server/drift"
)

var severities = []drift.Severity{drift.SeverityHint, drift.SeverityInfo, drift.SeverityWarning, drift.SeverityError}

func findings(severities []drift.Severity) []drift.Finding {
	var list []drift.Finding
	for _, s := range severities {
		list = append(list, drift.Finding{Severity: s})
	}
	return list
}

func TestScoreIsMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		have := rapid.SliceOfN(rapid.SampledFrom(severities), 0, 40).Draw(t, "have")
		score := Score(findings(have))
		if score < 0 || score > 100 {
			t.Fatalf("score %d is outside 0..100", score)
		}
		if more := Score(findings(append(slices.Clone(have), rapid.SampledFrom(severities).Draw(t, "more")))); more > score {
			t.Fatalf("one finding more raised the score from %d to %d", score, more)
		}
		shuffled := rapid.Permutation(have).Draw(t, "shuffled")
		if again := Score(findings(shuffled)); again != score {
			t.Fatalf("the order changed the score from %d to %d", score, again)
		}
		if len(have) == 0 {
			return
		}
		i := rapid.IntRange(0, len(have)-1).Draw(t, "i")
		worse := slices.Clone(have)
		worse[i] = severities[min(slices.Index(severities, have[i])+1, len(severities)-1)]
		if bad := Score(findings(worse)); bad > score {
			t.Fatalf("a worse finding raised the score from %d to %d", score, bad)
		}
	})
}

func TestScore(t *testing.T) {
	e, w, i, h := drift.SeverityError, drift.SeverityWarning, drift.SeverityInfo, drift.SeverityHint
	for _, test := range []struct {
		have []drift.Severity
		want int
	}{
		{nil, 100},
		{[]drift.Severity{h, h, h}, 100},
		{[]drift.Severity{i}, 98},
		{[]drift.Severity{w}, 90},
		{[]drift.Severity{e}, 70},
		{[]drift.Severity{w, w, w}, 73},
		{[]drift.Severity{e, e, e, e, e, e, e, e, e, e}, 3},
		{slices.Repeat([]drift.Severity{e}, 100), 0},
	} {
		if got := Score(findings(test.have)); got != test.want {
			t.Errorf("Score(%v) = %d, want %d", test.have, got, test.want)
		}
	}
}
