package gocache

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Problem says why a cache cannot be used as it should.
type Problem string

// The problems.
const (
	ProblemOff         Problem = "off"          // GOCACHE=off, which Go 1.12 and later refuse
	ProblemRelative    Problem = "relative"     // GOCACHE is no absolute path
	ProblemNotAFolder  Problem = "not-a-folder" // something else stands there
	ProblemReadOnly    Problem = "read-only"    // nothing can be written
	ProblemOwner       Problem = "owner"        // a part belongs to another user, as after sudo go build
	ProblemFull        Problem = "disk-full"    // the disk has no room
	ProblemNetwork     Problem = "network"      // a network file system, on which go's locks cannot be trusted
	ProblemUnreachable Problem = "unreachable"  // it cannot be looked at
)

// Trouble is a problem with the place of a cache.
type Trouble struct {
	Problem Problem
	// Path is what has the problem: the cache, or something in it.
	Path string
	// Detail is one sentence.
	Detail string
}

// enoughRoom is how many bytes must be free on the cache's disk: less than that,
// and linking one program fills it.
const enoughRoom = 64 << 20

// Look says what is wrong with the place of a cache, in a fixed order; nil if nothing
// is. A cache that does not exist yet is fine if the go command can make it. dir is
// the value of GOCACHE.
func Look(ctx context.Context, dir string) []Trouble {
	switch {
	case dir == "off":
		return []Trouble{{ProblemOff, dir, "GOCACHE=off: since Go 1.12 go refuses to build without a cache"}}
	case dir == "":
		return []Trouble{{ProblemUnreachable, dir, "GOCACHE is not set and there is no home folder: go cannot say where its cache is"}}
	case !filepath.IsAbs(dir):
		return []Trouble{{ProblemRelative, dir, "GOCACHE is not an absolute path, which go refuses"}}
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return lookNew(dir)
	case err != nil:
		return []Trouble{{ProblemUnreachable, dir, "it cannot be looked at: " + reasonOf(err)}}
	case !info.IsDir():
		return []Trouble{{ProblemNotAFolder, dir, "it is no folder: go fails with \"failed to initialize build cache\""}}
	}
	var out []Trouble
	if err := writable(dir); err != nil {
		out = append(out, Trouble{ProblemReadOnly, dir, "nothing can be written there: " + reasonOf(err)})
	}
	if t, ok := foreignOwner(ctx, dir); ok {
		out = append(out, t)
	}
	return append(out, lookDisk(dir)...)
}

// lookNew looks at the folder in which a cache would be made.
func lookNew(dir string) []Trouble {
	parent := filepath.Dir(dir)
	for {
		info, err := os.Stat(parent)
		switch {
		case err == nil && !info.IsDir():
			return []Trouble{{ProblemNotAFolder, parent, "it is no folder, so that go cannot make its cache in it"}}
		case err == nil:
			if err := writable(parent); err != nil {
				return []Trouble{{ProblemReadOnly, parent, "go cannot make its cache there: " + reasonOf(err)}}
			}
			return lookDisk(parent)
		case !errors.Is(err, fs.ErrNotExist), parent == filepath.Dir(parent):
			return []Trouble{{ProblemUnreachable, parent, "it cannot be looked at: " + reasonOf(err)}}
		}
		parent = filepath.Dir(parent)
	}
}

func lookDisk(dir string) []Trouble {
	var out []Trouble
	if free, ok := freeBytes(dir); ok && free < enoughRoom {
		out = append(out, Trouble{ProblemFull, dir, fmt.Sprintf("its disk has %d MB left", free>>20)})
	}
	if name, ok := networkFileSystem(dir); ok {
		out = append(out, Trouble{ProblemNetwork, dir, "it is on a network file system (" + name + "): go's locks cannot be trusted there, and builds of two machines damage it"})
	}
	return out
}

// foreignOwner finds the first hash folder or file of another user, which go
// cannot write: what remains of go build run by root. It looks at folders, and at
// a few files of each.
func foreignOwner(ctx context.Context, dir string) (Trouble, bool) {
	if isRoot() {
		return Trouble{}, false // who may write everything is not stopped by an owner
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return Trouble{}, false
	}
	for _, entry := range list {
		path := filepath.Join(dir, entry.Name())
		if ctx.Err() != nil {
			return Trouble{}, false
		}
		if t, ok := belongs(path); ok {
			return t, true
		}
		if !entry.IsDir() || !isFolder(entry.Name()) {
			continue
		}
		for _, name := range firstNames(path, 8) {
			if t, ok := belongs(filepath.Join(path, name)); ok {
				return t, true
			}
		}
	}
	return Trouble{}, false
}

func belongs(path string) (Trouble, bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return Trouble{}, false
	}
	if other, ok := otherOwner(info); ok {
		return Trouble{ProblemOwner, path, "it belongs to another user (" + other + "), as after sudo go build: builds fail with \"permission denied\""}, true
	}
	return Trouble{}, false
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
