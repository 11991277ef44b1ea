package remember

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"godrift.dev/server/drift"
)

// Note writes a deed into the audit and returns its number. When it returns the
// deed is on disk.
func (s *Store) Note(ctx context.Context, d drift.Deed) (int64, error) {
	var id int64
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		root, err := number(ctx, tx, "roots", "path", d.Root)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, "INSERT INTO deeds (time, duration, root, kind, title, actor, name, before, after, result, note, journal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			millis(d.Time), d.Duration.Microseconds(), root, d.Kind, drift.MaskText(d.Title), d.By.Kind, d.By.Name, d.Before, d.After, d.Result, drift.MaskText(d.Note), d.Journal)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err != nil {
		return 0, fmt.Errorf("writing the audit of %s in %s: %w", d.Root, s.file(), err)
	}
	return id, nil
}

// Deeds reads the audit of a workspace, newest first, at most limit.
func (s *Store) Deeds(ctx context.Context, root string, since, until time.Time, limit int) ([]drift.Deed, error) {
	last := int64(1) << 62
	if !until.IsZero() {
		last = millis(until)
	}
	first := int64(0)
	if !since.IsZero() {
		first = millis(since)
	}
	var list []drift.Deed
	err := s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		list, err = readAll(ctx, db, func(rows *sql.Rows) (drift.Deed, error) {
			d := drift.Deed{Root: root}
			var at, took int64
			err := rows.Scan(&d.ID, &at, &took, &d.Kind, &d.Title, &d.By.Kind, &d.By.Name, &d.Before, &d.After, &d.Result, &d.Note, &d.Journal, &d.Undoable)
			d.Time, d.Duration = time.UnixMilli(at).UTC(), time.Duration(took)*time.Microsecond
			return d, err
		}, `SELECT id, time, duration, kind, title, actor, name, before, after, result, note, journal,
			EXISTS (SELECT 1 FROM journal AS entry WHERE entry.id = deeds.journal AND entry.state = 'done') FROM deeds
			WHERE root = (SELECT id FROM roots WHERE path = ?) AND time BETWEEN ? AND ? ORDER BY time DESC, id DESC LIMIT ?`, root, first, last, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the audit of %s in %s: %w", root, s.file(), err)
	}
	return list, nil
}
