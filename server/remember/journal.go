package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// State says how far an entry of the journal has come.
type State string

// The states.
const (
	StatePlanned State = "planned" // written down, nothing is changed yet
	StateDoing   State = "doing"   // changes may have been made
	StateDone    State = "done"    // all of it is in effect
	StateUndone  State = "undone"  // it was done, and a later entry took it back
	StateFailed  State = "failed"  // nothing of it is in effect; Note says why
)

// Kind says what an entry of the journal is.
type Kind string

// The kinds. An undo of an undo is a redo, an undo of a redo an undo again.
const (
	KindFix  Kind = "fix"
	KindUndo Kind = "undo"
	KindRedo Kind = "redo"
)

// ErrNoEntry says that the journal has no such entry.
var ErrNoEntry = errors.New("the journal has no such entry")

// Entry is one change to the world in the journal.
type Entry struct {
	ID       int64
	Time     time.Time
	Finished time.Time // zero while it is going on
	Root     string    // the workspace folder it was made for
	Kind     Kind
	Of       int64  // the entry that an undo or redo reverses, else 0
	Fix      string // drift.Fix's ID
	Title    string // without secrets
	// Token is a word of its own for each entry: the name of the lock that its
	// process holds while it works, and a part of the names of its temporary
	// files.
	Token string
	State State
	Note  string // without secrets
	// Steps is what act wrote: each change with its inverse. It is stored
	// sealed.
	Steps []byte
	// Unreadable says why Steps is empty although something was written.
	Unreadable error
}

const entryColumns = "id, time, finished, root, kind, of, fix, title, token, state, note, steps"

// Begin writes a new entry, in state planned, and returns its ID. When it
// returns the entry is on disk.
func (s *Store) Begin(ctx context.Context, e Entry) (int64, error) {
	var id int64
	err := s.with(ctx, func(db *sql.DB, key []byte) error {
		steps, err := seal(key, e.Steps)
		if err != nil {
			return err
		}
		res, err := db.ExecContext(ctx, "INSERT INTO journal (time, root, kind, of, fix, title, token, state, note, steps) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			e.Time.UnixMilli(), e.Root, e.Kind, e.Of, e.Fix, e.Title, e.Token, StatePlanned, e.Note, steps)
		if err != nil {
			return err
		}
		id, err = res.LastInsertId()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("writing the journal %s: %w", s.file(), err)
	}
	return id, nil
}

// Doing writes that the changes begin, and the steps as they will be done. When
// it returns this is on disk.
func (s *Store) Doing(ctx context.Context, id int64, steps []byte) error {
	err := s.with(ctx, func(db *sql.DB, key []byte) error {
		sealed, err := seal(key, steps)
		if err != nil {
			return err
		}
		return one(db.ExecContext(ctx, "UPDATE journal SET state = ?, steps = ? WHERE id = ? AND state IN (?, ?)",
			StateDoing, sealed, id, StatePlanned, StateDoing))
	})
	if err != nil {
		return fmt.Errorf("writing entry %d of the journal %s: %w", id, s.file(), err)
	}
	return nil
}

// Done closes an entry whose changes are all in effect. If it reverses another
// entry, that one becomes undone in the same transaction.
func (s *Store) Done(ctx context.Context, id int64, at time.Time) error {
	return s.finish(ctx, id, at, StateDone, "")
}

// Failed closes an entry of which nothing is in effect, or of which the note
// says what could not be taken back.
func (s *Store) Failed(ctx context.Context, id int64, at time.Time, note string) error {
	return s.finish(ctx, id, at, StateFailed, note)
}

func (s *Store) finish(ctx context.Context, id int64, at time.Time, state State, note string) error {
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
		if err := one(tx.ExecContext(ctx, "UPDATE journal SET state = ?, finished = ?, note = ? WHERE id = ? AND state IN (?, ?)",
			state, at.UnixMilli(), note, id, StatePlanned, StateDoing)); err != nil {
			return err
		}
		if state == StateDone {
			if _, err := tx.ExecContext(ctx, "UPDATE journal SET state = ? WHERE state = ? AND id = (SELECT of FROM journal WHERE id = ?)",
				StateUndone, StateDone, id); err != nil {
				return err
			}
		}
		return tx.Commit()
	})
	if err != nil {
		return fmt.Errorf("closing entry %d of the journal %s: %w", id, s.file(), err)
	}
	return nil
}

// one turns an update that met no row into ErrNoEntry.
func one(res sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return ErrNoEntry
}

// Entry reads one entry, or ErrNoEntry.
func (s *Store) Entry(ctx context.Context, id int64) (Entry, error) {
	list, err := s.entries(ctx, "WHERE id = ?", id)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("reading entry %d: %w", id, ErrNoEntry)
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

// LastDone reads the newest fix (or redo) for root that is in effect: what
// "undo" without a number takes back. It is ErrNoEntry if there is none.
func (s *Store) LastDone(ctx context.Context, root string) (Entry, error) {
	list, err := s.entries(ctx, "WHERE root = ? AND state = ? AND kind <> ? ORDER BY id DESC LIMIT 1", root, StateDone, KindUndo)
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("looking for a fix in %s that is in effect: %w", root, ErrNoEntry)
	}
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

// Unfinished reads the entries that are not closed, oldest first: those of running
// processes, and those that a kill left behind.
func (s *Store) Unfinished(ctx context.Context) ([]Entry, error) {
	return s.entries(ctx, "WHERE state IN (?, ?) ORDER BY id", StatePlanned, StateDoing)
}

// openTokens are the tokens of the entries that are not closed.
func (s *Store) openTokens(ctx context.Context) ([]string, error) {
	open, err := s.Unfinished(ctx)
	if err != nil {
		return nil, err
	}
	tokens := make([]string, len(open))
	for i, e := range open {
		tokens[i] = e.Token
	}
	return tokens, nil
}

// Journal reads the newest entries for root, newest first, at most limit.
func (s *Store) Journal(ctx context.Context, root string, limit int) ([]Entry, error) {
	return s.entries(ctx, "WHERE root = ? ORDER BY id DESC LIMIT ?", root, limit)
}

func (s *Store) entries(ctx context.Context, where string, args ...any) ([]Entry, error) {
	var list []Entry
	err := s.with(ctx, func(db *sql.DB, key []byte) (err error) {
		list, err = readEntries(ctx, db, key, where, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the journal %s: %w", s.file(), err)
	}
	return list, nil
}

func readEntries(ctx context.Context, q querier, key []byte, where string, args ...any) ([]Entry, error) {
	return readAll(ctx, q, func(rows *sql.Rows) (Entry, error) {
		var e Entry
		var begun, finished int64
		var sealed []byte
		if err := rows.Scan(&e.ID, &begun, &finished, &e.Root, &e.Kind, &e.Of, &e.Fix, &e.Title, &e.Token, &e.State, &e.Note, &sealed); err != nil {
			return e, err
		}
		e.Time = time.UnixMilli(begun).UTC()
		if finished != 0 {
			e.Finished = time.UnixMilli(finished).UTC()
		}
		// One entry that cannot be opened (the key was lost) must not hide the
		// others.
		e.Steps, e.Unreadable = unseal(key, sealed)
		return e, nil
	}, "SELECT "+entryColumns+" FROM journal "+where, args...)
}
