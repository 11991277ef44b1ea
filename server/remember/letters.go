package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// How long letters that were sent or given up are kept.
const (
	sentKept   = 7 * 24 * time.Hour
	deadKept   = 90 * 24 * time.Hour
	goneKept   = deadKept // of findings of which nobody believes that they stand
	mostLetter = 200_000  // of all that are kept
)

func post(ctx context.Context, tx *sql.Tx, l drift.Letter) error {
	state := drift.LetterPending
	if l.Owner != "" {
		state = drift.LetterInflight
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO letters (key, channel, state, created, next, leased, owner, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		l.Key, l.Channel, state, toMillis(l.Created), toMillis(l.Next), toMillis(l.Leased), l.Owner, string(l.Body))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, drift.ErrToldBefore)
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	for _, f := range l.Fingerprints {
		if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO about (letter, fingerprint) VALUES (?, ?)", id, f); err != nil {
			return err
		}
	}
	return nil
}

const letterColumns = `id, key, channel, state, created, next, leased, ended, attempts, first, unsure, error, body,
	coalesce((SELECT group_concat(fingerprint, ' ') FROM about WHERE letter = id), '')`

func scanLetter(rows *sql.Rows) (l drift.Letter, err error) {
	var created, next, leased, ended, first int64
	var about string
	err = rows.Scan(&l.ID, &l.Key, &l.Channel, &l.State, &created, &next, &leased, &ended, &l.Attempts, &first, &l.Unsure, &l.Error, &l.Body, &about)
	l.Created, l.Next, l.Leased, l.Ended, l.First = fromMillis(created), fromMillis(next), fromMillis(leased), fromMillis(ended), fromMillis(first)
	l.Fingerprints = strings.Fields(about)
	return l, err
}

// Claim takes the letter for a channel that is to be tried now, and keeps others from
// it until the lease ends. What nobody has finished by then may have arrived: it is
// marked unsure. A time further away than far is one of a clock that was wrong, and
// counts as past. It is nil if there is none; the other result is when the next one
// is to be tried, zero if none waits.
func (s *Store) Claim(ctx context.Context, channel, owner string, now, lease time.Time, far time.Duration) (*drift.Letter, time.Time, error) {
	var found *drift.Letter
	var next time.Time
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		found, next = nil, time.Time{}
		at, limit := toMillis(now), toMillis(now.Add(far))
		// What is told of one finding arrives in order: a letter waits for older ones
		// that are about the same.
		const free = ` FROM letters AS l WHERE channel = ? AND state IN ('pending', 'inflight') AND NOT EXISTS (
			SELECT 1 FROM about AS mine JOIN about AS other ON other.fingerprint = mine.fingerprint AND other.letter < mine.letter
			JOIN letters AS o ON o.id = other.letter AND o.channel = l.channel AND o.state IN ('pending', 'inflight') WHERE mine.letter = l.id)`
		const due = "CASE state WHEN 'pending' THEN next ELSE leased END"
		list, err := readAll(ctx, tx, scanLetter, "SELECT "+letterColumns+free+
			" AND ("+due+" <= ? OR "+due+" > ?) ORDER BY "+due+", id LIMIT 1", channel, at, limit)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			var soonest sql.NullInt64
			err := tx.QueryRowContext(ctx, "SELECT min("+due+")"+free, channel).Scan(&soonest)
			next = fromMillis(soonest.Int64)
			return err
		}
		l := list[0]
		l.Unsure = l.Unsure || l.State == drift.LetterInflight
		l.State, l.Leased, l.Attempts = drift.LetterInflight, lease, l.Attempts+1
		if l.First.IsZero() {
			l.First = now
		}
		if _, err := tx.ExecContext(ctx, "UPDATE letters SET state = ?, leased = ?, owner = ?, attempts = ?, first = ?, unsure = ? WHERE id = ?",
			l.State, toMillis(l.Leased), owner, l.Attempts, toMillis(l.First), l.Unsure, l.ID); err != nil {
			return err
		}
		found = &l
		return nil
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("looking for messages to %s in %s: %w", channel, s.file(), err)
	}
	return found, next, nil
}

