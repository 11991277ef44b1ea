package act

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"godrift.dev/server/drift"
	"godrift.dev/server/remember"
)

// Apply carries a fix out: all of it, or nothing. What only the person in front
// of a shell can do comes back in Result.Shell.
func Apply(ctx context.Context, opts Options, fix drift.Fix) (Result, error) {
	res, err := apply(ctx, &opts, fix)
	if err != nil {
		return Result{}, fmt.Errorf("applying %q: %w", drift.MaskText(fix.Title), explain(err))
	}
	return res, nil
}

// explain adds the next step to the errors that have one.
func explain(err error) error {
	var p partly
	switch {
	case errors.As(err, &p):
	case errors.Is(err, ErrChanged):
		return fmt.Errorf("nothing was done, because %w: look at the present findings and choose again", err)
	case errors.Is(err, remember.ErrBusy):
		return fmt.Errorf("nothing was done: %w: try again in a moment", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("nothing was done: %w: check who owns it and whether it is read-only", err)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("nothing was done: %w: make room on that disk and try again", err)
	}
	return err
}

func apply(ctx context.Context, opts *Options, fix drift.Fix) (Result, error) {
	// A first look before anything is downloaded; it counts again under the
	// lock.
	w, err := prepare(opts, fix, readDisk)
	if err != nil {
		return Result{}, err
	}
	if opts.Editor == nil && fix.NeedsEditor() {
		return Result{}, ErrNoEditor
	}
	job := job{
		opts:  opts,
		entry: remember.Entry{Root: opts.Root, Kind: remember.KindFix, Fix: fix.ID, Title: drift.MaskText(fix.Title)},
		steps: w.steps,
		again: func() ([]step, error) {
			w, err := prepare(opts, fix, readDisk)
			return w.steps, err
		},
		first: func(ctx context.Context) error {
			for _, a := range w.rebuilds {
				hash, err := build(ctx, opts, a)
				if err != nil {
					return err
				}
				if opts.built == nil {
					opts.built = map[string]string{}
				}
				opts.built[a.File] = hash
				opts.at("built")
			}
			for _, name := range w.sdks {
				dir, err := fetchSDK(ctx, opts, name)
				if err != nil {
					return err
				}
				if opts.fetched == nil {
					opts.fetched = map[string]string{}
				}
				opts.fetched[name] = dir
				opts.at("fetched")
			}
			for _, name := range w.installs {
				if err := install(ctx, opts, name); err != nil {
					return err
				}
				opts.at("installed")
			}
			return nil
		},
	}
	res := Result{}
	var trimmed []string
	for _, a := range w.trims {
		files, bytes, err := opts.TrimCache(ctx, a.File, a.Limit, a.Keep)
		if err != nil {
			return Result{}, err
		}
		trimmed = append(trimmed, fmt.Sprintf("removed %s in %s from %s; what was used in the last %s stays", drift.Bytes(bytes), drift.Plural(files, "file"), a.File, drift.Age(a.Keep)))
	}
	if len(w.steps) == 0 {
		// Nothing that could be undone: a toolchain in the module cache changes
		// nothing by being there.
		err = job.first(ctx)
	} else {
		res, err = job.run(ctx)
	}
	if err != nil {
		return Result{}, err
	}
	installed := trimmed
	for _, name := range w.installs {
		installed = append(installed, name+" is in the module cache")
	}
	res.Done = append(installed, res.Done...)
	if len(w.rebuilds) > 0 {
		sweepTools(opts)
	}
	res.Shell = w.shell
	return res, nil
}

// job is one entry of the journal and the work it stands for.
type job struct {
	opts  *Options
	entry remember.Entry
	steps []step
	// first is done after the entry is written and before anything is locked.
	first func(context.Context) error
	// again works the steps out once more, under the lock.
	again func() ([]step, error)

	store *remember.Store
	id    int64
}

func (j *job) run(ctx context.Context) (Result, error) {
	if j.opts.Store == nil {
		return Result{}, errors.New("there is no journal to write to, and nothing is changed without one")
	}
	store, err := j.opts.Store()
	if err != nil {
		return Result{}, err
	}
	j.store = store
	// The lock tells every other godrift that this entry is being worked on.
	j.entry.Token = strings.ToLower(rand.Text())[:16]
	release, ok, err := store.TryLock(remember.EntryLock(j.entry.Token))
	if err == nil && !ok {
		err = remember.ErrBusy
	}
	if err != nil {
		return Result{}, err
	}
	defer release()
	j.entry.Time = j.opts.now()
	if j.entry.Steps, err = encodeSteps(j.steps); err != nil {
		return Result{}, err
	}
	if j.id, err = store.Begin(ctx, j.entry); err != nil {
		return Result{}, err
	}
	j.opts.at("planned")
	res := Result{ID: j.id, Notes: store.Notes()}
	if err := j.work(ctx); err != nil {
		return Result{}, j.close(ctx, err)
	}
	// What was set aside is needed no more. Recovery does this, too.
	if err := sweep(j.steps, j.entry.Token); err != nil {
		res.Notes = append(res.Notes, err.Error())
	}
	j.opts.at("swept")
	if err := store.Done(context.WithoutCancel(ctx), j.id, j.opts.now()); err != nil {
		// All is in effect. The next start finds that out by itself.
		res.Notes = append(res.Notes, "The fix is in effect, but the journal could not be closed: "+err.Error())
	}
	j.opts.at("finished")
	for _, s := range j.steps {
		if s.File != "" {
			res.Files = append(res.Files, s.File)
		}
		res.Done = append(res.Done, s.sentences()...)
	}
	return res, nil
}

// partly is an error that left something changed.
type partly struct {
	cause error
	left  []string
}

func (p partly) Error() string {
	return fmt.Sprintf("it failed half-way (%v), and this could not be taken back: %s", p.cause, strings.Join(p.left, "; "))
}

func (p partly) Unwrap() error { return p.cause }

// close writes why an entry failed.
func (j *job) close(ctx context.Context, err error) error {
	note := drift.MaskText(err.Error())
	if cerr := j.store.Failed(context.WithoutCancel(ctx), j.id, j.opts.now(), note); cerr != nil {
		return errors.Join(err, cerr)
	}
	return err
}

func (j *job) work(ctx context.Context) error {
	if j.first != nil {
		if err := j.first(ctx); err != nil {
			return err
		}
	}
	files, err := replaced(j.steps)
	if err != nil {
		return err
	}
	unlock, err := j.store.LockFiles(ctx, files...)
	if err != nil {
		return err
	}
	defer unlock()
	j.opts.at("locked")
	if j.steps, err = j.again(); err != nil {
		return err
	}
	if err := j.ask(ctx); err != nil {
		return err
	}
	for _, s := range j.steps {
		if s.Kind != stepTool {
			continue
		}
		if err := s.keepTool(j.opts); err != nil {
			return err
		}
		j.opts.at("kept")
	}
	if err := j.write(ctx); err != nil {
		return err
	}
	j.opts.at("doing")
	for i := range j.steps {
		err := ctx.Err()
		switch {
		case err != nil:
		case j.steps[i].Kind == stepEditor:
			err = j.setEditor(ctx, i)
		default:
			err = j.steps[i].do(j.opts, j.entry.Token)
		}
		if err == nil {
			continue
		}
		reached := i + 1
		if j.steps[i].Kind == stepEditor && j.steps[i].Unknown {
			reached = i // an editor that refuses has changed nothing
		}
		// The person may have cancelled; taking back is not cancelled with it.
		if left := takeBack(context.WithoutCancel(ctx), j.opts, j.steps[:reached], j.entry.Token); len(left) > 0 {
			return partly{err, left}
		}
		return err
	}
	j.opts.at("changed")
	return nil
}

// write brings the journal to what is now known about the steps.
func (j *job) write(ctx context.Context) error {
	steps, err := encodeSteps(j.steps)
	if err != nil {
		return err
	}
	return j.store.Doing(ctx, j.id, steps)
}

// takeBack brings every step back to its state before, the last one first. It
// returns what it could not. What somebody else changed in the meantime is left
// alone.
func takeBack(ctx context.Context, opts *Options, steps []step, token string) []string {
	var left []string
	for _, s := range slices.Backward(steps) {
		if err := s.restore(ctx, opts, token); err != nil {
			left = append(left, drift.MaskText(err.Error()))
		}
	}
	return left
}
