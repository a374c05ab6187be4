package store

import (
	"errors"
	"fmt"
	"io/fs"
	"syscall"
)

// Kind says why the store could not be used. It is an error itself, so that
//
//	errors.Is(err, store.ErrFull)
//
// asks for one.
type Kind string

// Why the store could not be used.
const (
	ErrFull    Kind = "disk full"
	ErrFolder  Kind = "not writable"
	ErrLocked  Kind = "locked by another program"
	ErrCorrupt Kind = "damaged"
	ErrForeign Kind = "not a database of this bot"
	ErrNewer   Kind = "made by a newer version"
	ErrDisk    Kind = "disk error"
	ErrGone    Kind = "not reachable"
	ErrRefused Kind = "refused by the server"
	ErrFilled  Kind = "not empty"
)

// Error makes a Kind an error to compare with.
func (k Kind) Error() string { return string(k) }

// Error is why the store could not be used.
type Error struct {
	Kind Kind
	Path string // the file, for the log: people in a chat are not told
	What string // what was being done: "saving settings"
	Err  error  // the cause; may be nil
}

// Error says for the log what happened.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s: %s: %s", e.What, e.Path, string(e.Kind))
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's Kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// Sentence says to the operator, in one sentence without the file's name, what
// happened and what to do.
func (e *Error) Sentence() string {
	switch e.Kind {
	case ErrFull:
		return "The disk that holds the bot's database is full: make room on it; until then nothing new is kept across a restart."
	case ErrFolder:
		return "The bot's database cannot be written: check the owner and the permissions of its folder, or name another place for it."
	case ErrLocked:
		return "The bot's database is locked by another program: end that program or wait for it, then try again."
	case ErrCorrupt:
		return "The bot's database is damaged: stop the bot, put the last backup in its place, or move the file away to begin with an empty one."
	case ErrForeign:
		return "The file named as the bot's database is something else: name another place for the database."
	case ErrNewer:
		return "The bot's database was made by a newer version of the bot: run that version or a later one, or restore a backup from before."
	case ErrDisk:
		return "The disk that holds the bot's database cannot be read or written: check the disk, and restore the last backup if it is broken."
	case ErrFilled:
		return "The database that DATABASE_URL names is not empty, and nothing in it was changed: make an empty one for the backup, as 'createdb' does, and name that."
	case ErrGone:
		return "The server of the bot's database does not answer: check the server and DATABASE_URL; until it is back requests and what is briefed are kept beside it; settings and watches have to wait, and the quote book cannot be asked."
	case ErrRefused:
		return "The server of the bot's database refuses the bot: check the user, the password and the name of the database in DATABASE_URL, and what that user may do."
	}
	return "The bot's database cannot be used: the log says why."
}

// fail makes an error of what the database or the file system said.
func (db *DB) fail(what string, err error) error { return db.wrong(what, err, db.kind) }

func (db *DB) wrong(what string, err error, engineKind func(error) (Kind, bool)) error {
	if err == nil {
		return nil
	}
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	if engineKind != nil {
		if kind, ok := engineKind(err); ok {
			return &Error{Kind: kind, Path: db.path, What: what, Err: err}
		}
	}
	if kind, ok := fileKind(err); ok {
		return &Error{Kind: kind, Path: db.path, What: what, Err: err}
	}
	return fmt.Errorf("%s: %w", what, err)
}

// fileKind tells what an error of the file system means.
func fileKind(err error) (Kind, bool) {
	var path *fs.PathError
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return ErrFull, true
	case errors.Is(err, syscall.EIO):
		return ErrDisk, true
	case errors.As(err, &path):
		return ErrFolder, true
	}
	return "", false
}
