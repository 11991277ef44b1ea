package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
)

// Consent reads what was decided about what a workspace's repository asks for;
// nil if nothing was.
func (s *Store) Consent(ctx context.Context, root string) (*drift.Consent, error) {
	var c *drift.Consent
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		c = nil
		var found drift.Consent
		var at int64
		err := db.QueryRowContext(ctx, "SELECT hash, verdict, time, actor, name FROM consents WHERE root = (SELECT id FROM roots WHERE path = ?)", root).
			Scan(&found.Hash, &found.Verdict, &at, &found.By.Kind, &found.By.Name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		found.Time = time.UnixMilli(at).UTC()
		c = &found
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading what is allowed in %s from %s: %w", root, s.file(), err)
	}
	return c, nil
}

// Decide writes a decision down, in place of the one before. Other processes are
// told as when a state is accepted.
func (s *Store) Decide(ctx context.Context, root string, c drift.Consent) error {
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		folder, err := number(ctx, tx, "roots", "path", root)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO consents (root, hash, verdict, time, actor, name) VALUES (?, ?, ?, ?, ?, ?)",
			folder, c.Hash, c.Verdict, millis(c.Time), c.By.Kind, c.By.Name); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err == nil {
		err = s.ring(root)
	}
	if err != nil {
		return fmt.Errorf("writing what is allowed in %s to %s: %w", root, s.file(), err)
	}
	return nil
}
