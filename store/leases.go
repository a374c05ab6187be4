package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord/work"
)

// Leases are what one process at a time has. They are work.Leases.
type Leases struct{ db *DB }

var _ work.Leases = (*Leases)(nil)

// Leases gives the leases.
func (db *DB) Leases() *Leases { return &Leases{db} }

// Hold implements work.Leases.
func (l *Leases) Hold(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	n, err := l.db.exec(ctx, "taking a lease", `
		INSERT INTO leases (name, owner, until) VALUES (?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = excluded.until
			WHERE leases.owner = excluded.owner OR leases.until <= ?`, name, owner, stamp(until), stamp(now))
	return n > 0, err
}

// Drop implements work.Leases.
func (l *Leases) Drop(ctx context.Context, name, owner string) error {
	_, err := l.db.exec(ctx, "giving a lease back", "DELETE FROM leases WHERE name = ? AND owner = ?", name, owner)
	return err
}

// Held implements work.Leases.
func (l *Leases) Held(ctx context.Context, prefix string, now time.Time) ([]work.Lease, error) {
	rows, err := l.db.query(ctx, "SELECT name, owner FROM leases WHERE name >= ? AND name < ? AND until > ? ORDER BY name", prefix, prefix+"\U0010FFFF", stamp(now))
	all, err := gather(rows, err, func(r *sql.Rows) (one work.Lease, err error) { return one, r.Scan(&one.Name, &one.Owner) })
	return all, l.db.fail("reading leases", err)
}
