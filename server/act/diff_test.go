package act

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

var hunkHead = regexp.MustCompile(`(?m)^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@`)

// TestUnifiedCounts checks that the hunks of a diff begin where they say.
func TestUnifiedCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", "d", ""}), 1, 40).Draw(t, "lines")
		next := append([]string(nil), lines...)
		for _, i := range rapid.SliceOfN(rapid.IntRange(0, len(lines)-1), 1, 6).Draw(t, "changed") {
			next[i] = rapid.SampledFrom([]string{"x", "y\nz", "a"}).Draw(t, "to")
		}
		old, to := strings.Join(lines, "\n")+"\n", strings.Join(next, "\n")+"\n"
		text := unified("a/f", "b/f", old, to)
		want := strings.Split(to, "\n")
		at := hunkHead.FindAllStringSubmatchIndex(text, -1)
		for k, m := range at {
			end := len(text)
			if k+1 < len(at) {
				end = at[k+1][0]
			}
			start, err := strconv.Atoi(text[m[6]:m[7]])
			if err != nil {
				t.Fatal(err)
			}
			n := start - 1
			for _, l := range strings.Split(strings.TrimSuffix(text[m[1]+1:end], "\n"), "\n") {
				if strings.HasPrefix(l, "-") || strings.HasPrefix(l, `\`) {
					continue
				}
				if n >= len(want) || l[1:] != want[n] {
					t.Fatalf("line %d of the new text is not %q:\n%s", n+1, l[1:], text)
				}
				n++
			}
		}
	})
}
