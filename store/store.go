package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
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
	engine
	path        string // for the log
	o           Options
	write, read *sql.DB
	slow        *sql.DB // where transactions run, so that single statements do not wait for them

	mu     sync.Mutex
	ready  map[string]*sql.Stmt // what the writer runs all the time
	asked  map[string]*sql.Stmt // what readers ask all the time
	closed bool
}

// engine is what SQLite and PostgreSQL do each in its own way.
type engine interface {
	// start opens the pools of connections and brings the tables up to date.
	start(ctx context.Context) error
	stop() error
	// kind tells what an error of the database means.
	kind(err error) (Kind, bool)
	// alone lets one transaction at a time do what has a name.
	alone(ctx context.Context, tx *sql.Tx, name ...string) error
	// again reports whether a transaction failed only since another was in its
	// way.
	again(err error) bool
	// skipLocked ends a SELECT whose rows are changed by the same statement: it
	// leaves out what another process has in hand.
	skipLocked() string
	// match is a condition on book_terms and its argument: of each group of
	// terms an item has one.
	match(groups [][]string) (condition, argument string)
	// newest finds the newest items.
	newest(ctx context.Context, w wanted) (shortlist, error)
	// termsOf is an expression for the terms of an item, given as words, and
	// termsText one for the words, given the terms.
	termsOf() string
	termsText() string
	// tidy gives room back, and overwrites what was deleted.
	tidy(ctx context.Context) error
	check(ctx context.Context) error
	size(ctx context.Context) (int64, error)
	// copyTo copies everything to a file of SQLite that is there and empty.
	copyTo(ctx context.Context, path string) error
	name() string
}

// Open opens the store in a file, and makes the file and its folder if they are
// not there; or, when where begins with postgres:// or postgresql://, the
// database there. Its error is an [*Error] for what an operator can do something
// about.
func Open(ctx context.Context, where string, o Options) (*DB, error) {
	const what = "opening the store"
	const day = 24 * time.Hour
	o.Busy = cmp.Or(o.Busy, 5*time.Second)
	o.KeepFeedback = cmp.Or(o.KeepFeedback, 365*day)
	db := &DB{path: where, o: o}
	var err error
	if IsServer(where) {
		db.engine, err = newServer(db, where)
	} else {
		db.engine, err = newFile(db, where)
	}
	if err != nil {
		return nil, err
	}
	if err := db.start(ctx); err != nil {
		return nil, errors.Join(db.fail(what, err), db.Close())
	}
	return db, nil
}

// IsServer tells an address of a database server from the name of a file.
func IsServer(where string) bool {
	scheme, _, ok := strings.Cut(where, "://")
	return ok && (strings.EqualFold(scheme, "postgres") || strings.EqualFold(scheme, "postgresql"))
}

// Engine names the database: "SQLite" or "PostgreSQL".
func (db *DB) Engine() string { return db.name() }

// Place says where the store is, for people: a file, or an address without its
// password.
func (db *DB) Place() string { return db.path }

// Close closes the store. A second time it does nothing.
func (db *DB) Close() error {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return nil
	}
	db.closed = true
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write, db.slow} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	return errors.Join(append(errs, db.stop())...)
}

// Check looks through the store for damage. It takes a while.
func (db *DB) Check(ctx context.Context) error { return db.fail("checking the store", db.check(ctx)) }

// Size is the number of bytes that the store takes on the disk.
func (db *DB) Size(ctx context.Context) (int64, error) {
	n, err := db.size(ctx)
	return n, db.fail("measuring the store", err)
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
			statement{"DELETE FROM checklist WHERE until > 0 AND until <= ?", []any{stamp(now)}},
			statement{"DELETE FROM leases WHERE until <= ?", []any{stamp(now.Add(-time.Hour))}},
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
			statement{"DELETE FROM checklist WHERE platform = ? AND workspace = ?", where},
			statement{"DELETE FROM installations WHERE platform = ? AND workspace = ?", where},
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

// ForgetUser drops what a person asked, reported and marked in a workspace.
// Requests in work are not known by person; their payload goes when they are
// done.
func (db *DB) ForgetUser(ctx context.Context, platform, workspace, user string) error {
	who := []any{platform, workspace, user}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		return execs(ctx, tx,
			statement{"DELETE FROM recent WHERE platform = ? AND workspace = ? AND member = ?", who},
			statement{"DELETE FROM feedback WHERE platform = ? AND workspace = ? AND member = ?", who},
			statement{"DELETE FROM checklist WHERE platform = ? AND workspace = ? AND member = ?", who},
			statement{"UPDATE installations SET installer = '' WHERE platform = ? AND workspace = ? AND installer = ?", who},
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

// tx runs f in a transaction that writes, and once more if another transaction
// was in its way.
func (db *DB) tx(ctx context.Context, f func(*sql.Tx) error) error {
	for try := 1; ; try++ {
		err := db.txOnce(ctx, f)
		if err == nil || try == tries || !db.again(err) {
			return err
		}
	}
}

const tries = 5

func (db *DB) txOnce(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.slow.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		if undo := tx.Rollback(); undo != nil && !errors.Is(undo, sql.ErrTxDone) {
			err = errors.Join(err, undo)
		}
		return err
	}
	return tx.Commit()
}

// hash is the number of a name, for databases whose locks have numbers.
func hash(name []string) int64 {
	h := fnv.New64a()
	for _, part := range name {
		fmt.Fprintf(h, "%d %s", len(part), part)
	}
	return int64(h.Sum64()) //nolint:gosec // all of its bits are used
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
