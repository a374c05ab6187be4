package store

import (
	"context"
	"database/sql"
	"errors"

	"onrecord/book"
)

// For tests of what stands between the statements and PostgreSQL.
var (
	Storable   = storable
	Restored   = restored
	Numbered   = numbered
	Translated = translated
)

// Pretend says that the tables are of a version.
func Pretend(ctx context.Context, where string, version int) error {
	db, err := Open(ctx, where, Options{})
	if err != nil {
		return err
	}
	_, err = db.exec(ctx, "", "INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", version, true)
	return errors.Join(err, db.Close())
}

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

// Articles counts those in the book.
func (b *Book) Articles(ctx context.Context) (n int, err error) {
	return n, b.db.read.QueryRowContext(ctx, "SELECT count(*) FROM book_articles").Scan(&n)
}

// Near makes PostgreSQL look at few items before it goes by the index, as it does
// in a large book, until undo is called.
func Near(all, speakers [3]int) (undo func()) {
	a, s := ofAll, ofSpeakers
	ofAll, ofSpeakers = stretch{all[0], all[1], all[2]}, stretch{speakers[0], speakers[1], speakers[2]}
	return func() { ofAll, ofSpeakers = a, s }
}

// NextOf is how many items to read back of those that lie side by side.
func NextOf(seen, hits, wanted int) int { return ofAll.next(seen, hits, wanted) }
