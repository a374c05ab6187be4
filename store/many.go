package store

import (
	"context"
	"database/sql"
	"strings"
)

// many inserts rows, some with each statement: a server far away is asked once
// for many of them.
type many struct {
	into string // "INSERT INTO table (columns)"
	row  string // "(?, ?)"
	args []any
	rows int
}

// mostRows is how many rows a statement inserts.
const mostRows = 50

func (m *many) add(ctx context.Context, tx *sql.Tx, values ...any) error {
	m.args = append(m.args, values...)
	if m.rows++; m.rows < mostRows {
		return nil
	}
	return m.flush(ctx, tx)
}

// flush inserts what is left.
func (m *many) flush(ctx context.Context, tx *sql.Tx) error {
	if m.rows == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, m.into+" VALUES "+m.row+strings.Repeat(", "+m.row, m.rows-1), m.args...)
	m.args, m.rows = m.args[:0], 0
	return err
}
