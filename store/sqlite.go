package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

// file is a store in one file of SQLite.
type file struct {
	*DB
	lock *lock
}

func newFile(db *DB, path string) (*file, error) {
	const what = "opening the store"
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, &Error{Kind: ErrFolder, Path: path, What: what, Err: errors.New("not a file name")}
	}
	var err error
	if db.path, err = filepath.Abs(path); err != nil {
		return nil, db.wrong(what, err, nil)
	}
	return &file{DB: db}, nil
}

func (*file) name() string { return "SQLite" }

// mark is the application_id of our files: "OnRd".
const mark = 0x4f6e5264

func (f *file) start(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return err
	}
	alone, err := f.enter(ctx)
	if err != nil {
		return err
	}
	// Only a new file is touched here: to open and close one that SQLite has
	// open in this process would take SQLite's locks away.
	fresh, err := os.OpenFile(f.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case err == nil:
		if err := fresh.Close(); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := f.open(ctx); err != nil {
		return err
	}
	p, err := steps(goose.DialectSQLite3, f.write)
	if err != nil {
		return err
	}
	err = migrate(ctx, p, func(versions) error {
		return &Error{Kind: ErrNewer, Path: f.path, What: "opening the store"}
	})
	if err != nil {
		return err
	}
	if alone {
		if err := f.giveBack(ctx); err != nil {
			return err
		}
	}
	return f.lock.share()
}

func (f *file) stop() error { return f.lock.close() }

// enter takes the lock, and tells whether no other process has it.
func (f *file) enter(ctx context.Context) (alone bool, err error) {
	path := f.path + ".lock"
	l, ok, err := tryLock(path, true)
	if err != nil || ok {
		f.lock = l
		return ok, err
	}
	// Another process has it: to itself for a moment while it opens the store,
	// then shared.
	ctx, cancel := context.WithTimeout(ctx, f.o.Busy)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		l, ok, err := tryLock(path, false)
		if err != nil || ok || l == nil && !canLock {
			f.lock = l
			return false, err
		}
		select {
		case <-ctx.Done():
			return false, &Error{Kind: ErrLocked, Path: f.path, What: "opening the store", Err: ctx.Err()}
		case <-tick.C:
		}
	}
}

// open opens the two ways into the file: one connection that writes, some that
// read.
func (f *file) open(ctx context.Context) error {
	pragmas := []string{
		"auto_vacuum(incremental)", // before journal_mode: it counts for new files only
		"journal_mode(wal)",
		"synchronous(normal)",
		"foreign_keys(1)",
		"secure_delete(1)", // what is forgotten is overwritten
	}
	if f.o.MaxBytes > 0 {
		pragmas = append(pragmas, fmt.Sprintf("max_page_count(%d)", max(1, f.o.MaxBytes/4096)))
	}
	var err error
	if f.write, err = sql.Open("sqlite", f.source("immediate", pragmas...)); err != nil {
		return err
	}
	f.slow = f.write
	f.write.SetMaxOpenConns(1)
	f.write.SetMaxIdleConns(1)
	if err := f.ours(ctx); err != nil {
		return err
	}
	if f.read, err = sql.Open("sqlite", f.source("deferred", "query_only(1)")); err != nil {
		return err
	}
	f.read.SetMaxOpenConns(readers)
	f.read.SetMaxIdleConns(readers)
	return nil
}

const readers = 4

// source is the address of the file for the driver.
func (f *file) source(begin string, pragmas ...string) string {
	all := append([]string{fmt.Sprintf("busy_timeout(%d)", f.o.Busy.Milliseconds()), "trusted_schema(0)"}, pragmas...)
	u := url.URL{
		Scheme: "file", OmitHost: true, Path: filepath.ToSlash(f.path),
		RawQuery: url.Values{"_txlock": {begin}, "_pragma": all}.Encode(),
	}
	return u.String()
}

// ours makes sure that the file is new or was made by this bot.
func (f *file) ours(ctx context.Context) error {
	var id, tables int
	if err := f.write.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return err
	}
	if err := f.write.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil {
		return err
	}
	switch {
	case id == mark && tables > 0:
		// Goose would take damage for an empty file.
		var version int64
		return f.write.QueryRowContext(ctx, "SELECT max(version_id) FROM goose_db_version").Scan(&version)
	case id == mark:
		return nil
	case id != 0 || tables > 0:
		return &Error{Kind: ErrForeign, Path: f.path, What: "opening the store"}
	}
	_, err := f.write.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", mark))
	return err
}

// A transaction that writes is alone from its beginning.
func (*file) alone(context.Context, *sql.Tx, ...string) error { return nil }
func (*file) again(error) bool                                { return false }
func (*file) skipLocked() string                              { return "" }
func (*file) termsOf() string                                 { return "?" }
func (*file) termsText() string                               { return "terms" }

// The read-only connections may not do this.
func (f *file) copyTo(ctx context.Context, path string) error {
	_, err := f.write.ExecContext(ctx, "VACUUM INTO ?", path)
	return err
}

// match is an expression of FTS5. Terms are quoted all the same.
func (*file) match(groups [][]string) (condition, argument string) {
	all := make([]string, len(groups))
	for i, terms := range groups {
		all[i] = `("` + strings.Join(terms, `" OR "`) + `")`
	}
	return "book_terms MATCH ?", strings.Join(all, " AND ")
}

// newest implements engine. FTS5 keeps items in the order of their identifiers,
// and terms that most have cost more there than they save: most items are
// quotations, so where those are wanted, some more are listed instead.
func (f *file) newest(_ context.Context, w wanted) (shortlist, error) {
	groups := w.groups
	if len(w.speakers) > 0 {
		groups = append(slices.Clip(groups), speakerTerms(w.speakers))
	}
	if len(w.common) > 0 {
		w.most += w.most / 2
	}
	has, terms := f.match(groups)
	return shortlist{
		"SELECT rowid AS id FROM book_terms WHERE " + has + " AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?",
		[]any{terms, w.first, w.last, w.most},
		w.most,
	}, nil
}

func (*file) kind(err error) (Kind, bool) {
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
func (f *file) tidy(ctx context.Context) error {
	rows, err := f.write.QueryContext(ctx, "PRAGMA incremental_vacuum")
	if err != nil {
		return err
	}
	for rows.Next() { // each step frees a page
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return err
	}
	var busy, log, done int
	return f.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &done)
}

func (f *file) check(ctx context.Context) error {
	var found string
	if err := f.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found); err != nil {
		return err
	}
	if found != "ok" {
		return &Error{Kind: ErrCorrupt, Path: f.path, What: "checking the store", Err: errors.New(found)}
	}
	return nil
}

func (f *file) size(context.Context) (int64, error) {
	var sum int64
	for _, end := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(f.path + end)
		switch {
		case err == nil:
			sum += info.Size()
		case end == "" || !errors.Is(err, fs.ErrNotExist):
			return 0, err
		}
	}
	return sum, nil
}
