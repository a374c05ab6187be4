//go:build unix

package store_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/store"
	"onrecord/store/storetest"
)

// Whichever way PostgreSQL goes, it finds the same as SQLite, and in the same
// order: for words and people, frequent and seldom, in all time or some of it.
func TestEitherWayFindsTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	address := storetest.Database(t)
	served, file := opened(t, address, store.Options{}), fresh(t)
	for _, db := range []*store.DB{served, file} {
		p := newPress()
		var all []book.Entry
		for range 120 {
			all = append(all, p.article())
		}
		ok(t, db.Book().PutAll(t.Context(), booktest.Gazette, all))
	}
	for name, far := range map[string][2][3]int{
		"by the index alone": {{1, 1, 1}, {1, 1, 1}},
		"some of each":       {{30, 100, 400}, {5, 20, 60}},
		"back alone":         {{1, 1e6, 1e6}, {1, 1e6, 1e6}},
	} {
		t.Run(name, func(t *testing.T) {
			defer store.Near(far[0], far[1])()
			p := newPress()
			for n := range 150 {
				q := p.question()
				q.Most = 1 + n%40
				if n%5 == 0 {
					q.Until = booktest.Day(1).AddDate(0, -n/5, 0)
				}
				if n%7 == 0 {
					q = book.Query{Outlet: "outlet7.example", Most: q.Most, Until: q.Until}
				}
				want, err := (&book.Book{Store: file.Book()}).Said(t.Context(), []book.Shelf{booktest.Gazette}, q)
				ok(t, err)
				got, err := (&book.Book{Store: served.Book()}).Said(t.Context(), []book.Shelf{booktest.Gazette}, q)
				ok(t, err)
				if diff := cmp.Diff(told(t, want), told(t, got)); diff != "" {
					t.Fatalf("%+v (-SQLite +PostgreSQL):\n%s", q, diff)
				}
			}
			for n, s := range []book.Search{
				{Kinds: []book.Kind{book.Claim}},
				{Kinds: []book.Kind{book.Claim}, Since: booktest.Day(1).AddDate(-1, 0, 0)},
				{Speakers: []string{book.SpeakerKey("Nobody Atall", "named")}},
				{Terms: []string{"nosuchword"}},
				{},
			} {
				s.Most = 500
				want, err := file.Book().Find(t.Context(), []book.Shelf{booktest.Gazette}, s)
				ok(t, err)
				got, err := served.Book().Find(t.Context(), []book.Shelf{booktest.Gazette}, s)
				ok(t, err)
				if len(want) != len(got) {
					t.Errorf("search %d finds %d items, and in SQLite %d", n, len(got), len(want))
				}
			}
		})
	}
}

// told is what an answer tells, in its order.
func told(t *testing.T, a *book.Answer) string {
	t.Helper()
	all, err := json.MarshalIndent(a, "", " ")
	ok(t, err)
	return string(all)
}

// How far PostgreSQL reads back is decided by what it has seen.
func TestHowFarBack(t *testing.T) {
	for _, c := range []struct {
		name               string
		seen, hits, wanted int
		next               int
	}{
		{"a look at first", 0, 0, 200, 2_000},
		{"frequent: a bit more", 2_000, 100, 100, 2_600},
		{"not sure: a better look", 2_000, 8, 192, 10_000},
		{"sure enough: so far as it takes", 12_000, 60, 140, 35_100},
		{"seldom: by the index", 2_000, 0, 200, 0},
		{"seldom, as it turns out", 12_000, 30, 170, 0},
		{"it goes on and on", 160_000, 199, 1, 0},
	} {
		if got := store.NextOf(c.seen, c.hits, c.wanted); got != c.next {
			t.Errorf("%s: %d, want %d", c.name, got, c.next)
		}
	}
}
