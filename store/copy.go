package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
)

const privateArticles = "SELECT a.id FROM book_articles AS a JOIN book_shelves AS s ON s.id = a.shelf WHERE s.member <> ''"

// leftOut drops from a copy what is private, and requests that are not done.
var leftOut = []string{
	"DELETE FROM recent WHERE private = 1 OR source_private = 1",
	"DELETE FROM work WHERE state < 2",
	"DELETE FROM book_terms WHERE rowid IN (SELECT id FROM book_items WHERE article IN (" + privateArticles + "))",
	"DELETE FROM book_items WHERE article IN (" + privateArticles + ")",
	"DELETE FROM book_askers WHERE article IN (" + privateArticles + ")",
	"DELETE FROM book_articles WHERE id IN (" + privateArticles + ")",
	"DELETE FROM book_names WHERE shelf IN (SELECT id FROM book_shelves WHERE member <> '')",
	"DELETE FROM book_speakers WHERE shelf IN (SELECT id FROM book_shelves WHERE member <> '')",
	"DELETE FROM book_shelves WHERE member <> ''",
}

// Backup writes a copy to a file that does not exist yet, while the store is in
// use. What is private, and requests that are not done, are left out: they
// would outlive their time there.
func (db *DB) Backup(ctx context.Context, path string) (err error) {
	const what = "writing a backup"
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(path)
		}
	}()
	// The read-only connections may not do this.
	if _, err := db.write.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return db.fail(what, err)
	}
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: "_pragma=secure_delete(1)&_pragma=journal_mode(delete)"}
	copied, err := sql.Open("sqlite", u.String())
	if err != nil {
		return db.fail(what, err)
	}
	defer func() { err = errors.Join(err, copied.Close()) }()
	copied.SetMaxOpenConns(1)
	for _, drop := range append(leftOut[:len(leftOut):len(leftOut)], "VACUUM") {
		if _, err := copied.ExecContext(ctx, drop); err != nil {
			return db.fail(what, err)
		}
	}
	return nil
}
