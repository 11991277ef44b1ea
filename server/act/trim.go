package act

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Trim removes files and folders that whoever made them can make anew, and that
// were not used at or after the given time: a last look at each keeps what came
// into use since it was chosen. It is not journaled. It returns how many went, and
// how many bytes.
func Trim(ctx context.Context, names []string, unusedSince time.Time) (removed int, bytes int64, err error) {
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return removed, bytes, err
		}
		info, err := os.Lstat(name)
		if err != nil || !info.ModTime().Before(unusedSince) {
			continue // it went already, or it is in use
		}
		size := sizeOf(name)
		if err := os.RemoveAll(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return removed, bytes, fmt.Errorf("removing what is not used: %w", err)
		}
		removed++
		bytes += size
	}
	return removed, bytes, nil
}

// sizeOf adds up what stands at a name.
func sizeOf(name string) (bytes int64) {
	_ = filepath.WalkDir(name, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be looked at is not counted
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		return nil
	})
	return bytes
}
