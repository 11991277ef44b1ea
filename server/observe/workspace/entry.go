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
	"godrift.dev/server/observe/tools"
)

// entry is one file of the workspace and what was read from it. It is never
// changed after it was made. Of a file that says nothing about Go there is the
// name alone: a large repository has many, and their texts take memory and time
// to hash.
type entry struct {
	doc      drift.Document
	format   *pins.Format // nil if a pin of the team's own is all there can be
	pins     []drift.Pin
	problems []drift.Problem
	module   pins.Module // of a go.mod
	uses     []drift.Use // of a go.work
	silent   bool        // it says nothing about Go
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

// scratch is space to read files into, one after the other.
type scratch struct{ space []byte }

// What a scratch starts with, and the most that is kept for the next file.
const (
	scratchMin = 32 << 10
	scratchMax = 1 << 20
)

// readFile reads a file into the space. What it returns holds until the next
// call.
func (s *scratch) readFile(files drift.Files, name string) ([]byte, error) {
	into, ok := files.(interface {
		readInto(name string, space []byte) ([]byte, error)
	})
	if !ok {
		return files.ReadFile(name)
	}
	if s.space == nil {
		s.space = make([]byte, scratchMin)
	}
	content, err := into.readInto(name, s.space)
	if n := cap(content); n > cap(s.space) && n <= scratchMax {
		s.space = content[:n]
	}
	return content, err
}

// read reads one file, through an open buffer if there is one. It returns nil
// if there is no such file, and previous if nothing changed.
func (w *Workspace) read(file string, previous *entry) *entry {
	return w.readWith(file, previous, w.world.Files, &scratch{space: []byte{}})
}

func (w *Workspace) readWith(file string, previous *entry, files drift.Files, s *scratch) *entry {
	if doc, open := w.buffers[file]; open {
		if previous.same(doc) {
			return previous
		}
		return w.parse(doc, w.rel(file))
	}
	content, err := s.readFile(files, file)
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
	rel := w.rel(file)
	format := pins.Of(rel)
	if previous != nil && !previous.silent || !w.maybeSilent(rel, format) {
		doc := document(file, bytes.Clone(content))
		if previous.same(doc) {
			return previous
		}
		return w.parse(doc, rel)
	}
	// Of most files nothing is kept, so they are looked at where they are.
	text, mark := bytes.CutPrefix(content, byteOrderMark)
	list, problems := format.Parse(drift.Document{File: file, Text: text, BOM: mark})
	switch {
	case len(list)+len(problems) > 0:
		doc := document(file, bytes.Clone(content))
		return &entry{doc: doc, format: format, pins: list, problems: problems, key: keyOf(doc, nil)}
	case previous != nil:
		return previous
	}
	return nothing(drift.Document{File: file}, format)
}

// nothing is the entry of a file that says nothing about Go.
func nothing(doc drift.Document, format *pins.Format) *entry {
	name := drift.Document{File: doc.File}
	e := &entry{doc: name, format: format, silent: true, key: keyOf(name, nil)}
	if doc.Open {
		e.doc, e.silent = doc, false
	}
	return e
}

// maybeSilent reports whether a file can have nothing to say: whether all that
// is known of it is what its format finds. Of a go.mod other things count too, and
// of some files which tools they ask for.
func (w *Workspace) maybeSilent(rel string, format *pins.Format) bool {
	base := rel[strings.LastIndexByte(rel, '/')+1:]
	return !slices.Contains(topNames, base) && rel != policyFile && format != nil && !w.declared.Match(rel) && !tools.Asks(rel)
}

// same reports whether a document is the one that an entry was made of.
func (e *entry) same(doc drift.Document) bool {
	return e != nil && !e.silent && e.doc.Hash == doc.Hash && e.doc.Open == doc.Open &&
		e.doc.Version == doc.Version && e.doc.BOM == doc.BOM && len(e.doc.Text) == len(doc.Text)
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
	e := &entry{doc: doc, format: pins.Of(rel), key: keyOf(doc, nil)}
	if e.format != nil {
		e.pins, e.problems = e.format.Parse(doc)
	}
	if w.declared.Match(rel) {
		list, problems := w.declared.Parse(doc, rel)
		e.pins = pins.InOrder(append(list, e.pins...)) // what is declared comes first
		e.problems = append(e.problems, problems...)
	}
	if len(e.pins)+len(e.problems) == 0 && w.maybeSilent(rel, e.format) {
		return nothing(doc, e.format)
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
	view := w.world.Files
	if f, ok := view.(*fence); ok {
		view = f.quick()
	}
	spaces := make(chan *scratch, runtime.GOMAXPROCS(0)) // as many as each runs at once
	for range cap(spaces) {
		spaces <- &scratch{}
	}
	each(len(files), func(i int) {
		if ctx.Err() == nil {
			s := <-spaces
			entries[i] = w.readWith(files[i], w.entry(files[i]), view, s)
			spaces <- s
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
