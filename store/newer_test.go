package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/store"
	"onrecord/watch"
	"onrecord/watch/watchtest"
	"onrecord/work"
	"onrecord/work/worktest"
)

// newer does to the tables what the migration of a newer version may do: columns
// that may be NULL or have a default in every table, more tables and indexes, and
// a number that this version does not know.
func newer(t testing.TB, where string) {
	t.Helper()
	driver, tables := "sqlite", `
		SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'book_terms%' AND name <> 'goose_db_version'`
	if store.IsServer(where) {
		driver, tables = "postgres", `SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'goose_db_version'`
	} else {
		where = "file:" + where + "?_pragma=busy_timeout(10000)&_txlock=immediate"
	}
	db, err := sql.Open(driver, where)
	ok(t, err)
	defer db.Close()
	var names []string
	rows, err := db.QueryContext(context.Background(), tables)
	ok(t, err)
	for rows.Next() {
		var name string
		ok(t, rows.Scan(&name))
		names = append(names, name)
	}
	ok(t, rows.Err())
	if len(names) < 15 {
		t.Fatalf("only the tables %q", names)
	}
	tx, err := db.Begin()
	ok(t, err)
	for _, name := range names {
		for _, column := range []string{"later_maybe TEXT", "later_sure INTEGER NOT NULL DEFAULT 7"} {
			_, err := tx.Exec("ALTER TABLE " + name + " ADD COLUMN " + column)
			ok(t, err)
		}
	}
	for _, s := range []string{
		"CREATE TABLE later (id INTEGER PRIMARY KEY, words TEXT NOT NULL)",
		"CREATE INDEX later_speakers ON book_items (later_sure, speaker)",
	} {
		_, err := tx.Exec(s)
		ok(t, err)
	}
	_, err = tx.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, " + map[string]string{"sqlite": "1", "postgres": "true"}[driver] + ")")
	ok(t, err)
	ok(t, tx.Commit())
}

// A process of this version goes on, and does all that it can, when a newer one
// has changed the tables under it: so processes are replaced one after the other.
func TestGoesOnWithNewerTables(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	each(t, func(t *testing.T, where func(testing.TB) string) {
		open := func(t *testing.T) (a, b *store.DB) {
			at := where(t)
			a, b = opened(t, at, store.Options{}), opened(t, at, store.Options{})
			ok(t, a.Health(t.Context())) // its connections are older than the change
			newer(t, at)
			return a, b
		}
		t.Run("work", func(t *testing.T) {
			worktest.Store(t, func(t *testing.T) (x, y work.Store) {
				a, b := open(t)
				return a.Work(), b.Work()
			})
		})
		t.Run("backup", func(t *testing.T) {
			a, _ := open(t)
			ok(t, a.Book().Put(t.Context(), booktest.Gazette, booktest.Entry("1", 1, booktest.Said("Bo Day", "", "The harbour burns."))))
			ok(t, a.Backup(t.Context(), filepath.Join(t.TempDir(), "copy.db")))
			ok(t, a.Expire(t.Context(), time.Now()))
			ok(t, a.Forget(t.Context(), "slack", "T1"))
		})
		if t.Name() != "TestGoesOnWithNewerTables/SQLite" {
			return // the statements are the same, and a database for each test takes its time
		}
		t.Run("book", func(t *testing.T) {
			booktest.Store(t, func(t *testing.T) book.Store {
				a, _ := open(t)
				return a.Book()
			})
		})
		t.Run("watch", func(t *testing.T) {
			watchtest.Store(t, func(t *testing.T) (x, y watch.Store) {
				a, b := open(t)
				return a.Watches(), b.Watches()
			})
		})
	})
}

// Nothing fails, is lost or is worked twice while a newer process changes the
// tables.
func TestMigrationUnderLoad(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		at := where(t)
		db := opened(t, at, store.Options{Busy: 20 * time.Second})
		ctx := t.Context()
		var wg sync.WaitGroup
		var put, done atomic.Int64
		over := make(chan struct{})
		for p := range 3 {
			wg.Go(func() {
				for n := 0; ; n++ {
					select {
					case <-over:
						return
					default:
					}
					key := fmt.Sprint(p, "-", n)
					if err := db.Book().Put(ctx, booktest.Gazette, booktest.Entry("https://a.example/"+key, 1, booktest.Said("Bo Day", "", "The harbour burns."))); err != nil {
						t.Errorf("writing the book: %v", err)
						return
					}
					put.Add(1)
					if _, err := db.Work().Accept(ctx, work.Item{Key: key, Lane: "slack", Workspace: "T1", Accepted: time.Now()}); err != nil {
						t.Errorf("accepting: %v", err)
						return
					}
					items, err := db.Work().Lease(ctx, "slack", fmt.Sprint("p", p), 1, time.Now(), time.Now().Add(time.Minute))
					if err != nil {
						t.Errorf("leasing: %v", err)
						return
					}
					for _, it := range items {
						if err := db.Work().Finish(ctx, fmt.Sprint("p", p), it.Key, work.Done, "", time.Now()); err != nil {
							t.Errorf("finishing: %v", err)
						}
						done.Add(1)
					}
				}
			})
		}
		for put.Load() < 10 && !t.Failed() {
			time.Sleep(5 * time.Millisecond)
		}
		newer(t, at)
		before := put.Load()
		for put.Load() < before+10 && !t.Failed() {
			time.Sleep(5 * time.Millisecond)
		}
		close(over)
		wg.Wait()
		counts, err := db.Work().Counts(ctx)
		ok(t, err)
		if counts.Done != done.Load() || counts.Done+counts.Waiting != put.Load() {
			t.Errorf("%+v after %d were accepted and %d done", counts, put.Load(), done.Load())
		}
		items, err := db.Book().Find(ctx, []book.Shelf{booktest.Gazette}, book.Search{Terms: []string{"harbour"}, Most: 100_000})
		ok(t, err)
		if int64(len(items)) != put.Load() {
			t.Errorf("%d quotations of %d articles", len(items), put.Load())
		}
	})
}