// Finish writes how an attempt ended: sent, dead, or pending, to be tried at next.
// hold puts off, until then, everything else for the channel that would be tried
// before it; zero is nothing. It is drift.ErrNoLetter if the lease was lost.
func (s *Store) Finish(ctx context.Context, l drift.Letter, owner string, hold time.Time) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE letters SET state = ?, next = ?, leased = 0, owner = '', ended = ?, unsure = ?, error = ? WHERE id = ? AND state = 'inflight' AND owner = ?",
			l.State, toMillis(l.Next), toMillis(l.Ended), l.Unsure, drift.MaskText(l.Error), l.ID, owner)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, drift.ErrNoLetter)
		}
		if l.State == drift.LetterSent && l.Attempts > 1 {
			// The way is open again: nothing has to wait for its next try.
			_, err := tx.ExecContext(ctx, "UPDATE letters SET next = ? WHERE channel = ? AND state = 'pending' AND next > ?", toMillis(l.Ended), l.Channel, toMillis(l.Ended))
			return err
		}
		if hold.IsZero() {
			return nil
		}
		_, err = tx.ExecContext(ctx, "UPDATE letters SET next = ? WHERE channel = ? AND state = 'pending' AND next < ?", toMillis(hold), l.Channel, toMillis(hold))
		return err
	})
	if err != nil {
		return fmt.Errorf("writing how message %d went to %s: %w", l.ID, s.file(), err)
	}
	return nil
}

// Letters reads the newest letters in these states, newest first.
func (s *Store) Letters(ctx context.Context, limit int, states ...drift.LetterState) ([]drift.Letter, error) {
	var list []drift.Letter
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(states)), ", ")
	args := make([]any, 0, len(states)+1)
	for _, state := range states {
		args = append(args, state)
	}
	err := s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		list, err = readAll(ctx, db, scanLetter, "SELECT "+letterColumns+" FROM letters WHERE state IN ("+marks+") ORDER BY id DESC LIMIT ?", append(args, limit)...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading messages in %s: %w", s.file(), err)
	}
	return list, nil
}

// Waiting counts letters by channel and state.
func (s *Store) Waiting(ctx context.Context) (map[string]map[drift.LetterState]int, error) {
	out := map[string]map[drift.LetterState]int{}
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		clear(out)
		type count struct {
			channel string
			state   drift.LetterState
			n       int
		}
		list, err := readAll(ctx, db, func(rows *sql.Rows) (c count, err error) {
			err = rows.Scan(&c.channel, &c.state, &c.n)
			return c, err
		}, "SELECT channel, state, count(*) FROM letters GROUP BY channel, state")
		for _, c := range list {
			if out[c.channel] == nil {
				out[c.channel] = map[drift.LetterState]int{}
			}
			out[c.channel][c.state] = c.n
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("counting messages in %s: %w", s.file(), err)
	}
	return out, nil
}

// Revive has dead letters tried again, all of them if no number is given. It returns
// how many there were.
func (s *Store) Revive(ctx context.Context, now time.Time, ids ...int64) (int, error) {
	revived := 0
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		revived = 0
		const again = "UPDATE letters SET state = 'pending', next = ?, ended = 0, attempts = 0, first = 0 WHERE state = 'dead'"
		if len(ids) == 0 {
			res, err := tx.ExecContext(ctx, again, toMillis(now))
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			revived = int(n)
			return err
		}
		for _, id := range ids {
			res, err := tx.ExecContext(ctx, again+" AND id = ?", toMillis(now), id)
			if err != nil {
				return err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			revived += int(n)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("sending messages in %s again: %w", s.file(), err)
	}
	return revived, nil
}

// Sweep forgets letters that were sent a week ago or given up a quarter of a year ago, and
// findings that went so long ago: no report tells any more that those of a workspace which
// nobody watches can be forgotten.
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM letters WHERE state = 'sent' AND ended < ? OR state = 'dead' AND ended < ?
			OR state IN ('sent', 'dead') AND id <= (SELECT max(id) FROM letters) - ?`, toMillis(now.Add(-sentKept)), toMillis(now.Add(-deadKept)), mostLetter)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM standing WHERE NOT firing AND changed < ?
			AND NOT EXISTS (SELECT 1 FROM told WHERE told.fingerprint = standing.fingerprint AND told.state = 'firing')`, toMillis(now.Add(-goneKept))); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM told WHERE fingerprint NOT IN (SELECT fingerprint FROM standing)")
		return err
	})
	if err != nil {
		return fmt.Errorf("forgetting old messages in %s: %w", s.file(), err)
	}
	return nil
}

// Discard takes a letter out that somebody tried out a channel with.
func (s *Store) Discard(ctx context.Context, key string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM letters WHERE key = ?", key)
		return err
	})
	if err != nil {
		return fmt.Errorf("taking a message out of %s: %w", s.file(), err)
	}
	return nil
}
