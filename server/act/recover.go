package act

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"godrift.dev/server/remember"
)

// Recover closes what killed processes left open in the journal, whatever
// folder it was for. A fix that had reached every file is done; one that had
// reached only some is taken back. A fix that another process is working on is
// none of its business. One that changed an editor's variables waits for that
// editor, if this process has none.
func Recover(ctx context.Context, opts Options) ([]Recovered, error) {
	if opts.Store == nil {
		return nil, nil
	}
	store, err := opts.Store()
	if err != nil {
		return nil, fmt.Errorf("looking for half-done fixes: %w", err)
	}
	// Most people never applied a fix: do not make a database to find that out.
	if exists, err := store.Exists(); err != nil || !exists {
		return nil, err
	}
	open, err := store.Unfinished(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for half-done fixes: %w", err)
	}
	var out []Recovered
	var failures []error
	for _, e := range open {
		r, err := recoverEntry(ctx, &opts, store, e)
		if err != nil {
			// It stays open for the next start; the others are none the worse.
			failures = append(failures, fmt.Errorf("putting the half-done fix %d (%s) right: %w", e.ID, e.Title, err))
		} else if r != nil {
			out = append(out, *r)
		}
	}
	return out, errors.Join(failures...)
}

// Interrupted tells of the fixes that killed processes left open, one sentence
// each, and changes nothing. Where none was killed it costs next to nothing.
func Interrupted(ctx context.Context, store *remember.Store) ([]string, error) {
	open, err := store.Interrupted(ctx)
	if err != nil {
		return nil, fmt.Errorf("looking for half-done fixes: %w", err)
	}
	var out []string
	for _, e := range open {
		next := "godrift undo or godrift fix --apply, run there, puts that right"
		if steps, err := decodeSteps(e.Steps); err == nil && needEditor(steps) {
			next = "opening that folder in the editor puts that right"
		}
		out = append(out, fmt.Sprintf("A fix was interrupted in %s (%s): files may be half changed; %s.", e.Root, e.Title, next))
	}
	return out, nil
}

func recoverEntry(ctx context.Context, opts *Options, store *remember.Store, e remember.Entry) (*Recovered, error) {
	release, ok, err := store.TryLock(remember.EntryLock(e.Token))
	if err != nil || !ok {
		return nil, err // somebody is working on it
	}
	defer release()
	// Somebody may have finished it between the list and the lock.
	e, err = store.Entry(ctx, e.ID)
	if err != nil || e.State != remember.StatePlanned && e.State != remember.StateDoing {
		return nil, err
	}
	r := &Recovered{ID: e.ID, Title: e.Title, Root: e.Root, Files: []string{}}
	var steps []step
	if e.Unreadable == nil {
		if steps, err = decodeSteps(e.Steps); err != nil {
			e.Unreadable = err
		}
	}
	if e.Unreadable != nil {
		r.Outcome = OutcomeLeft
		r.Text = fmt.Sprintf("godrift was stopped while applying %q, and what it did cannot be read any more: %v. Look at the files yourself.", e.Title, e.Unreadable)
		return r, store.Failed(ctx, e.ID, opts.now(), r.Text)
	}
	for _, s := range steps {
		if s.File != "" {
			r.Files = append(r.Files, s.File)
		}
	}
	names, err := replaced(steps)
	if err != nil {
		return nil, err
	}
	if ok, err := recoverable(opts, e, steps); err != nil || !ok {
		return nil, err
	}
	if needEditor(steps) && e.State == remember.StateDoing && (opts.Editor == nil || e.Root != opts.Root) {
		return nil, nil
	}
	unlock, err := store.LockFiles(ctx, names...)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := settle(ctx, opts, store, e, steps, r); err != nil {
		return nil, err
	}
	return r, nil
}

// recoverable refuses an entry of a folder that is not trusted if its files have
// become links that lead out of there. An entry of another folder, of which it
// is not known whether it is trusted, then waits for somebody who works there.
func recoverable(opts *Options, e remember.Entry, steps []step) (bool, error) {
	if e.Root == opts.Root {
		return true, opts.allStay(e.Root, steps)
	}
	if _, err := os.Stat(e.Root); errors.Is(err, fs.ErrNotExist) {
		return true, nil // nothing in it can lead anywhere
	}
	careful := *opts
	careful.Untrusted = true
	return careful.allStay(e.Root, steps) == nil, nil
}

// settle decides, changes what must be, and closes the entry.
func settle(ctx context.Context, opts *Options, store *remember.Store, e remember.Entry, steps []step, r *Recovered) error {
	before, after := 0, 0
	for _, s := range steps {
		where := placeBefore
		if e.State != remember.StatePlanned {
			var err error
			if where, err = s.where(ctx, opts); err != nil {
				return err
			}
		}
		switch where {
		case placeBefore:
			before++
		case placeAfter:
			after++
		case placeForeign: // neither
		}
	}
	switch {
	case e.State == remember.StatePlanned || before == len(steps):
		r.Outcome = OutcomeNothing
		r.Text = fmt.Sprintf("godrift was stopped before it had changed anything for %q. Nothing is left to do.", e.Title)
	case after == len(steps):
		r.Outcome = OutcomeDone
		r.Text = fmt.Sprintf("godrift was stopped just after it had finished %q: it is in effect, and undo %d takes it back.", e.Title, e.ID)
	default:
		r.Outcome = OutcomeUndone
		r.Text = fmt.Sprintf("godrift was stopped in the middle of %q: what had been changed was taken back.", e.Title)
	}
	if r.Outcome == OutcomeUndone {
		if left := takeBack(ctx, opts, steps, e.Token); len(left) > 0 {
			r.Outcome = OutcomeLeft
			r.Text = fmt.Sprintf("godrift was stopped in the middle of %q, and not everything could be taken back: %s.", e.Title, strings.Join(left, "; "))
			if kept := keep(opts, e.ID, steps); kept != "" {
				r.Text += " The texts from before are in " + kept + "."
			}
		}
	} else if err := sweep(steps, e.Token); err != nil {
		return err
	}
	opts.at("settled")
	if r.Outcome == OutcomeDone {
		return store.Done(ctx, e.ID, opts.now())
	}
	return store.Failed(ctx, e.ID, opts.now(), r.Text)
}

// sweep removes the temporary files that a kill left.
func sweep(steps []step, token string) error {
	files, err := replaced(steps)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := removeTemp(file, token); err != nil {
			return err
		}
	}
	for _, s := range steps {
		if s.Kind != stepSDK {
			continue
		}
		if err := os.RemoveAll(tempName(s.File, token)); err != nil {
			return fmt.Errorf("removing a temporary folder: %w", err)
		}
	}
	return nil
}

func removeTemp(file, token string) error {
	if err := os.Remove(tempName(file, token)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a temporary file: %w", err)
	}
	return nil
}
