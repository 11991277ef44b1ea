package pins

import (
	"strings"
	"testing"

	"godrift.dev/server/drift"
)

// What is longer than any version is refused without being looked at.
func TestTooLong(t *testing.T) {
	digits := strings.Repeat("1", 1000)
	for file, text := range map[string]string{
		"go.mod": "go " + digits + "\ntoolchain go" + digits + "\ngodebug default=go" + digits + "\n", "go.work": "go " + digits + "\n", ".go-version": digits,
	} {
		doc := document(file, []byte(text))
		pins, problems := Of(file).Parse(doc)
		sound(t, doc, pins, problems)
		if len(pins) == 0 {
			t.Errorf("%s: no pins", file)
		}
		for _, p := range pins {
			if p.Meaning != drift.MeaningInvalid || p.Extra["why"] != tooLong {
				t.Errorf("%s: %s, %q", p.Source, p.Meaning, p.Extra["why"])
			}
		}
	}
}

// A file full of lines yields some of them, and says so once.
func TestTooMany(t *testing.T) {
	doc := document("go.mod", []byte("module m\n"+strings.Repeat("toolchain go1.25.1\n", 5000)))
	pins, problems := ParseGoMod(doc)
	sound(t, doc, pins, problems)
	said := 0
	for _, p := range problems {
		if strings.Contains(p.Message, "more than 100 lines that name a Go") {
			said++
		}
	}
	if len(pins) != maxModPins || said != 1 {
		t.Errorf("%d pins, said %d times", len(pins), said)
	}
}
