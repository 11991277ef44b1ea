package act

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"godrift.dev/server/remember"
)

// Undo takes back the fix with that number in the journal, or with 0 the last
// one of opts.Root that is in effect. It is a change like any other: journaled,
// whole or not at all, and undone by its own number. Where a file is no longer
// as the fix left it, nothing is changed, and the error names a copy of the
// text from before the fix.
func Undo(ctx context.Context, opts Options, id int64) (Result, error) {
	e, steps, err := undoing(ctx, &opts, id)
	if err != nil {
		return Result{}, err
	}
	kind := remember.KindUndo
	if e.Kind == remember.KindUndo {
		kind = remember.KindRedo
	}
	var already []string
	again := func() (back []step, err error) {
		if err := opts.allStay(e.Root, steps); err != nil {
			return nil, err
		}
		back, already, err = backwards(&opts, steps)
		return back, err
	}
	j := job{opts: &opts, again: again, entry: remember.Entry{Root: e.Root, Kind: kind, Of: e.ID, Fix: e.Fix, Title: e.Title}}
	if opts.Editor == nil && needEditor(steps) {
		err = ErrNoEditor
	} else if j.steps, err = again(); err == nil {
		var res Result
		if res, err = j.run(ctx); err == nil {
			res.Done = append(res.Done, already...)
			return res, nil
		}
	}
	if errors.Is(err, ErrChanged) {
		err = fmt.Errorf("nothing was undone, because %w%s", err, wayOn(ctx, &opts, e))
		if kept := keep(&opts, e.ID, steps); kept != "" {
			err = fmt.Errorf("%w; the text from before is in %s", err, kept)
		}
	} else {
		err = explain(err)
	}
	return Result{}, fmt.Errorf("undoing %d (%s): %w", e.ID, e.Title, err)
}

// PlanUndo says what Undo would change.
func PlanUndo(ctx context.Context, opts Options, id int64) (Preview, error) {
	e, steps, err := undoing(ctx, &opts, id)
	if err != nil {
		return Preview{}, err
	}
	if err := opts.allStay(e.Root, steps); err != nil {
		return Preview{}, fmt.Errorf("planning to undo %d (%s): %w", e.ID, e.Title, err)
	}
	back, already, err := backwards(&opts, steps)
	if err != nil {
		way := ""
		if errors.Is(err, ErrChanged) {
			way = wayOn(ctx, &opts, e)
		}
		return Preview{}, fmt.Errorf("planning to undo %d (%s): %w%s", e.ID, e.Title, err, way)
	}
	p, err := preview(&opts, work{steps: back}, readDisk)
	p.Commands = append(p.Commands, already...)
	return p, err
}

// journalDepth is how far back another fix is looked for.
const journalDepth = 100

// wayOn names the next older fix that can be taken back in place of one that
// cannot; empty if there is none.
func wayOn(ctx context.Context, opts *Options, stuck remember.Entry) string {
	store, err := opts.Store()
	if err != nil {
		return ""
	}
	list, err := store.Journal(ctx, stuck.Root, journalDepth)
	if err != nil {
		return "" // the error that there is already says more
	}
	for _, e := range list {
		if e.ID >= stuck.ID || e.State != remember.StateDone || e.Kind == remember.KindUndo || e.Unreadable != nil {
			continue
		}
		steps, err := decodeSteps(e.Steps)
		if err == nil {
			_, _, err = backwards(opts, steps)
		}
		if err == nil {
			return fmt.Sprintf("; godrift undo --yes %d takes back an older fix (%s)", e.ID, e.Title)
		}
	}
	return ""
}

// undoing reads the entry to be undone.
func undoing(ctx context.Context, opts *Options, id int64) (remember.Entry, []step, error) {
	fail := func(err error) (remember.Entry, []step, error) {
		if id == 0 {
			return remember.Entry{}, nil, fmt.Errorf("undoing the last fix: %w", err)
		}
		return remember.Entry{}, nil, fmt.Errorf("undoing %d: %w", id, err)
	}
	if opts.Store == nil {
		return fail(errors.New("there is no journal"))
	}
	store, err := opts.Store()
	if err != nil {
		return fail(err)
	}
	var e remember.Entry
	if id == 0 {
		e, err = store.LastDone(ctx, opts.Root)
	} else {
		e, err = store.Entry(ctx, id)
	}
	switch {
	case errors.Is(err, remember.ErrNoEntry):
		if id != 0 {
			return fail(fmt.Errorf("%w: the journal has no fix with that number", ErrNothing))
		}
		return fail(ErrNothing)
	case err != nil:
		return fail(err)
	case e.State == remember.StateUndone:
		return fail(fmt.Errorf("%w: it was undone already", ErrNothing))
	case e.State == remember.StateFailed:
		return fail(fmt.Errorf("%w: it was never in effect (%s)", ErrNothing, e.Note))
	case e.State != remember.StateDone:
		return fail(errors.New("it is still being worked on: try again in a moment"))
	case e.Unreadable != nil:
		return fail(e.Unreadable)
	}
	steps, err := decodeSteps(e.Steps)
	if err != nil {
		return fail(err)
	}
	return e, steps, nil
}

// backwards turns the steps of an entry around and holds them against the
// disk. A file that is already as it was before the fix needs no step: already
// says so.
func backwards(opts *Options, steps []step) (out []step, already []string, err error) {
	for _, s := range slices.Backward(steps) {
		s, there, err := s.reversed().fit(opts)
		switch {
		case err != nil:
			return nil, nil, err
		case there != "":
			already = append(already, there)
		default:
			out = append(out, s)
		}
	}
	return slices.DeleteFunc(out, step.idle), already, nil
}

// keep writes the texts from before a fix into the state folder, where a person
// can compare them, and returns the folder; empty if there are none or it
// cannot.
func keep(opts *Options, id int64, steps []step) string {
	store, err := opts.Store()
	if err != nil {
		return ""
	}
	dir := filepath.Join(store.Dir(), "kept", fmt.Sprint(id))
	kept := ""
	for i, s := range steps {
		if s.Kind != stepFile || s.Before == nil {
			continue
		}
		if os.MkdirAll(dir, 0o700) != nil {
			return ""
		}
		name := filepath.Join(dir, fmt.Sprintf("%d-%s", i+1, filepath.Base(s.File)))
		if os.WriteFile(name, s.Before.Text, 0o600) != nil {
			return ""
		}
		kept = dir
	}
	return kept
}
