package store

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"onrecord/work"
)

// Spool keeps in a folder what the database cannot take just now: it is a
// work.Spool. Each process has a folder of its own in there, with a lock that the
// system lets go of when the process ends, however it ends; what lies in a folder
// that nobody has locked is inherited. A process that ends loses nothing; what a
// machine that loses its power had written in the last seconds may be lost.
type Spool struct {
	root, dir string
	held      *lock
}

var _ work.Spool = (*Spool)(nil)

const spoolLock = "lock"

// OpenSpool opens the spool in a folder, which is made if it is not there. Close
// it when the queue is closed.
func OpenSpool(root string) (*Spool, error) {
	if !canLock {
		return nil, errors.New("opening the spool: processes cannot know of each other on this system")
	}
	var err error
	for range tries { // a folder that is not locked yet may be taken for a dead process's
		s := &Spool{root: root, dir: filepath.Join(root, rand.Text()[:12])}
		if err = os.MkdirAll(s.dir, 0o700); err != nil {
			continue
		}
		var ok bool
		if s.held, ok, err = tryLock(filepath.Join(s.dir, spoolLock), true); err != nil || !ok {
			continue
		}
		if _, err = os.Stat(filepath.Join(s.dir, spoolLock)); err == nil {
			return s, nil
		}
		_ = s.held.close()
	}
	return nil, fmt.Errorf("opening the spool: %w", cmp.Or(err, errors.New("it is locked")))
}

// Close leaves what is there to the next process.
func (s *Spool) Close() error {
	_ = os.Remove(filepath.Join(s.dir, spoolLock))
	_ = os.Remove(s.dir) // unless something lies in it
	return s.held.close()
}

// sheet is a file of the spool.
type sheet struct {
	Name string
	Data []byte
}

func (s *Spool) path(name string) string {
	sum := sha256.Sum256([]byte(name))
	return filepath.Join(s.dir, hex.EncodeToString(sum[:16])+".json")
}

// Put implements work.Spool.
func (s *Spool) Put(name string, data []byte) error {
	whole, err := json.Marshal(sheet{name, data})
	if err != nil {
		return err
	}
	// A process that dies must not leave half a file in the place of a whole one.
	path := s.path(name)
	half := path + "." + rand.Text()[:8]
	if err := os.WriteFile(half, whole, 0o600); err != nil {
		return cmp.Or(err, os.Remove(half))
	}
	return os.Rename(half, path)
}

// Drop implements work.Spool.
func (s *Spool) Drop(name string) error {
	if err := os.Remove(s.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Inherit implements work.Spool.
func (s *Spool) Inherit() (map[string][]byte, error) {
	all, err := os.ReadDir(s.root)
	if err != nil {
		return nil, err
	}
	left := map[string][]byte{}
	var errs []error
	for _, e := range all {
		if dir := filepath.Join(s.root, e.Name()); e.IsDir() && dir != s.dir {
			errs = append(errs, s.empty(dir, left))
		}
	}
	return left, errors.Join(errs...)
}

// empty moves what a dead process left into our own folder.
func (s *Spool) empty(dir string, left map[string][]byte) error {
	held, ok, err := tryLock(filepath.Join(dir, spoolLock), true)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another one was faster
	}
	if err != nil || !ok {
		return err
	}
	defer func() { _ = held.close() }()
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if filepath.Ext(f.Name()) != ".json" {
			continue
		}
		var one sheet
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err == nil {
			err = json.Unmarshal(data, &one)
		}
		if err == nil {
			err = os.Rename(filepath.Join(dir, f.Name()), s.path(one.Name))
		}
		if err != nil {
			return err
		}
		left[one.Name] = one.Data
	}
	return os.RemoveAll(dir)
}
