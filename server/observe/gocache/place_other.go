//go:build unix && !linux

package gocache

import "golang.org/x/sys/unix"

func freeBytes(dir string) (int64, bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || s.Blocks == 0 {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true //nolint:gosec,unconvert // the types differ between systems
}

// networkFileSystem knows only those of Linux and Windows.
func networkFileSystem(string) (string, bool) { return "", false }
