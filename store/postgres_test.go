package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/store"
	"onrecord/store/storetest"
	"onrecord/work"
	"onrecord/work/worktest"
)

// A store moves from a file to a server and back by its backup, and goes on
// there: nothing is changed on the way, and new rows get new numbers.
func TestBackupMovesBetweenEngines(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	ctx := t.Context()
	file := fresh(t)
	for _, v := range worktest.Hostile() {
		ok(t, file.Settings().Save(ctx, v, v, []byte(v)))
	}
	ok(t, file.Book().Put(ctx, booktest.Gazette, booktest.Entry("https://a.example/1", 1, booktest.Said("Bo Day", "mayor", "The harbour \x00 burns."))))
	private := book.Shelf{Platform: "slack", Workspace: "T1", Member: "ada", Channel: "D1"}
	ok(t, file.Book().Put(ctx, private, booktest.Entry("https://a.example/2", 1, booktest.Said("Cy Secretperson", "", "In zebrasecret."))))
	_, err := file.Work().Accept(ctx, work.Item{Key: "open", Lane: "slack", Accepted: time.Now()})
	ok(t, err)
	dir := t.TempDir()
	copied, again := filepath.Join(dir, "one.db"), filepath.Join(dir, "two.db")
	ok(t, file.Backup(ctx, copied))

	address := storetest.Database(t)
	aside, err := store.Restore(ctx, copied, address)
	if aside != "" || err != nil {
		t.Fatal(aside, err)
	}
	served := opened(t, address, store.Options{})
	_, err = store.Restore(ctx, copied, address)
	isKind(t, err, store.ErrFilled)
	ok(t, served.Backup(ctx, again))
	if all := strings.ToLower(bytesOf(t, again)); strings.Contains(all, "zebrasecret") || strings.Contains(all, "secretperson") {
		t.Error("what is private is in the backup")
	}
	for name, db := range map[string]*store.DB{"server": served, "file": opened(t, again, store.Options{})} {
		for _, v := range worktest.Hostile() {
			if got, err := db.Settings().Load(ctx, v, v); string(got) != v || err != nil {
				t.Errorf("%s: settings of %q are %q, %v", name, v, got, err)
			}
		}
		for n, url := range []string{"https://a.example/1", "https://a.example/9"} {
			if n > 0 {
				ok(t, db.Book().Put(ctx, booktest.Gazette, booktest.Entry(url, 2, booktest.Said("Bo Day", "mayor", "The harbour is new."))))
			}
			items, err := db.Book().Find(ctx, []book.Shelf{booktest.Gazette, private}, book.Search{Terms: []string{"harbour"}, Most: 9})
			if err != nil || len(items) != n+1 {
				t.Errorf("%s: %d items about the harbour, %v, want %d", name, len(items), err, n+1)
			}
		}
		if is, err := db.Work().Accept(ctx, work.Item{Key: "open", Lane: "slack"}); !is || err != nil {
			t.Errorf("%s: a request that was not done is in the backup: %v", name, err)
		}
		ok(t, db.Check(ctx))
	}
}

