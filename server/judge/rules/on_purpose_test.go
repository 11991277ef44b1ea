package rules

import "testing"

// TestSaysOld checks how people call what is old on purpose, and what only looks
// like it.
func TestSaysOld(t *testing.T) {
	for text, want := range map[string]bool{
		"go-oldstable": true, "old-stable-benchmarks": true, "GoOldStable": true, "lowest supported version, so this checks the floor": true,
		"test-minimum-go": true, "min-go-version": true, "GO_MIN_VERSION": true, "oldest": true, "previous-go": true, "legacy": true, "backward-compat": true,
		"go-stable": false, "threshold-version": false, "admin-version": false, "golang": false, "build": false, "floorplan": false, "compatibility-report": false,
		"previous": false, "scaffold": false,
	} {
		if got := saysOld().MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
