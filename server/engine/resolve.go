package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

// The words for a snapshot besides IDs, times and ~N.
const (
	RefNow      = "now"
	RefBaseline = "baseline"
	refLast     = "last"
)

// RefHelp says how a person can name a snapshot. Shells make a folder of a ~0
// that stands alone, so that it has a longer name, too.
const RefHelp = `"now", "baseline", "last", "last~1" or "~1" (one change before the last), the beginning of an ID, or a time such as 2026-05-04, "2026-05-04 15:04" or 2h (ago)`

// ErrRef says that a text names no snapshot.
var ErrRef = errors.New("names no snapshot; write " + RefHelp)

// ErrUnseen says that a name is right, and that no snapshot has it, or several have.
var ErrUnseen = errors.New("names not one snapshot that is remembered")

// IsRef reports whether a word has the form of a name of a snapshot.
func IsRef(word string, now time.Time) bool {
	_, isTime := refTime(word, now)
	return isTime || word == RefNow || word == RefBaseline || word == refLast || strings.HasPrefix(word, "~") || strings.HasPrefix(word, refLast+"~") || isID(word)
}

// isID reports whether a word can be the beginning of an ID.
func isID(word string) bool {
	return len(word) >= 4 && strings.Trim(strings.ToLower(word), "0123456789abcdef") == ""
}

// Resolve finds the snapshot that a person names. Where several environments
// have a history, that of the present record counts. present is only asked for
// if it is needed.
func (m *Memory) Resolve(ctx context.Context, root, of, ref string, now time.Time, present func() (drift.Record, error)) (drift.Record, error) {
	switch {
	case ref == RefNow:
		return present()
	case ref == RefBaseline:
		b, err := m.Baseline(ctx, root)
		if err != nil {
			return drift.Record{}, err
		}
		if b == nil {
			return drift.Record{}, unseen("%s has no baseline yet: godrift check makes the first", root)
		}
		return b.Record, nil
	case ref == refLast, strings.HasPrefix(ref, "~"), strings.HasPrefix(ref, refLast+"~"):
		n, err := strconv.Atoi(cmp.Or(strings.TrimPrefix(strings.TrimPrefix(ref, refLast), "~"), "0"))
		if err != nil || n < 0 || n > 1_000_000 {
			return drift.Record{}, fmt.Errorf("%q %w", drift.Clip(ref), ErrRef)
		}
		return m.at(ctx, HistoryFilter{Root: root, Of: of, Seen: true, Limit: n + 1}, n, ref)
	}
	if at, ok := refTime(ref, now); ok {
		return m.at(ctx, HistoryFilter{Root: root, Of: of, Until: at, Limit: 1}, 0, ref)
	}
	return m.named(ctx, root, ref)
}

// at is the record of the n-th moment that a filter finds.
func (m *Memory) at(ctx context.Context, f HistoryFilter, n int, ref string) (drift.Record, error) {
	list, err := m.History(ctx, f)
	if err == nil && len(list) == 0 && f.Of != "" {
		f.Of = "" // only others were here
		list, err = m.History(ctx, f)
	}
	if err != nil {
		return drift.Record{}, err
	}
	if n >= len(list) {
		return drift.Record{}, unseen("the history of %s does not reach back to %s; godrift log lists it", f.Root, drift.Clip(ref))
	}
	r, err := m.Record(ctx, list[n].After)
	r.Root, r.Of, r.Time = list[n].Root, list[n].Of, list[n].Time
	return r, err
}

// named finds a record by the beginning of its ID.
func (m *Memory) named(ctx context.Context, root, ref string) (drift.Record, error) {
	if !isID(ref) {
		return drift.Record{}, fmt.Errorf("%q %w", drift.Clip(ref), ErrRef)
	}
	store, err := m.mender.open()
	if err != nil {
		return drift.Record{}, err
	}
	ids, err := store.IDs(ctx, root, strings.ToLower(ref), 2)
	switch {
	case err != nil:
		return drift.Record{}, err
	case len(ids) == 0:
		return drift.Record{}, fmt.Errorf("%w: none of %s begins with %s; godrift log lists them", ErrNoRecord, root, drift.Clip(ref))
	case len(ids) > 1:
		return drift.Record{}, unseen("several snapshots begin with %s: write more of the ID", drift.Clip(ref))
	}
	return m.Record(ctx, ids[0])
}

