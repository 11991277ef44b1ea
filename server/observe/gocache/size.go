package gocache

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Kind says what an output is.
type Kind string

// The kinds, as far as the first bytes tell.
const (
	KindPackage Kind = "package" // a compiled package
	KindProgram Kind = "program" // a program that go run, go tool or go test -exec keeps
	KindOther   Kind = "other"   // what vet, test and the linker print, and the like
)

// Kinds lists them in the order in which they are shown.
func Kinds() []Kind { return []Kind{KindPackage, KindProgram, KindOther} }

// trimLimit is how long the go command keeps what is not used.
//
// Source: trimLimit in cmd/go/internal/cache/cache.go.
const trimLimit = 5 * 24 * time.Hour

// ages are the limits between the columns of a Size, youngest first.
var ages = []struct {
	name  string
	limit time.Duration
}{
	{"the last hour", time.Hour},
	{"the last day", 24 * time.Hour},
	{"the last 5 days", trimLimit},
	{"longer ago", 1<<63 - 1},
}

// Share is a part of a cache.
type Share struct {
	Files int
	Bytes int64
}

func (s *Share) add(bytes int64) { s.Files++; s.Bytes += bytes }

// Age is what was last used in a span of time, as the go command notes it (to the hour).
type Age struct {
	Name  string
	Kinds map[Kind]Share
}

// Size is what stands in a cache.
type Size struct {
	Dir string
	// Ages are in order, the last used first.
	Ages    []Age
	Entries Share // action entries
	Outputs Share
	Fuzz    Share // what go test -fuzz found; no trim removes it
	Trimmed time.Time
}

// Total is all of it, in bytes.
func (s Size) Total() int64 { return s.Entries.Bytes + s.Outputs.Bytes + s.Fuzz.Bytes }

// Measure adds a cache up, without reading more of an output than its first bytes.
func Measure(ctx context.Context, dir string, now time.Time) (Size, error) {
	if err := isCache(dir); err != nil {
		return Size{}, err
	}
	total := Size{Dir: dir, Ages: newAges(), Trimmed: trimmed(dir)}
	var mu sync.Mutex
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			part := Size{Ages: newAges()}
			for i := next.Add(1) - 1; i < Folders && ctx.Err() == nil; i = next.Add(1) - 1 {
				part.folder(filepath.Join(dir, fmt.Sprintf("%02x", i)), byte(i), now)
			}
			mu.Lock()
			defer mu.Unlock()
			total.merge(part)
		})
	}
	all.Wait()
	err := filepath.WalkDir(filepath.Join(dir, "fuzz"), func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what cannot be read is not counted
		}
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() {
			total.Fuzz.add(info.Size())
		}
		return ctx.Err()
	})
	return total, errors.Join(err, ctx.Err())
}

func newAges() []Age {
	list := make([]Age, len(ages))
	for i, a := range ages {
		list[i] = Age{Name: a.name, Kinds: map[Kind]Share{}}
	}
	return list
}

func (s *Size) merge(part Size) {
	s.Entries.Files += part.Entries.Files
	s.Entries.Bytes += part.Entries.Bytes
	s.Outputs.Files += part.Outputs.Files
	s.Outputs.Bytes += part.Outputs.Bytes
	for i, age := range part.Ages {
		for kind, share := range age.Kinds {
			have := s.Ages[i].Kinds[kind]
			s.Ages[i].Kinds[kind] = Share{have.Files + share.Files, have.Bytes + share.Bytes}
		}
	}
}

func (s *Size) folder(dir string, n byte, now time.Time) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return // Verify tells what cannot be read
	}
	head := make([]byte, 16)
	for _, entry := range list {
		_, kind, ok := parseName(n, entry.Name())
		if !ok {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			continue // it was trimmed meanwhile
		}
		if kind == 'a' {
			s.Entries.add(info.Size())
			continue
		}
		file, used, size, of := filepath.Join(dir, entry.Name()), info.ModTime(), info.Size(), KindOther
		if info.IsDir() {
			of, size = KindProgram, programSize(file)
		} else if info.Mode().IsRegular() {
			of = kindOfOutput(file, head)
		}
		s.Outputs.add(size)
		for i, age := range ages {
			if now.Sub(used) < age.limit {
				share := s.Ages[i].Kinds[of]
				share.add(size)
				s.Ages[i].Kinds[of] = share
				break
			}
		}
	}
}

func programSize(dir string) (size int64) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return 0
	}
	for _, entry := range list {
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
	}
	return size
}

func kindOfOutput(file string, head []byte) Kind {
	f, err := os.Open(file)
	if err != nil {
		return KindOther
	}
	defer f.Close()
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return KindOther
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("!<arch>\n")):
		return KindPackage
	case bytes.HasPrefix(head, []byte("\x7fELF")), bytes.HasPrefix(head, []byte("MZ")), bytes.HasPrefix(head, []byte("\xcf\xfa\xed\xfe")):
		return KindProgram
	}
	return KindOther
}

// trimmed reads when the go command last trimmed the cache; zero if it does not say.
func trimmed(dir string) time.Time {
	text, err := os.ReadFile(filepath.Join(dir, "trim.txt"))
	if err != nil {
		return time.Time{}
	}
	seconds, err := number(bytes.TrimSpace(text))
	if err != nil {
		return time.Time{}
	}
	return time.Unix(seconds, 0)
}
