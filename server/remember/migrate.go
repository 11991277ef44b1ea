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

	// 2: what the past looked like. Folders and facts have numbers, so that a
	// million moments stay small. A record is stored once, however often it comes
	// back; who saw it where stands in the moments. Ids of moments are never used
	// twice.
	`CREATE TABLE roots (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE);
	CREATE TABLE facts (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
	CREATE TABLE records (
		id      INTEGER PRIMARY KEY,
		hash    BLOB    NOT NULL UNIQUE, -- the record's ID
		version INTEGER NOT NULL,
		content BLOB    NOT NULL -- its facts, compressed
	);
	CREATE TABLE moments (
		id      INTEGER PRIMARY KEY AUTOINCREMENT,
		time    INTEGER NOT NULL, -- milliseconds since 1970, UTC
		root    INTEGER NOT NULL REFERENCES roots (id),
		of      TEXT    NOT NULL,
		before  INTEGER REFERENCES records (id), -- NULL at first sight
		after   INTEGER NOT NULL REFERENCES records (id),
		cause   TEXT    NOT NULL,
		why     TEXT    NOT NULL DEFAULT '',
		actor   TEXT    NOT NULL,
		name    TEXT    NOT NULL DEFAULT '',
		changes TEXT    NOT NULL -- JSON
	);
	CREATE INDEX moments_by_root ON moments (root, time, id);
	CREATE INDEX moments_by_after ON moments (after, time);
	CREATE INDEX moments_by_before ON moments (before) WHERE before IS NOT NULL;
	CREATE TABLE touched (
		root   INTEGER NOT NULL,
		fact   INTEGER NOT NULL REFERENCES facts (id),
		moment INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
		PRIMARY KEY (root, fact, moment)
	) WITHOUT ROWID;
	CREATE INDEX touched_by_moment ON touched (moment);
	CREATE TABLE heads ( -- what each environment of a folder is now
		root     INTEGER NOT NULL REFERENCES roots (id),
		of       TEXT    NOT NULL,
		record   INTEGER NOT NULL REFERENCES records (id),
		since    INTEGER NOT NULL,
		checkout TEXT    NOT NULL DEFAULT '', -- where the git checkout stood
		PRIMARY KEY (root, of)
	) WITHOUT ROWID;
	CREATE TABLE baselines (
		root     INTEGER PRIMARY KEY REFERENCES roots (id),
		record   INTEGER NOT NULL REFERENCES records (id),
		seen     INTEGER NOT NULL,
		of       TEXT    NOT NULL,
		accepted INTEGER NOT NULL,
		actor    TEXT    NOT NULL,
		name     TEXT    NOT NULL DEFAULT '',
		reason   TEXT    NOT NULL DEFAULT ''
	);
	CREATE TABLE deeds (
		id       INTEGER PRIMARY KEY AUTOINCREMENT,
		time     INTEGER NOT NULL,
		duration INTEGER NOT NULL, -- microseconds
		root     INTEGER NOT NULL REFERENCES roots (id),
		kind     TEXT    NOT NULL,
		title    TEXT    NOT NULL,
		actor    TEXT    NOT NULL,
		name     TEXT    NOT NULL DEFAULT '',
		before   TEXT    NOT NULL DEFAULT '', -- IDs of records, which may be forgotten before the deed is
		after    TEXT    NOT NULL DEFAULT '',
		result   TEXT    NOT NULL CHECK (result IN ('done', 'refused', 'failed')),
		note     TEXT    NOT NULL DEFAULT '',
		journal  INTEGER NOT NULL DEFAULT 0
	);
	CREATE INDEX deeds_by_root ON deeds (root, time, id);
	CREATE TABLE chores (name TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;`,

	// 3: the moments of a fact in the order of time, so that the newest of a
	// million are found without looking at the others.
	`DROP INDEX touched_by_moment;
	ALTER TABLE touched RENAME TO touched_before;
	CREATE TABLE touched (
		root   INTEGER NOT NULL,
		fact   INTEGER NOT NULL REFERENCES facts (id),
		time   INTEGER NOT NULL, -- the moment's
		moment INTEGER NOT NULL REFERENCES moments (id) ON DELETE CASCADE,
		PRIMARY KEY (root, fact, time, moment)
	) WITHOUT ROWID;
	INSERT INTO touched SELECT t.root, t.fact, m.time, t.moment FROM touched_before AS t JOIN moments AS m ON m.id = t.moment;
	DROP TABLE touched_before;
	CREATE INDEX touched_by_moment ON touched (moment);`,

	// 4: what came from elsewhere never takes the place of what was seen here.
	`ALTER TABLE moments ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;
	CREATE INDEX moments_by_seen ON moments (root, imported, id DESC);`,

	// 5: the modules that a record's fingerprint of the module graph stands for.
	// Records of one graph share one list.
	`CREATE TABLE modules (
		id      INTEGER PRIMARY KEY,
		print   TEXT NOT NULL UNIQUE,
		content BLOB NOT NULL -- lines of text, compressed
	);
	ALTER TABLE records ADD COLUMN modules INTEGER REFERENCES modules (id);
	CREATE INDEX records_by_modules ON records (modules) WHERE modules IS NOT NULL;`,

	// 6: what a person decided about what a repository asks for.
	`CREATE TABLE consents (
		root    INTEGER PRIMARY KEY REFERENCES roots (id),
		hash    TEXT    NOT NULL, -- of godrift.toml
		verdict TEXT    NOT NULL CHECK (verdict IN ('allow', 'deny')),
		time    INTEGER NOT NULL,
		actor   TEXT    NOT NULL,
		name    TEXT    NOT NULL DEFAULT ''
	);`,

	// 7: what alerts are about, what each channel was told of it, and the messages on
	// their way. Ids of letters are never used twice: a person names one to send it again.
	`CREATE TABLE standing (
		fingerprint TEXT    PRIMARY KEY,
		id          TEXT    NOT NULL,
		workspace   TEXT    NOT NULL,
		root        TEXT    NOT NULL,
		rule        TEXT    NOT NULL,
		level       TEXT    NOT NULL,
		firing      INTEGER NOT NULL,
		changed     INTEGER NOT NULL, -- milliseconds since 1970, UTC, as all times here
		since       INTEGER NOT NULL,
		event       TEXT    NOT NULL -- JSON
	) WITHOUT ROWID;
	CREATE TABLE told (
		fingerprint TEXT    NOT NULL,
		channel     TEXT    NOT NULL,
		state       TEXT    NOT NULL CHECK (state IN ('firing', 'resolved')),
		id          TEXT    NOT NULL,
		level       TEXT    NOT NULL,
		time        INTEGER NOT NULL,
		news        TEXT    NOT NULL, -- times, as a list of JSON
		summary     INTEGER NOT NULL,
		turn        INTEGER NOT NULL,
		PRIMARY KEY (fingerprint, channel)
	) WITHOUT ROWID;
	CREATE TABLE heard ( -- which workspaces a channel has heard of
		channel TEXT NOT NULL,
		root    TEXT NOT NULL,
		PRIMARY KEY (channel, root)
	) WITHOUT ROWID;
	CREATE TABLE letters (
		id       INTEGER PRIMARY KEY AUTOINCREMENT,
		key      TEXT    NOT NULL UNIQUE,
		channel  TEXT    NOT NULL,
		state    TEXT    NOT NULL CHECK (state IN ('pending', 'inflight', 'sent', 'dead')),
		created  INTEGER NOT NULL,
		next     INTEGER NOT NULL,
		leased   INTEGER NOT NULL DEFAULT 0,
		owner    TEXT    NOT NULL DEFAULT '',
		ended    INTEGER NOT NULL DEFAULT 0,
		attempts INTEGER NOT NULL DEFAULT 0,
		first    INTEGER NOT NULL DEFAULT 0,
		unsure   INTEGER NOT NULL DEFAULT 0,
		error    TEXT    NOT NULL DEFAULT '',
		body     TEXT    NOT NULL
	);
	CREATE INDEX letters_open ON letters (channel, next, id) WHERE state IN ('pending', 'inflight');
	CREATE INDEX letters_ended ON letters (state, ended) WHERE state IN ('sent', 'dead');
	CREATE TABLE about ( -- which findings a letter is about
		letter      INTEGER NOT NULL REFERENCES letters (id) ON DELETE CASCADE,
		fingerprint TEXT    NOT NULL,
		PRIMARY KEY (letter, fingerprint)
	) WITHOUT ROWID;
	CREATE INDEX about_by_fingerprint ON about (fingerprint, letter);
	CREATE TABLE silences (
		id         INTEGER PRIMARY KEY AUTOINCREMENT,
		rules      TEXT    NOT NULL, -- patterns, as a list of JSON
		workspaces TEXT    NOT NULL,
		created    INTEGER NOT NULL,
		until      INTEGER NOT NULL,
		reason     TEXT    NOT NULL
	);`,
}

// migrate brings the database to the newest version, all steps in one
// transaction.
func migrate(ctx context.Context, db *sql.DB, file string) error {
	// Nearly always there is nothing to do, and then nobody waits for a writer.
	var now int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&now); err == nil && now == len(migrations) {
		return nil
	}
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
