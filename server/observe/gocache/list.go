package gocache

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Listing is what of a cache is the go command's own, by names relative to the cache.
type Listing struct {
	Outputs []string // files, or the folders of programs
	Entries []string
	// Tops stand beside the 256 folders: README, trim.txt, testexpire.txt.
	Tops []string
	// Fuzz are the inputs that go test -fuzz found, which nothing can make anew.
	Fuzz []string
	// Bytes is the room that all but the fuzz inputs take by themselves: what has a second
	// name elsewhere is left out.
	Bytes int64
	// Used is when something in it was last used, as far as times tell: see List.
	Used time.Time
}

// FolderNames are the names of the 256 folders of every cache.
func FolderNames() []string {
	names := make([]string, Folders)
	for i := range names {
		names[i] = fmt.Sprintf("%02x", i)
	}
	return names
}

// List lists what stands in a cache without reading it. The time of a file that another
// cache shares by a hard link says nothing about this one, so that it takes no part in
// Used: the entry that leads to it is never shared.
func List(ctx context.Context, dir string) (Listing, error) {
	if err := isCache(dir); err != nil {
		return Listing{}, err
	}
	var l Listing
	use := func(info fs.FileInfo) {
		l.Bytes += info.Size()
		if info.ModTime().After(l.Used) {
			l.Used = info.ModTime()
		}
	}
	for i, folder := range FolderNames() {
		if err := ctx.Err(); err != nil {
			return Listing{}, err
		}
		path := filepath.Join(dir, folder)
		if info, err := os.Lstat(path); err != nil || !info.IsDir() {
			continue
		}
		list, err := os.ReadDir(path)
		if err != nil {
			return Listing{}, fmt.Errorf("list the build cache: %w", err)
		}
		for _, entry := range list {
			_, kind, ok := parseName(byte(i), entry.Name())
			if !ok {
				continue
			}
			name := filepath.Join(folder, entry.Name())
			info, err := entry.Info()
			if err != nil {
				continue // it was trimmed meanwhile
			}
			if kind == 'a' {
				l.Entries = append(l.Entries, name)
				use(info)
				continue
			}
			l.Outputs = append(l.Outputs, name)
			switch {
			case info.IsDir():
				l.Bytes += ownSize(filepath.Join(dir, name))
			case info.Mode().IsRegular() && !shared(info):
				use(info)
			}
		}
	}
	for _, name := range []string{"README", "trim.txt", "testexpire.txt"} {
		if info, err := os.Lstat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			l.Tops = append(l.Tops, name)
			use(info)
		}
	}
	err := filepath.WalkDir(filepath.Join(dir, "fuzz"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			if name, err := filepath.Rel(dir, path); err == nil {
				l.Fuzz = append(l.Fuzz, name)
			}
		}
		return ctx.Err()
	})
	return l, err
}

// ownSize adds up the files of a program's folder that have no second name.
func ownSize(dir string) (size int64) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	for _, entry := range list {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && !shared(info) {
			size += info.Size()
		}
	}
	return size
}
