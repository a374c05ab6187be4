package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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
	"DELETE FROM checklist WHERE channel <> ''",
	"DELETE FROM watch_items WHERE due > 0 OR state = 'held'", // nobody wants old news when it is restored
	"DELETE FROM watch_articles",
	"DELETE FROM leases",
}

// Backup writes a copy to a file that does not exist yet, while the store is in
// use: the file of a store, whatever keeps this one. What is private, and
// requests that are not done, are left out: they would outlive their time there.
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
	if err := db.copyTo(ctx, path); err != nil {
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

// copyTo copies a database of PostgreSQL, as it is at one moment, to a file.
func (s *server) copyTo(ctx context.Context, path string) (err error) {
	to, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, to.Close())
		_ = os.Remove(path + ".lock") // the copy is in nobody's use
	}()
	from, err := s.read.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = from.Rollback() }()
	return to.tx(ctx, func(tx *sql.Tx) error {
		return copyTables(ctx, to.read, from, s, tx, to)
	})
}

// copyTables copies all rows of all tables that a file has; the tables copied to
// are empty.
func copyTables(ctx context.Context, file *sql.DB, from *sql.Tx, source engine, to *sql.Tx, target engine) error {
	tables, err := tablesOf(ctx, file)
	if err != nil {
		return err
	}
	for _, table := range append(tables, "book_terms") {
		names, read, write := "rowid, terms", "rowid, "+source.termsText(), "?, "+target.termsOf()
		if table != "book_terms" {
			columns, err := columnsOf(ctx, file, table)
			if err != nil {
				return err
			}
			names = strings.Join(columns, ", ")
			read, write = names, "?"+strings.Repeat(", ?", len(columns)-1)
		}
		if _, err := to.ExecContext(ctx, "DELETE FROM "+table); err != nil {
			return err
		}
		into := many{into: "INSERT INTO " + table + " (" + names + ")", row: "(" + write + ")"}
		if err := copyRows(ctx, from, "SELECT "+read+" FROM "+table, to, &into); err != nil {
			return fmt.Errorf("copying %s: %w", table, err)
		}
	}
	return nil
}

func copyRows(ctx context.Context, from *sql.Tx, query string, to *sql.Tx, into *many) (err error) {
	rows, err := from.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		row, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			places[i] = &row[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := into.add(ctx, to, row...); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), into.flush(ctx, to))
}

func tablesOf(ctx context.Context, file *sql.DB) ([]string, error) {
	rows, err := file.QueryContext(ctx, `
		SELECT name FROM sqlite_master WHERE type = 'table'
			AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'goose%' AND name NOT LIKE 'book_terms%' ORDER BY name`)
	return gather(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
}

func columnsOf(ctx context.Context, file *sql.DB, table string) ([]string, error) {
	rows, err := file.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", table)
	return gather(rows, err, func(r *sql.Rows) (name string, err error) { return name, r.Scan(&name) })
}
