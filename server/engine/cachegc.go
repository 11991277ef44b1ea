package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/observe/gocache"
)

// goUseInterval is how seldom the go command notes that it used something.
//
// Source: mtimeInterval in cmd/go/internal/cache/cache.go.
const goUseInterval = time.Hour

// asideCollected ends the name of a cache that is being removed.
const asideCollected = ".godrift-gc"

// OldCache is a build cache that a switch left behind, or made and is not in use.
type OldCache struct {
	Dir string
	// Bytes is the room that it takes by itself: what it shares with another cache is left
	// out.
	Bytes int64
	// Left is when a switch led away from it, to To; zero if it was only made for one.
	Left time.Time
	To   string
	// Used is when something in it was last used, as far as files tell.
	Used time.Time
	// InUse says why it stays, one reason each; empty if it can go.
	InUse []string
	// Fuzz counts the inputs that go test -fuzz found: they stay.
	Fuzz int
}

// OldCaches lists the caches that switches left behind, and says of each whether anything
// may still use it: one that is set anywhere in this environment, that had something
// used in the given time, or that a process uses.
func (m *Mender) OldCaches(ctx context.Context, world World, env drift.Environment, unused time.Duration, now time.Time) ([]OldCache, error) {
	store, err := m.open()
	if err != nil {
		return nil, err
	}
	var list []OldCache
	for _, note := range store.CacheNotes() {
		if note.Left.IsZero() && note.Made.IsZero() || active(env, note.Dir) {
			continue
		}
		old := OldCache{Dir: note.Dir, Left: note.Left, To: note.To}
		at := note.Dir
		if _, err := os.Lstat(at); errors.Is(err, os.ErrNotExist) {
			if at += asideCollected; !isThere(at) {
				if err := store.ForgetCache(note.Dir); err != nil { // it is gone
					return nil, err
				}
				continue
			}
		}
		if err := old.look(ctx, at, note, world.Environ["HOME"], unused, now); err != nil {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			old.InUse = append(old.InUse, err.Error())
		}
		list = append(list, old)
	}
	return list, nil
}

func isThere(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// active reports whether a cache is the one that go uses, or would if something that is
// exported were not, by whatever name.
func active(env drift.Environment, dir string) bool {
	v, _ := env.Lookup("GOCACHE")
	in := func(l drift.Layer) bool { return entangled(l.Value, dir) }
	return in(v.Layer) || slices.ContainsFunc(v.Shadowed, func(l drift.Layer) bool { return l.Kind != drift.LayerDefault && in(l) })
}

// look adds a cache up and says why it has to stay.
func (o *OldCache) look(ctx context.Context, at string, note drift.CacheNote, home string, unused time.Duration, now time.Time) error {
	list, err := gocache.List(ctx, at)
	if err != nil {
		return err
	}
	o.Used, o.Bytes, o.Fuzz = list.Used, list.Bytes, len(list.Fuzz)
	if at != o.Dir {
		return nil // nobody finds it any more
	}
	// What was used up to an hour after a note of it may not have been noted.
	if unused > 0 && now.Sub(o.Used) < unused+goUseInterval {
		o.InUse = append(o.InUse, fmt.Sprintf("something in it was used at %s, which is less than %s and an hour ago", o.Used.Local().Format("2006-01-02 15:04"), spanText(unused)))
	}
	if unused > 0 && now.Sub(note.Left) < unused {
		o.InUse = append(o.InUse, fmt.Sprintf("the switch away from it was at %s, which is less than %s ago", note.Left.Local().Format("2006-01-02 15:04"), spanText(unused)))
	}
	before := note.Left
	if before.IsZero() {
		before = now // it was in use for a while, until an undo
	}
	users := gocache.Users(o.Dir, home, before)
	if n := len(users); n > mostUsers {
		users = append(users[:mostUsers], fmt.Sprintf("and %d more processes", n-mostUsers))
	}
	o.InUse = append(o.InUse, users...)
	return nil
}

// mostUsers is how many processes are named.
const mostUsers = 3

// spanText is a length of time for people.
func spanText(d time.Duration) string {
	if d >= 24*time.Hour && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return d.String()
}

// CollectCache removes an old cache that nothing uses. It first gets another name, at once
// for everybody, and is looked at again: one that came into use gets its name back. Only
// what is go's own goes, and no fuzz inputs: left says that something stays.
func (m *Mender) CollectCache(ctx context.Context, old OldCache) (left bool, err error) {
	if len(old.InUse) > 0 {
		return true, fmt.Errorf("%s is in use: %s", old.Dir, old.InUse[0])
	}
	store, err := m.open()
	if err != nil {
		return true, err
	}
	job := act.Discard{
		Dir: old.Dir, Aside: old.Dir + asideCollected,
		Own: func(dir string) (names, folders []string, err error) {
			list, err := gocache.List(ctx, dir)
			if err != nil && ctx.Err() != nil {
				return nil, nil, err
			}
			// A cache of which only folders are left is none any more for List.
			return append(append(list.Entries, list.Outputs...), list.Tops...), gocache.FolderNames(), nil
		},
		Sure: func(dir string) error {
			list, err := gocache.List(ctx, dir)
			if err == nil && list.Used.After(old.Used) {
				err = fmt.Errorf("%s came into use a moment ago and stays", old.Dir)
			}
			if err == nil && len(gocache.Users(dir, "", time.Time{})) > 0 {
				err = fmt.Errorf("%s is open in a process and stays", old.Dir)
			}
			return err
		},
	}
	if left, err = job.Do(ctx); err != nil {
		return left, err
	}
	return left, store.ForgetCache(old.Dir)
}
