package remember

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
)

// Sighting is what a workspace is found to be.
type Sighting struct {
	Record drift.Record
	By     drift.Actor
	// Checkout says where the git checkout stands; what it says is the caller's
	// business.
	Checkout string
	// Cause tells why the record is another than the one before.
	Cause func(Before) drift.Cause
}

// Before is what is known of the time before a sighting.
type Before struct {
	Changes  []drift.Change // from then to now
	Checkout string
	// Deeds are what godrift did a short time ago, newest first.
	Deeds []Done
}

// Done is a deed of godrift that may be the cause of a change.
type Done struct {
	Title string
	Entry Entry // of the journal, which tells what it wrote; zero if there is none
}

// lately is how long after a deed of godrift a change is taken for its effect.
const lately = 2 * time.Minute

// Remember stores what a workspace is now, in one environment. It returns the
// moment that this is, or false if nothing changed since the last one. The
// first record of a workspace becomes its baseline. When it returns, what it
// says is on disk.
func (s *Store) Remember(ctx context.Context, sighting Sighting) (drift.Moment, bool, error) {
	r := sighting.Record
	id := r.ID()
	m := drift.Moment{Time: r.Time, Root: r.Root, Of: r.Of, After: id, By: sighting.By}
	var fresh bool
	err := s.with(ctx, func(db *sql.DB, key []byte) error {
		// Mostly nothing changed, and then nobody waits for a writer.
		if before, err := headOf(ctx, db, r.Root, r.Of); err != nil || before.id == id && before.checkout == sighting.Checkout {
			return err
		}
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		before, err := headOf(ctx, tx, r.Root, r.Of)
		switch {
		case err != nil:
			return err
		case before.id != id:
			if err := next(ctx, tx, key, sighting, before, &m); err != nil {
				return err
			}
		case before.checkout == sighting.Checkout:
			return nil // another process was first
		default:
			if _, err := tx.ExecContext(ctx, "UPDATE heads SET checkout = ? WHERE root = (SELECT id FROM roots WHERE path = ?) AND of = ?", sighting.Checkout, r.Root, r.Of); err != nil {
				return err
			}
		}
		if err := tx.Commit(); err != nil {
			return err
		}
		fresh = before.id != id
		return nil
	})
	if err != nil {
		return drift.Moment{}, false, fmt.Errorf("remembering the state of %s in %s: %w", r.Root, s.file(), err)
	}
	if fresh {
		s.chores(ctx, r.Time)
	}
	return m, fresh, nil
}

// deedLag is how much later than the look that saw its effect a deed may be dated,
// in milliseconds: none, but for clocks that round.
const deedLag = 1

// next writes a moment with all that belongs to it.
func next(ctx context.Context, tx *sql.Tx, key []byte, sighting Sighting, before head, m *drift.Moment) error {
	r := sighting.Record
	m.Before, m.Changes, m.Cause = before.id, nil, drift.Cause{Kind: drift.CauseFirst}
	if before.id != "" {
		_, old, err := readRecord(ctx, tx, "id = ?", before.record)
		if err != nil {
			return err
		}
		m.Changes = drift.Diff(old, r)
		then := Before{Changes: m.Changes, Checkout: before.checkout}
		if then.Deeds, err = deedsBetween(ctx, tx, key, r.Root, max(before.since, millis(r.Time.Add(-lately))), millis(r.Time)); err != nil {
			return err
		}
		m.Cause = drift.Cause{Kind: drift.CauseOther}
		if sighting.Cause != nil {
			m.Cause = masked(sighting.Cause(then))
		}
	}
	record, err := writeRecord(ctx, tx, r, m.After)
	if err != nil {
		return err
	}
	root, err := number(ctx, tx, "roots", "path", r.Root)
	if err != nil {
		return err
	}
	if err := writeMoment(ctx, tx, root, record, m, false); err != nil {
		return err
	}
	if before.id != "" {
		// What was done in between led from the one state to the other.
		if _, err := tx.ExecContext(ctx, `UPDATE deeds SET before = ?, after = ? WHERE root = ? AND before = '' AND after = '' AND result = 'done'
			AND kind IN ('fix', 'undo', 'redo', 'rollback') AND time BETWEEN ? AND ?`, before.id, m.After, root, before.since, millis(r.Time)+deedLag); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO heads (root, of, record, since, checkout) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET record = excluded.record, since = excluded.since, checkout = excluded.checkout`,
		root, r.Of, record, millis(r.Time), sighting.Checkout); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO baselines (root, record, seen, of, accepted, actor, name) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		root, record, millis(r.Time), r.Of, millis(r.Time), m.By.Kind, m.By.Name)
	return err
}

// deedsBetween lists what was done to a workspace, newest first.
func deedsBetween(ctx context.Context, q querier, key []byte, root string, since, until int64) ([]Done, error) {
	list, err := readAll(ctx, q, func(rows *sql.Rows) (d Done, err error) {
		err = rows.Scan(&d.Title, &d.Entry.ID)
		return d, err
	}, `SELECT title, journal FROM deeds WHERE root = (SELECT id FROM roots WHERE path = ?) AND time BETWEEN ? AND ?
		AND result = 'done' AND kind NOT IN ('accept', 'import', 'trust') ORDER BY time DESC, id DESC LIMIT 50`, root, since, until)
	if err != nil {
		return nil, err
	}
	for i, d := range list {
		// Without its entry a deed explains nothing, which stops nobody.
		list[i].Entry = Entry{}
		if entries, err := readEntries(ctx, q, key, "WHERE id = ? AND root = ?", d.Entry.ID, root); err == nil && len(entries) == 1 {
			list[i].Entry = entries[0]
		}
	}
	return list, nil
}

func writeMoment(ctx context.Context, tx *sql.Tx, root, record int64, m *drift.Moment, imported bool) error {
	changes, err := json.Marshal(m.Changes)
	if err != nil {
		return fmt.Errorf("writing the changes: %w", err)
	}
	before, err := hex.DecodeString(m.Before)
	if err != nil {
		return fmt.Errorf("writing the changes: %w", err)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO moments (time, root, of, before, after, cause, why, actor, name, changes, imported)
		VALUES (?, ?, ?, (SELECT id FROM records WHERE hash = ?), ?, ?, ?, ?, ?, ?, ?)`,
		millis(m.Time), root, m.Of, before, record, m.Cause.Kind, m.Cause.Text, m.By.Kind, m.By.Name, string(changes), imported)
	if err != nil {
		return err
	}
	if m.ID, err = res.LastInsertId(); err != nil {
		return err
	}
	for _, c := range m.Changes {
		fact, err := number(ctx, tx, "facts", "key", c.Key)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO touched (root, fact, time, moment) VALUES (?, ?, ?, ?)", root, fact, millis(m.Time), m.ID); err != nil {
			return err
		}
	}
	return nil
}

