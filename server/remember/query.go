package remember

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"time"
)

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// readAll reads all rows that a query finds.
func readAll[T any](ctx context.Context, q querier, scan func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	var list []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, row)
	}
	return list, rows.Err()
}

// numbers reads rows of one number each.
func (s *Store) numbers(ctx context.Context, query string, args ...any) (list []int64, err error) {
	err = s.with(ctx, func(db *sql.DB, _ []byte) (err error) {
		list, err = readAll(ctx, db, func(rows *sql.Rows) (n int64, err error) {
			err = rows.Scan(&n)
			return n, err
		}, query, args...)
		return err
	})
	return list, err
}

// number returns the number of a folder or a fact, which it gets if it has none.
func number(ctx context.Context, q querier, table, column, text string) (int64, error) {
	var id int64
	err := q.QueryRowContext(ctx, "SELECT id FROM "+table+" WHERE "+column+" = ?", text).Scan(&id)
	if err == nil || !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	res, err := q.ExecContext(ctx, "INSERT INTO "+table+" ("+column+") VALUES (?)", text)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// millis keeps a time within what the database can sort.
func millis(at time.Time) int64 { return max(0, min(at.UnixMilli(), math.MaxInt64/2)) }
