package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"godrift.dev/server/config"
)

// choresEvery is how often old things are looked for.
const choresEvery = 24 * time.Hour

// pruneStep bounds what one transaction deletes: others wait for it.
const pruneStep = 2000

// chores forgets what is old, once a day. What goes wrong is told, and stops
// nobody: it is tried again the next day.
func (s *Store) chores(ctx context.Context, now time.Time) {
	due, last := false, int64(-1)
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		err := db.QueryRowContext(ctx, "SELECT time FROM chores WHERE name = 'prune'").Scan(&last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		res, err := db.ExecContext(ctx, `INSERT INTO chores (name, time) VALUES ('prune', ?1)
			ON CONFLICT DO UPDATE SET time = ?1 WHERE time <= ?1 - ?2 OR time > ?1 + ?2`, millis(now), choresEvery.Milliseconds())
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		due = n > 0
		return err
	})
	if err == nil && due && last >= 0 {
		// A clock that jumped ahead must not make everything old. What is old
		// counts from the earlier of two chores: only a clock that is still there
		// a day later is believed.
		if known := time.UnixMilli(last); known.Before(now) {
			now = known
		}
		s.mu.Lock()
		wrong := s.wrong
		s.mu.Unlock()
		if wrong == nil { // else nobody knows what to forget
			err = s.Prune(ctx, now)
		}
	}
	if err != nil {
		s.mu.Lock()
		s.notes = append(s.notes, fmt.Sprintf("old entries of godrift's memory could not be forgotten: %v", err))
		s.mu.Unlock()
	}
}

// Prune forgets moments, deeds and fixes that are older than they are kept, or
// too many, the records that nobody names any more, and the locks of killed
// processes. What an environment is now, and the baselines, stay. The file
// does not shrink; its free pages are used again.
func (s *Store) Prune(ctx context.Context, now time.Time) error {
	if err := s.pruneCount(ctx); err != nil {
		return fmt.Errorf("forgetting what is too much in %s: %w", s.file(), err)
	}
	keep := s.keeps()
	old, oldFixes := millis(now.Add(-keep.Age)), millis(now.Add(-keep.Fixes))
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"DELETE FROM moments WHERE id IN (SELECT id FROM moments WHERE time < ? LIMIT ?)", []any{old, pruneStep}},
		{`DELETE FROM records WHERE id IN (SELECT id FROM records AS r WHERE NOT EXISTS (SELECT 1 FROM moments WHERE after = r.id)
			AND NOT EXISTS (SELECT 1 FROM moments WHERE before = r.id) AND NOT EXISTS (SELECT 1 FROM heads WHERE record = r.id)
			AND NOT EXISTS (SELECT 1 FROM baselines WHERE record = r.id) LIMIT ?)`, []any{pruneStep}},
		{"DELETE FROM modules WHERE id IN (SELECT id FROM modules AS m WHERE NOT EXISTS (SELECT 1 FROM records WHERE modules = m.id) LIMIT ?)", []any{pruneStep}},
		{"DELETE FROM deeds WHERE id IN (SELECT id FROM deeds WHERE time < ? LIMIT ?)", []any{old, pruneStep}},
		{"DELETE FROM journal WHERE id IN (SELECT id FROM journal WHERE state NOT IN ('planned', 'doing') AND time < ? AND finished < ? LIMIT ?)", []any{oldFixes, oldFixes, pruneStep}},
	} {
		if err := s.inSteps(ctx, step.query, step.args...); err != nil {
			return fmt.Errorf("forgetting what is old in %s: %w", s.file(), err)
		}
	}
	return s.sweepLocks(ctx, now)
}

// pruneCount leaves each workspace its newest moments: those that were
// remembered last, whatever the clock said then. What was imported goes first.
func (s *Store) pruneCount(ctx context.Context) error {
	roots, err := s.numbers(ctx, "SELECT id FROM roots")
	if err != nil {
		return err
	}
	for _, root := range roots {
		if err := s.inSteps(ctx, `DELETE FROM moments WHERE id IN (SELECT id FROM moments WHERE root = ?1
			ORDER BY imported, id DESC LIMIT ?3 OFFSET ?2)`, root, s.keeps().Moments, pruneStep); err != nil {
			return err
		}
	}
	return nil
}

// keeps is how much is kept.
func (s *Store) keeps() config.History {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.kept
	if k == (config.History{}) {
		k = config.DefaultHistory
	}
	if s.keep > 0 {
		k.Moments = s.keep
	}
	return k
}

// inSteps deletes with a query that deletes at most pruneStep rows, until it finds
// no more.
func (s *Store) inSteps(ctx context.Context, query string, args ...any) error {
	for n := int64(pruneStep); n == pruneStep; {
		if err := s.with(ctx, func(db *sql.DB, _ []byte) error {
			res, err := db.ExecContext(ctx, query, args...)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// sweepLocks removes the lock files of fixes that were killed: their names are
// never used again. The few locks that everybody shares stay.
func (s *Store) sweepLocks(ctx context.Context, now time.Time) error {
	dir := filepath.Join(s.dir, "locks")
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("looking for old locks: %w", err)
	}
	open, err := s.openTokens(ctx)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if !strings.HasSuffix(name, ".lock") || name == "store.lock" || strings.HasPrefix(name, "files-") {
			continue
		}
		if token, ok := strings.CutPrefix(strings.TrimSuffix(name, ".lock"), entryPrefix); ok && slices.Contains(open, token) {
			continue // the sign that a fix is half done
		}
		info, err := entry.Info()
		if err != nil || now.Sub(info.ModTime()) < choresEvery {
			continue
		}
		lock := flock.New(filepath.Join(dir, name))
		if ok, err := lock.TryLock(); err != nil || !ok {
			continue // somebody works for a whole day
		}
		os.Remove(lock.Path()) //nolint:errcheck // it is tried again the next day
		lock.Unlock()          //nolint:errcheck // closing the file gives the lock back
	}
	return nil
}
