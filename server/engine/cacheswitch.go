package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/observe/gocache"
)

// ErrOtherDisk says that a cache on another disk cannot share files with the present one.
var ErrOtherDisk = act.ErrOtherDisk

// CacheSwitch is a plan to make another folder the build cache.
type CacheSwitch struct {
	From, To string
	// CarryOver takes along what is good, Whole also where that means to copy it.
	CarryOver, Whole bool
	// Fix is what makes it the cache in use. Exported says that the process environment
	// sets GOCACHE, which comes before anything that is written to a file.
	Fix      drift.Fix
	Exported bool
}

// PlanCacheSwitch works out how the cache of a report's workspace is switched, to a folder
// beside it that is not there yet if none is named. It changes nothing.
func PlanCacheSwitch(ctx context.Context, report *drift.Report, to string) (CacheSwitch, error) {
	env := report.Snapshot.Environment
	v, ok := env.Lookup("GOCACHE")
	if !ok || v.Value == "" {
		return CacheSwitch{}, errors.New("which build cache go uses here cannot be told")
	}
	plan := CacheSwitch{From: v.Value, To: to}
	if to == "" {
		beside := v.Value
		if !filepath.IsAbs(beside) {
			// It is off, or a mistake: then the cache that go would use without it counts.
			for _, l := range v.Shadowed {
				if l.Kind == drift.LayerDefault && filepath.IsAbs(l.Value) {
					beside = l.Value
				}
			}
		}
		if plan.To = freshCache(ctx, beside, ""); plan.To == "" {
			return CacheSwitch{}, fmt.Errorf("no folder beside %s can be made: name one with --to", beside)
		}
	}
	if err := plan.fits(ctx); err != nil {
		return CacheSwitch{}, err
	}
	set := func(kind drift.ActionKind) drift.Action {
		return drift.Action{Kind: kind, Variable: "GOCACHE", Value: plan.To}
	}
	plan.Exported = v.Kind == drift.LayerProcess
	plan.Fix = drift.Fix{ID: "cache-switch", Kind: drift.FixRepair, Title: fmt.Sprintf("Switch the build cache from %s to %s", plan.From, plan.To)}
	switch {
	case plan.Exported && env.Of == "editor":
		plan.Fix.Actions = []drift.Action{set(drift.ActionSetEditor)}
	case env.GOENV == "" && !plan.Exported:
		return CacheSwitch{}, errors.New("GOENV=off forbids go to read its settings from a file, and GOCACHE is not set: export GOCACHE yourself")
	default:
		if env.GOENV != "" {
			plan.Fix.Actions = append(plan.Fix.Actions, set(drift.ActionSetGOENV))
		}
		if plan.Exported {
			plan.Fix.Note = "This shell exports GOCACHE, which comes before what go env -w writes: it has to evaluate a line, and whatever sets GOCACHE there has to set the new one."
			plan.Fix.Actions = append(plan.Fix.Actions, set(drift.ActionSetShell))
		}
	}
	return plan, nil
}

// fits refuses folders that cannot become a cache.
func (p CacheSwitch) fits(ctx context.Context) error {
	from, to := filepath.Clean(p.From), filepath.Clean(p.To)
	switch {
	case !filepath.IsAbs(to):
		return fmt.Errorf("%s is not an absolute path, which GOCACHE has to be", p.To)
	case from == to:
		return fmt.Errorf("%s is the build cache already", p.To)
	case sameFolder(from, to):
		return fmt.Errorf("%s is the build cache already: it is another name of %s", p.To, p.From)
	case entangled(from, to):
		return fmt.Errorf("%s and %s lie in one another: take a folder of its own", p.From, p.To)
	}
	if list := gocache.Look(ctx, to); len(list) > 0 {
		return fmt.Errorf("%s cannot be a build cache: %s", list[0].Path, list[0].Detail)
	}
	list, err := os.ReadDir(to)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(list) == 0 {
		return nil
	}
	if _, err := gocache.List(ctx, to); err != nil {
		return fmt.Errorf("a build cache needs a folder of its own: %w", err)
	}
	return nil
}

// entangled reports whether two folders are the same or lie in one another, whatever
// links lead there.
func entangled(a, b string) bool {
	if !filepath.IsAbs(a) || !filepath.IsAbs(b) {
		return false
	}
	realA, realB := resolved(a), resolved(b)
	return drift.Within(realA, realB) || drift.Within(realB, realA) || sameFolder(a, b)
}

// sameFolder reports whether two names lead to the same folder, which is there.
func sameFolder(a, b string) bool {
	infoA, errA := os.Stat(a)
	infoB, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(infoA, infoB)
}

// resolved follows the links of a path as far as it is there.
func resolved(path string) string {
	path = filepath.Clean(path)
	rest := ""
	for dir := path; ; {
		if real, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(real, rest)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return path
		}
		rest, dir = filepath.Join(filepath.Base(dir), rest), up
	}
}

