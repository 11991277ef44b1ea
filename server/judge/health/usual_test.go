package health

import (
	"strconv"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

var now = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// history makes a memory in which the scores followed each other, the last one
// until now, each for as long.
func history(each time.Duration, scores ...int) *drift.Memory {
	m := &drift.Memory{}
	at := now.Add(-each)
	for i := len(scores) - 1; i > 0; i-- {
		m.Recent = append(m.Recent, drift.Moment{Of: "cli", Time: at, Changes: []drift.Change{
			{Key: "env.GOFLAGS", Old: "a", New: "b"},
			{Key: drift.KeyScore, Kind: drift.ChangeChanged, Old: strconv.Itoa(scores[i-1]), New: strconv.Itoa(scores[i])},
		}})
		at = at.Add(-each)
	}
	return m
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name   string
		score  int
		memory *drift.Memory
		median int
		limit  int
		low    bool
	}{
		{"nothing is remembered", 70, nil, -1, 70, false},
		{"one error, no past", 69, nil, -1, 70, true},
		{"too few scores", 80, history(24*time.Hour, 100, 90, 100), -1, 70, false},
		{"too short a time", 80, history(time.Minute, 100, 90, 100, 90, 100, 90, 80), -1, 70, false},
		{"always well, and now a warning", 90, history(24*time.Hour, 100, 98, 100, 100, 98, 100, 100, 90), 100, 90, false},
		{"always well, and now an error", 70, history(24*time.Hour, 100, 98, 100, 100, 98, 100, 100, 70), 100, 90, true},
		{"usually 80, and now one warning more", 72, history(24*time.Hour, 80, 81, 80, 79, 80, 80, 72), 80, 75, true},
		{"up and down", 60, history(24*time.Hour, 90, 70, 88, 62, 95, 75, 85, 60), 75, 50, false},
		{"always bad", 30, history(24*time.Hour, 31, 30, 33, 30, 29, 30), 30, 50, true},
		{"another's scores do not count", 60, &drift.Memory{Recent: []drift.Moment{{Of: "editor", Time: now.Add(-time.Hour)}}}, -1, 70, true},
		{"no numbers", 60, &drift.Memory{Recent: []drift.Moment{{Of: "cli", Time: now.Add(-time.Hour), Changes: []drift.Change{{Key: drift.KeyScore, Old: "x", New: "-7"}}}}}, -1, 70, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			u := Compare(test.score, "cli", test.memory, now)
			if u.Median != test.median || u.Limit != test.limit || u.Low != test.low {
				t.Errorf("got %+v, want median %d, limit %d, low %v", *u, test.median, test.limit, test.low)
			}
		})
	}
}

// TestTimeCounts: a score that stood for an hour does not outweigh those that
// stood for days, and a weekend counts for a day.
func TestTimeCounts(t *testing.T) {
	m := history(24*time.Hour, 95, 95, 94, 95, 96, 95)
	last := m.Recent[0].Time
	for i := range 20 { // a bad afternoon with many changes
		at := last.Add(time.Duration(i+1) * time.Minute)
		m.Recent = append([]drift.Moment{{Of: "cli", Time: at, Changes: []drift.Change{{Key: drift.KeyScore, Old: "95", New: strconv.Itoa(20 + i%3)}}}}, m.Recent...)
	}
	if u := Compare(21, "cli", m, last.Add(time.Hour)); u.Median != 95 || u.Limit != 90 || !u.Low {
		t.Errorf("got %+v, want median 95, limit 90, low", *u)
	}
}
