package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// This file holds what is SQLite's own: how the file is opened, what its errors
// mean, backup and size.

//go:embed migrations/*.sql
var migrations embed.FS

// mark is the application_id of our files: "OnRd".
const mark = 0x4f6e5264

// open opens the two ways into the file: one connection that writes, some that
// read.
func (db *DB) open(ctx context.Context) error {
	pragmas := []string{
		"auto_vacuum(incremental)", // before journal_mode: it counts for new files only
		"journal_mode(wal)",
		"synchronous(normal)",
		"foreign_keys(1)",
		"secure_delete(1)", // what is forgotten is overwritten
	}
	if db.o.MaxBytes > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", max(1, db.o.MaxBytes/4096)))
	}
	var err error
	if db.write, err = sql.Open("sqlite", db.source("immediate", pragmas...)); err != nil {
		return err
	}
	db.write.SetMaxOpenConns(1)
	db.write.SetMaxIdleConns(1)
	if err := db.ours(ctx); err != nil {
		return err
	}
	if db.read, err = sql.Open("sqlite", db.source("deferred", "query_only(1)")); err != nil {
		return err
	}
	db.read.SetMaxOpenConns(readers)
	db.read.SetMaxIdleConns(readers)
	return nil
}

const readers = 4

// source is the address of the file for the driver.
func (db *DB) source(begin string, pragmas ...string) string {
	all := append([]string{fmt.Sprintf("busy_timeout(%d)", db.o.Busy.Milliseconds()), "trusted_schema(0)"}, pragmas...)
	u := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(db.path),
		RawQuery: url.Values{"_txlock": {begin}, "_pragma": all}.Encode(),
	}
	return u.String()
}

// ours makes sure that the file is new or was made by this bot.
func (db *DB) ours(ctx context.Context) error {
	var id, tables int
	if err := db.write.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	if err := db.write.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	switch {
	case id == mark && tables > 0:
		// Goose would take damage for an empty file.
		var version int64
		return db.write.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&version)
	case id == mark:
		return nil
	case id != 0 || tables > 0:
		return &Error{Kind: ErrForeign, Path: db.path, What: "opening the store"}
	}
	_, err := db.write.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", mark))
	return err
}

// migrate brings the tables to the shape that this version knows.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db.write, steps,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	have, know, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > know {
		return &Error{Kind: ErrNewer, Path: db.path, What: "opening the store"}
	}
	if _, err = p.Up(ctx); err != nil {
		// Another process may have been faster.
		if have, know, again := p.GetVersions(ctx); again == nil && have == know {
			return nil
		}
	}
	return err
}

// sqliteKind tells what an error of SQLite means.
func sqliteKind(err error) (Kind, bool) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return "", false
	}
	// The primary code; the rest is detail. https://www.sqlite.org/rescode.html
	switch e.Code() & 0xff {
	case 3, 8, 14: // PERM, READONLY, CANTOPEN
		return ErrFolder, true
	case 5, 6: // BUSY, LOCKED
		return ErrLocked, true
	case 10: // IOERR
		return ErrDisk, true
	case 11: // CORRUPT
		return ErrCorrupt, true
	case 13: // FULL
		return ErrFull, true
	case 26: // NOTADB
		return ErrForeign, true
	}
	return "", false
}

// tidy gives the room of what was deleted back to the disk, and empties the log
// in which it may still stand.
func (db *DB) tidy(ctx context.Context) error {
	rows, err := db.write.QueryContext(ctx, "PRAGMA incremental_vacuum")
	if err != nil {
		return err
	}
	for rows.Next() { // each step frees a page
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var busy, log, done int
	return db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
}

// Check looks through the whole file for damage. It takes a while.
func (db *DB) Check(ctx context.Context) error {
	var found string
	if err := db.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return db.fail("checking the store", err)
	}
	if found != "ok" {
		return &Error{Kind: ErrCorrupt, Path: db.path, What: "checking the store", Err: errors.New(found)}
	}
	return nil
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
	const private = "SELECT a.id FROM book_articles AS a JOIN book_shelves AS s ON s.id = a.shelf WHERE s.member <> ''"
	for _, drop := range []string{
		"DELETE FROM recent WHERE private = 1 OR source_private = 1",
		"DELETE FROM work WHERE state < 2",
		"DELETE FROM book_terms WHERE rowid IN (SELECT id FROM book_items WHERE article IN (" + private + "))",
		"DELETE FROM book_items WHERE article IN (" + private + ")",
		"DELETE FROM book_askers WHERE article IN (" + private + ")",
		"DELETE FROM book_articles WHERE id IN (" + private + ")",
		"DELETE FROM book_names WHERE shelf IN (SELECT id FROM book_shelves WHERE member <> '')",
		"DELETE FROM book_speakers WHERE shelf IN (SELECT id FROM book_shelves WHERE member <> '')",
		"DELETE FROM book_shelves WHERE member <> ''",
		"VACUUM",
	} {
		if _, err := copied.ExecContext(ctx, drop); err != nil {
			return db.fail(what, err)
		}
	}
	return nil
}

// Size is the number of bytes that the store takes on the disk.
func (db *DB) Size(context.Context) (int64, error) {
	var sum int64
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(db.path + end)
		switch {
		case err == nil:
			sum += info.Size()
		case end == "" || !errors.Is(err, fs.ErrNotExist):
			return 0, fmt.Errorf("measuring the store: %w", err)
		}
	}
	return sum, nil
}
