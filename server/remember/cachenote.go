package remember

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"godrift.dev/server/drift"
)

// Notes of build caches are a file each, and not in the database: the prompt of a check
// may read one without opening it, and a cache belongs to no workspace.

// cacheVersion is the version of the layout of a note. A note of another version is
// not read, and replaced with the next one: all of it can be found out again.
const cacheVersion = 1

// maxCacheNote bounds what is read of a note, maxCacheNotes their number, and maxCacheBad
// what a note lists.
const (
	maxCacheNote  = 4 << 20
	maxCacheNotes = 64
	maxCacheBad   = 1000
)

type cacheFile struct {
	Version int `json:"version"`
	drift.CacheNote
}

// CacheNoteFile is the file that changes when something is noted of a cache.
func (s *Store) CacheNoteFile(dir string) string {
	sum := sha256.Sum256([]byte(filepath.Clean(dir)))
	return filepath.Join(s.dir, "caches", hex.EncodeToString(sum[:8])+".json")
}

// CacheNote reads what is remembered of a cache. What is not readable counts as nothing:
// the next check writes it anew.
func (s *Store) CacheNote(dir string) drift.CacheNote {
	note, ok := readCacheNote(s.CacheNoteFile(dir))
	if !ok || note.Dir != filepath.Clean(dir) {
		return drift.CacheNote{Dir: filepath.Clean(dir)}
	}
	return note
}

// CacheNotes reads the notes of all caches, by their folders.
func (s *Store) CacheNotes() []drift.CacheNote {
	files, err := os.ReadDir(filepath.Join(s.dir, "caches"))
	if err != nil {
		return nil
	}
	var list []drift.CacheNote
	for _, entry := range files[:min(len(files), 4*maxCacheNotes)] {
		file := filepath.Join(s.dir, "caches", entry.Name())
		if note, ok := readCacheNote(file); ok && s.CacheNoteFile(note.Dir) == file {
			list = append(list, note)
		}
	}
	slices.SortFunc(list, func(a, b drift.CacheNote) int { return strings.Compare(a.Dir, b.Dir) })
	return list
}

func readCacheNote(file string) (drift.CacheNote, bool) {
	info, err := os.Lstat(file)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxCacheNote {
		return drift.CacheNote{}, false
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return drift.CacheNote{}, false
	}
	var f cacheFile
	if json.Unmarshal(text, &f) != nil || f.Version != cacheVersion || !filepath.IsAbs(f.Dir) {
		return drift.CacheNote{}, false
	}
	return f.CacheNote, true
}

// NoteCache changes what is remembered of a cache. Others wait meanwhile.
func (s *Store) NoteCache(ctx context.Context, dir string, change func(*drift.CacheNote)) error {
	if !filepath.IsAbs(dir) {
		return fmt.Errorf("remembering the build cache %q: it is no absolute path", dir)
	}
	if _, err := s.folder("caches"); err != nil {
		return err
	}
	unlock, err := s.lock(ctx, "caches")
	if err != nil {
		return err
	}
	defer unlock()
	note := s.CacheNote(dir)
	change(&note)
	note.Dir = filepath.Clean(dir)
	note.Bad = note.Bad[:min(len(note.Bad), maxCacheBad)]
	text, err := json.Marshal(cacheFile{cacheVersion, note})
	if err != nil {
		return fmt.Errorf("remembering the build cache: %w", err)
	}
	if err := replaceFile(s.CacheNoteFile(dir), text); err != nil {
		return fmt.Errorf("remembering the build cache: %w", err)
	}
	return s.pruneCacheNotes()
}

// replaceFile gives a file another content, which is seen as a whole or not at all.
func replaceFile(file string, text []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	_, err = tmp.Write(text)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		os.Remove(tmp.Name()) //nolint:errcheck // the first error counts
	}
	return err
}

// ForgetCache removes the note of a cache that is gone.
func (s *Store) ForgetCache(dir string) error {
	if err := os.Remove(s.CacheNoteFile(dir)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forgetting the build cache: %w", err)
	}
	return nil
}

// pruneCacheNotes forgets caches that are not there any more, when there are many: a
// job in CI may use another folder each time. Those that a switch left are kept.
func (s *Store) pruneCacheNotes() error {
	notes := s.CacheNotes()
	if len(notes) <= maxCacheNotes {
		return nil
	}
	for _, note := range notes {
		if _, err := os.Lstat(note.Dir); errors.Is(err, fs.ErrNotExist) && note.Left.IsZero() && note.Made.IsZero() {
			if err := s.ForgetCache(note.Dir); err != nil {
				return err
			}
		}
	}
	return nil
}