// Whatever people write is kept, found again and nothing else, on both engines:
// words for SQL, for search and for file names are words like others.
func TestAnyWords(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	each(t, func(t *testing.T, where func(testing.TB) string) {
		db := opened(t, where(t), store.Options{})
		ctx := context.Background()
		pieces := append(worktest.Hostile(), "AND", "OR", "NOT", "NEAR(a b)", "*", "a*", "^a", "a:b", "{a b}", "(", ")", "!", "&", "|", "<->", "a <-> b", ":*", "'a':1A", "[", "]", "[a-z]", "?", "harbour", "fire", "_w1", "_s1", "\U0010ffff", "\U0010ffff00", "-- x", "/* x */")
		text := rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.String()), 1, 5), func(s []string) string { return strings.Join(s, " ") })
		rapid.Check(t, func(r *rapid.T) {
			words, name := text.Draw(r, "words"), text.Draw(r, "name")
			if err := db.Settings().Save(ctx, name, words, []byte(words)); err != nil {
				r.Fatal(err)
			}
			if got, err := db.Settings().Load(ctx, name, words); string(got) != words || err != nil {
				r.Fatalf("settings %q, %v", got, err)
			}
			if err := db.Notes().Set(ctx, "k", words); err != nil {
				r.Fatal(err)
			}
			if got, _, err := db.Notes().Get(ctx, "k"); got != words || err != nil {
				r.Fatalf("note %q, %v", got, err)
			}
			shelf := book.Shelf{Platform: "slack", Workspace: name}
			if err := db.Book().Put(ctx, shelf, booktest.Entry(words, 1, booktest.Said(name, words, words+" harbourside"))); err != nil {
				r.Fatal(err)
			}
			bk := book.Book{Store: db.Book()}
			for _, q := range []book.Query{{About: words}, {Speaker: name}, {Speaker: words}, {Outlet: words}, {Stance: words}, {About: words + " harbourside"}} {
				a, err := bk.Said(ctx, []book.Shelf{shelf}, q)
				if err != nil {
					r.Fatalf("%+v: %v", q, err)
				}
				if strings.HasSuffix(q.About, " harbourside") && len(q.About) < 400 && len(a.Sayings) == 0 {
					r.Fatalf("%+v finds nothing", q)
				}
			}
			if _, err := bk.Suggest(ctx, shelf, name, 5); err != nil {
				r.Fatal(err)
			}
			if err := db.Book().Forget(ctx, shelf, words); err != nil {
				r.Fatal(err)
			}
		})
	})
}

func TestStorable(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(r, "bytes"))
		if rapid.Bool().Draw(r, "escape") {
			s += "\U0010ffff" + s
		}
		kept := store.Storable(s)
		if strings.ToValidUTF8(kept, "") != kept || strings.Contains(kept, "\x00") {
			r.Fatalf("%q cannot stand in text", kept)
		}
		if got := store.Restored(kept); got != s {
			r.Fatalf("%q came back as %q", s, got)
		}
	})
}

func TestNumbered(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT 1":                      "SELECT 1",
		"a = ? AND b IN (?, ?)":         "a = $1 AND b IN ($2, $3)",
		"a = '?' AND b = ?":             "a = '?' AND b = $1",
		"a = 'it''s ?' AND b = ?":       "a = 'it''s ?' AND b = $1",
		`"?" = ? -- why?` + "\n AND ?":  `"?" = $1 -- why?` + "\n AND $2",
		"/* ? */ ? /* ?":                "/* ? */ $1 /* ?",
		"'? not ended":                  "'? not ended",
		"array_to_x(string(?, ' ')), ?": "array_to_x(string($1, ' ')), $2",
	} {
		if got := store.Numbered(query); got != want {
			t.Errorf("%s\nbecame %s\nwant   %s", query, got, want)
		}
	}
}

