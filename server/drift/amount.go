package drift

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// sizeUnits are what a size may end with, the longer ones first.
var sizeUnits = []struct {
	name   string
	factor int64
}{
	{"KiB", 1 << 10},
	{"MiB", 1 << 20},
	{"GiB", 1 << 30},
	{"TiB", 1 << 40},
	{"KB", 1e3},
	{"MB", 1e6},
	{"GB", 1e9},
	{"TB", 1e12},
}

// ParseBytes reads a number of bytes, which is more than 0, with or without a unit.
func ParseBytes(s string) (int64, error) {
	number, factor := s, int64(1)
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(s, u.name); ok {
			number, factor = strings.TrimSpace(rest), u.factor
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n <= 0 || n > (1<<62)/factor {
		return 0, fmt.Errorf("%q is no size; write it as 500MiB or 5GiB", s)
	}
	return n * factor, nil
}

// Age writes a length of time for people: in days where those are whole.
func Age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d == day:
		return "day"
	case d >= day && d%day == 0:
		return fmt.Sprintf("%d days", d/day)
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return d.String()
}

// ParseAge reads a length of time that is not negative; besides Go's own units it knows
// days.
func ParseAge(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(days, 10, 16); err == nil {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no length of time; write it as 90m, 24h or 5d", s)
	}
	return d, nil
}

// Bytes writes a size for people, with three digits: 17 B, 1.24 MiB.
func Bytes(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	value, unit := float64(n)/1024, 0
	for value >= 1000 && unit < 4 {
		value /= 1024
		unit++
	}
	digits := max(0, 2-int(math.Log10(value)))
	return fmt.Sprintf("%.*f %s", digits, value, []string{"KiB", "MiB", "GiB", "TiB", "PiB"}[unit])
}

// Plural writes a number of things: 1 file, 2 files.
func Plural(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