// unseen is ErrUnseen in words of its own.
func unseen(format string, args ...any) error { return unseenError(fmt.Sprintf(format, args...)) }

type unseenError string

func (e unseenError) Error() string      { return string(e) }
func (unseenError) Is(target error) bool { return target == ErrUnseen }

// ParseTime reads a time as a person writes it: a day, a time of a day, or how
// long ago. A day alone is its first moment.
func ParseTime(text string, now time.Time) (time.Time, bool) { return parseTime(text, now, false) }

// refTime is ParseTime where a day stands for what it ended with.
func refTime(text string, now time.Time) (time.Time, bool) { return parseTime(text, now, true) }

func parseTime(text string, now time.Time, last bool) (time.Time, bool) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, true
	}
	for _, layout := range []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, now.Location()); err == nil {
			return at, true
		}
	}
	if at, err := time.ParseInLocation(time.DateOnly, text, now.Location()); err == nil {
		if last {
			at = at.AddDate(0, 0, 1).Add(-time.Millisecond)
		}
		return at, true
	}
	if text == "" {
		return time.Time{}, false
	}
	number, unit := text[:len(text)-1], text[len(text)-1]
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 || n > 100_000 {
		return time.Time{}, false
	}
	switch unit {
	case 'm':
		return now.Add(-time.Duration(n) * time.Minute), true
	case 'h':
		return now.Add(-time.Duration(n) * time.Hour), true
	case 'd':
		return now.AddDate(0, 0, -n), true
	case 'w':
		return now.AddDate(0, 0, -7*n), true
	}
	return time.Time{}, false
}

// HistoryKeys are the keys of facts that a person means by a word: a variable, a
// file with pins, "go", "host", "tool", or a key itself.
func HistoryKeys(word string) []string {
	switch {
	case drift.Recordable(word):
		return []string{drift.EnvKey(word)}
	case word == "go":
		return []string{"go.*"}
	case word == "health" || word == drift.KeyScore:
		return []string{drift.KeyScore}
	case word == "pins":
		return []string{drift.KeyPin + "*"}
	case word == "env":
		return []string{drift.KeyEnv + "*"}
	case word == "host" || word == "tool" || word == "print" || word == "probe":
		return []string{word + ".*"}
	}
	for _, prefix := range []string{"go.", drift.KeyEnv, drift.KeyHost, drift.KeyTool, drift.KeyPrint, drift.KeyProbe, drift.KeyPin} {
		if strings.HasPrefix(word, prefix) && word != "go.mod" && word != "go.work" {
			return []string{word}
		}
	}
	return []string{drift.KeyPin + strings.TrimPrefix(word, "./") + ":*", drift.KeyTool + word}
}

// Export hands out the history of a workspace as lines of JSON.
func (m *Memory) Export(ctx context.Context, root string, out func(line []byte) error) error {
	store, err := m.mender.open()
	if err != nil {
		return err
	}
	return store.Export(ctx, root, func(l record.Line) error {
		text, err := l.JSON()
		if err != nil {
			return err
		}
		return out(text)
	})
}

// Import adds the lines of an export to the history, and notes that in the audit
// of root. It returns how many entries are new.
func (m *Memory) Import(ctx context.Context, root string, lines []record.Line) (int, error) {
	begun := time.Now()
	store, err := m.mender.open()
	if err != nil {
		return 0, err
	}
	n, err := store.Import(ctx, lines, begun)
	return n, m.note(ctx, drift.Deed{Time: begun, Root: root, Kind: drift.DeedImport, Title: fmt.Sprintf("Imported %d entries of a history", n)}, err)
}
