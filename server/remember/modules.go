package remember

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"godrift.dev/server/drift"
)

// writeModules stores what a record's fingerprint of the module graph stands for,
// once for all records with that graph.
func writeModules(ctx context.Context, q querier, record int64, r drift.Record) error {
	list, ok := r.ModuleList()
	if !ok {
		return nil
	}
	var number int64
	err := q.QueryRowContext(ctx, "SELECT id FROM modules WHERE print = ?", list.Print).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		packed, err := pack(list.Encode())
		if err != nil {
			return fmt.Errorf("packing a list of modules: %w", err)
		}
		res, err := q.ExecContext(ctx, "INSERT INTO modules (print, content) VALUES (?, ?)", list.Print, packed)
		if err != nil {
			return err
		}
		if number, err = res.LastInsertId(); err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, "UPDATE records SET modules = ? WHERE id = ? AND modules IS NULL", number, record)
	return err
}

// readModules reads the list of a record; nil if none is remembered.
func readModules(ctx context.Context, q querier, record int64) ([]drift.ResolvedModule, error) {
	var packed []byte
	err := q.QueryRowContext(ctx, "SELECT m.content FROM records AS r JOIN modules AS m ON m.id = r.modules WHERE r.id = ?", record).Scan(&packed)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	text, err := unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("unpacking a list of modules: %w", err)
	}
	list, err := drift.DecodeModules(text)
	if err != nil {
		return nil, fmt.Errorf("reading a list of modules: %w", err)
	}
	if list == nil {
		list = []drift.ResolvedModule{}
	}
	return list, nil
}
