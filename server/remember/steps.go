package remember

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"godrift.dev/server/drift"
)

// Step is a moment as far as a picture of the history needs it.
type Step struct {
	ID   int64
	Time int64 // milliseconds since 1970
	Of   string
	// Before and After number the records: where a moment's Before is not the After of
	// the one before it, something is missing between them. Before is 0 at first sight.
	Before, After int64
	Cause         drift.CauseKind
	// Changes are those of the facts that were asked for. The next step uses the slice
	// again.
	Changes []StepChange
}

// StepChange is what a fact was and became.
type StepChange struct {
	Key      int // the place in the keys that were asked for
	Old, New string
}

// StepFilter says which steps are read.
type StepFilter struct {
	Root string
	// After leaves out the moments up to this one, in the order of their IDs; 0 reads
	// all.
	After int64
	// Text chooses moments of which a change or the cause holds this text, in upper or
	// lower case.
	Text string
	// Keys are the facts of which the changes are told.
	Keys []string
}

// stepBatch is how many moments are read at once: others may use the database in
// between.
const stepBatch = 20_000

// The texts are read as one: each column costs about as much as the reading.
const selectSteps = "SELECT id, time, coalesce(before, 0), after, of || char(10) || cause || char(10) || changes FROM moments "

// Steps reads moments: all of them in the order of time, those after one in the order
// in which they came here. It parses nothing that was not asked for.
func (s *Store) Steps(ctx context.Context, f StepFilter, each func(Step)) error {
	// All are found by the index in the order of time; the few that are new, by ID.
	query := selectSteps + "WHERE root = (SELECT id FROM roots WHERE path = ?) AND (time, id) > (?, ?) "
	order := "ORDER BY time, id LIMIT ?"
	if f.After > 0 {
		query = selectSteps + "NOT INDEXED WHERE root = (SELECT id FROM roots WHERE path = ?) AND id > max(?, ?) "
		order = "ORDER BY id LIMIT ?"
	}
	var more []any
	if f.Text != "" {
		query += "AND (instr(lower(changes), ?) > 0 OR instr(lower(why), ?) > 0) "
		more = []any{quoted(strings.ToLower(f.Text)), strings.ToLower(f.Text)}
	}
	reader := newStepReader(f.Keys)
	for at, id := int64(-1), f.After; ; {
		n := 0
		err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			rows, err := db.QueryContext(ctx, query+order, append(append([]any{f.Root, at, id}, more...), stepBatch)...)
			if err != nil {
				return err
			}
			defer rows.Close() //nolint:errcheck // rows.Err tells
			for n = 0; rows.Next(); n++ {
				step, err := reader.read(rows)
				if err != nil {
					return err
				}
				if id = step.ID; f.After == 0 {
					at = step.Time
				}
				each(step)
			}
			return rows.Err()
		})
		if err != nil {
			return fmt.Errorf("reading the history of %s in %s: %w", f.Root, s.file(), err)
		}
		if n < stepBatch {
			return nil
		}
	}
}

// quoted is a text as it stands in JSON, without the quotes around it.
func quoted(text string) string {
	out, err := json.Marshal(text)
	if err != nil {
		return text // it is no text that JSON knows, so nothing will be found
	}
	return string(out[1 : len(out)-1])
}

// stepReader makes steps of rows. Words come again and again: each is kept once.
type stepReader struct {
	keys    []string
	words   map[string]string
	changes []StepChange
	texts   sql.RawBytes
}

func newStepReader(keys []string) *stepReader {
	r := &stepReader{keys: make([]string, len(keys)), words: map[string]string{}}
	for i, key := range keys {
		r.keys[i] = `{"key":"` + quoted(key) + `"`
	}
	return r
}

func (r *stepReader) read(rows *sql.Rows) (Step, error) {
	var step Step
	if err := rows.Scan(&step.ID, &step.Time, &step.Before, &step.After, &r.texts); err != nil {
		return step, err
	}
	text := string(r.texts)
	of, text, _ := strings.Cut(text, "\n")
	cause, text, _ := strings.Cut(text, "\n") // there is no line feed in JSON but as \n
	step.Of, step.Cause = r.word(of), drift.CauseKind(r.word(cause))
	r.changes = r.changes[:0]
	for i, key := range r.keys {
		_, after, ok := strings.Cut(text, key)
		if !ok {
			continue
		}
		// What follows are the other fields of this change. A quote within a text has a
		// backslash before it, so that no text looks like the beginning of a change.
		end := strings.Index(after, `{"key":"`)
		if end < 0 {
			end = len(after)
		}
		old, err := field(after[:end], `,"old":"`)
		if err != nil {
			return step, fmt.Errorf("moment %d: %w", step.ID, err)
		}
		is, err := field(after[:end], `,"new":"`)
		if err != nil {
			return step, fmt.Errorf("moment %d: %w", step.ID, err)
		}
		r.changes = append(r.changes, StepChange{Key: i, Old: r.word(old), New: r.word(is)})
	}
	step.Changes = r.changes
	return step, nil
}

// mostWords bounds what is kept of texts.
const mostWords = 10_000

// word is a text that does not keep the whole row in memory.
func (r *stepReader) word(text string) string {
	if w, ok := r.words[text]; ok {
		return w
	}
	w := strings.Clone(text)
	if len(r.words) < mostWords {
		r.words[w] = w
	}
	return w
}

// field is a text of a change in JSON, as writeMoment writes it.
func field(change, name string) (string, error) {
	_, rest, ok := strings.Cut(change, name)
	if !ok {
		return "", nil
	}
	plain := true
	for i := 0; i < len(rest); i++ {
		switch rest[i] {
		case '\\':
			plain = false
			i++
		case '"':
			if plain {
				return rest[:i], nil
			}
			var text string
			err := json.Unmarshal([]byte(`"`+rest[:i+1]), &text)
			return text, err
		}
	}
	return "", fmt.Errorf("a change in it has no end: %s", drift.Clip(change))
}

// First is when a workspace was seen first in an environment, as far as that is
// remembered; zero if it never was.
func (s *Store) First(ctx context.Context, root, of string) (time.Time, error) {
	times, err := s.numbers(ctx, "SELECT time FROM moments WHERE root = (SELECT id FROM roots WHERE path = ?) AND of = ? ORDER BY time LIMIT 1", root, of)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the history of %s in %s: %w", root, s.file(), err)
	}
	if len(times) == 0 {
		return time.Time{}, nil
	}
	return time.UnixMilli(times[0]).UTC(), nil
}
