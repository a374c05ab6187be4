package store_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/store"
)

func TestBook(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		booktest.Store(t, func(t *testing.T) book.Store { return opened(t, where(t), store.Options{}).Book() })
	})
}

// What is forgotten or over its time stands nowhere on the disk, not in the
// search index either.
func TestBookForgetsForGood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{})
	ctx := t.Context()
	private := book.Shelf{Platform: "slack", Workspace: "T1", Member: "ada", Channel: "D1"}
	put := func(where book.Shelf, word string, keep time.Duration) {
		t.Helper()
		e := booktest.Entry("https://a.example/"+word, 1, booktest.Said("Xavier "+word, word, "They "+word+" it."))
		e.Keep = keep
		ok(t, db.Book().Put(ctx, where, e))
	}
	for word := range strings.FieldsSeq("zebraone zebratwo zebrathree") {
		put(booktest.Gazette, word, 0)
	}
	put(private, "zebrafour", 24*time.Hour)
	put(book.Shelf{Platform: "slack", Workspace: "T2"}, "zebrafive", 0)
	for _, step := range []struct {
		do   func() error
		gone string
	}{
		{func() error { return db.Book().Forget(ctx, booktest.Gazette, "https://a.example/zebraone") }, "zebraone"},
		{func() error { return db.Expire(ctx, time.Now().Add(23*time.Hour)) }, ""},
		{func() error { return db.Expire(ctx, time.Now().Add(24*time.Hour+time.Minute)) }, "zebrafour"},
		{func() error { return db.ForgetUser(ctx, "slack", "T2", "ada") }, "zebrafive"},
		{func() error { return db.Forget(ctx, "slack", "T1") }, "zebratwo zebrathree"},
	} {
		for w := range strings.FieldsSeq(step.gone) {
			if !strings.Contains(bytesOf(t, path), w) {
				t.Fatalf("the test looks in the wrong place for %s", w)
			}
		}
		ok(t, step.do())
		for w := range strings.FieldsSeq(step.gone) {
			if strings.Contains(strings.ToLower(bytesOf(t, path)), w) {
				t.Errorf("%s still stands on the disk", w)
			}
		}
		if step.gone == "" && !strings.Contains(bytesOf(t, path), "zebrafour") {
			t.Error("what is private was dropped too early")
		}
	}
	ok(t, db.Check(ctx))
}

// A backup has the book, and nothing private of it.
func TestBookInBackup(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	db := fresh(t)
	ctx := t.Context()
	ok(t, db.Book().Put(ctx, booktest.Gazette, booktest.Entry("1", 1, booktest.Said("Bo Day", "", "In public."))))
	private := book.Shelf{Platform: "slack", Workspace: "T1", Member: "ada", Channel: "D1"}
	ok(t, db.Book().Put(ctx, private, booktest.Entry("2", 1, booktest.Said("Cy Secretperson", "", "In zebrasecret."))))
	path := filepath.Join(t.TempDir(), "copy.db")
	ok(t, db.Backup(ctx, path))
	if all := strings.ToLower(bytesOf(t, path)); strings.Contains(all, "zebrasecret") || strings.Contains(all, "secretperson") {
		t.Error("what is private is in the backup")
	}
	restored := opened(t, path, store.Options{})
	ok(t, restored.Check(ctx))
	items, err := restored.Book().Find(ctx, []book.Shelf{booktest.Gazette, private}, book.Search{Terms: []string{"public"}, Most: 9})
	if err != nil || len(items) != 1 {
		t.Errorf("%v, %v", items, err)
	}
}
