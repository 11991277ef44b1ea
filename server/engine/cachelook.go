package engine

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/observe/gocache"
	"godrift.dev/server/remember"
)

// remeasure is how old a cache's size may be before it is added up again, where somebody
// set a quota.
const remeasure = 24 * time.Hour

// cacheLook looks at the build cache for a snapshot: at its place, and at what is remembered
// of it. The whole of it is read only when somebody asks for that.
type cacheLook struct {
	store *remember.Store // nil if nothing is remembered
	home  string          // where the user's caches are, empty if that is not known
	now   func() time.Time
}

func (o Options) cacheLook() cacheLook {
	look := cacheLook{now: o.Now, home: userCaches(runtime.GOOS, o.World.Environ)}
	dir := o.StateDir
	if dir == "" {
		dir = remember.StateDir(o.World.Environ)
	}
	if store, err := remember.Open(dir); err == nil {
		look.store = store
	}
	return look
}

// files are those that change when something is noted of a cache.
func (l cacheLook) files(dir string) []string {
	if l.store == nil || !filepath.IsAbs(dir) {
		return nil
	}
	return []string{l.store.CacheNoteFile(dir)}
}

func (l cacheLook) look(ctx context.Context, dir string, doc drift.Document) *drift.Cache {
	c := &drift.Cache{Dir: dir, Troubles: gocache.Look(ctx, dir)}
	if l.store != nil && filepath.IsAbs(dir) {
		note := l.store.CacheNote(dir)
		c.Checked = note.Checked
		c.Bad = gocache.Still(dir, note.Bad)
		c.Bytes, c.Measured = note.Size, note.Measured
		l.measure(ctx, c, doc)
	}
	if len(c.Troubles) > 0 || len(c.Bad) > 0 {
		c.Fresh = freshCache(ctx, dir, l.home)
	}
	return c
}

// measure adds a cache up if a quota asks for its size, at most once a day.
func (l cacheLook) measure(ctx context.Context, c *drift.Cache, doc drift.Document) {
	p, _ := policy.Parse(doc)
	if p.Quota().Bytes == 0 || l.now().Sub(c.Measured).Abs() < remeasure || len(c.Troubles) > 0 {
		return
	}
	size, err := gocache.Measure(ctx, c.Dir, l.now())
	if err != nil {
		return // there is none yet
	}
	c.Bytes, c.Measured = size.Total(), l.now()
	_ = noteSize(ctx, l.store, size, c.Measured) // it is measured again the next time
}

func noteSize(ctx context.Context, store *remember.Store, size CacheSize, now time.Time) error {
	return store.NoteCache(ctx, size.Dir, func(n *drift.CacheNote) { n.Size, n.Measured = size.Total(), now.UTC() })
}

// cacheBads turns what a check found into what is remembered of it.
func cacheBads(list []gocache.Bad) []drift.CacheBad {
	var out []drift.CacheBad
	for _, b := range list {
		if b.Reason == gocache.ReasonForeign && b.Folder {
			continue
		}
		out = append(out, drift.CacheBad{
			Path: b.Path, Reason: string(b.Reason), Detail: b.Detail, Effect: b.Effect, Entries: b.Entries,
			Size: b.Size, Modified: b.Modified, Foreign: b.Reason == gocache.ReasonForeign,
		})
	}
	return out
}

// RememberCheck remembers what a check of a whole build cache found: every look at a
// workspace that uses it tells of what is bad, until it is gone.
func (m *Mender) RememberCheck(ctx context.Context, check CacheCheck, now time.Time) error {
	store, err := m.open()
	if err != nil {
		return err
	}
	var harmful []gocache.Bad
	for _, b := range check.Bad {
		if b.Harmful() {
			harmful = append(harmful, b)
		}
	}
	return store.NoteCache(ctx, check.Dir, func(n *drift.CacheNote) {
		n.Checked, n.Entries, n.Outputs, n.Bytes, n.Seconds = now.UTC(), check.Entries, check.Outputs, check.Bytes, check.Elapsed.Seconds()
		// What was taken out can come back: by undo.
		gone := slices.DeleteFunc(n.Bad, func(b drift.CacheBad) bool {
			_, err := os.Lstat(b.Path)
			return err == nil
		})
		n.Bad, n.BadCount = append(cacheBads(harmful), gone...), len(check.Bad)
	})
}

// RememberSample remembers what a sample of a build cache found bad besides what was known.
func (m *Mender) RememberSample(ctx context.Context, check CacheCheck) error {
	var harmful []gocache.Bad
	for _, b := range check.Bad {
		if b.Harmful() {
			harmful = append(harmful, b)
		}
	}
	if len(harmful) == 0 {
		return nil
	}
	store, err := m.open()
	if err != nil {
		return err
	}
	return store.NoteCache(ctx, check.Dir, func(n *drift.CacheNote) {
		for _, b := range cacheBads(harmful) {
			n.Bad = slices.DeleteFunc(n.Bad, func(known drift.CacheBad) bool { return known.Path == b.Path })
			n.Bad = append(n.Bad, b)
		}
		n.BadCount = max(n.BadCount, len(n.Bad))
	})
}

// RememberSize remembers how large a build cache is.
func (m *Mender) RememberSize(ctx context.Context, size CacheSize, now time.Time) error {
	store, err := m.open()
	if err != nil {
		return err
	}
	return noteSize(ctx, store, size, now)
}

// CacheNote is what is remembered of a build cache.
func (m *Mender) CacheNote(dir string) drift.CacheNote {
	store, err := m.open()
	if err != nil {
		return drift.CacheNote{Dir: dir}
	}
	return store.CacheNote(dir)
}

// freshNames bounds the search for a name that is not taken.
const freshNames = 100

// freshCache names a folder for a new cache: beside the present one, so that what is good can
// be linked into it; else in the user's own cache folder, else among the temporary
// ones. It is empty if nothing can be written anywhere.
func freshCache(ctx context.Context, dir, home string) string {
	var bases []string
	if filepath.IsAbs(dir) {
		bases = append(bases, strings.TrimRight(filepath.Clean(dir), "0123456789"))
	}
	if home != "" {
		bases = append(bases, filepath.Join(home, "go-build"))
	}
	bases = append(bases, filepath.Join(os.TempDir(), "go-build-cache"))
	for _, base := range bases {
		base = strings.TrimSuffix(base, "-")
		if base == "" || base == filepath.Dir(base) {
			continue
		}
		if name := firstFree(base); name != "" && len(gocache.Look(ctx, name)) == 0 {
			return name
		}
	}
	return ""
}

// userCaches is os.UserCacheDir for any environment.
func userCaches(goos string, environ map[string]string) string {
	dir := ""
	switch home := environ["HOME"]; {
	case goos == "windows":
		dir = environ["LocalAppData"]
	case goos == "darwin" && home != "":
		dir = filepath.Join(home, "Library", "Caches")
	case environ["XDG_CACHE_HOME"] != "":
		dir = environ["XDG_CACHE_HOME"]
	case home != "":
		dir = filepath.Join(home, ".cache")
	}
	if !filepath.IsAbs(dir) {
		return ""
	}
	return dir
}

// firstFree is the first name with a number that nothing has.
func firstFree(base string) string {
	for i := 2; i < freshNames; i++ {
		name := base + "-" + strconv.Itoa(i)
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
	}
	return ""
}
