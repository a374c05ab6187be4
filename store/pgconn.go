package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"time"
)

// This file is what stands between database/sql and the driver of PostgreSQL,
// so that statements and values are the same for both engines.

// pgInner is what a connection of the driver can do.
type pgInner interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// pgConn is a connection that takes statements and values as SQLite does.
type pgConn struct{ pgInner }

// Close closes the connection. That it was cut is no fault any more.
func (c pgConn) Close() error {
	_ = c.pgInner.Close()
	return nil
}

// PrepareContext prepares nothing: a prepared statement would be planned for
// some values and used for others, would fail when another version of the bot
// changes a table, and does not pass through a pooler of connections.
func (c pgConn) PrepareContext(_ context.Context, query string) (driver.Stmt, error) {
	return pgStmt{c, query}, nil
}

// Prepare is never called: database/sql takes PrepareContext.
func (c pgConn) Prepare(query string) (driver.Stmt, error) { return pgStmt{c, query}, nil }

// CheckNamedValue makes a value one that can be sent.
func (pgConn) CheckNamedValue(v *driver.NamedValue) (err error) {
	if v.Value, err = driver.DefaultParameterConverter.ConvertValue(v.Value); err != nil {
		return err
	}
	switch value := v.Value.(type) {
	case string:
		v.Value = storable(value)
	case bool:
		v.Value = int64(flag(value))
	}
	return nil
}

// ExecContext implements driver.ExecerContext.
func (c pgConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.pgInner.ExecContext(ctx, numbered(query), args)
}

// QueryContext implements driver.QueryerContext.
func (c pgConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	rows, err := c.pgInner.QueryContext(ctx, numbered(query), args)
	if err != nil {
		return nil, err
	}
	return pgRows{rows}, nil
}

// pgStmt is a statement that is sent whole each time.
type pgStmt struct {
	conn  pgConn
	query string
}

func (pgStmt) Close() error  { return nil }
func (pgStmt) NumInput() int { return -1 } // the server counts them

var errNoContext = errors.New("database/sql uses contexts")

func (pgStmt) Exec([]driver.Value) (driver.Result, error) { return nil, errNoContext }
func (pgStmt) Query([]driver.Value) (driver.Rows, error)  { return nil, errNoContext }

// ExecContext implements driver.StmtExecContext.
func (s pgStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.conn.ExecContext(ctx, s.query, args)
}

// QueryContext implements driver.StmtQueryContext.
func (s pgStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.conn.QueryContext(ctx, s.query, args)
}

// pgRows are rows whose text is as it was given.
type pgRows struct{ driver.Rows }

// Next implements driver.Rows.
func (r pgRows) Next(row []driver.Value) error {
	if err := r.Rows.Next(row); err != nil {
		return err
	}
	for i, v := range row {
		if s, ok := v.(string); ok {
			row[i] = restored(s)
		}
	}
	return nil
}

// patience is how long the server may say nothing to a question: when the
// network swallows what is sent, nobody else would end the wait.
const patience = 30 * time.Second

// dialer makes connections that wait for patience at most, or for ever if that
// is 0.
type dialer struct {
	tcp      net.Dialer
	patience time.Duration
}

// Dial implements pq.Dialer.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout implements pq.Dialer.
func (d *dialer) DialTimeout(network, address string, limit time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext implements pq.DialerContext.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := d.tcp.DialContext(ctx, network, address)
	if err != nil || d.patience == 0 {
		return c, err
	}
	return &patient{Conn: c, patience: d.patience}, nil
}

// patient is a connection that waits for patience at most, and less while the
// driver has set a deadline of its own.
type patient struct {
	net.Conn
	patience time.Duration
	own      bool
}

// SetDeadline implements net.Conn.
func (c *patient) SetDeadline(t time.Time) error {
	c.own = !t.IsZero()
	return c.Conn.SetDeadline(t)
}

// Read implements net.Conn.
func (c *patient) Read(b []byte) (int, error) {
	if !c.own {
		if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(b)
}

// Write implements net.Conn.
func (c *patient) Write(b []byte) (int, error) {
	if !c.own {
		if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
			return 0, err
		}
	}
	return c.Conn.Write(b)
}
