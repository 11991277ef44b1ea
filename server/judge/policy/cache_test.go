package policy

import (
	"testing"
	"time"
)

func TestQuota(t *testing.T) {
	for text, want := range map[string]struct {
		Quota
		problems int
	}{
		"":                             {Quota{0, DefaultKeep}, 0},
		"[cache]\nquota = \"20GiB\"\n": {Quota{20 << 30, DefaultKeep}, 0},
		"[cache]\nquota = \"1 GB\"\nkeep = \"36h\"\n":   {Quota{1e9, 36 * time.Hour}, 0},
		"[cache]\nquota = \"much\"\nkeep = \"soon\"\n":  {Quota{0, DefaultKeep}, 2},
		"[cache]\nquota = \"-1GB\"\nkeep = \"59m\"\n":   {Quota{0, DefaultKeep}, 2},
		"[cache]\nquota = 20\n":                         {Quota{0, DefaultKeep}, 1},
		"[cache]\nquota = \"99999999999999999999TB\"\n": {Quota{0, DefaultKeep}, 1},
	} {
		p, problems := parse(text)
		if got := p.Quota(); got != want.Quota || len(problems) != want.problems {
			t.Errorf("%q: got %+v with %q", text, got, problems)
		}
	}
}
