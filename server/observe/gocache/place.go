package gocache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"godrift.dev/server/drift"
)

// enoughRoom is how many bytes must be free on the cache's disk: less than that,
// and linking one program fills it.
const enoughRoom = 64 << 20

// Look says what is wrong with the place of a cache, in a fixed order; nil if nothing
// is. A cache that does not exist yet is fine if the go command can make it. dir is
// the value of GOCACHE.
func Look(ctx context.Context, dir string) []drift.CacheTrouble {
	switch {
	case dir == "off":
		return []drift.CacheTrouble{{Problem: drift.CacheOff, Path: dir, Detail: "GOCACHE=off: since Go 1.12 go refuses to build without a cache"}}
	case dir == "":
		return []drift.CacheTrouble{{Problem: drift.CacheUnreachable, Path: dir, Detail: "GOCACHE is not set and there is no home folder: go cannot say where its cache is"}}
	case !filepath.IsAbs(dir):
		return []drift.CacheTrouble{{Problem: drift.CacheRelative, Path: dir, Detail: "GOCACHE is not an absolute path, which go refuses"}}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return lookNew(dir)
	case err != nil:
		return []drift.CacheTrouble{{Problem: drift.CacheUnreachable, Path: dir, Detail: "it cannot be looked at: " + reasonOf(err)}}
	case !info.IsDir():
		return []drift.CacheTrouble{{Problem: drift.CacheNotAFolder, Path: dir, Detail: "it is no folder: go fails with \"failed to initialize build cache\""}}
	}
	var out []drift.CacheTrouble
	if err := writable(dir); err != nil {
		out = append(out, drift.CacheTrouble{Problem: drift.CacheReadOnly, Path: dir, Detail: "nothing can be written there: " + reasonOf(err)})
	}
	if t, ok := brokenFolder(dir); ok {
		out = append(out, t)
	}
	if t, ok := foreignOwner(ctx, dir); ok {
		out = append(out, t)
	}
	return append(out, lookDisk(dir)...)
}

// brokenFolder finds the first of the 256 folders that is none, or that nobody here can
// write to or look into.
func brokenFolder(dir string) (drift.CacheTrouble, bool) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return drift.CacheTrouble{}, false // writable says so already, or Verify will
	}
	for _, entry := range list {
		if !isFolder(entry.Name()) {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		if !entry.IsDir() {
			if info, err := os.Stat(path); err != nil || !info.IsDir() {
				return drift.CacheTrouble{Problem: drift.CacheNotAFolder, Path: path, Detail: "it is one of the 256 folders of the cache and no folder: go fails with \"failed to initialize build cache\""}, true
			}
			continue
		}
		if err := usable(path); err != nil {
			return drift.CacheTrouble{Problem: drift.CacheReadOnly, Path: path, Detail: "it cannot be used: " + reasonOf(err) + ": builds fail, some of them with an error about a missing package"}, true
		}
	}
	return drift.CacheTrouble{}, false
}

// lookNew looks at the folder in which a cache would be made.
func lookNew(dir string) []drift.CacheTrouble {
	parent := filepath.Dir(dir)
	for {
		info, err := os.Stat(parent)
		switch {
		case err == nil && !info.IsDir():
			return []drift.CacheTrouble{{Problem: drift.CacheNotAFolder, Path: parent, Detail: "it is no folder, so that go cannot make its cache in it"}}
		case err == nil:
			if err := writable(parent); err != nil {
				return []drift.CacheTrouble{{Problem: drift.CacheReadOnly, Path: parent, Detail: "go cannot make its cache there: " + reasonOf(err)}}
			}
			return lookDisk(parent)
		case !errors.Is(err, fs.ErrNotExist), parent == filepath.Dir(parent):
			return []drift.CacheTrouble{{Problem: drift.CacheUnreachable, Path: parent, Detail: "it cannot be looked at: " + reasonOf(err)}}
		}
		parent = filepath.Dir(parent)
	}
}

func lookDisk(dir string) []drift.CacheTrouble {
	var out []drift.CacheTrouble
	if free, ok := freeBytes(dir); ok && free < enoughRoom {
		out = append(out, drift.CacheTrouble{Problem: drift.CacheFull, Path: dir, Detail: fmt.Sprintf("its disk has %d MB left", free>>20)})
	}
	if name, ok := networkFileSystem(dir); ok {
		out = append(out, drift.CacheTrouble{Problem: drift.CacheNetwork, Path: dir, Detail: "it is on a network file system (" + name + "): go's locks cannot be trusted there, and builds of two machines damage it"})
	}
	return out
}

// foreignOwner finds the first hash folder or file of another user, which go
// cannot write: what remains of go build run by root. It looks at all folders, and at
// a few files in every eighth: it is asked on every look at a workspace.
func foreignOwner(ctx context.Context, dir string) (drift.CacheTrouble, bool) {
	if isRoot() {
		return drift.CacheTrouble{}, false // who may write everything is not stopped by an owner
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return drift.CacheTrouble{}, false
	}
	for i, entry := range list {
		path := filepath.Join(dir, entry.Name())
		if ctx.Err() != nil {
			return drift.CacheTrouble{}, false
		}
		if t, ok := belongs(path); ok {
			return t, true
		}
		if !entry.IsDir() || !isFolder(entry.Name()) {
			continue
		}
		if i%8 != 0 {
			continue // hashes spread what one build writes over all folders
		}
		for _, name := range firstNames(path, 8) {
			if t, ok := belongs(filepath.Join(path, name)); ok {
				return t, true
			}
		}
	}
	return drift.CacheTrouble{}, false
}

func belongs(path string) (drift.CacheTrouble, bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return drift.CacheTrouble{}, false
	}
	if other, ok := otherOwner(info); ok {
		return drift.CacheTrouble{Problem: drift.CacheOwner, Path: path, Detail: "it belongs to another user (" + other + "), as after sudo go build: builds fail with \"permission denied\""}, true
	}
	return drift.CacheTrouble{}, false
}

func firstNames(dir string, n int) []string {
	f, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer f.Close()
	names, err := f.Readdirnames(n) // whichever come first
	if err != nil {
		return nil
	}
	return names
}
