package main

import (
	"testing"
	"time"
)

func TestTimes(t *testing.T) {
	measured := times{9, 1, 5, 3, 7}
	if got := measured.median(); got != 5 {
		t.Errorf("median is %d, want 5", got)
	}
	if got := measured.at(0.99); got != 9 {
		t.Errorf("p99 is %d, want 9", got)
	}
	if got := (times{}).median(); got != 0 {
		t.Errorf("median of nothing is %d, want 0", got)
	}
}

// The machine gets slower by and by: pair by pair the ratio stays the same.
func TestPaired(t *testing.T) {
	ours, theirs := times{1, 2, 4, 8}, times{2, 4, 8, 16}
	if got := paired(ours, theirs); got != 0.5 {
		t.Errorf("got %v, want 0.5", got)
	}
	if got := paired(times{0}, times{1}); got != 0 {
		t.Errorf("a measurement that is missing counts: got %v", got)
	}
}

func TestPrinted(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{ms(0), "n/a"},
		{ms(1500 * time.Nanosecond), "0.0015 ms"},
		{ms(2345 * time.Microsecond), "2.35 ms"},
		{ms(42 * time.Millisecond), "42 ms"},
		{ms(1500 * time.Millisecond), "1.5 s"},
		{ratio(1, 100), "1/100"},
		{ratio(1, 4), "0.25 (1/4.0)"},
		{ratio(3, 2), "1.50"},
		{ratio(0, 2), "n/a"},
		{mib(2048), "2.0 MiB"},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}
