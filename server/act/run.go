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
	var installed []string
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
	release, ok, err := store.TryLock(entryLock(j.entry.Token))
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

// entryLock names the lock of an entry that is being worked on.
func entryLock(token string) string { return remember.EntryLock(token) }

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
	targets := make([]string, 0, len(j.steps))
	for _, s := range j.steps {
		if s.File == "" || s.Kind == stepMove {
			continue // a move fails by itself if somebody else was faster
		}
		file, err := target(s.File)
		if err != nil {
			return err
		}
		targets = append(targets, file)
	}
	unlock, err := j.store.LockFiles(ctx, targets...)
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
		if err == nil {
			err = j.do(ctx, i)
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

func (j *job) do(ctx context.Context, i int) error {
	s := j.steps[i]
	if s.Kind == stepEditor {
		return j.setEditor(ctx, i)
	}
	if s.Kind == stepMove {
		return s.move(j.opts.at)
	}
	if s.Kind == stepTool {
		return s.replaceTool(j.opts, j.entry.Token)
	}
	now, err := readDisk(s.File)
	if err != nil {
		return err
	}
	before, after, err := s.texts(now)
	if err != nil {
		return err
	}
	file, err := target(s.File)
	if err != nil {
		return err
	}
	return replacement{file: file, token: j.entry.Token, old: before, text: after, at: j.opts.at}.do()
}

// takeBack brings every step back to its state before, the last one first. It
// returns what it could not. What somebody else changed in the meantime is left
// alone.
func takeBack(ctx context.Context, opts *Options, steps []step, token string) []string {
	var left []string
	for _, s := range slices.Backward(steps) {
		var err error
		switch s.Kind {
		case stepEditor:
			err = restoreEditor(ctx, opts, s)
		case stepMove:
			err = s.moveBack(opts.at)
		case stepTool:
			err = restoreTool(opts, s, token)
		default:
			err = restoreFile(opts, s, token)
		}
		if err != nil {
			left = append(left, drift.MaskText(err.Error()))
		}
	}
	return left
}

// restoreFile brings one file back and removes what a kill left beside it.
func restoreFile(opts *Options, s step, token string) error {
	file, err := target(s.File)
	if err != nil {
		return err
	}
	if err := removeTemp(file, token); err != nil {
		return err
	}
	now, err := readDisk(file)
	if err != nil {
		return err
	}
	switch s.find(now) {
	case placeBefore:
		return nil
	case placeAfter:
	case placeForeign:
		return fmt.Errorf("%s was changed by somebody else and is left as it is: %w", s.File, ErrChanged)
	}
	back, err := s.reversed().onto(now)
	if err != nil {
		return err
	}
	before, after, err := back.texts(now)
	if err != nil {
		return err
	}
	return replacement{file: file, token: token, old: before, text: after, at: opts.at}.do()
}

// sentences say what a step did, without secrets.
func (s step) sentences() []string {
	switch s.Kind {
	case stepFile:
		switch {
		case s.Before == nil:
			return []string{"wrote " + s.File}
		case s.After == nil:
			return []string{"removed " + s.File}
		}
		return []string{"changed " + s.File}
	case stepGOENV:
		return sentences(s.Variables, "in "+s.File)
	case stepMove:
		return []string{"moved " + s.File + " to " + s.To}
	case stepTool:
		return []string{s.File + " is now " + s.ToolAfter}
	default:
		return sentences(s.Variables, forEditor)
	}
}

func sentences(variables []variable, where string) []string {
	var out []string
	for _, v := range variables {
		if v.After == nil {
			out = append(out, "unset "+v.Name+" "+where)
		} else {
			out = append(out, "set "+v.Name+"="+drift.Mask(v.Name, *v.After)+" "+where)
		}
	}
	return out
}
