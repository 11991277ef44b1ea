package alert

import (
	"context"
	"time"

	"godrift.dev/server/drift"
)

// Outbox is where what is told is kept. When a method returns without an error, what
// it says is on disk.
type Outbox interface {
	Ledger(ctx context.Context) (drift.Ledger, error)
	// Stand writes what a report changed, and forgets findings.
	Stand(ctx context.Context, changed []drift.Standing, forget []string) error
	// Tell writes what a channel counts as told and the letters that tell it.
	Tell(ctx context.Context, t drift.Telling) error

	// Claim takes the letter that is to be tried now, or says when the next one is.
	Claim(ctx context.Context, channel, owner string, now, lease time.Time, far time.Duration) (*drift.Letter, time.Time, error)
	// Finish writes how an attempt ended, and puts off the others until hold.
	Finish(ctx context.Context, l drift.Letter, owner string, hold time.Time) error

	// Discard takes a letter out that somebody tried out a channel with.
	Discard(ctx context.Context, key string) error

	Letters(ctx context.Context, limit int, states ...drift.LetterState) ([]drift.Letter, error)
	Waiting(ctx context.Context) (map[string]map[drift.LetterState]int, error)
	Revive(ctx context.Context, now time.Time, ids ...int64) (int, error)
	Sweep(ctx context.Context, now time.Time) error

	Silence(ctx context.Context, s drift.Silence) (int64, error)
	Unsilence(ctx context.Context, id int64) (bool, error)
}
