package remember

import (
	"context"
	"fmt"
	"strings"
)

// conditions are the filter without its keys, in SQL.
func (f Filter) conditions() (where string, args []any) {
	list := []string{"m.root = (SELECT id FROM roots WHERE path = ?)"}
	args = []any{f.Root}
	and := func(condition string, values ...any) {
		list = append(list, condition)
		args = append(args, values...)
	}
	if f.Of != "" {
		and("m.of = ?", f.Of)
	}
	if f.Cause != "" {
		and("m.cause = ?", f.Cause)
	}
	if f.ID != 0 {
		and("m.id = ?", f.ID)
	}
	if f.Text != "" {
		and("(instr(lower(m.changes), ?) > 0 OR instr(lower(m.why), ?) > 0)", quoted(strings.ToLower(f.Text)), strings.ToLower(f.Text))
	}
	if !f.Since.IsZero() {
		and("m.time >= ?", millis(f.Since))
	}
	if !f.Until.IsZero() {
		and("m.time <= ?", millis(f.Until))
	}
	if f.Before != 0 {
		and("(m.time, m.id) < (SELECT time, id FROM moments WHERE id = ?)", f.Before)
	}
	return strings.Join(list, " AND "), args
}

func (f Filter) limit() int {
	if f.Limit <= 0 {
		return 100
	}
	return f.Limit
}

// query is a filter without keys in SQL.
func (f Filter) query() (string, []any) {
	where, args := f.conditions()
	if f.Seen {
		return selectMoments + "WHERE " + where + " ORDER BY m.imported, m.id DESC LIMIT ?", append(args, f.limit())
	}
	return selectMoments + "WHERE " + where + " ORDER BY m.time DESC, m.id DESC LIMIT ?", append(args, f.limit())
}

// mostFacts bounds how many facts one look at the history can be about.
const mostFacts = 200

// facts finds the numbers of the facts that keys stand for.
func (s *Store) facts(ctx context.Context, keys []string) ([]int64, error) {
	var either []string
	var args []any
	for _, key := range keys {
		if prefix, ok := strings.CutSuffix(key, "*"); ok {
			either = append(either, "key >= ? AND key < ?")
			args = append(args, prefix, prefix+"\xff")
		} else {
			either = append(either, "key = ?")
			args = append(args, key)
		}
	}
	found, err := s.numbers(ctx, "SELECT id FROM facts WHERE "+strings.Join(either, " OR ")+" LIMIT ?", append(args, mostFacts)...)
	if err != nil {
		return nil, fmt.Errorf("looking for facts in %s: %w", s.file(), err)
	}
	return found, nil
}

// queryFacts is a filter in SQL for facts. The newest moments of each fact come
// from the index in the order of time; only those are put together.
func (f Filter) queryFacts(facts []int64) (string, []any) {
	where, values := f.conditions()
	var parts []string
	var args []any
	for _, fact := range facts {
		parts = append(parts, `SELECT * FROM (SELECT t.moment FROM touched AS t CROSS JOIN moments AS m ON m.id = t.moment
			WHERE t.root = (SELECT id FROM roots WHERE path = ?) AND t.fact = ? AND `+where+` ORDER BY t.time DESC, t.moment DESC LIMIT ?)`)
		args = append(append(append(args, f.Root, fact), values...), f.limit())
	}
	return selectMoments + "WHERE m.id IN (" + strings.Join(parts, " UNION ") + ") ORDER BY m.time DESC, m.id DESC LIMIT ?", append(args, f.limit())
}
