//go:build unix

package store

import (
	"errors"
	"os"
	"syscall"
)

// canLock says that processes can know of each other here.
const canLock = true

// lock is held by each process that has the store open. The system lets go of
// it when the process ends, however it ends.
type lock struct{ f *os.File }

// tryLock takes the lock, alone or shared with others. It does not wait.
func tryLock(path string, alone bool) (*lock, bool, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, false, err
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	switch {
	case err == nil:
		return &lock{f}, true, nil
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, false, f.Close()
	}
	_ = f.Close()
	return nil, false, &os.PathError{Op: "flock", Path: path, Err: err}
}

// share lets others in.
func (l *lock) share() error {
	if l == nil {
		return nil
	}
	return syscall.Flock(int(l.f.Fd()), syscall.LOCK_SH)
}

func (l *lock) close() error {
	if l == nil {
		return nil
	}
	return l.f.Close()
}
