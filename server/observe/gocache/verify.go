package gocache

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Folders is how many there are in a cache, named by two hexadecimal digits.
const Folders = 256

// Progress is how far a check has come. Hashes spread evenly, so that the share of
// the folders is the share of the work.
type Progress struct {
	Folders int   // of 256
	Bytes   int64 // read so far
}

// Options says what to check.
type Options struct {
	// Dir is the cache, absolute.
	Dir string
	// Workers is how many files are read at once; the number of cores if 0.
	Workers int
	// Progress is called after each folder, from several goroutines; it may be nil.
	Progress func(Progress)
}

// Result is what a check found.
type Result struct {
	Dir     string
	Entries int // action entries
	Outputs int
	Bytes   int64 // of outputs, all of them read
	Elapsed time.Duration
	// Bad is sorted by path.
	Bad []Bad
}

// Repairable counts what a repair takes out: everything but folders that are not
// go's.
func (r Result) Repairable() int {
	n := 0
	for _, b := range r.Bad {
		if b.Reason != ReasonForeign || !b.Folder {
			n++
		}
	}
	return n
}

// Verify reads every file of a cache and reports what is bad. It works while the
// go command uses the cache: a file that is being written is looked at again, and
// one that was trimmed meanwhile is not missed. It returns an error only if there is
// no cache to look at, or ctx ends.
func Verify(ctx context.Context, opts Options) (Result, error) {
	begun := time.Now()
	if err := isCache(opts.Dir); err != nil {
		return Result{}, err
	}
	c := &check{dir: opts.Dir, outputs: map[ID]output{}}
	if err := c.walk(ctx, cmp.Or(opts.Workers, runtime.GOMAXPROCS(0)), opts.Progress); err != nil {
		return Result{}, err
	}
	return c.result(begun), nil
}

// result holds what was read against each other.
func (c *check) result(begun time.Time) Result {
	for _, a := range c.claims {
		c.match(a)
	}
	bad := c.again()
	c.nameEntries(bad)
	slices.SortFunc(bad, func(a, b Bad) int { return cmp.Compare(a.Path, b.Path) })
	return Result{
		Dir: c.dir, Entries: c.entries, Outputs: len(c.outputs), Bytes: c.bytes.Load(),
		Elapsed: time.Since(begun), Bad: bad,
	}
}

// isCache refuses folders that do not look like a build cache: nothing in
// somebody's home should be called foreign.
func isCache(dir string) error {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no build cache at %s yet: the next go build makes one", dir)
	case err != nil:
		return fmt.Errorf("look at the build cache: %w", err)
	case !info.IsDir():
		return fmt.Errorf("%s is no folder, so go fails with \"failed to initialize build cache\": move the file away", dir)
	}
	// The go command makes all 256 folders at once, and its own README and trim.txt.
	made, marked := 0, false
	list, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("look at the build cache: %w", err)
	}
	for _, entry := range list {
		switch name := entry.Name(); {
		case isFolder(name):
			made++
		case name == "trim.txt":
			marked = true
		case name == "README":
			marked = marked || isGosReadme(filepath.Join(dir, name))
		}
	}
	if made < Folders/2 && (!marked || made == 0) {
		return fmt.Errorf("%s does not look like a build cache: it has not the folders 00 to ff that go makes", dir)
	}
	return nil
}

// isGosReadme recognises the text that initDefaultCache of
// cmd/go/internal/cache/default.go writes.
func isGosReadme(file string) bool {
	text, err := os.ReadFile(file)
	return err == nil && bytes.Contains(text, []byte("cached build artifacts from the Go build system"))
}

// output is what is known about one -d.
type output struct {
	size   int64
	action string // the action that it says it was made by, if it is a compiled package
	broken bool   // it is reported already
}

// claim is one -a.
type claim struct {
	path string
	Entry
}

type check struct {
	dir   string
	bytes atomic.Int64

	mu      sync.Mutex
	entries int
	outputs map[ID]output
	claims  []claim
	bad     []Bad
}

func (c *check) walk(ctx context.Context, workers int, progress func(Progress)) error {
	next, done := atomic.Int64{}, atomic.Int64{}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			r := newReader(c)
			for ctx.Err() == nil {
				i := next.Add(1) - 1
				if i >= Folders {
					return
				}
				r.folder(ctx, byte(i))
				n := done.Add(1)
				if progress != nil && ctx.Err() == nil {
					progress(Progress{Folders: int(n), Bytes: c.bytes.Load()})
				}
			}
		})
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return c.top()
}

