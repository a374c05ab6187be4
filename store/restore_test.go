package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"onrecord/store"
)

func TestRestore(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	ctx := t.Context()
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "onrecord.db"), filepath.Join(dir, "copy.db")
	load := func(db *store.DB, want string) {
		t.Helper()
		if got, err := db.Settings().Load(ctx, "slack", "T1"); string(got) != want || err != nil {
			t.Errorf("settings are %q, %v, want %q", got, err, want)
		}
	}
	db := opened(t, path, store.Options{})
	ok(t, db.Settings().Save(ctx, "slack", "T1", []byte("before")))
	ok(t, db.Backup(ctx, copied))
	ok(t, db.Settings().Save(ctx, "slack", "T1", []byte("after")))

	// Not under a running bot.
	_, err := store.Restore(ctx, copied, path)
	isKind(t, err, store.ErrLocked)
	load(db, "after")
	ok(t, db.Close())

	aside, err := store.Restore(ctx, copied, path)
	if err != nil || !strings.HasPrefix(aside, path+".before-") {
		t.Fatalf("%q, %v", aside, err)
	}
	db = opened(t, path, store.Options{})
	load(db, "before")
	ok(t, db.Check(ctx))
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	load(opened(t, aside, store.Options{}), "after")
	load(opened(t, copied, store.Options{}), "before") // it can be used again

	// Into a place where nothing was.
	other := filepath.Join(dir, "new", "folder", "onrecord.db")
	if aside, err := store.Restore(ctx, copied, other); aside != "" || err != nil {
		t.Errorf("%q, %v", aside, err)
	}
	load(opened(t, other, store.Options{}), "before")
}

// What is no backup changes nothing.
func TestRestoreRefuses(t *testing.T) {
	ctx := t.Context()
	dir := t.TempDir()
	path := filepath.Join(dir, "onrecord.db")
	db := opened(t, path, store.Options{})
	ok(t, db.Settings().Save(ctx, "slack", "T1", []byte("mine")))
	ok(t, db.Close())
	text, cut := filepath.Join(dir, "text"), filepath.Join(dir, "cut")
	ok(t, os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600))
	whole, err := os.ReadFile(path)
	ok(t, err)
	ok(t, os.WriteFile(cut, whole[:len(whole)/2], 0o600))
	for _, from := range []string{text, cut, filepath.Join(dir, "missing"), dir} {
		if aside, err := store.Restore(ctx, from, path); err == nil || aside != "" {
			t.Errorf("%s: %q, %v", from, aside, err)
		}
	}
	db = opened(t, path, store.Options{})
	if got, err := db.Settings().Load(ctx, "slack", "T1"); string(got) != "mine" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, ".restore-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
