package main

import (
	"fmt"
	"slices"
	"time"
)

// times are measurements of one thing.
type times []time.Duration

// at is the measurement that share of all are not above; 0.5 is the median.
func (t times) at(share float64) time.Duration {
	if len(t) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}

func (t times) median() time.Duration { return t.at(0.5) }

// ms prints a time in milliseconds with three digits that mean something.
func ms(d time.Duration) string {
	f := float64(d) / float64(time.Millisecond)
	switch {
	case d == 0:
		return "n/a"
	case f < 0.1:
		return fmt.Sprintf("%.4f ms", f)
	case f < 10:
		return fmt.Sprintf("%.2f ms", f)
	case f < 1000:
		return fmt.Sprintf("%.0f ms", f)
	}
	return fmt.Sprintf("%.1f s", f/1000)
}

// ratio prints a/b, as a fraction where it is small.
func ratio(a, b float64) string {
	switch {
	case a <= 0 || b <= 0:
		return "n/a"
	case a < b/20:
		return fmt.Sprintf("1/%.0f", b/a)
	case a < b:
		return fmt.Sprintf("%.2f (1/%.1f)", a/b, b/a)
	}
	return fmt.Sprintf("%.2f", a/b)
}

// paired is the median of the ratios pair by pair, which stays meaningful
// while the machine's speed drifts.
func paired(a, b times) float64 {
	var r []float64
	for i := range min(len(a), len(b)) {
		if a[i] > 0 && b[i] > 0 {
			r = append(r, float64(a[i])/float64(b[i]))
		}
	}
	if len(r) == 0 {
		return 0
	}
	slices.Sort(r)
	return r[len(r)/2]
}

// row prints one line of a figure's table.
func row(name, a, b, r string) { fmt.Printf("| %s | %s | %s | %s |\n", name, a, b, r) }

// pair prints the medians of two sides.
func pair(name string, a, b times) {
	row(name, ms(a.median()), ms(b.median()), ratio(paired(a, b), 1))
}

// alone prints what has no other side.
func alone(name string, t times) {
	row(name, fmt.Sprintf("p50 %s, p99 %s", ms(t.at(0.5)), ms(t.at(0.99))), "", "")
}

func mib(kib int64) string {
	if kib == 0 {
		return "n/a"
	}
	return fmt.Sprintf("%.1f MiB", float64(kib)/1024)
}
