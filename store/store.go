// Package store keeps what must not be forgotten: accepted requests, recent
// articles, the quote book, settings, feedback. It is the one room that knows
// SQL.
//
//	db, err := store.Open(ctx, "/var/lib/onrecord/onrecord.db", store.Options{})
//	…
//	queue := work.New(work.Options{Store: db.Work()})
//	recent := db.Recent(store.RecentOptions{})
//
// The ports that it implements are declared where they are used: [work.Store],
// chat.Recent, chat.Lister, book.Store. Their conformance tests are there too
// (work/worktest, chat/chattest, book/booktest), and the other implementations, in memory, pass
// the same ones.
//
// # The file
//
// The store is one SQLite file in WAL mode, readable for its owner alone, in a
// folder of its own. One connection writes, some read. A process that dies
// loses nothing that was written; a power cut may lose the last moments, and
// damages nothing. Deleted rows are overwritten, and [DB.Expire] empties the log
// in which they may still stand.
//
// Each process that has the file open holds a lock on a file beside it. A
// process that opens the store and finds itself alone knows that every lease is
// one of a dead process, and gives them back: so what a killed process left is
// taken up at once, and not only when the leases run out.
//
// Nothing happens by itself: whoever owns the store calls [DB.Expire] now and
// then.
//
// # Other databases
//
// PostgreSQL can join. The statements are plain SQL that both understand; what
// is SQLite's own stands in sqlite.go (opening, migrations, errors, backup,
// size, tidying) and becomes an interface with two implementations then.
// Besides: ? becomes $1 in one place; the lease adds FOR UPDATE SKIP LOCKED to
// its inner SELECT; the lock on a file becomes an advisory lock; and since
// PostgreSQL takes neither NUL nor invalid UTF-8 in text, its columns for
// strangers' words are bytea. The quote book's index (book_terms) becomes a
// column of text[] with a GIN index: its terms are made by package book, and no
// word of a stranger reaches a query language.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Options are the settings of a store. The zero value works.
type Options struct {
	Busy         time.Duration // how long to wait for another process that writes; 5 s if 0
	KeepFeedback time.Duration // how long feedback is kept; a year if 0
	MaxBytes     int64         // the file grows no larger: then it is as if the disk were full; no limit if 0
}

// DB is an open store. Its methods are safe for use by many goroutines.
type DB struct {
	path        string
	o           Options
	write, read *sql.DB
	lock        *lock

	mu     sync.Mutex
	ready  map[string]*sql.Stmt // what the writer runs all the time
	asked  map[string]*sql.Stmt // what readers ask all the time
	closed bool
}

// Open opens the store in a file, and makes the file and its folder if they are
// not there. Its error is an [*Error] for what an operator can do something
// about.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	const what = "opening the store"
	const day = 24 * time.Hour
	o.Busy = cmp.Or(o.Busy, 5*time.Second)
	o.KeepFeedback = cmp.Or(o.KeepFeedback, 365*day)
	db := &DB{path: path, o: o}
	if path == "" || strings.ContainsRune(path, 0) {
		return nil, &Error{Kind: ErrFolder, Path: path, What: what, Err: errors.New("not a file name")}
	}
	var err error
	if db.path, err = filepath.Abs(path); err != nil {
		return nil, db.fail(what, err)
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(db.fail(what, err), db.Close())
	}
	return db, nil
}

func (db *DB) start(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Dir(db.path), 0o700); err != nil {
		return err
	}
	alone, err := db.enter(ctx)
	if err != nil {
		return err
	}
	// Only a new file is touched here: to open and close one that SQLite has
	// open in this process would take SQLite's locks away.
	f, err := os.OpenFile(db.path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	switch {
	case err == nil:
		if err := f.Close(); err != nil {
			return err
		}
	case !errors.Is(err, fs.ErrExist):
		return err
	}
	if err := db.open(ctx); err != nil {
		return err
	}
	if err := db.migrate(ctx); err != nil {
		return err
	}
	if alone {
		if err := db.giveBack(ctx); err != nil {
			return err
		}
	}
	return db.lock.share()
}

// enter takes the lock, and tells whether no other process has it.
func (db *DB) enter(ctx context.Context) (alone bool, err error) {
	path := db.path + ".lock"
	l, ok, err := tryLock(path, true)
	if err != nil || ok {
		db.lock = l
		return ok, err
	}
	// Another process has it: to itself for a moment while it opens the store,
	// then shared.
	ctx, cancel := context.WithTimeout(ctx, db.o.Busy)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		l, ok, err := tryLock(path, false)
		if err != nil || ok || l == nil && !canLock {
			db.lock = l
			return false, err
		}
		select {
		case <-ctx.Done():
			return false, &Error{Kind: ErrLocked, Path: db.path, What: "opening the store", Err: ctx.Err()}
		case <-tick.C:
		}
	}
}

