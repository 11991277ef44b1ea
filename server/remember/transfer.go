package remember

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

// page is how many moments one look at the database takes: others write in
// between.
const page = 500

// aheadMost is how far the clock of another machine may be ahead.
const aheadMost = 24 * time.Hour

// Export hands out the history of a workspace, oldest first, each record before
// the first moment that names it.
func (s *Store) Export(ctx context.Context, root string, out func(record.Line) error) error {
	told := map[string]bool{}
	tell := func(id string) error {
		if id == "" || told[id] {
			return nil
		}
		told[id] = true
		r, err := s.Record(ctx, id)
		if err != nil {
			return err
		}
		return out(record.Line{Record: &r})
	}
	var last drift.Moment
	for {
		list, err := s.after(ctx, root, last)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, m := range list {
			if err := errors.Join(tell(m.Before), tell(m.After)); err != nil {
				return err
			}
			if err := out(record.Line{Moment: &m}); err != nil {
				return err
			}
		}
		last = list[len(list)-1]
	}
}

// after reads the moments that follow one, oldest first.
func (s *Store) after(ctx context.Context, root string, last drift.Moment) ([]drift.Moment, error) {
	at := int64(-1)
	if last.ID != 0 {
		at = millis(last.Time)
	}
	return s.moments(ctx, root, selectMoments+`WHERE m.root = (SELECT id FROM roots WHERE path = ?) AND (m.time, m.id) > (?, ?)
		ORDER BY m.time, m.id LIMIT ?`, root, at, last.ID, page)
}

// Import adds the moments of an export, and returns how many are new. What is
// there already is passed by, and what a workspace is now stays what it is. A
// history from the future would stand before everything that is still to come:
// it is refused as a whole, but for a day, by which clocks may differ.
func (s *Store) Import(ctx context.Context, lines []record.Line, now time.Time) (int, error) {
	for i, line := range lines {
		at := time.Time{}
		if line.Record != nil {
			at = line.Record.Time
		} else {
			at = line.Moment.Time
		}
		if at.Sub(now) > aheadMost {
			return 0, fmt.Errorf("nothing was imported: line %d is from %s, which is in the future: see whether the clock is right, here and where the history comes from", i+1, at.UTC().Format(time.RFC3339))
		}
	}
	fresh := 0
	for begin := 0; begin < len(lines); begin += page {
		batch := lines[begin:min(begin+page, len(lines))]
		n := 0
		err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			n = 0
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback() //nolint:errcheck // after a commit it has nothing to do
			for i, line := range batch {
				added, err := importLine(ctx, tx, line)
				if err != nil {
					return fmt.Errorf("line %d: %w", begin+i+1, err)
				}
				if added {
					n++
				}
			}
			return tx.Commit()
		})
		if err != nil {
			return fresh, fmt.Errorf("adding to the history in %s: %w", s.file(), err)
		}
		fresh += n
	}
	return fresh, nil
}

func importLine(ctx context.Context, tx *sql.Tx, line record.Line) (bool, error) {
	if line.Record != nil {
		_, err := writeRecord(ctx, tx, *line.Record, line.Record.ID())
		return false, err
	}
	m := *line.Moment
	root, err := number(ctx, tx, "roots", "path", m.Root)
	if err != nil {
		return false, err
	}
	after, now, err := recordNamed(ctx, tx, m.After)
	if err != nil {
		return false, err
	}
	var there int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM moments WHERE root = ? AND time = ? AND of = ? AND after = ?", root, millis(m.Time), m.Of, after).Scan(&there); err != nil || there > 0 {
		return false, err
	}
	if m.Before != "" {
		_, before, err := recordNamed(ctx, tx, m.Before)
		if err != nil {
			return false, err
		}
		m.Changes = drift.Diff(before, now)
	}
	return true, writeMoment(ctx, tx, root, after, &m, true)
}

func recordNamed(ctx context.Context, tx *sql.Tx, id string) (int64, drift.Record, error) {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return 0, drift.Record{}, err
	}
	number, r, err := readRecord(ctx, tx, "hash = ?", hash)
	if errors.Is(err, ErrNoRecord) {
		err = fmt.Errorf("the snapshot %s does not come before the entry that names it", drift.ShortID(id))
	}
	return number, r, err
}
