package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
	"onrecord/store"
)

func at(day int) time.Time { return time.Date(2020, 1, day, 0, 0, 0, 0, time.UTC) }

// Reviews survive a restart; what is newer replaces what is older.
func TestReviews(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	ok(t, err)
	r := db.Reviews()
	ctx := t.Context()
	if v, err := r.Version(ctx); v != "" || err != nil {
		t.Errorf("version %q of nothing, %v", v, err)
	}
	put := func(want string, source string, entries ...claimreview.Entry) {
		t.Helper()
		before, err := r.Version(ctx)
		ok(t, err)
		added, changed, err := r.Put(ctx, claimreview.Source{Name: source, Kind: claimreview.CSV, Added: at(1), Updated: at(1)}, entries)
		ok(t, err)
		if got := fmt.Sprint(added, " ", changed); got != want {
			t.Errorf("added and changed %s, want %s", got, want)
		}
		after, err := r.Version(ctx)
		ok(t, err)
		if (after != before) != (added+changed > 0) {
			t.Errorf("version %q after %q, %s", after, before, want)
		}
	}
	entry := func(key, claim string, day int) claimreview.Entry {
		return claimreview.Entry{Key: key, Review: factcheck.Review{Claim: claim, Date: at(day), Verdict: "“Odd” \x00 'quotes'; --"}}
	}
	put("2 0", "one", entry("b", "second", 2), entry("a", "first", 2))
	put("0 0", "one", entry("a", "first", 2))
	put("0 0", "one", entry("a", "an older one", 1))
	put("1 1", "two", entry("a", "a newer one", 3), entry("c", "third", 1))
	ok(t, r.Note(ctx, claimreview.Source{Name: "two", Kind: claimreview.Feed, Added: at(9), Updated: at(5), Problem: "gone"}))
	ok(t, db.Close())

	db = opened(t, path, store.Options{})
	r = db.Reviews()
	check := func(want ...string) {
		t.Helper()
		all, err := r.Load(ctx)
		ok(t, err)
		var claims []string
		for _, one := range all {
			claims = append(claims, one.Claim)
		}
		if diff := cmp.Diff(claims, want); diff != "" {
			t.Errorf("got - want +\n%s", diff)
		}
	}
	check("a newer one", "second", "third")
	sources, err := r.Sources(ctx)
	ok(t, err)
	if diff := cmp.Diff(sources, []claimreview.Source{
		{Name: "one", Kind: claimreview.CSV, Added: at(1), Updated: at(1), Reviews: 1},
		{Name: "two", Kind: claimreview.Feed, Added: at(1), Updated: at(5), Reviews: 2, Problem: "gone"},
	}); diff != "" {
		t.Errorf("got - want +\n%s", diff)
	}
	n, err := r.Remove(ctx, "two")
	if ok(t, err); n != 2 {
		t.Errorf("%d removed", n)
	}
	check("second")
	run(t, path, "INSERT INTO reviews VALUES ('z', 'one', 0, 'no JSON')")
	check("second") // the rest can still be read
}

// One index is kept, and it survives a restart.
func TestShelf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	ok(t, err)
	ctx := t.Context()
	ok(t, db.Reviews().Shelve(ctx, "1 7", []byte("old")))
	ok(t, db.Reviews().Shelve(ctx, "1 8", []byte("new\x00")))
	ok(t, db.Close())
	r := opened(t, path, store.Options{}).Reviews()
	for label, want := range map[string]string{"1 7": "", "1 8": "new\x00"} {
		got, err := r.Shelved(ctx, label)
		if ok(t, err); string(got) != want {
			t.Errorf("%s: %q, want %q", label, got, want)
		}
	}
}

// The library makes the index once, and again only when the store has changed.
func TestLibraryUsesTheShelf(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{})
	ctx := t.Context()
	put := func(key, claim string) {
		_, _, err := db.Reviews().Put(ctx, claimreview.Source{Name: "x"}, []claimreview.Entry{{Key: key, Review: factcheck.Review{Claim: claim}}})
		ok(t, err)
	}
	finds := func(want int) {
		t.Helper()
		l := claimreview.Library{Store: db.Reviews()}
		x, err := l.Index(ctx)
		if ok(t, err); x.Len() != want {
			t.Errorf("%d reviews in the index, want %d", x.Len(), want)
		}
	}
	put("a", "The mayor sold the harbour.")
	finds(1)
	run(t, path, "DELETE FROM reviews")
	finds(1) // off the shelf, without a look at the reviews
	put("b", "The bridge was built in 1990.")
	finds(1)
	put("c", "The mill closed.")
	finds(2)
	run(t, path, "UPDATE review_index SET data = x'00'")
	finds(2) // made again
}

func BenchmarkLoadReviews(b *testing.B) {
	db, err := store.Open(b.Context(), filepath.Join(b.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var entries []claimreview.Entry
	for i := range 33_000 {
		entries = append(entries, claimreview.Entry{Key: fmt.Sprint("gazette.example/", i), Review: factcheck.Review{
			Claim: fmt.Sprintf("The mayor of town %d sold the harbour to a bank for %d crowns without asking the council.", i, 7*i),
			Title: fmt.Sprintf("Did the mayor of town %d sell the harbour?", i), Publisher: "Gazette", Verdict: "Mostly false",
			Subtitle: "The contract that was shown is a lease of ten years, and the council had approved it.",
			URL:      fmt.Sprint("https://gazette.example/", i), Date: at(1 + i%28),
		}})
	}
	if _, _, err := db.Reviews().Put(b.Context(), claimreview.Source{Name: "x"}, entries); err != nil {
		b.Fatal(err)
	}
	b.Run("reviews", func(b *testing.B) {
		for b.Loop() {
			if all, err := db.Reviews().Load(b.Context()); err != nil || len(all) != len(entries) {
				b.Fatal(err)
			}
		}
	})
	index := func(b *testing.B) {
		l := claimreview.Library{Store: db.Reviews()}
		if x, err := l.Index(b.Context()); err != nil || x.Len() != len(entries) {
			b.Fatal(err)
		}
	}
	index(b)
	b.Run("index", func(b *testing.B) {
		for b.Loop() {
			index(b)
		}
	})
}
