package gocache

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Trim is what may be removed from a cache, the longest unused first.
type Trim struct {
	Dir   string
	Files []string
	Bytes int64
	// Kept is how many bytes of outputs and entries stay.
	Kept int64
	// Since is when what is removed must not have been used.
	Since time.Time
}

// PlanTrim lists what to remove so that the cache has at most limit bytes, and never
// anything that was used at or after since. With no limit (0) it lists everything that was
// not. The go command notes a use at most once an hour, so that an hour is taken off
// since, as its own trim does.
func PlanTrim(ctx context.Context, dir string, since time.Time, limit int64) (Trim, error) {
	if err := isCache(dir); err != nil {
		return Trim{}, err
	}
	since = since.Add(-time.Hour)
	type file struct {
		path string
		size int64
		used time.Time
	}
	var old []file
	trim := Trim{Dir: dir, Since: since}
	for i := range Folders {
		if err := ctx.Err(); err != nil {
			return Trim{}, err
		}
		folder := filepath.Join(dir, fmt.Sprintf("%02x", i))
		list, err := os.ReadDir(folder)
		if err != nil {
			continue // Verify tells what cannot be read
		}
		for _, entry := range list {
			if _, _, ok := parseName(byte(i), entry.Name()); !ok {
				continue
			}
			info, err := entry.Info()
			if err != nil {
				continue // the go command trimmed it
			}
			f := file{path: filepath.Join(folder, entry.Name()), size: info.Size(), used: info.ModTime()}
			if info.IsDir() {
				f.size = programSize(f.path)
			}
			trim.Kept += f.size
			if f.used.Before(since) {
				old = append(old, f)
			}
		}
	}
	slices.SortFunc(old, func(a, b file) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	for _, f := range old {
		if limit > 0 && trim.Kept <= limit {
			break
		}
		trim.Files = append(trim.Files, f.path)
		trim.Bytes += f.size
		trim.Kept -= f.size
	}
	return trim, nil
}
