// Package storetest starts a PostgreSQL server for tests: a real one, in a
// temporary folder, on a socket there, for one test program.
//
//	func TestMain(m *testing.M) {
//		code := m.Run()
//		storetest.Stop()
//		os.Exit(code)
//	}
//
//	db, err := store.Open(ctx, storetest.Database(t), store.Options{})
//
// It needs initdb and postgres on the PATH or where Debian puts them
// (/usr/lib/postgresql/*/bin). Without them a test is skipped.
package storetest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver "postgres"
)

// Server is a PostgreSQL server.
type Server struct {
	dir, bin string
	said     *bytes.Buffer

	mu        sync.Mutex
	cmd       *exec.Cmd
	databases int
}

var shared struct {
	sync.Mutex
	server *Server
	err    error
	asked  bool
}

// Database gives the address of a new and empty database on a server that this
// test program shares. It skips the test where PostgreSQL is not installed.
func Database(t testing.TB) string {
	t.Helper()
	server, err := Shared()
	if errors.Is(err, ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := server.Database()
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Shared is the server that a test program shares.
func Shared() (*Server, error) {
	shared.Lock()
	defer shared.Unlock()
	if !shared.asked {
		shared.asked = true
		shared.server, shared.err = New()
	}
	return shared.server, shared.err
}

// Stop ends the shared server, if one was started.
func Stop() {
	shared.Lock()
	defer shared.Unlock()
	if shared.server != nil {
		shared.server.Close()
		shared.server = nil
	}
}

// ErrMissing says that PostgreSQL is not installed.
var ErrMissing = errors.New("PostgreSQL is not installed: neither on the PATH nor in /usr/lib/postgresql/*/bin")

// Installed reports whether there is a PostgreSQL.
func Installed() bool {
	_, err := find()
	return err == nil
}

// find finds initdb.
func find() (string, error) {
	path, err := exec.LookPath("initdb")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			return "", ErrMissing
		}
		path = slices.Max(found)
	}
	return filepath.EvalSymlinks(path)
}

// New makes a server and starts it. Close it when done.
func New() (*Server, error) {
	s := &Server{said: &bytes.Buffer{}}
	initdb, err := find()
	if err != nil {
		return nil, err
	}
	s.bin = filepath.Dir(initdb)
	// The path of a socket is short, whatever TMPDIR is.
	if s.dir, err = os.MkdirTemp("/tmp", "pg"); err != nil {
		return nil, err
	}
	if err := give(s.dir); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), initdb, "--pgdata", filepath.Join(s.dir, "data"), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync", "--no-instructions")
	cmd.Dir = s.dir
	asOther(cmd)
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w: %s", err, out), os.RemoveAll(s.dir))
	}
	if err := s.Start(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// Start starts the server, after Kill or Halt again, and waits until it answers.
func (s *Server) Start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cmd = exec.CommandContext(context.Background(), filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.dir, "data"), "-k", s.dir,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "log_min_messages=fatal")
	s.cmd.Dir = s.dir
	s.cmd.Stdout, s.cmd.Stderr = s.said, s.said
	asOther(s.cmd)
	if err := s.cmd.Start(); err != nil {
		return err
	}
	var err error
	for began := time.Now(); time.Since(began) < 30*time.Second; {
		var db *sql.DB
		if db, err = sql.Open("postgres", s.address("postgres")); err == nil {
			err = errors.Join(db.PingContext(context.Background()), db.Close())
		}
		if err == nil {
			return nil
		}
		wait := time.NewTimer(20 * time.Millisecond)
		<-wait.C
	}
	return fmt.Errorf("PostgreSQL does not start: %w", err)
}

// Halt ends the server as an operator does who restarts it: connections are cut.
func (s *Server) Halt() { s.end(os.Interrupt) }

// Kill ends the server as a power cut does.
func (s *Server) Kill() { s.end(os.Kill) }

func (s *Server) end(how os.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(how)
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Close ends the server and removes what it kept.
func (s *Server) Close() {
	s.Halt()
	_ = os.RemoveAll(s.dir)
}

// Database makes a new and empty database and gives its address.
func (s *Server) Database() (string, error) {
	s.mu.Lock()
	s.databases++
	name := fmt.Sprintf("onrecord%d", s.databases)
	s.mu.Unlock()
	db, err := sql.Open("postgres", s.address("postgres"))
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(context.Background(), "CREATE DATABASE "+name)
	return s.address(name), err
}

func (s *Server) address(database string) string {
	u := url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: url.Values{"host": {s.dir}, "user": {"postgres"}, "sslmode": {"disable"}}.Encode()}
	return strings.Replace(u.String(), "postgres://"+"/", "postgres:///", 1)
}
