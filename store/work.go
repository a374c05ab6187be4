package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"onrecord/work"
)

// Work is the store of a queue.
func (db *DB) Work() work.Store { return items{db} }

// wrongClock is how far from now a lease, or a wait for another attempt, does not
// end: whoever wrote that had a clock that was ahead, and may be dead by now.
const wrongClock = 10 * time.Minute

// items implements work.Store.
type items struct{ db *DB }

const (
	waiting = iota
	leased
	finished
)

// giveBack ends all leases. Only a process that is alone may do that.
func (db *DB) giveBack(ctx context.Context) error {
	_, err := db.exec(ctx, "giving back what a dead process left",
		"UPDATE work SET state = ?, owner = '', due = 0 WHERE state = ?", waiting, leased)
	if err == nil {
		_, err = db.exec(ctx, "giving back what a dead process left", "DELETE FROM leases")
	}
	return err
}

// Accept implements work.Store.
func (s items) Accept(ctx context.Context, it work.Item) (bool, error) {
	n, err := s.db.exec(ctx, "accepting a request", `
		INSERT INTO work (key, lane, workspace, payload, accepted, until, attempt, progress)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`,
		it.Key, it.Lane, it.Workspace, it.Payload, stamp(it.Accepted), stamp(it.Until), it.Attempt, it.Progress)
	return n == 1, err
}

// Lease implements work.Store.
func (s items) Lease(ctx context.Context, lane, owner string, n int, now, until time.Time) ([]work.Item, error) {
	if n <= 0 {
		return nil, nil
	}
	const what = "leasing requests"
	take, err := s.db.prepared(ctx, `
		UPDATE work SET state = ?, owner = ?, due = ?, attempt = attempt + 1
		WHERE id IN (
			SELECT id FROM work WHERE lane = ? AND state < 2 AND (due <= ? OR due > ?) ORDER BY accepted, key LIMIT ?`+s.db.skipLocked()+`)
		RETURNING key, lane, workspace, payload, accepted, until, attempt, progress`)
	if err != nil {
		return nil, s.db.fail(what, err)
	}
	rows, err := take.QueryContext(ctx,
		leased, owner, stamp(until), lane, stamp(now), stamp(now.Add(wrongClock)), n)
	all, err := gather(rows, err, func(r *sql.Rows) (it work.Item, err error) {
		var accepted, until int64
		err = r.Scan(&it.Key, &it.Lane, &it.Workspace, &it.Payload, &accepted, &until, &it.Attempt, &it.Progress)
		it.Accepted, it.Until = moment(accepted), moment(until)
		return it, err
	})
	// RETURNING has no order.
	slices.SortFunc(all, func(a, b work.Item) int {
		return cmp.Or(a.Accepted.Compare(b.Accepted), cmp.Compare(a.Key, b.Key))
	})
	return all, s.db.fail(what, err)
}

// Renew implements work.Store.
func (s items) Renew(ctx context.Context, owner string, keys []string, until time.Time) error {
	if len(keys) == 0 {
		return nil
	}
	args := []any{stamp(until), owner, leased}
	for _, k := range keys {
		args = append(args, k)
	}
	rows, err := s.db.write.QueryContext(ctx, `
		UPDATE work SET due = ? WHERE owner = ? AND state = ? AND key IN (?`+strings.Repeat(", ?", len(keys)-1)+`)
		RETURNING key`, args...)
	kept, err := gather(rows, err, func(r *sql.Rows) (key string, err error) { return key, r.Scan(&key) })
	if err != nil {
		return s.db.fail("renewing leases", err)
	}
	return work.Lost(slices.DeleteFunc(slices.Clone(keys), func(k string) bool { return slices.Contains(kept, k) }))
}

// mine changes an item that owner has leased.
func (s items) mine(ctx context.Context, what, change, owner, key string, args ...any) error {
	n, err := s.db.exec(ctx, what, "UPDATE work SET "+change+" WHERE key = ? AND owner = ? AND state = ?",
		append(args, key, owner, leased)...)
	if err == nil && n == 0 {
		err = work.ErrLost
	}
	return err
}

// Save implements work.Store.
func (s items) Save(ctx context.Context, owner, key string, progress []byte) error {
	return s.mine(ctx, "saving progress", "progress = ?", owner, key, progress)
}

// Finish implements work.Store.
func (s items) Finish(ctx context.Context, owner, key string, how work.Outcome, note string, at time.Time) error {
	return s.mine(ctx, "finishing a request", "state = ?, outcome = ?, note = ?, due = ?, payload = NULL, progress = NULL",
		owner, key, finished, string(how), note, stamp(at))
}

// Retry implements work.Store.
func (s items) Retry(ctx context.Context, owner, key, note string, from time.Time) error {
	return s.mine(ctx, "giving a request back", "state = ?, owner = '', note = ?, due = ?",
		owner, key, waiting, note, stamp(from))
}

// Adopt implements work.Store.
func (s items) Adopt(ctx context.Context, it work.Item, owner string, until time.Time) (bool, error) {
	n, err := s.db.exec(ctx, "adopting a request", `
		INSERT INTO work (key, lane, workspace, payload, accepted, until, attempt, progress, state, owner, due)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET attempt = excluded.attempt, progress = excluded.progress, state = excluded.state, owner = excluded.owner, due = excluded.due
		WHERE work.state = ? OR work.state = ? AND work.owner = excluded.owner`,
		it.Key, it.Lane, it.Workspace, it.Payload, stamp(it.Accepted), stamp(it.Until), it.Attempt, it.Progress, leased, owner, stamp(until), waiting, leased)
	return n == 1, err
}

// Counts implements work.Store.
func (s items) Counts(ctx context.Context) (work.Counts, error) {
	var c work.Counts
	rows, err := s.db.read.QueryContext(ctx, "SELECT state, outcome, count(*) FROM work GROUP BY state, outcome")
	_, err = gather(rows, err, func(r *sql.Rows) (struct{}, error) {
		var state int
		var how string
		var n int64
		err := r.Scan(&state, &how, &n)
		switch state {
		case waiting:
			c.Waiting += n
		case leased:
			c.Working += n
		default:
			c.Add(work.Outcome(how), n)
		}
		return struct{}{}, err
	})
	return c, s.db.fail("counting requests", err)
}

// Dead implements work.Store.
func (s items) Dead(ctx context.Context, n int) ([]work.DeadItem, error) {
	rows, err := s.db.read.QueryContext(ctx, `
		SELECT key, lane, outcome, note, due, attempt FROM work
		WHERE state = 2 AND outcome <> ? ORDER BY due DESC, key LIMIT ?`, string(work.Done), max(n, 0))
	all, err := gather(rows, err, func(r *sql.Rows) (d work.DeadItem, err error) {
		var at int64
		err = r.Scan(&d.Key, &d.Lane, &d.Outcome, &d.Note, &at, &d.Attempts)
		d.At = moment(at)
		return d, err
	})
	return all, s.db.fail("listing requests that were given up", err)
}

// Sweep implements work.Store.
func (s items) Sweep(ctx context.Context, before time.Time) error {
	_, err := s.db.exec(ctx, "dropping old requests", "DELETE FROM work WHERE state = 2 AND due < ?", stamp(before))
	return err
}

// Forget implements work.Store.
func (s items) Forget(ctx context.Context, lane, workspace string) error {
	_, err := s.db.exec(ctx, "forgetting requests", "DELETE FROM work WHERE lane = ? AND workspace = ?", lane, workspace)
	return err
}
