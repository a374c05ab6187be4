package store

import (
	"context"
	"database/sql"

	"onrecord/book"
)

// PutAll puts many new articles into the book at once, to fill a large one.
func (b *Book) PutAll(ctx context.Context, where book.Shelf, entries []book.Entry) error {
	return b.db.tx(ctx, func(tx *sql.Tx) error {
		row, err := makeShelf(ctx, tx, where)
		for i := range entries {
			if err == nil {
				err = b.db.put(ctx, tx, row.id, &entries[i])
			}
		}
		return err
	})
}
