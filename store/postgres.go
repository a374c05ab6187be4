package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lib/pq"
	"github.com/pressly/goose/v3"
)

// server is a store in a database of PostgreSQL.
type server struct {
	*DB
	plain, patient *pq.Connector // the patient one is for migrations, which take what they take

	life context.Context // ends with the store
	end  context.CancelFunc
	wait sync.WaitGroup

	mu    sync.Mutex
	ready bool     // the tables are up to date
	under *attempt // to bring them up to date; nil when nobody tries
}

// attempt is one try to bring the tables up to date.
type attempt struct {
	done chan struct{}
	err  error // once it is done
}

// Each process has so many connections of a kind at most: for single statements
// that write, for transactions, which may wait for each other, and for reading.
const serverConnections = 5

func newServer(db *DB, address string) (*server, error) {
	const what = "opening the store"
	// What cannot be read may hold a password, and is told to nobody.
	db.path = "the address"
	u, err := url.Parse(address)
	if err != nil {
		return nil, &Error{Kind: ErrRefused, Path: db.path, What: what, Err: errors.New("not an address like postgres://user:password@host/database")}
	}
	db.path = tellable(u)
	// Values go as they are, and a question is one message and one answer.
	q := u.Query()
	q.Set("binary_parameters", "yes")
	if !q.Has("connect_timeout") {
		q.Set("connect_timeout", "5")
	}
	u.RawQuery = q.Encode()
	s := &server{DB: db}
	s.life, s.end = context.WithCancel(context.Background())
	for _, c := range []struct {
		into     **pq.Connector
		patience time.Duration
	}{{&s.plain, patience}, {&s.patient, 0}} {
		if *c.into, err = pq.NewConnector(u.String()); err != nil {
			return nil, &Error{Kind: ErrRefused, Path: db.path, What: what, Err: errors.New("an address with settings that are not known")}
		}
		(*c.into).Dialer(&dialer{patience: c.patience})
	}
	return s, nil
}

// tellable is an address without password and settings.
func tellable(u *url.URL) string {
	short := url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}
	if user := u.User.Username(); user != "" {
		short.User = url.User(user)
	}
	if host := u.Query().Get("host"); host != "" {
		short.RawQuery = url.Values{"host": {host}}.Encode()
	}
	return short.String()
}

func (*server) name() string { return "PostgreSQL" }

// start does not insist on a server: whatever connects first brings the tables
// up to date.
func (s *server) start(ctx context.Context) error {
	pool := func() *sql.DB {
		db := sql.OpenDB(door{s})
		db.SetMaxOpenConns(serverConnections)
		db.SetMaxIdleConns(serverConnections)
		db.SetConnMaxIdleTime(5 * time.Minute)
		return db
	}
	s.write, s.slow, s.read = pool(), pool(), pool()
	limited, cancel := context.WithTimeout(ctx, 2*s.o.Busy)
	defer cancel()
	err := s.write.PingContext(limited)
	if kind, known := s.kind(err); known && kind == ErrGone || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (s *server) stop() error {
	s.end()
	s.wait.Wait()
	return nil
}

// door is where database/sql gets connections from.
type door struct{ *server }

// Close does nothing: database/sql would close the store otherwise.
func (door) Close() error { return nil }

// Connect implements driver.Connector.
func (s door) Connect(ctx context.Context) (driver.Conn, error) {
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	c, err := s.plain.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := c.(pgInner)
	if !ok {
		return nil, errors.Join(errors.New("the driver of PostgreSQL lacks what the store needs"), c.Close())
	}
	return pgConn{inner}, nil
}

// Driver implements driver.Connector.
func (s door) Driver() driver.Driver { return s.plain.Driver() }

// prepare waits until the tables are up to date. It may take longer than whoever
// asks can wait, so it is not theirs to end.
func (s *server) prepare(ctx context.Context) error {
	s.mu.Lock()
	if s.ready {
		s.mu.Unlock()
		return nil
	}
	try := s.under
	if try == nil {
		try = &attempt{done: make(chan struct{})}
		s.under = try
		s.wait.Go(func() {
			pool := sql.OpenDB(s.patient)
			try.err = errors.Join(s.bring(s.life, pool), pool.Close())
			s.mu.Lock()
			defer s.mu.Unlock()
			s.ready, s.under = try.err == nil, nil
			close(try.done)
		})
	}
	s.mu.Unlock()
	select {
	case <-try.done:
		return try.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// migrating is the number of the lock of whoever changes tables.
var migrating = hash([]string{"onrecord", "migrations"})

func (s *server) bring(ctx context.Context, pool *sql.DB) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // which ends the lock
	var encoding string
	if err := conn.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return &Error{Kind: ErrRefused, Path: s.path, What: "opening the store", Err: errors.New("the database's encoding is " + encoding + " and must be UTF8")}
	}
	p, err := steps(goose.DialectPostgres, pool)
	if err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrating); err != nil {
		return err
	}
	return errors.Join(
		// Tables of a newer version have more, and nothing less: see "How to add
		// a table".
		migrate(ctx, p, func(versions) error { return nil }),
		unlocked(conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", migrating)),
	)
}

func unlocked(_ sql.Result, err error) error { return err }

func (*server) alone(ctx context.Context, tx *sql.Tx, name ...string) error {
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(?)", hash(name))
	return err
}

// again: two that wait for each other, a row that another one made just now, or
// a snapshot that is too old.
func (*server) again(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && slices.Contains([]string{"40001", "40P01", "23505"}, string(e.Code))
}

func (*server) skipLocked() string { return " FOR UPDATE SKIP LOCKED" }
func (*server) termsOf() string    { return "array_to_tsvector(string_to_array(?, ' '))" }
func (*server) termsText() string  { return "array_to_string(tsvector_to_array(terms), ' ')" }

// match is a tsquery. Terms are letters, digits and underlines, and quoted all
// the same.
func (*server) match(groups [][]string) (condition, argument string) {
	all := make([]string, len(groups))
	for i, terms := range groups {
		all[i] = `('` + strings.Join(terms, `' | '`) + `')`
	}
	return "terms @@ CAST(? AS tsquery)", strings.Join(all, " & ")
}

func (*server) kind(err error) (Kind, bool) {
	var e *pq.Error
	if !errors.As(err, &e) {
		var network net.Error
		gone := errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, net.ErrClosed)
		return ErrGone, gone && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
	}
	// https://www.postgresql.org/docs/current/errcodes-appendix.html
	switch code := string(e.Code); {
	case code == "53100", code == "53200", code == "53400":
		return ErrFull, true
	case code == "53300", strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"):
		return ErrGone, true
	case code == "42501", code == "25006", strings.HasPrefix(code, "28"), strings.HasPrefix(code, "3D"), strings.HasPrefix(code, "3F"):
		return ErrRefused, true
	case code == "55P03":
		return ErrLocked, true
	case strings.HasPrefix(code, "58"):
		return ErrDisk, true
	case strings.HasPrefix(code, "XX"):
		return ErrCorrupt, true
	}
	return "", false
}

// tidy has nothing to do: autovacuum does it, and whoever can read the server's
// files can read the tables.
func (*server) tidy(context.Context) error { return nil }

// check reads what can be read: damage is found by PostgreSQL itself, with
// checksums of pages if the server has them on.
func (s *server) check(ctx context.Context) error { return s.read.PingContext(ctx) }

func (s *server) size(ctx context.Context) (n int64, err error) {
	return n, s.read.QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&n)
}
