package workspace

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"godrift.dev/server/drift"
	"godrift.dev/server/observe/pins"
)

// entry is one file of the workspace and what was read from it. It is never
// changed after it was made.
type entry struct {
	doc      drift.Document
	pins     []drift.Pin
	problems []drift.Problem
	module   pins.Module // of a go.mod
	uses     []drift.Use // of a go.work
	// key is the hash of all this; the same content has the same key.
	key [32]byte
}

func (e *entry) base() string { return filepath.Base(e.doc.File) }

// document makes the Document of a file's content.
func document(file string, content []byte) drift.Document {
	sum := sha256.Sum256(content)
	text, mark := bytes.CutPrefix(content, byteOrderMark)
	return drift.Document{File: file, Text: text, BOM: mark, Hash: hex.EncodeToString(sum[:])}
}

// read reads one file, through an open buffer if there is one. It returns nil
// if there is no such file, and previous if nothing changed.
func (w *Workspace) read(file string, previous *entry) *entry {
	doc, open := w.buffers[file]
	if !open {
		content, err := w.world.Files.ReadFile(file)
		if missing(err) {
			return nil
		}
		if err != nil {
			e := &entry{
				doc:      drift.Document{File: file},
				problems: []drift.Problem{unreadable(file, err)},
			}
			e.key = keyOf(e.doc, e.problems)
			return e
		}
		doc = document(file, content)
	}
	if previous != nil && previous.doc.Hash == doc.Hash && previous.doc.Open == doc.Open &&
		previous.doc.Version == doc.Version && previous.doc.BOM == doc.BOM && len(previous.doc.Text) == len(doc.Text) {
		return previous
	}
	return w.parse(doc, w.rel(file))
}

// reason is the cause of a file system's error, without the operation and path
// that the place of the problem names already.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}

// parse reads what a document says.
func (w *Workspace) parse(doc drift.Document, rel string) *entry {
	e := &entry{doc: doc, key: keyOf(doc, nil)}
	if format := pins.Of(rel); format != nil {
		e.pins, e.problems = format.Parse(doc)
	}
	if w.declared.Match(rel) {
		list, problems := w.declared.Parse(doc, rel)
		e.pins = pins.InOrder(append(list, e.pins...)) // what is declared comes first
		e.problems = append(e.problems, problems...)
	}
	switch filepath.Base(doc.File) {
	case "go.mod":
		e.module = pins.ModuleOf(doc)
	case "go.work":
		e.uses = pins.Uses(doc)
	}
	return e
}

// readAll reads files, in parallel, sharing what did not change. The result is
// sorted by name.
func (w *Workspace) readAll(ctx context.Context, files []string) ([]*entry, error) {
	entries := make([]*entry, len(files))
	each(len(files), func(i int) {
		if ctx.Err() == nil {
			entries[i] = w.read(files[i], w.entry(files[i]))
		}
	})
	entries = slices.DeleteFunc(entries, func(e *entry) bool { return e == nil })
	return entries, ctx.Err()
}

// each calls f for 0 to n-1, on all processors if there is enough to do.
func each(n int, f func(int)) {
	workers := min(runtime.GOMAXPROCS(0), n/8)
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// entry finds a file that was read; nil if there is none.
func (w *Workspace) entry(file string) *entry {
	if i, ok := w.search(file); ok {
		return w.entries[i]
	}
	return nil
}

func (w *Workspace) search(file string) (int, bool) {
	return slices.BinarySearchFunc(w.entries, file, func(e *entry, name string) int {
		return cmp.Compare(e.doc.File, name)
	})
}

// rel is a file's path from the root, with slashes; for files elsewhere it
// starts with "../".
func (w *Workspace) rel(file string) string {
	if rest, ok := strings.CutPrefix(file, w.root); ok && rest != "" && (rest[0] == filepath.Separator || strings.HasSuffix(w.root, string(filepath.Separator))) {
		return filepath.ToSlash(strings.TrimPrefix(rest, string(filepath.Separator)))
	}
	return "../" + filepath.Base(file)
}