// Close closes the store. A second time it does nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(append(errs, db.lock.close())...)
}

// Health tells whether the store can be written, by writing.
func (db *DB) Health(ctx context.Context) error {
	return db.Notes().Set(ctx, "health", time.Now().UTC().Format(time.RFC3339))
}

// Expire drops what is over its time, and overwrites it. Call it every few
// minutes: what is private is to be gone after 24 hours.
func (db *DB) Expire(ctx context.Context, now time.Time) error {
	const what = "forgetting what is over its time"
	err := db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx,
			statement{"DELETE FROM recent WHERE until <= ?", []any{stamp(now)}},
			statement{"DELETE FROM feedback WHERE at <= ?", []any{stamp(now.Add(-db.o.KeepFeedback))}},
		)
	})
	if err == nil {
		err = db.expireBook(ctx, now)
	}
	if err == nil {
		err = db.Watches().Sweep(ctx, now)
	}
	if err == nil {
		err = db.tidy(ctx)
	}
	return db.fail(what, err)
}

// Forget drops everything of a workspace: when the bot was taken out of it.
func (db *DB) Forget(ctx context.Context, platform, workspace string) error {
	where := []any{platform, workspace}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx,
			statement{"DELETE FROM work WHERE lane = ? AND workspace = ?", where},
			statement{"DELETE FROM recent WHERE platform = ? AND workspace = ?", where},
			statement{"DELETE FROM settings WHERE platform = ? AND workspace = ?", where},
			statement{"DELETE FROM feedback WHERE platform = ? AND workspace = ?", where},
		)
	})
	if err == nil {
		err = db.forgetShelves(ctx, platform, workspace)
	}
	if err == nil {
		err = db.forgetWatches(ctx, platform, workspace)
	}
	if err == nil {
		err = db.tidy(ctx)
	}
	return db.fail("forgetting a workspace", err)
}

// ForgetUser drops what a person asked and reported in a workspace.
// Requests in work are not known by person; their payload goes when they are
// done.
func (db *DB) ForgetUser(ctx context.Context, platform, workspace, user string) error {
	who := []any{platform, workspace, user}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx,
			statement{"DELETE FROM recent WHERE platform = ? AND workspace = ? AND member = ?", who},
			statement{"DELETE FROM feedback WHERE platform = ? AND workspace = ? AND member = ?", who},
		)
	})
	if err == nil {
		err = db.forgetReader(ctx, platform, workspace, user)
	}
	if err == nil {
		err = db.tidy(ctx)
	}
	return db.fail("forgetting a person", err)
}

// tx runs f in a transaction that writes.
func (db *DB) tx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

type statement struct {
	query string
	args  []any
}

func execs(ctx context.Context, tx *sql.Tx, all ...statement) error {
	for _, s := range all {
		if _, err := tx.ExecContext(ctx, s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// exec runs one statement that writes, and tells how many rows it changed.
func (db *DB) exec(ctx context.Context, what, query string, args ...any) (int64, error) {
	s, err := db.prepared(ctx, query)
	if err != nil {
		return 0, db.fail(what, err)
	}
	r, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, db.fail(what, err)
	}
	n, err := r.RowsAffected()
	return n, db.fail(what, err)
}

// prepared is a statement of the writer, which is parsed once. Queries are
// constants, so there are few.
func (db *DB) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	db.mu.Lock()
	s, ok := db.ready[query]
	db.mu.Unlock()
	if ok {
		return s, nil
	}
	s, err := db.write.PrepareContext(ctx, query) // waits for the writer
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if first, ok := db.ready[query]; ok {
		return first, s.Close()
	}
	if db.ready == nil {
		db.ready = map[string]*sql.Stmt{}
	}
	db.ready[query] = s
	return s, nil
}

// query asks something that is asked all the time, and parsed once. There may
// be few such queries.
func (db *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	db.mu.Lock()
	s, ok := db.asked[query]
	db.mu.Unlock()
	if !ok {
		var err error
		if s, err = db.read.PrepareContext(ctx, query); err != nil {
			return nil, err
		}
		db.mu.Lock()
		if first, ok := db.asked[query]; ok {
			_ = s.Close()
			s = first
		} else {
			if db.asked == nil {
				db.asked = map[string]*sql.Stmt{}
			}
			db.asked[query] = s
		}
		db.mu.Unlock()
	}
	return s.QueryContext(ctx, args...)
}

// stamp is a time as it is stored: nanoseconds since 1970, 0 for none. What
// that cannot say is cut to what it can.
func stamp(t time.Time) int64 {
	switch year := t.Year(); {
	case t.IsZero():
		return 0
	case year < 1678:
		return math.MinInt64
	case year > 2261:
		return math.MaxInt64
	}
	return t.UnixNano()
}

// moment undoes stamp.
func moment(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// gather reads rows.
func gather[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading rows: %w", err)
	}
	return all, nil
}
