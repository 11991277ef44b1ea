package drift

import (
	"strings"
	"testing"
)

func TestClip(t *testing.T) {
	for s, want := range map[string]string{
		"":                          "",
		"go1.25.3":                  "go1.25.3",
		strings.Repeat("1", 200):    strings.Repeat("1", 200),
		strings.Repeat("1", 5000):   strings.Repeat("1", 200) + "…",
		strings.Repeat("é", 201):    strings.Repeat("é", 200) + "…",
		strings.Repeat("\xff", 300): strings.Repeat("\xff", 200) + "…",
	} {
		if got := Clip(s); got != want {
			t.Errorf("%.20q of %d bytes: got %d bytes", s, len(s), len(got))
		}
	}
}
