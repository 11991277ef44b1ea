package rules

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

// What is looked for is what this expression finds.
func TestHoldsChecksum(t *testing.T) {
	want := regexp.MustCompile(`(?:^|[^0-9A-Za-z:])[0-9a-f]{64}(?:[^0-9A-Za-z]|$)`)
	sum := strings.Repeat("0123456789abcdef", 4)
	pieces := []string{sum, sum[1:], sum + "0", strings.ToUpper(sum), "sha256:", " ", "\n", "\"", "x", "=", ":", "-", "é", "g"}
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range 20_000 {
		var text strings.Builder
		for range 1 + r.IntN(5) {
			text.WriteString(pieces[r.IntN(len(pieces))])
		}
		got := holdsChecksum([]byte(text.String()))
		if got != want.MatchString(text.String()) {
			t.Fatalf("%q: got %v", text.String(), got)
		}
		if got {
			found++
		}
	}
	if found < 1000 {
		t.Errorf("only %d texts held one", found)
	}
}
