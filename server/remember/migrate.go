package remember

import (
	"context"
	"database/sql"
	"fmt"
)

// migrations brings a database from version i to i+1, in order. A migration
// that has been released is never changed: add one.
var migrations = []string{
	// 1: the journal of fixes. Ids are never used twice (AUTOINCREMENT): a person
	// who writes one down must not undo another fix with it.
	`CREATE TABLE journal (
		id       INTEGER PRIMARY KEY AUTOINCREMENT,
		time     INTEGER NOT NULL, -- milliseconds since 1970, UTC
		finished INTEGER NOT NULL DEFAULT 0,
		root     TEXT    NOT NULL,
		kind     TEXT    NOT NULL CHECK (kind IN ('fix', 'undo', 'redo')),
		of       INTEGER NOT NULL DEFAULT 0, -- the entry that an undo or redo reverses
		fix      TEXT    NOT NULL DEFAULT '',
		title    TEXT    NOT NULL,
		token    TEXT    NOT NULL UNIQUE,
		state    TEXT    NOT NULL CHECK (state IN ('planned', 'doing', 'done', 'undone', 'failed')),
		note     TEXT    NOT NULL DEFAULT '',
		steps    BLOB    NOT NULL -- sealed
	);
	CREATE INDEX journal_by_root ON journal (root, state, id);
	CREATE INDEX journal_open ON journal (id) WHERE state IN ('planned', 'doing');`,
}

// migrate brings the database to the newest version, all steps in one
// transaction.
func migrate(ctx context.Context, db *sql.DB, file string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("opening %s: %w", file, err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
	var have int
	if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return fmt.Errorf("reading the version of %s: %w", file, err)
	}
	if have > len(migrations) {
		return fmt.Errorf("%s was written by a newer godrift (version %d of its layout, this one knows %d): update godrift", file, have, len(migrations))
	}
	if have == len(migrations) {
		return nil
	}
	for i := have; i < len(migrations); i++ {
		if _, err := tx.ExecContext(ctx, migrations[i]); err != nil {
			return fmt.Errorf("bringing %s to version %d: %w", file, i+1, err)
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(migrations))); err != nil {
		return fmt.Errorf("writing the version of %s: %w", file, err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("bringing %s to version %d: %w", file, len(migrations), err)
	}
	return nil
}
