//go:build unix

package config

import "testing"

// A file of another user's names no command; one of the system's, or one that the system
// reads, does.
func TestForeign(t *testing.T) {
	for _, c := range []struct {
		owner  uint32
		reader int
		want   bool
	}{{1000, 1000, false}, {0, 1000, false}, {1001, 1000, true}, {1001, 0, false}, {0, 0, false}, {1<<32 - 2, 1000, true}} {
		if got := foreign(c.owner, c.reader); got != c.want {
			t.Errorf("of %d, read by %d: %v", c.owner, c.reader, got)
		}
	}
}
