package engine

import (
	"context"
	"errors"
	"testing"
	"time"
)

// However many look at a page, and however often it asks: a build cache is added up once in a
// while, one at a time.
func TestCacheIsAddedUpOnceInAWhile(t *testing.T) {
	read, wrong := 0, error(nil)
	s := newCacheSizes()
	s.measure = func(_ context.Context, dir string, _ time.Time) (CacheSize, error) {
		read++
		return CacheSize{Dir: dir}, wrong
	}
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, step := range []struct {
		dir   string
		after time.Duration
		fails bool
		want  int // how often it was read until then
	}{
		{"/a", 0, false, 1},
		{"/a", cacheFresh - time.Second, false, 1},
		{"/a", cacheFresh, false, 2},
		{"/b", cacheFresh + time.Second, false, 3},
		{"/b", 0, false, 4}, // the clock was set back
		{"/a", 0, true, 5},
		{"/a", 0, false, 6}, // what could not be read is not remembered
	} {
		wrong = nil
		if step.fails {
			wrong = errors.New("no")
		}
		size, err := s.of(t.Context(), step.dir, begin.Add(step.after))
		if (err != nil) != step.fails || read != step.want || err == nil && size.Dir != step.dir {
			t.Errorf("%+v: %q %v, read %d times", step, size.Dir, err, read)
		}
	}
	s.turn <- struct{}{} // somebody reads
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.of(ctx, "/c", begin); !errors.Is(err, context.Canceled) || read != 6 {
		t.Errorf("who has left does not wait: %v, read %d times", err, read)
	}
}
