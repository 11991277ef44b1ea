package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"godrift.dev/server/act"
	"godrift.dev/server/drift"
	"godrift.dev/server/judge/rules"
)

// RollbackNote says of a variable, a file or another fact why it is left as it is.
type RollbackNote = rules.RollbackNote

// RollbackWanted says what a rollback brings back.
type RollbackWanted = rules.Wanted

// PinBack is a pin that a rollback gives the text back that it had.
type PinBack = rules.PinBack

// Everything is all that differs from a record; what cannot be brought back is
// named.
func Everything() RollbackWanted { return rules.Everything() }

// Rollback is what brings variables and pins back to what they were in a record.
type Rollback struct {
	rules.Back

	record drift.Record
}

// PlanRollback works out how to bring back what is wanted to what it was in a
// record. present is the record of the report; without it what cannot be brought
// back is not named.
func PlanRollback(report *drift.Report, present, to drift.Record, wanted RollbackWanted, now time.Time) Rollback {
	in := input(report.Snapshot, now)
	in.Present = present
	return Rollback{Back: rules.Rollback(in, to, wanted), record: to}
}

// RestorePin is the fix that gives the pin at a place the text back that it has in
// a record; false if it is what it was, or cannot be put back.
func RestorePin(report *drift.Report, to drift.Record, at drift.Place, now time.Time) (drift.Fix, bool) {
	return rules.RestorePin(input(report.Snapshot, now), to, at)
}

// RollbackInShell works out what a running shell has to evaluate so that the
// variables are what they were, whatever files say, and what the repository asks
// for where that is allowed.
func RollbackInShell(report *drift.Report, asked Request, to drift.Record, names []string, now time.Time) ([]ShellChange, []RollbackNote) {
	in := input(report.Snapshot, now)
	in.Memory = &drift.Memory{Consent: asked.Before}
	actions, left := rules.RollbackInShell(in, to, names)
	var out []ShellChange
	for _, a := range actions {
		out = append(out, ShellChange{Variable: a.Variable, Value: a.Value, Unset: a.Kind == drift.ActionUnsetShell})
	}
	return out, left
}

// Compares reports whether a finding compares with the accepted state, so that it
// is settled by accepting the present one.
func Compares(f drift.Finding) bool {
	return slices.ContainsFunc(rules.Catalog, func(r rules.Rule) bool {
		return r.Code == f.Code && r.Compares && (r.ComparedOnly == "" || r.ComparedOnly == f.Subject)
	})
}

// errNotBack says that a rollback did not bring back what it was to bring back.
var errNotBack = errors.New("it is not back")

// Rollback carries a rollback out and looks again: what is not back afterwards
// fails it, and then everything is as it was before. What only the person in
// front of a shell can do is in Result.Shell, and not looked for.
func (m *Mender) Rollback(ctx context.Context, opts Options, report *drift.Report, r Rollback, hands Hands) (Result, *drift.Report, error) {
	begun := time.Now()
	result, after, err := m.rollBack(ctx, opts, report, r, hands)
	m.noted(ctx, drift.Deed{
		Time: begun, Kind: drift.DeedRollback, Title: r.Fix.Title, Note: "back to snapshot " + drift.ShortID(r.record.ID()), Journal: result.ID,
	}, report, err)
	return result, after, err
}

func (m *Mender) rollBack(ctx context.Context, opts Options, report *drift.Report, r Rollback, hands Hands) (Result, *drift.Report, error) {
	acting := m.options(opts.World, report, hands)
	result, err := act.Apply(ctx, acting, r.Fix)
	if err != nil {
		return Result{}, nil, err
	}
	opts.NoTools, opts.Record = true, false // tools take no part in it
	after, err := Evaluate(ctx, opts)
	if err == nil {
		err = r.verify(after, result)
	}
	if err == nil || result.ID == 0 {
		return result, after, err
	}
	// Whoever cancels wants nothing half done.
	if _, undone := act.Undo(context.WithoutCancel(ctx), acting, result.ID); undone != nil {
		return Result{}, nil, fmt.Errorf("%w, and it could not be taken back: %w", err, undone)
	}
	return Result{}, nil, fmt.Errorf("everything is as it was before the rollback, because %w", err)
}

// verify holds what is there after a rollback against the record.
func (r Rollback) verify(after *drift.Report, result Result) error {
	// A shell's variables are changed by its person, and what an editor has
	// changed is known when it reports its environment again.
	elsewhere := map[string]bool{}
	for _, c := range result.Shell {
		elsewhere[c.Variable] = true
	}
	for _, a := range r.Fix.Actions {
		if a.Kind == drift.ActionSetEditor || a.Kind == drift.ActionUnsetEditor {
			elsewhere[a.Variable] = true
		}
	}
	var wrong []string
	for _, name := range r.Variables {
		if v, ok := after.Snapshot.Environment.Lookup(name); ok && !elsewhere[name] {
			if want, _, _ := r.record.Variable(name); drift.Mask(name, v.Value) != want {
				wrong = append(wrong, fmt.Sprintf("%s is %q and not %q", name, drift.Mask(name, v.Value), want))
			}
		}
	}
	texts := map[string]string{}
	for i, key := range drift.PinKeys(after.Snapshot) {
		texts[key] = drift.PinText(after.Snapshot.Pins[i])
	}
	for _, p := range r.Pins {
		if texts[p.Key] != p.To {
			wrong = append(wrong, fmt.Sprintf("in %s %q is read, and not %q", p.File, texts[p.Key], p.To))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%w: %s", errNotBack, strings.Join(wrong, "; "))
	}
	return nil
}
