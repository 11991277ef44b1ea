package config

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// History says how much is kept of what is remembered.
type History struct {
	Age     time.Duration // of moments and of the audit
	Moments int           // of one workspace
	Fixes   time.Duration // of closed entries of the journal: what undo can take back
}

// DefaultHistory is what is kept if the user's configuration says nothing. Where a
// fix can no longer be undone nobody would want to: it is half a year old.
var DefaultHistory = History{Age: 366 * 24 * time.Hour, Moments: 100_000, Fixes: 183 * 24 * time.Hour}

// The limits of what can be asked for.
const (
	leastAge    = 24 * time.Hour
	longestAge  = 100 * 366 * 24 * time.Hour
	mostMoments = 10_000_000
)

// historyTable is [history] as it is written.
type historyTable struct {
	Age     *string `toml:"age"`
	Entries *int64  `toml:"entries"`
	Fixes   *string `toml:"fixes"`
}

func (h historyTable) parse() (History, error) {
	k := DefaultHistory
	for _, s := range []struct {
		name string
		text *string
		to   *time.Duration
	}{{"history.age", h.Age, &k.Age}, {"history.fixes", h.Fixes, &k.Fixes}} {
		if s.text == nil {
			continue
		}
		age, err := parseAge(*s.text)
		if err != nil {
			return DefaultHistory, fmt.Errorf("%s = %q: %w", s.name, *s.text, err)
		}
		*s.to = age
	}
	if n := h.Entries; n != nil {
		if *n < 1 || *n > mostMoments {
			return DefaultHistory, fmt.Errorf("history.entries = %d: it must be from 1 to %d", *n, mostMoments)
		}
		k.Moments = int(*n)
	}
	return k, nil
}

// parseAge reads a number of days, weeks or years.
func parseAge(text string) (time.Duration, error) {
	const day = 24 * time.Hour
	unit, ok := map[string]time.Duration{"d": day, "w": 7 * day, "y": 366 * day}[text[max(0, len(text)-1):]]
	n := 0
	var err error
	if ok {
		n, err = strconv.Atoi(text[:len(text)-1])
	}
	if !ok || err != nil || n < 0 {
		return 0, errors.New(`write a number of days, weeks or years, such as "90d", "8w" or "2y"`)
	}
	if n > int(longestAge/unit) || time.Duration(n)*unit < leastAge {
		return 0, errors.New("it must be from 1 day to 100 years")
	}
	return time.Duration(n) * unit, nil
}
