package health

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"godrift.dev/server/drift"
)

// The limit below which a score is unusual lies three standard deviations under
// the median, but never less than five points under it, and always within these.
// Where little is known of the past it is the default: what one error makes.
const (
	lowestLimit  = 50
	highestLimit = 90
	defaultLimit = 70
	leastSpread  = 5.0
	// deviations times perSpread times the median distance are three standard
	// deviations where scores are spread normally.
	deviations = 3
	perSpread  = 1.4826
)

// What is enough of a past: as many scores, and as long a time.
const (
	enoughScores = 5
	enoughTime   = 24 * time.Hour
	// longest is what one score counts for at most, so that a weekend does not
	// outweigh the week.
	longest = 24 * time.Hour
)

// stretch is a time in which the score was the same.
type stretch struct {
	score  int
	weight float64
}

// Compare says whether a score is unusual for a workspace, in one environment,
// by what is remembered of it:
//
//	limit = median - max(5, 3 x 1.4826 x median distance from the median)
//
// but at least 50 and at most 90. The floor keeps a workspace that is always bad
// from passing for a good one, the ceiling keeps one that was always perfect from
// crying at every info. Medians do not follow a single bad day, and the spread
// follows a workspace that goes up and down all the time. Each score counts for
// as long as it stood, a day at most. With fewer than five scores, or less than a
// day of them, the limit is 70 and there is no median.
func Compare(score int, of string, memory *drift.Memory, now time.Time) *drift.Usual {
	past := stretches(of, memory, now)
	u := &drift.Usual{Limit: defaultLimit, Median: -1}
	var total float64
	for _, s := range past {
		total += s.weight
	}
	if len(past) >= enoughScores && total >= enoughTime.Seconds() {
		median := weighted(past)
		distances := make([]stretch, len(past))
		for i, s := range past {
			distances[i] = stretch{max(s.score-median, median-s.score), s.weight}
		}
		u.Median, u.Spread = median, weighted(distances)
		below := max(leastSpread, deviations*perSpread*float64(u.Spread))
		u.Limit = min(highestLimit, max(lowestLimit, int(math.Round(float64(median)-below))))
	}
	u.Low = score < u.Limit
	return u
}

// stretches are the scores that an environment had, as far as the newest moments
// tell. The present one is the last of them.
func stretches(of string, memory *drift.Memory, now time.Time) []stretch {
	if memory == nil {
		return nil
	}
	var out []stretch
	until, before := now, ""
	for _, m := range memory.Recent { // newest first
		if m.Of != of || m.Time.After(until) {
			continue
		}
		i := slices.IndexFunc(m.Changes, func(c drift.Change) bool { return c.Key == drift.KeyScore })
		if i < 0 {
			continue
		}
		out = appendStretch(out, m.Changes[i].New, until.Sub(m.Time))
		until, before = m.Time, m.Changes[i].Old
	}
	if before != "" {
		// Since when the oldest score stood is not told any more.
		out = appendStretch(out, before, time.Hour)
	}
	return out
}

func appendStretch(list []stretch, score string, stood time.Duration) []stretch {
	n, err := strconv.Atoi(score)
	if err != nil || n < 0 || n > 100 {
		return list // of an imported history
	}
	return append(list, stretch{n, min(longest, stood).Seconds()})
}

// weighted is the weighted median: the least score with half of the weight at or
// below it.
func weighted(list []stretch) int {
	sorted := slices.SortedStableFunc(slices.Values(list), func(a, b stretch) int { return cmp.Compare(a.score, b.score) })
	var total, sum float64
	for _, s := range sorted {
		total += s.weight
	}
	for _, s := range sorted {
		if sum += s.weight; sum >= total/2 {
			return s.score
		}
	}
	return 0
}
