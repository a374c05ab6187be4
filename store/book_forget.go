package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord/book"
)

const byAddress = "shelf = ? AND (key = ? OR alias = ?)"

// Others implements book.Store.
func (b *Book) Others(ctx context.Context, where book.Shelf, key, member string) (others int, found bool, err error) {
	const what = "looking into the quote book"
	row, err := shelf(ctx, b.db.read, where)
	if err != nil || row.id == 0 {
		return 0, false, b.db.fail(what, err)
	}
	var articles int
	err = b.db.read.QueryRowContext(ctx, `
		SELECT count(*), coalesce(sum((SELECT count(*) FROM book_askers WHERE article = a.id AND member <> ?)), 0)
		FROM book_articles AS a WHERE `+byAddress, member, row.id, key, key).Scan(&articles, &others)
	return others, articles > 0, b.db.fail(what, err)
}

// Forget implements book.Store.
func (b *Book) Forget(ctx context.Context, where book.Shelf, key string) error {
	row, err := shelf(ctx, b.db.read, where)
	if err == nil && row.id != 0 {
		err = b.db.dropArticles(ctx, where.Platform, where.Workspace, byAddress, row.id, key, key)
	}
	if err == nil {
		err = b.db.tidy(ctx)
	}
	return b.db.fail("forgetting an article", err)
}

// ForgetMember implements book.Store.
func (b *Book) ForgetMember(ctx context.Context, where book.Shelf, member string) error {
	err := b.db.forgetReader(ctx, where.Platform, where.Workspace, member)
	if err == nil {
		err = b.db.tidy(ctx)
	}
	return b.db.fail("forgetting a person in the quote book", err)
}

func (db *DB) forgetReader(ctx context.Context, platform, workspace, member string) error {
	const shelves = "SELECT id FROM book_shelves WHERE platform = ? AND workspace = ?"
	if member == "" {
		return nil
	}
	err := db.dropArticles(ctx, platform, workspace, "shelf IN ("+shelves+" AND member = ?)", platform, workspace, member)
	if err != nil {
		return err
	}
	err = db.dropArticles(ctx, platform, workspace, `id IN (SELECT article FROM book_askers WHERE member = ?) AND shelf IN (`+shelves+`)
		AND NOT EXISTS (SELECT 1 FROM book_askers WHERE article = book_articles.id AND member <> ?)`, member, platform, workspace, member)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx,
			statement{"DELETE FROM book_askers WHERE member = ? AND article IN (SELECT id FROM book_articles WHERE shelf IN (" + shelves + "))", []any{member, platform, workspace}},
			statement{"DELETE FROM book_shelves WHERE platform = ? AND workspace = ? AND member = ?", []any{platform, workspace, member}},
		)
	})
}

// forgetShelves drops the book of a workspace.
func (db *DB) forgetShelves(ctx context.Context, platform, workspace string) error {
	where := []any{platform, workspace}
	err := db.dropArticles(ctx, platform, workspace, "shelf IN (SELECT id FROM book_shelves WHERE platform = ? AND workspace = ?)", where...)
	if err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx, statement{"DELETE FROM book_shelves WHERE platform = ? AND workspace = ?", where})
	})
}

// dropArticles drops articles of a workspace with all that belongs to them, some
// at a time: a large book is not gone in a moment, and others want to write.
func (db *DB) dropArticles(ctx context.Context, platform, workspace, which string, args ...any) error {
	const some = 20
	for {
		n := 0
		err := db.tx(ctx, func(tx *sql.Tx) error {
			if err := db.alone(ctx, tx, "book", platform, workspace); err != nil {
				return err
			}
			rows, err := tx.QueryContext(ctx, "SELECT id, day FROM book_articles WHERE "+which+" LIMIT ?", append(args[:len(args):len(args)], some)...)
			all, err := gather(rows, err, func(r *sql.Rows) (a keptArticle, err error) {
				err = r.Scan(&a.id, &a.day)
				return a, err
			})
			if err != nil {
				return err
			}
			for _, a := range all {
				first, last := rangeOf(a.day, a.id)
				if err := dropItems(ctx, tx, first, last); err != nil {
					return err
				}
				err := execs(ctx, tx,
					statement{"DELETE FROM book_askers WHERE article = ?", []any{a.id}},
					statement{"DELETE FROM book_articles WHERE id = ?", []any{a.id}},
				)
				if err != nil {
					return err
				}
			}
			n = len(all)
			return nil
		})
		if err != nil || n < some {
			return err
		}
	}
}

// expireBook drops what is over its time, a workspace after the other.
func (db *DB) expireBook(ctx context.Context, now time.Time) error {
	const over = "until > 0 AND until <= ?"
	const empty = "member <> '' AND NOT EXISTS (SELECT 1 FROM book_articles WHERE shelf = book_shelves.id)"
	rows, err := db.read.QueryContext(ctx, `
		SELECT DISTINCT platform, workspace FROM book_shelves
		WHERE id IN (SELECT shelf FROM book_articles WHERE `+over+`) OR `+empty, stamp(now))
	all, err := gather(rows, err, func(r *sql.Rows) (w [2]string, err error) {
		err = r.Scan(&w[0], &w[1])
		return w, err
	})
	if err != nil {
		return err
	}
	const here = "platform = ? AND workspace = ?"
	for _, w := range all {
		err := db.dropArticles(ctx, w[0], w[1], over+" AND shelf IN (SELECT id FROM book_shelves WHERE "+here+")", stamp(now), w[0], w[1])
		if err != nil {
			return err
		}
		err = db.tx(ctx, func(tx *sql.Tx) error {
			if err := db.alone(ctx, tx, "book", w[0], w[1]); err != nil {
				return err
			}
			return execs(ctx, tx, statement{"DELETE FROM book_shelves WHERE " + here + " AND " + empty, []any{w[0], w[1]}})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// SetRetention implements book.Store.
func (b *Book) SetRetention(ctx context.Context, where book.Shelf, r book.Retention) error {
	return b.db.fail("keeping how long to remember", b.db.tx(ctx, func(tx *sql.Tx) error {
		if err := b.db.alone(ctx, tx, "book", where.Platform, where.Workspace); err != nil {
			return err
		}
		row, err := makeShelf(ctx, tx, where.Public())
		if err != nil {
			return err
		}
		keep := max(r.Keep, 0)
		all := []statement{{"UPDATE book_shelves SET off = ?, keep = ? WHERE id = ?", []any{flag(r.Off), int64(keep), row.id}}}
		if keep > 0 {
			all = append(all, statement{
				"UPDATE book_articles SET until = read + ? WHERE shelf = ? AND (until = 0 OR until > read + ?)",
				[]any{int64(keep), row.id, int64(keep)},
			})
		}
		return execs(ctx, tx, all...)
	}))
}