// CacheCarried is what was taken along in a switch.
type CacheCarried struct {
	Outputs, Entries int
	Bytes            int64
	// Bad were left out.
	Bad int
}

// CacheSteps shows the progress of a switch.
type CacheSteps struct {
	// Carried is told how many files have their place in the new cache, Read how far
	// checking them has come. Both may be nil.
	Carried func(done, total int)
	Read    func(CacheProgress)
}

// MakeCache makes the new cache of a plan, with what is good of the old one if that was asked
// for. Nobody uses it until the fix is applied: builds go on with the old one meanwhile.
// If it cannot be made, or ctx ends, what was made is removed.
func (m *Mender) MakeCache(ctx context.Context, plan CacheSwitch, show CacheSteps) (CacheCarried, error) {
	store, err := m.open()
	if err != nil {
		return CacheCarried{}, err
	}
	_, err = os.Lstat(plan.To)
	isNew := errors.Is(err, fs.ErrNotExist)
	if !isNew && !plan.CarryOver {
		return CacheCarried{}, nil // it is a cache already, or an empty folder, which go fills
	}
	if isNew {
		// After a kill, gc finds what was made by this.
		if err := store.NoteCache(ctx, plan.To, func(n *drift.CacheNote) { n.Made = time.Now().UTC() }); err != nil {
			return CacheCarried{}, err
		}
	}
	if isNew {
		if err := act.MakeOwn(plan.To); err != nil {
			return CacheCarried{}, errors.Join(err, store.ForgetCache(plan.To))
		}
	}
	carried, err := plan.carry(ctx, show)
	if err != nil && isNew {
		if gone := os.RemoveAll(plan.To); gone != nil {
			return CacheCarried{}, errors.Join(err, fmt.Errorf("and what was made of the new cache could not be removed: %w", gone))
		}
		return CacheCarried{}, errors.Join(err, store.ForgetCache(plan.To))
	}
	if err != nil || !plan.CarryOver {
		return carried, err
	}
	return carried, store.NoteCache(ctx, plan.To, func(n *drift.CacheNote) {
		n.Checked, n.Entries, n.Outputs, n.Bytes = time.Now().UTC(), carried.Entries, carried.Outputs, carried.Bytes
		n.Bad, n.BadCount = nil, 0
	})
}

// carry makes the folder, links and copies what there is into it, reads all of that there, and
// takes out what is bad: what stays was whole after it got its new name, whatever happened
// to the old one meanwhile.
//
// Outputs are shared by hard links: the go command writes to a file that is there only what its
// name says. Entries are copied: it overwrites those, and the two caches must not see each
// other's.
func (p CacheSwitch) carry(ctx context.Context, show CacheSteps) (CacheCarried, error) {
	job := act.Carry{From: p.From, To: p.To, Folders: gocache.FolderNames(), Whole: p.Whole, Progress: show.Carried}
	if !p.CarryOver {
		return CacheCarried{}, job.Do(ctx)
	}
	list, err := gocache.List(ctx, p.From)
	if err != nil {
		return CacheCarried{}, err
	}
	job.Share = list.Outputs
	// The entries come last: each finds its output there.
	job.Copy = append(append(append(job.Copy, list.Tops...), list.Fuzz...), list.Entries...)
	if err := job.Do(ctx); err != nil {
		return CacheCarried{}, err
	}
	check, err := gocache.Verify(ctx, gocache.Options{Dir: p.To, Progress: show.Read})
	if err != nil {
		return CacheCarried{}, err
	}
	carried := CacheCarried{Outputs: check.Outputs, Entries: check.Entries, Bytes: check.Bytes}
	gone := map[string]bool{}
	for _, b := range check.Bad {
		for _, path := range append([]string{b.Path}, b.Entries...) {
			if gone[path] {
				continue
			}
			gone[path] = true
			if err := os.RemoveAll(path); err != nil {
				return CacheCarried{}, fmt.Errorf("leaving out what is bad: %w", err)
			}
		}
	}
	carried.Bad = len(check.Bad)
	return carried, nil
}

// SwitchCache makes the new cache of a plan the one in use: from the next go command on. It
// is journaled, and undo goes back to the old one, which stays until CollectCaches removes it.
func (m *Mender) SwitchCache(ctx context.Context, world World, report *drift.Report, plan CacheSwitch, hands Hands) (Result, error) {
	store, err := m.open()
	if err != nil {
		return Result{}, err
	}
	// Before the switch: a kill in between leaves a note of a cache that is in use, which is
	// passed over.
	now := time.Now().UTC()
	left := func(n *drift.CacheNote) { n.Left, n.To = now, plan.To }
	if filepath.IsAbs(plan.From) {
		if err := store.NoteCache(ctx, plan.From, left); err != nil {
			return Result{}, err
		}
	}
	if err := store.NoteCache(ctx, plan.To, func(n *drift.CacheNote) { n.Left, n.To = time.Time{}, "" }); err != nil {
		return Result{}, err
	}
	return m.Apply(ctx, world, report, plan.Fix, hands)
}
