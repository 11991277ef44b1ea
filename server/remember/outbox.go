package remember

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
)

// Ledger reads what is remembered of alerts.
func (s *Store) Ledger(ctx context.Context) (drift.Ledger, error) {
	var l drift.Ledger
	err := s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		l = drift.Ledger{Seen: map[string][]string{}}
		if l.Standing, err = readAll(ctx, db, scanStanding, "SELECT fingerprint, id, workspace, root, rule, level, firing, changed, since, event FROM standing ORDER BY since, fingerprint"); err != nil {
			return err
		}
		if l.Told, err = readAll(ctx, db, scanTold, "SELECT fingerprint, channel, state, id, level, time, news, summary, turn FROM told ORDER BY fingerprint, channel"); err != nil {
			return err
		}
		if l.Silences, err = readAll(ctx, db, scanSilence, selectSilences); err != nil {
			return err
		}
		heard, err := readAll(ctx, db, func(rows *sql.Rows) (pair [2]string, err error) {
			err = rows.Scan(&pair[0], &pair[1])
			return pair, err
		}, "SELECT channel, root FROM heard ORDER BY channel, root")
		for _, h := range heard {
			l.Seen[h[0]] = append(l.Seen[h[0]], h[1])
		}
		return err
	})
	if err != nil {
		return drift.Ledger{}, fmt.Errorf("reading what is known of alerts in %s: %w", s.file(), err)
	}
	return l, nil
}

func scanStanding(rows *sql.Rows) (a drift.Standing, err error) {
	var changed, since int64
	err = rows.Scan(&a.Fingerprint, &a.ID, &a.Workspace, &a.Root, &a.Rule, &a.Level, &a.Firing, &changed, &since, &a.Event)
	a.Changed, a.Since = fromMillis(changed), fromMillis(since)
	return a, err
}

func scanTold(rows *sql.Rows) (t drift.Told, err error) {
	var at int64
	var news string
	if err = rows.Scan(&t.Fingerprint, &t.Channel, &t.State, &t.ID, &t.Level, &at, &news, &t.Summary, &t.Turn); err != nil {
		return t, err
	}
	t.At = fromMillis(at)
	var times []int64
	if err = json.Unmarshal([]byte(news), &times); err != nil {
		return t, fmt.Errorf("the times of %s: %w", t.Fingerprint, err)
	}
	for _, at := range times {
		t.News = append(t.News, fromMillis(at))
	}
	return t, nil
}

// fromMillis is the other way of millis; 0 is no time.
func fromMillis(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(at).UTC()
}

// toMillis writes no time as 0.
func toMillis(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return millis(at)
}

// Stand writes what a report changed: what stands or has gone, and the fingerprints
// that nobody has to know of any more.
func (s *Store) Stand(ctx context.Context, changed []drift.Standing, forget []string) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, a := range changed {
			if _, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO standing (fingerprint, id, workspace, root, rule, level, firing, changed, since, event)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, a.Fingerprint, a.ID, a.Workspace, a.Root, a.Rule, a.Level, a.Firing, toMillis(a.Changed), toMillis(a.Since), string(a.Event)); err != nil {
				return err
			}
		}
		for _, f := range forget {
			for _, table := range []string{"standing", "told"} {
				if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE fingerprint = ?", f); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing what alerts are about to %s: %w", s.file(), err)
	}
	return nil
}

// Tell writes that a channel counts as told, with the letters that tell it: both or
// nothing. It is drift.ErrToldBefore if somebody else was first, and
// drift.ErrOutboxFull if there is no room.
func (s *Store) Tell(ctx context.Context, t drift.Telling) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		var waiting int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM letters WHERE channel = ? AND state IN ('pending', 'inflight')", t.Channel).Scan(&waiting); err != nil {
			return err
		}
		if t.Room > 0 && len(t.Letters) > 0 && waiting+len(t.Letters) > t.Room {
			return drift.ErrOutboxFull
		}
		for _, told := range t.Tolds {
			if err := writeTold(ctx, tx, told); err != nil {
				return err
			}
		}
		for _, root := range t.Seen {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO heard (channel, root) VALUES (?, ?)", t.Channel, root); err != nil {
				return err
			}
		}
		for _, l := range t.Letters {
			if err := post(ctx, tx, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("writing messages for %s to %s: %w", t.Channel, s.file(), err)
	}
	return nil
}

func writeTold(ctx context.Context, tx *sql.Tx, t drift.Told) error {
	times := make([]int64, 0, len(t.News))
	for _, at := range t.News {
		times = append(times, millis(at))
	}
	news, err := json.Marshal(times)
	if err != nil {
		return err
	}
	// The turn is the one that the caller saw, 0 where there was none.
	res, err := tx.ExecContext(ctx, `INSERT INTO told (fingerprint, channel, state, id, level, time, news, summary, turn)
		SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE ? = (SELECT coalesce(max(turn), 0) FROM told WHERE fingerprint = ? AND channel = ?)
		ON CONFLICT DO UPDATE SET state = excluded.state, id = excluded.id, level = excluded.level, time = excluded.time,
			news = excluded.news, summary = excluded.summary, turn = excluded.turn`,
		t.Fingerprint, t.Channel, t.State, t.ID, t.Level, millis(t.At), string(news), t.Summary, t.Turn+1, t.Turn, t.Fingerprint, t.Channel)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, drift.ErrToldBefore)
	}
	return nil
}

// inTx runs f in a transaction that is on disk when it returns without an error.
func (s *Store) inTx(ctx context.Context, f func(tx *sql.Tx) error) error {
	return s.with(ctx, func(db *sql.DB, _ []byte) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		if err := f(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}

const selectSilences = "SELECT id, rules, workspaces, created, until, reason FROM silences ORDER BY id"

func scanSilence(rows *sql.Rows) (v drift.Silence, err error) {
	var created, until int64
	var rules, workspaces string
	if err = rows.Scan(&v.ID, &rules, &workspaces, &created, &until, &v.Reason); err != nil {
		return v, err
	}
	v.Created, v.Until = fromMillis(created), fromMillis(until)
	return v, errors.Join(json.Unmarshal([]byte(rules), &v.Rules), json.Unmarshal([]byte(workspaces), &v.Workspaces))
}

// mostSilences bounds how many can be made.
const mostSilences = 1000

// Silence writes a new silence and returns its number. Those that have ended go.
func (s *Store) Silence(ctx context.Context, v drift.Silence) (int64, error) {
	rules, err := json.Marshal(v.Rules)
	if err != nil {
		return 0, err
	}
	workspaces, err := json.Marshal(v.Workspaces)
	if err != nil {
		return 0, err
	}
	var id int64
	err = s.inTx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM silences WHERE until < ?", toMillis(v.Created)); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM silences").Scan(&n); err != nil || n >= mostSilences {
			return errors.Join(err, fmt.Errorf("there are %d silences already", n))
		}
		res, err := tx.ExecContext(ctx, "INSERT INTO silences (rules, workspaces, created, until, reason) VALUES (?, ?, ?, ?, ?)",
			string(rules), string(workspaces), toMillis(v.Created), toMillis(v.Until), drift.MaskText(v.Reason))
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("writing a silence to %s: %w", s.file(), err)
	}
	return id, nil
}

// Unsilence takes a silence back, and reports whether there was one of that number.
func (s *Store) Unsilence(ctx context.Context, id int64) (bool, error) {
	var n int64
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM silences WHERE id = ?", id)
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	if err != nil {
		return false, fmt.Errorf("taking back silence %d in %s: %w", id, s.file(), err)
	}
	return n > 0, nil
}