// top looks at what stands beside the 256 folders.
func (c *check) top() error {
	list, err := os.ReadDir(c.dir)
	if err != nil {
		return fmt.Errorf("look at the build cache: %w", err)
	}
	for _, entry := range list {
		switch name := entry.Name(); {
		case name == "README", name == "trim.txt", name == "testexpire.txt", name == "fuzz", isFolder(name):
		default:
			c.report(filepath.Join(c.dir, name), ReasonForeign, "it is not one of go's own files", 0)
		}
	}
	return nil
}

func isFolder(name string) bool {
	return len(name) == 2 && isHex(name[0]) && isHex(name[1])
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' }

func (c *check) report(path string, reason Reason, detail string, size int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Lstat(path)
	bad := Bad{Path: path, Reason: reason, Detail: detail, Effect: effects[reason], Bytes: size}
	if err == nil {
		bad.Size, bad.Modified, bad.Folder = info.Size(), info.ModTime(), info.IsDir()
	}
	c.bad = append(c.bad, bad)
}

// nameEntries adds to each bad output the action entries that lead to it, those that are
// bad themselves left out.
func (c *check) nameEntries(bad []Bad) {
	listed := map[string]bool{}
	for _, b := range bad {
		listed[b.Path] = true
	}
	leads := map[ID][]string{}
	for _, a := range c.claims {
		if !listed[a.path] {
			leads[a.Output] = append(leads[a.Output], a.path)
		}
	}
	for i, b := range bad {
		if id, kind, ok := parseName(folderOf(b.Path), filepath.Base(b.Path)); ok && kind == 'd' {
			bad[i].Entries = leads[id]
			slices.Sort(bad[i].Entries)
		}
	}
}

// match holds an action entry against its output.
func (c *check) match(a claim) {
	out, ok := c.outputs[a.Output]
	switch {
	case !ok:
		c.report(a.path, ReasonMissingOutput, "its output "+outputName(a.Output)+" is gone", entrySize)
	case out.broken:
	case out.size != a.Size:
		c.report(a.path, ReasonSize, fmt.Sprintf("it says that its output has %d bytes, which has %d", a.Size, out.size), entrySize)
	case out.action != "" && out.action != a.Action.buildID():
		c.report(a.path, ReasonMixedUp, "its output "+outputName(a.Output)+" says that another action made it", entrySize)
	}
}

// outputName is where an output stands in its cache.
func outputName(id ID) string { return filepath.Join(fmt.Sprintf("%02x", id[0]), id.String()+"-d") }

// again looks once more at everything that seems bad: the go command may have
// written or trimmed it meanwhile.
func (c *check) again() []Bad {
	suspects := c.bad
	c.bad = nil
	claimed := map[ID]bool{}
	for _, a := range c.claims {
		claimed[a.Output] = true
	}
	r := newReader(c)
	read := c.bytes.Load()
	for _, b := range suspects {
		info, err := os.Lstat(b.Path)
		if err != nil {
			continue // it was trimmed
		}
		id, kind, ok := parseName(folderOf(b.Path), filepath.Base(b.Path))
		switch {
		case !ok:
			c.bad = append(c.bad, b)
		case kind == 'd' && !claimed[id] && time.Since(info.ModTime()).Abs() < beingWritten:
		case kind == 'd':
			r.output(b.Path, id)
		default:
			r.entryAgain(b, id)
		}
	}
	c.bytes.Store(read) // what is read twice counts once
	return c.bad
}

// entryAgain looks at one action entry and its output once more.
func (r *reader) entryAgain(b Bad, id ID) {
	e, reason, detail := r.readEntry(b.Path, id)
	switch {
	case reason == gone:
	case reason != "":
		r.report(b.Path, reason, detail, entrySize)
	case b.Reason == ReasonMissingOutput || b.Reason == ReasonSize || b.Reason == ReasonMixedUp:
		delete(r.outputs, e.Output)
		before := len(r.bad)
		r.output(filepath.Join(r.dir, outputName(e.Output)), e.Output)
		if len(r.bad) == before {
			r.match(claim{b.Path, e})
		}
	}
}

func folderOf(path string) byte {
	var id ID
	name := filepath.Base(path)
	if len(name) < 2 || !isFolder(name[:2]) {
		return 0
	}
	fmt.Sscanf(name[:2], "%02x", &id[0]) //nolint:errcheck // checked above
	return id[0]
}

// reader is one worker, with the memory it uses again and again.
type reader struct {
	*check
	sum hash.Hash
	buf []byte
}

func newReader(c *check) *reader {
	return &reader{check: c, sum: sha256.New(), buf: make([]byte, 256<<10)}
}
