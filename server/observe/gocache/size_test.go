package gocache

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"godrift.dev/server/drift"
)

func TestMeasure(t *testing.T) {
	cache := newCache(t)
	now := time.Now()
	size, err := Measure(t.Context(), cache, now)
	if err != nil {
		t.Fatal(err)
	}
	if got := size.Ages[0].Kinds[KindPackage]; got.Files < 3 || got.Bytes == 0 {
		t.Errorf("compiled packages of this hour: %+v", got)
	}
	res := verify(t, cache)
	if size.Outputs.Files != res.Outputs || size.Outputs.Bytes != res.Bytes || size.Entries.Files != res.Entries {
		t.Errorf("Measure says %+v, Verify %+v", size, res)
	}
	// A week later everything was used longer ago.
	size, err = Measure(t.Context(), cache, now.Add(7*24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if got := size.Ages[len(ages)-1].Kinds[KindPackage]; got.Files < 3 {
		t.Errorf("a week later: %+v", size.Ages)
	}
	if size.Trimmed.IsZero() {
		t.Error("when go trimmed the cache is not known, although trim.txt says it")
	}
}

func TestTrimNeverTouchesWhatWasUsed(t *testing.T) {
	cache := newCache(t)
	outputs, entries := archives(t, cache)
	now := time.Now()
	old := now.Add(-48 * time.Hour)
	older := now.Add(-72 * time.Hour)
	for file, at := range map[string]time.Time{outputs[0]: old, entries[0]: older} {
		if err := os.Chtimes(file, at, at); err != nil {
			t.Fatal(err)
		}
	}
	plan, err := PlanTrim(t.Context(), cache, now.Add(-24*time.Hour), 0)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Files) != 2 || plan.Files[0] != entries[0] || plan.Files[1] != outputs[0] {
		t.Fatalf("planned %q, want the longest unused first: %q, %q", plan.Files, entries[0], outputs[0])
	}
	// With room for all but one byte the longest unused is enough.
	if one, err := PlanTrim(t.Context(), cache, now.Add(-24*time.Hour), plan.Kept+plan.Bytes-1); err != nil || len(one.Files) != 1 {
		t.Errorf("planned %+v, %v", one, err)
	}
	for _, file := range plan.Files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := build(t, cache); err != nil {
		t.Errorf("go build after the trim: %v\n%s", err, out)
	}
}

func TestLook(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, nil)
	broken := filepath.Join(dir, "broken")
	if err := os.MkdirAll(filepath.Join(broken, "00"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(broken, "3f"), nil)
	for name, want := range map[string][]drift.CacheProblem{
		broken:                           {drift.CacheNotAFolder},
		"off":                            {drift.CacheOff},
		"":                               {drift.CacheUnreachable},
		"rel/cache":                      {drift.CacheRelative},
		file:                             {drift.CacheNotAFolder},
		filepath.Join(file, "below"):     {drift.CacheUnreachable},
		dir:                              nil,
		filepath.Join(dir, "new", "one"): nil,
	} {
		var got []drift.CacheProblem
		for _, trouble := range Look(t.Context(), name) {
			// The disk of whoever runs this may be full, or a network's.
			if trouble.Problem != drift.CacheFull && trouble.Problem != drift.CacheNetwork {
				got = append(got, trouble.Problem)
			}
			if trouble.Detail == "" {
				t.Errorf("%s: %+v says nothing", name, trouble)
			}
		}
		if len(got) != len(want) || len(got) > 0 && got[0] != want[0] {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
