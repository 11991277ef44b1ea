package remember

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"godrift.dev/server/drift"
	"godrift.dev/server/drift/record"
)

// ErrNoRecord says that no such record is remembered.
var ErrNoRecord = errors.New("no such snapshot is remembered")

// Keyed returns the hash that stands in records for what is secret in a value:
// it tells that the value changed, and without the machine's key nothing else.
func (s *Store) Keyed() (func(name, value string) string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seal == nil {
		if err := makePrivate(s.dir); err != nil {
			return nil, err
		}
		key, err := s.key()
		if err != nil {
			return nil, err
		}
		s.seal = key
	}
	// The key seals the journal; another use needs another key.
	own := hmac.New(sha256.New, s.seal)
	own.Write([]byte("what is secret in a record"))
	key := own.Sum(nil)
	return func(name, value string) string {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(name + "=" + value))
		return hex.EncodeToString(h.Sum(nil)[:8])
	}, nil
}

// Record reads a record by its whole ID. When, where and in whose environment
// are those of the last time it was seen so.
func (s *Store) Record(ctx context.Context, id string) (drift.Record, error) {
	var r drift.Record
	err := s.with(ctx, func(db *sql.DB, _ []byte) error {
		hash, err := hex.DecodeString(id)
		if err != nil {
			return ErrNoRecord
		}
		var number int64
		if number, r, err = readRecord(ctx, db, "hash = ?", hash); err != nil {
			return err
		}
		if r.Modules, err = readModules(ctx, db, number); err != nil {
			return err
		}
		return scopeOf(ctx, db, number, &r)
	})
	if err != nil {
		return drift.Record{}, fmt.Errorf("reading the snapshot %s: %w", drift.ShortID(id), err)
	}
	return r, nil
}

// scopeOf fills in when and where a record was seen last.
func scopeOf(ctx context.Context, q querier, number int64, r *drift.Record) error {
	var at int64
	err := q.QueryRowContext(ctx, "SELECT time, path, of FROM moments JOIN roots ON roots.id = root WHERE after = ? ORDER BY time DESC LIMIT 1", number).Scan(&at, &r.Root, &r.Of)
	if errors.Is(err, sql.ErrNoRows) {
		// Only a baseline keeps it: its moments are forgotten.
		err = q.QueryRowContext(ctx, "SELECT seen, path, of FROM baselines JOIN roots ON roots.id = root WHERE record = ? LIMIT 1", number).Scan(&at, &r.Root, &r.Of)
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	r.Time = time.UnixMilli(at).UTC()
	return nil
}

// IDs lists the records of a workspace whose ID begins with prefix, at most
// limit of them.
func (s *Store) IDs(ctx context.Context, root, prefix string, limit int) ([]string, error) {
	var out []string
	err := s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		low, high, ok := hashRange(prefix)
		if !ok {
			return nil
		}
		out, err = readAll(ctx, db, func(rows *sql.Rows) (string, error) {
			var hash []byte
			err := rows.Scan(&hash)
			return hex.EncodeToString(hash), err
		}, `SELECT hash FROM records AS r WHERE hash BETWEEN ? AND ? AND (
			EXISTS (SELECT 1 FROM moments WHERE after = r.id AND root = (SELECT id FROM roots WHERE path = ?)) OR
			EXISTS (SELECT 1 FROM baselines WHERE record = r.id AND root = (SELECT id FROM roots WHERE path = ?))) ORDER BY hash LIMIT ?`,
			low, high, root, root, limit)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the snapshot %s: %w", prefix, err)
	}
	return out, nil
}

// hashRange is what lies between a prefix in hex and its last successor.
func hashRange(prefix string) (low, high []byte, ok bool) {
	low, high = bytes.Repeat([]byte{'0'}, 2*sha256.Size), bytes.Repeat([]byte{'f'}, 2*sha256.Size)
	if len(prefix) > len(low) {
		return nil, nil, false
	}
	copy(low, prefix)
	copy(high, prefix)
	l, err := hex.DecodeString(string(low))
	if err != nil {
		return nil, nil, false
	}
	h, err := hex.DecodeString(string(high))
	return l, h, err == nil
}

// readRecord reads the facts of a record and its number.
func readRecord(ctx context.Context, q querier, where string, arg any) (int64, drift.Record, error) {
	var r drift.Record
	var number int64
	var hash, packed []byte
	err := q.QueryRowContext(ctx, "SELECT id, hash, version, content FROM records WHERE "+where, arg).Scan(&number, &hash, &r.Version, &packed)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, r, ErrNoRecord
	}
	if err != nil {
		return 0, r, err
	}
	text, err := unpack(packed)
	if err != nil {
		return 0, r, fmt.Errorf("unpacking a snapshot: %w", err)
	}
	kept, err := record.DecodeText(text)
	if err != nil {
		return 0, r, fmt.Errorf("reading a snapshot: %w", err)
	}
	if kept.ID() != hex.EncodeToString(hash) {
		return 0, r, fmt.Errorf("reading a snapshot: %w", errDamaged)
	}
	return number, kept, nil
}

// writeRecord stores a record if it is not there yet, and returns its number.
func writeRecord(ctx context.Context, q querier, r drift.Record, id string) (int64, error) {
	hash, err := hex.DecodeString(id)
	if err != nil {
		return 0, fmt.Errorf("storing a snapshot: %w", err)
	}
	var number int64
	err = q.QueryRowContext(ctx, "SELECT id FROM records WHERE hash = ?", hash).Scan(&number)
	if err == nil {
		return number, writeModules(ctx, q, number, r)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return number, err
	}
	if err := r.Check(); err != nil {
		return 0, fmt.Errorf("storing a snapshot: %w", err)
	}
	// The scope stands in the moments.
	bare := r
	bare.Root, bare.Of, bare.Time = "", "", time.UnixMilli(0)
	packed, err := pack(record.Text(bare))
	if err != nil {
		return 0, fmt.Errorf("packing a snapshot: %w", err)
	}
	res, err := q.ExecContext(ctx, "INSERT INTO records (hash, version, content) VALUES (?, ?, ?)", hash, r.Version, packed)
	if err != nil {
		return 0, err
	}
	if number, err = res.LastInsertId(); err != nil {
		return 0, err
	}
	return number, writeModules(ctx, q, number, r)
}
