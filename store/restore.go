package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Restore puts a backup in the place of the store at path, which no process may
// have open. The store that was there is kept beside it; aside is its new name,
// empty when there was none. The backup is checked first, brought to the shape
// that this version knows, and stays where it is.
func Restore(ctx context.Context, backup, path string) (aside string, err error) {
	const what = "restoring a backup"
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
