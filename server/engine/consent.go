package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/judge/policy"
	"godrift.dev/server/judge/rules"
)

// Ask is one thing that the contract of a workspace asks for.
type Ask = rules.Ask

// The ways in which what a contract asks for is dealt with.
const (
	AskMends   = rules.AskMends
	AskByHand  = rules.AskByHand
	AskRefused = rules.AskRefused
)

// ErrNotAllowed refuses what only a repository asks for.
var ErrNotAllowed = errors.New("the repository asks for this in godrift.toml, and nobody has allowed that here: look at it with godrift allow, and allow it")

// ErrNoContract says that there is nothing to decide.
var ErrNoContract = errors.New("there is no [contract] in godrift.toml here, so there is nothing to allow or to deny")

// Request is what the repository of a workspace asks for.
type Request struct {
	// File is its godrift.toml, and Hash that of the text that was read.
	File, Hash string
	// Asks are empty if it asks for nothing.
	Asks []Ask
	// Verdict is what was decided about this text; empty if nothing was, or if it was
	// another text.
	Verdict drift.Verdict
	// Before is the last decision, whatever text it was about; nil if there is none.
	Before *drift.Consent
}

// Request reads what the repository of a report's workspace asks for, and what was
// decided about it.
func (m *Memory) Request(ctx context.Context, report *drift.Report) (Request, error) {
	in := input(report.Snapshot, time.Now())
	r := Request{File: policy.File(report.Snapshot.Root), Asks: rules.Asks(in)}
	r.Hash = report.Snapshot.Documents[r.File].Hash
	store, err := m.mender.open()
	if err != nil {
		return Request{}, err
	}
	if r.Before, err = store.Consent(ctx, report.Snapshot.Root); err != nil {
		return Request{}, err
	}
	in.Memory = &drift.Memory{Consent: r.Before}
	r.Verdict = rules.Verdict(in)
	return r, nil
}

// Decide writes down what a person decided about a request, and notes it in the
// audit. It counts for exactly the text that was shown.
func (m *Memory) Decide(ctx context.Context, world World, report *drift.Report, r Request, verdict drift.Verdict) error {
	if !report.Snapshot.Trusted {
		return ErrNoMemory
	}
	begun := time.Now()
	deed := drift.Deed{Time: begun, Root: report.Snapshot.Root, Kind: drift.DeedTrust, Before: decided(r.Before), After: string(verdict) + " " + drift.ShortID(r.Hash)}
	deed.Title = "Allowed what godrift.toml asks for"
	if verdict == drift.VerdictDeny {
		deed.Title = "Denied what godrift.toml asks for"
	}
	deed.Note = fmt.Sprintf("%s, SHA-256 %s", drift.Plural(len(r.Asks), "request"), drift.ShortID(r.Hash))
	return m.note(ctx, deed, m.decide(ctx, world, report, r, verdict, begun))
}

func (m *Memory) decide(ctx context.Context, world World, report *drift.Report, r Request, verdict drift.Verdict, at time.Time) error {
	if len(r.Asks) == 0 || r.Hash == "" {
		return ErrNoContract
	}
	// What is decided is looked at together with the baseline, and so there is one.
	if _, _, err := m.Remember(ctx, world, report, nil); err != nil {
		return err
	}
	store, err := m.mender.open()
	if err != nil {
		return err
	}
	return store.Decide(ctx, report.Snapshot.Root, drift.Consent{Verdict: verdict, Hash: r.Hash, Time: at.UTC().Truncate(time.Millisecond), By: m.actor(ctx)})
}

// decided is a decision in a word, for the audit.
func decided(c *drift.Consent) string {
	if c == nil {
		return ""
	}
	return string(c.Verdict) + " " + drift.ShortID(c.Hash)
}
