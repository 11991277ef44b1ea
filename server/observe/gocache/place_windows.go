package gocache

import (
	"io/fs"

	"golang.org/x/sys/windows"
)

func isRoot() bool { return false }

// writable knows nothing more than the go command does before it tries.
func writable(string) error { return nil }

// usable knows nothing more either.
func usable(string) error { return nil }

// otherOwner is never the reason of a failure here: rights are lists.
func otherOwner(fs.FileInfo) (string, bool) { return "", false }

func freeBytes(dir string) (int64, bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, false
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, false
	}
	return int64(min(free, 1<<62)), true
}

func networkFileSystem(dir string) (string, bool) {
	if len(dir) > 2 && (dir[0] == '\\' || dir[0] == '/') && (dir[1] == '\\' || dir[1] == '/') && dir[2] != '?' {
		return "a network share", true
	}
	if len(dir) > 2 && dir[1] == ':' {
		root, err := windows.UTF16PtrFromString(dir[:2] + `\`)
		if err == nil && windows.GetDriveType(root) == windows.DRIVE_REMOTE {
			return "a network drive", true
		}
	}
	return "", false
}

// shared is not told by what a listing of a folder knows.
func shared(fs.FileInfo) bool { return false }