func TestTranslated(t *testing.T) {
	const text = `-- A TEXT stays in a comment.
CREATE TABLE x (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT    NOT NULL, -- TEXT
    n    INTEGER NOT NULL DEFAULT 0,
    data BLOB,
    PRIMARY KEY (name)
) WITHOUT ROWID;
-- +sqlite
one
-- +postgres
other
-- +both
`
	got := []string{store.Translated(text, false), store.Translated(text, true)}
	want := []string{
		strings.ReplaceAll(strings.ReplaceAll(text, "-- +sqlite\n", ""), "-- +postgres\nother\n-- +both\n", ""),
		`-- A TEXT stays in a comment.
CREATE TABLE x (
    id   BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    name TEXT COLLATE "C"    NOT NULL, -- TEXT
    n    BIGINT NOT NULL DEFAULT 0,
    data BYTEA,
    PRIMARY KEY (name)
);
other
`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What cannot be reached or is refused is told in a sentence, and no password
// stands in an error.
func TestServerRefuses(t *testing.T) {
	good := storetest.Database(t)
	other := strings.Replace(good, "onrecord", "nowhere", 1)
	for where, want := range map[string]store.Kind{
		other: store.ErrRefused,
		"postgres://ada:hush@localhost/x?port=hush":        store.ErrRefused,
		"postgres://ada:hush%zz@localhost/x":               store.ErrRefused,
		strings.Replace(good, "=postgres", "=stranger", 1): store.ErrRefused,
	} {
		db, err := store.Open(t.Context(), where, store.Options{})
		if err == nil {
			_ = db.Close()
		}
		isKind(t, err, want)
		if strings.Contains(err.Error(), "hush") {
			t.Errorf("%v shows a password", err)
		}
	}
}

// Newer tables are no reason not to work: two versions of the bot stand side by
// side while they are replaced.
func TestServerOfANewerVersion(t *testing.T) {
	address := storetest.Database(t)
	ok(t, opened(t, address, store.Options{}).Close())
	ok(t, store.Pretend(t.Context(), address, 9000))
	ok(t, opened(t, address, store.Options{}).Health(t.Context()))
}

// Several processes that start with an empty database make its tables once.
func TestServerOpenedTogether(t *testing.T) {
	address := storetest.Database(t)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			db, err := store.Open(t.Context(), address, store.Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(db.Health(t.Context()), db.Close()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// Articles that several processes read at the same time stand in the book once
// each, with all who asked, and nothing waits for ever.
func TestServerBookBesideOthers(t *testing.T) {
	address := storetest.Database(t)
	ctx := t.Context()
	var wg sync.WaitGroup
	for p := range 3 {
		db := opened(t, address, store.Options{})
		for range 3 {
			wg.Go(func() {
				for n := range 12 {
					e := booktest.Entry("https://a.example/"+string(rune('a'+n%4)), 1,
						booktest.Said("Bo Day", "mayor", "The harbour burns."), booktest.Said("Ana "+string(rune('A'+n))+"uiz", "", "It does."))
					e.Article.SHA256 = string(rune('a' + (n+p)%3))
					if err := db.Book().Put(ctx, booktest.Gazette, e); err != nil {
						t.Error(err)
					}
					if n%5 == 4 {
						if err := db.Book().Forget(ctx, booktest.Gazette, "https://a.example/a"); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
	}
	wg.Wait()
	db := opened(t, address, store.Options{})
	items, err := db.Book().Find(ctx, []book.Shelf{booktest.Gazette}, book.Search{Terms: []string{"harbour"}, Most: 99})
	ok(t, err)
	seen := map[string]int{}
	for _, it := range items {
		seen[it.Article.URL]++
	}
	for url, n := range seen {
		if n != 1 {
			t.Errorf("%s stands in the book %d times", url, n)
		}
	}
	names, err := db.Book().Names(ctx, []book.Shelf{booktest.Gazette}, book.NameSearch{Words: []string{"day"}, Most: 9})
	if err != nil || len(names) != 1 {
		t.Errorf("%v, %v", names, err)
	}
}

// The server is away, when the bot starts and later: what is asked fails with a
// sentence, requests go on in memory, and all is well when it is back, without a
// restart of the bot.
func TestServerGoneAndBack(t *testing.T) {
	server, err := storetest.New()
	if errors.Is(err, storetest.ErrMissing) {
		t.Skip(err)
	}
	ok(t, err)
	defer server.Close()
	address, err := server.Database()
	ok(t, err)
	server.Halt()

	ctx := t.Context()
	db := opened(t, address, store.Options{Busy: time.Second})
	isKind(t, db.Health(ctx), store.ErrGone)
	q := work.New(work.Options{Store: db.Work(), Poll: 20 * time.Millisecond})
	seen := map[string]int{}
	accept := func(key string) {
		t.Helper()
		if fresh, err := q.Accept(ctx, work.Item{Key: key, Lane: "slack"}); !fresh || err != nil {
			t.Errorf("Accept(%s) = %v, %v", key, fresh, err)
		}
	}
	accept("before it was there")
	worked(t, q, seen, 1)

	ok(t, server.Start())
	ok(t, db.Health(ctx))
	accept("while it is there")
	for _, end := range []func(){server.Halt, server.Kill} {
		end()
		isKind(t, db.Health(ctx), store.ErrGone)
		accept("gone " + time.Now().String())
		ok(t, server.Start())
		ok(t, db.Health(ctx))
	}
	worked(t, q, seen, 4)
	for key, times := range seen {
		if times != 1 {
			t.Errorf("%s was worked %d times", key, times)
		}
	}
}
