package remember

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"godrift.dev/server/drift"
)

// Baseline reads what a workspace is compared with; nil if it was never seen.
func (s *Store) Baseline(ctx context.Context, root string) (*drift.Baseline, error) {
	var b *drift.Baseline
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		b = nil
		var found drift.Baseline
		var number, seen, accepted int64
		var of string
		err := db.QueryRowContext(ctx, "SELECT record, seen, of, accepted, actor, name, reason FROM baselines WHERE root = (SELECT id FROM roots WHERE path = ?)", root).
			Scan(&number, &seen, &of, &accepted, &found.By.Kind, &found.By.Name, &found.Reason)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, found.Record, err = readRecord(ctx, db, "id = ?", number); err != nil {
			return err
		}
		if found.Record.Modules, err = readModules(ctx, db, number); err != nil {
			return err
		}
		found.Record.Root, found.Record.Of, found.Record.Time = root, of, time.UnixMilli(seen).UTC()
		found.AcceptedAt = time.UnixMilli(accepted).UTC()
		b = &found
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading the baseline of %s in %s: %w", root, s.file(), err)
	}
	return b, nil
}

// Accept makes a record the baseline of its workspace and returns the ID of the
// one before, empty if there was none.
func (s *Store) Accept(ctx context.Context, b drift.Baseline) (before string, err error) {
	root := b.Record.Root
	err = s.with(ctx, func(db *sql.DB, _ []byte) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		record, err := writeRecord(ctx, tx, b.Record, b.Record.ID())
		if err != nil {
			return err
		}
		folder, err := number(ctx, tx, "roots", "path", root)
		if err != nil {
			return err
		}
		before = ""
		err = tx.QueryRowContext(ctx, "SELECT lower(hex(hash)) FROM baselines JOIN records ON records.id = record WHERE root = ?", folder).Scan(&before)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO baselines (root, record, seen, of, accepted, actor, name, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			folder, record, millis(b.Record.Time), b.Record.Of, millis(b.AcceptedAt), b.By.Kind, b.By.Name, drift.MaskText(b.Reason)); err != nil {
			return err
		}
		return tx.Commit()
	})
	if err == nil {
		err = s.ring(root)
	}
	if err != nil {
		return "", fmt.Errorf("accepting the state of %s in %s: %w", root, s.file(), err)
	}
	return before, nil
}

// Bell is a file that changes whenever the baseline of a workspace is replaced.
// Another process watches it: nobody can watch a database. Its folder exists
// when Bell returns.
func (s *Store) Bell(root string) (string, error) {
	dir, err := s.folder("bells")
	if err != nil {
		return "", err
	}
	name := sha256.Sum256([]byte(root))
	return filepath.Join(dir, hex.EncodeToString(name[:12])), nil
}

// ring changes the bell.
func (s *Store) ring(root string) error {
	bell, err := s.Bell(root)
	if err != nil {
		return err
	}
	return os.WriteFile(bell, []byte(time.Now().UTC().Format(time.RFC3339Nano)+"\n"), 0o600)
}
