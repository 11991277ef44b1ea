package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/observe/gocache"
)

// CacheCheck is what reading the whole build cache found.
type CacheCheck = gocache.Result

// CacheSize is what stands in a build cache.
type CacheSize = gocache.Size

// CacheProgress is how far a check of the build cache has come.
type CacheProgress = gocache.Progress

// CacheFolders is the number that CacheProgress.Folders ends with.
const CacheFolders = gocache.Folders

// CheckCache reads a build cache and reports what is bad in it, while builds may go on.
func CheckCache(ctx context.Context, dir string, progress func(CacheProgress)) (CacheCheck, error) {
	return gocache.Verify(ctx, gocache.Options{Dir: dir, Progress: progress})
}

// sampled is how many of the 256 folders of a build cache a sample reads.
const sampled = 8

// SampleCache reads a few parts of a build cache, others each time, and reports what is bad in
// them.
func SampleCache(ctx context.Context, dir string) (CacheCheck, error) {
	var folders []byte
	for _, n := range rand.Perm(gocache.Folders)[:sampled] {
		folders = append(folders, byte(n)) //nolint:gosec // from 0 to 255
	}
	return gocache.Sample(ctx, dir, folders)
}

// MeasureCache adds a build cache up.
func MeasureCache(ctx context.Context, dir string, now time.Time) (CacheSize, error) {
	return gocache.Measure(ctx, dir, now)
}

// CacheRepair is the fix that takes exactly the bad entries out of a cache. They are
// moved beside it, so that an undo can bring them back, and with a bad output go the
// entries that lead to it. Folders that are not go's are left: nobody knows what they
// are. What is another file by now, since go made it anew, is left too.
func CacheRepair(check CacheCheck, now time.Time) drift.Fix {
	return drift.Fix{
		ID: "cache-repair", Kind: drift.FixRepair,
		Title:   "Take what is bad out of the build cache " + check.Dir,
		Actions: drift.CacheRepair(check.Dir, gocache.Still(check.Dir, cacheBads(check.Bad)), now),
	}
}

// CacheTrim is what may be removed from a build cache.
type CacheTrim = gocache.Trim

// PlanTrim works out what to remove so that a cache has at most that many bytes (0 means no
// limit), the longest unused first, and never what was used since the given time.
func PlanTrim(ctx context.Context, dir string, unusedSince time.Time, limit int64) (CacheTrim, error) {
	return gocache.PlanTrim(ctx, dir, unusedSince, limit)
}

// TrimCache removes what a plan names, and what repairs took out of the cache before
// the given time. The go command makes anew what it needs of it.
func TrimCache(ctx context.Context, dir string, trim CacheTrim, asideBefore time.Time) (files int, bytes int64, err error) {
	files, bytes, err = act.Trim(ctx, trim.Files, trim.Since)
	if err != nil {
		return files, bytes, err
	}
	old, err := keptAside(drift.CacheAside(dir), asideBefore)
	if err != nil {
		return files, bytes, err
	}
	_, _, err = act.Trim(ctx, old, time.Now())
	return files, bytes, err
}

// keptAside lists what repairs took out of a cache before the given time.
func keptAside(dir string, before time.Time) ([]string, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at what was taken out of the build cache: %w", err)
	}
	var old []string
	for _, entry := range list {
		if at, err := time.Parse(drift.CacheAsideForm, entry.Name()); err == nil && at.Before(before) {
			old = append(old, filepath.Join(dir, entry.Name()))
		}
	}
	return old, nil
}

// trimCache plans a trim, carries it out, and remembers the new size.
func (m *Mender) trimCache(ctx context.Context, dir string, limit int64, keep time.Duration) (files int, bytes int64, err error) {
	before := time.Now().Add(-keep)
	plan, err := PlanTrim(ctx, dir, before, limit)
	if err != nil {
		return 0, 0, err
	}
	if files, bytes, err = TrimCache(ctx, dir, plan, before); err != nil {
		return files, bytes, err
	}
	size, err := MeasureCache(ctx, dir, time.Now())
	if err != nil {
		return files, bytes, err
	}
	return files, bytes, m.RememberSize(ctx, size, time.Now())
}
