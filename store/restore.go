package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Restore puts a backup in the place of the store at where, which no process may
// have open. The backup is checked first, brought to the shape that this version
// knows, and stays where it is.
//
// The file that was there is kept beside it; aside is its new name, empty when
// there was none. A database of PostgreSQL has to be empty: what is in one is
// never overwritten.
func Restore(ctx context.Context, backup, where string) (aside string, err error) {
	if IsServer(where) {
		return "", restoreServer(ctx, backup, where)
	}
	return restoreFile(ctx, backup, where)
}

const restoring = "restoring a backup"

func restoreServer(ctx context.Context, backup, where string) (err error) {
	work, err := os.MkdirTemp("", "onrecord-restore-*")
	if err != nil {
		return fmt.Errorf("%s: %w", restoring, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	ready := filepath.Join(work, "onrecord.db")
	if err := copyFile(backup, ready); err != nil {
		return fmt.Errorf("%s: %w", restoring, err)
	}
	if err := prove(ctx, ready); err != nil {
		return err
	}
	from, err := Open(ctx, ready, Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := Open(ctx, where, Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	return to.fail(restoring, to.fill(ctx, from))
}

// fill copies a file into a database of PostgreSQL that has nothing but notes.
func (db *DB) fill(ctx context.Context, file *DB) error {
	tables, err := tablesOf(ctx, file.read)
	if err != nil {
		return err
	}
	from, err := file.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = from.Rollback() }()
	return db.tx(ctx, func(tx *sql.Tx) error {
		for _, table := range tables {
			var some bool
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+table+")").Scan(&some); err != nil {
				return err
			}
			if some && table != "notes" {
				return &Error{Kind: ErrFilled, Path: db.path, What: restoring}
			}
		}
		if err := copyTables(ctx, file.read, from, file, tx, db); err != nil {
			return err
		}
		return db.number(ctx, tx)
	})
}

// number lets the database go on with numbers behind those that rows have.
func (db *DB) number(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT table_name, column_name FROM information_schema.columns
		WHERE is_identity = 'YES' AND table_schema = current_schema()`)
	all, err := gather(rows, err, func(r *sql.Rows) (c [2]string, err error) { return c, r.Scan(&c[0], &c[1]) })
	if err != nil {
		return err
	}
	for _, c := range all {
		_, err := tx.ExecContext(ctx, "SELECT setval(pg_get_serial_sequence(?, ?), (SELECT coalesce(max("+c[1]+"), 0) + 1 FROM "+c[0]+"), false)", c[0], c[1])
		if err != nil {
			return err
		}
	}
	return nil
}

func restoreFile(ctx context.Context, backup, path string) (aside string, err error) {
	const what = restoring
	if path, err = filepath.Abs(path); err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", &Error{Kind: ErrFolder, Path: path, What: what, Err: err}
	}
	work, err := os.MkdirTemp(dir, ".restore-*")
	if err != nil {
		return "", &Error{Kind: ErrFolder, Path: path, What: what, Err: err}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	ready := filepath.Join(work, "onrecord.db")
	if err := copyFile(backup, ready); err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	if err := prove(ctx, ready); err != nil {
		return "", err
	}
	// Whoever has the store open holds this lock.
	l, free, err := tryLock(path+".lock", true)
	if err != nil {
		return "", &Error{Kind: ErrFolder, Path: path, What: what, Err: err}
	}
	if !free && canLock {
		return "", &Error{Kind: ErrLocked, Path: path, What: what}
	}
	defer func() { err = errors.Join(err, l.close()) }()
	if _, err := os.Stat(path); err == nil {
		aside = path + ".before-" + time.Now().UTC().Format("20060102T150405")
		for _, end := range []string{"", "-wal", "-shm"} {
			if err := os.Rename(path+end, aside+end); err != nil && (end == "" || !errors.Is(err, fs.ErrNotExist)) {
				return "", fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	if err := os.Rename(ready, path); err != nil {
		return aside, fmt.Errorf("%s: %w", what, err)
	}
	return aside, nil
}

// prove opens a store, which brings it up to date, and looks for damage.
func prove(ctx context.Context, path string) error {
	db, err := Open(ctx, path, Options{})
	if err != nil {
		return err
	}
	err = errors.Join(db.Check(ctx), db.tidy(ctx))
	return errors.Join(err, db.Close())
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