// masked keeps secrets and megabytes out of a cause.
func masked(c drift.Cause) drift.Cause {
	c.Text = drift.MaskText(drift.Clip(drift.MaskText(c.Text)))
	return c
}

// head is what an environment of a folder is now.
type head struct {
	id       string // of its record; empty if it was never seen
	record   int64
	since    int64
	checkout string
}

func headOf(ctx context.Context, q querier, root, of string) (head, error) {
	var h head
	var hash []byte
	err := q.QueryRowContext(ctx, `SELECT hash, record, since, checkout FROM heads JOIN records ON records.id = record
		WHERE root = (SELECT id FROM roots WHERE path = ?) AND of = ?`, root, of).Scan(&hash, &h.record, &h.since, &h.checkout)
	if errors.Is(err, sql.ErrNoRows) {
		return head{}, nil
	}
	h.id = hex.EncodeToString(hash)
	return h, err
}

// Filter says which moments are asked for. What is empty does not count.
type Filter struct {
	// Root is the workspace folder; it is required.
	Root string
	Of   string
	// Keys are keys of facts; one that ends in "*" stands for all that begin so.
	Keys  []string
	Cause drift.CauseKind
	// ID is one moment; Text is a text in a change or a cause, in upper or lower case.
	ID   int64
	Text string
	// Since and Until are the first and the last time.
	Since, Until time.Time
	// Before leaves out this moment and those after it: the next page.
	Before int64
	// Seen has what was seen here last come first, whatever the clock said then,
	// and what was imported at the end. Keys do not go with it.
	Seen bool
	// Limit is the largest number of moments; 0 is 100.
	Limit int
}

// Count is how many moments of all workspaces there are.
func (s *Store) Count(ctx context.Context) (n int, err error) {
	err = s.with(ctx, func(db *sql.DB, _ []byte) error {
		return db.QueryRowContext(ctx, "SELECT count(*) FROM moments").Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("counting the history: %w", err)
	}
	return n, nil
}

// Moments reads the history, newest first.
func (s *Store) Moments(ctx context.Context, f Filter) ([]drift.Moment, error) {
	query, args := f.query()
	if len(f.Keys) > 0 {
		facts, err := s.facts(ctx, f.Keys)
		if err != nil || len(facts) == 0 {
			return nil, err
		}
		query, args = f.queryFacts(facts)
	}
	return s.moments(ctx, f.Root, query, args...)
}

func (s *Store) moments(ctx context.Context, root, query string, args ...any) ([]drift.Moment, error) {
	var list []drift.Moment
	err := s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		list, err = readAll(ctx, db, func(rows *sql.Rows) (drift.Moment, error) {
			m := drift.Moment{Root: root}
			var at int64
			var before, after []byte
			var changes string
			if err := rows.Scan(&m.ID, &at, &m.Of, &before, &after, &m.Cause.Kind, &m.Cause.Text, &m.By.Kind, &m.By.Name, &changes); err != nil {
				return m, err
			}
			m.Time, m.Before, m.After = time.UnixMilli(at).UTC(), hex.EncodeToString(before), hex.EncodeToString(after)
			if err := json.Unmarshal([]byte(changes), &m.Changes); err != nil {
				return m, fmt.Errorf("moment %d: %w", m.ID, err)
			}
			return m, nil
		}, query, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the history of %s in %s: %w", root, s.file(), err)
	}
	return list, nil
}

const selectMoments = `SELECT m.id, m.time, m.of, b.hash, a.hash, m.cause, m.why, m.actor, m.name, m.changes
	FROM moments AS m JOIN records AS a ON a.id = m.after LEFT JOIN records AS b ON b.id = m.before `
