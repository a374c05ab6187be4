package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"runtime"
	"sync"

	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
)

// Reviews keeps published fact-checks. It is a claimreview.Store, and a
// claimreview.Shelf.
type Reviews struct{ db *DB }

var (
	_ claimreview.Store = (*Reviews)(nil)
	_ claimreview.Shelf = (*Reviews)(nil)
)

// Reviews gives the published fact-checks.
func (db *DB) Reviews() *Reviews { return &Reviews{db} }

// reviewsNote is the note that counts the changes.
const reviewsNote = "reviews"

// Put implements claimreview.Store.
func (r *Reviews) Put(ctx context.Context, source claimreview.Source, entries []claimreview.Entry) (added, changed int, err error) {
	err = r.db.tx(ctx, func(tx *sql.Tx) error {
		added, changed = 0, 0
		if err := r.db.alone(ctx, tx, "reviews"); err != nil {
			return err
		}
		if err := note(ctx, tx, source); err != nil {
			return err
		}
		look, err := tx.PrepareContext(ctx, "SELECT data FROM reviews WHERE key = ?")
		if err != nil {
			return err
		}
		defer func() { _ = look.Close() }()
		put, err := tx.PrepareContext(ctx, `
			INSERT INTO reviews (key, source, date, data) VALUES (?, ?, ?, ?)
			ON CONFLICT (key) DO UPDATE SET source = excluded.source, date = excluded.date, data = excluded.data`)
		if err != nil {
			return err
		}
		defer func() { _ = put.Close() }()
		for _, e := range entries {
			data, err := json.Marshal(e.Review)
			if err != nil {
				return err
			}
			var old []byte
			switch err := look.QueryRowContext(ctx, e.Key).Scan(&old); {
			case errors.Is(err, sql.ErrNoRows):
				added++
			case err != nil:
				return err
			default:
				var was factcheck.Review
				if err := json.Unmarshal(old, &was); err == nil && (!claimreview.Newer(&e.Review, &was) || string(old) == string(data)) {
					continue
				}
				changed++
			}
			if _, err := put.ExecContext(ctx, e.Key, source.Name, stamp(e.Review.Date), data); err != nil {
				return err
			}
		}
		if added+changed == 0 {
			return nil
		}
		return count(ctx, tx)
	})
	return added, changed, r.db.fail("keeping fact-checks", err)
}

// note keeps a source; when it was added first stays.
func note(ctx context.Context, tx *sql.Tx, s claimreview.Source) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO review_sources (name, kind, added, updated, problem) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, updated = excluded.updated, problem = excluded.problem`,
		s.Name, string(s.Kind), stamp(s.Added), stamp(s.Updated), s.Problem)
	return err
}

// count notes that something has changed.
func count(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO notes (key, value) VALUES (?, '1')
		ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(notes.value AS INTEGER) + 1 AS TEXT)`, reviewsNote)
	return err
}

// Note implements claimreview.Store.
func (r *Reviews) Note(ctx context.Context, source claimreview.Source) error {
	return r.db.fail("noting a source of fact-checks", r.db.tx(ctx, func(tx *sql.Tx) error { return note(ctx, tx, source) }))
}

// Remove implements claimreview.Store.
func (r *Reviews) Remove(ctx context.Context, name string) (int, error) {
	var n int64
	err := r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := r.db.alone(ctx, tx, "reviews"); err != nil {
			return err
		}
		gone, err := tx.ExecContext(ctx, "DELETE FROM reviews WHERE source = ?", name)
		if err != nil {
			return err
		}
		if n, err = gone.RowsAffected(); err != nil {
			return err
		}
		if err := execs(ctx, tx, statement{"DELETE FROM review_sources WHERE name = ?", []any{name}}); err != nil {
			return err
		}
		if n == 0 {
			return nil
		}
		return count(ctx, tx)
	})
	return int(n), r.db.fail("dropping fact-checks", err)
}

// Version implements claimreview.Store.
func (r *Reviews) Version(ctx context.Context) (string, error) {
	v, _, err := r.db.Notes().Get(ctx, reviewsNote)
	return v, err
}

// Load implements claimreview.Store. Rows that cannot be read are left out.
func (r *Reviews) Load(ctx context.Context) ([]factcheck.Review, error) {
	rows, err := r.db.read.QueryContext(ctx, "SELECT data FROM reviews ORDER BY key")
	data, err := gather(rows, err, func(r *sql.Rows) (d []byte, err error) {
		err = r.Scan(&d)
		return d, err
	})
	if err != nil {
		return nil, r.db.fail("loading fact-checks", err)
	}
	all := make([]factcheck.Review, len(data))
	good := make([]bool, len(data))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(data); i += workers {
				good[i] = json.Unmarshal(data[i], &all[i]) == nil
			}
		})
	}
	wg.Wait()
	kept := all[:0]
	for i, ok := range good {
		if ok {
			kept = append(kept, all[i])
		}
	}
	return kept, nil
}

// Shelved implements claimreview.Shelf.
func (r *Reviews) Shelved(ctx context.Context, label string) ([]byte, error) {
	var data []byte
	err := r.db.read.QueryRowContext(ctx, "SELECT data FROM review_index WHERE label = ?", label).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, r.db.fail("loading the index of fact-checks", err)
}

// Shelve implements claimreview.Shelf.
func (r *Reviews) Shelve(ctx context.Context, label string, data []byte) error {
	return r.db.fail("keeping the index of fact-checks", r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := r.db.alone(ctx, tx, "review index"); err != nil {
			return err
		}
		return execs(ctx, tx,
			statement{"DELETE FROM review_index", nil},
			statement{"INSERT INTO review_index (label, data) VALUES (?, ?)", []any{label, data}})
	}))
}

// Sources implements claimreview.Store: in the order of their names.
func (r *Reviews) Sources(ctx context.Context) ([]claimreview.Source, error) {
	rows, err := r.db.read.QueryContext(ctx, `
		SELECT s.name, s.kind, s.added, s.updated, s.problem, (SELECT count(*) FROM reviews WHERE source = s.name)
		FROM review_sources AS s ORDER BY s.name`)
	all, err := gather(rows, err, func(r *sql.Rows) (s claimreview.Source, err error) {
		var added, updated int64
		err = r.Scan(&s.Name, (*string)(&s.Kind), &added, &updated, &s.Problem, &s.Reviews)
		s.Added, s.Updated = moment(added), moment(updated)
		return s, err
	})
	return all, r.db.fail("listing sources of fact-checks", err)
}
