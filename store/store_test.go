package store_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"onrecord/chat/chattest"
	"onrecord/store"
	"onrecord/work"
	"onrecord/work/worktest"
)

func opened(t testing.TB, path string, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), path, o)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return db
}

func fresh(t testing.TB) *store.DB {
	t.Helper()
	return opened(t, filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
}

func TestWork(t *testing.T) {
	worktest.Store(t, func(t *testing.T) (a, b work.Store) {
		path := filepath.Join(t.TempDir(), "onrecord.db")
		return opened(t, path, store.Options{}).Work(), opened(t, path, store.Options{}).Work()
	})
}

func TestRecent(t *testing.T) {
	chattest.RecentSuite(t, func(t *testing.T, each, bytes int) chattest.Recents {
		return fresh(t).Recent(store.RecentOptions{Each: each, Bytes: int64(bytes)})
	})
}

func BenchmarkAccept(b *testing.B) {
	s := fresh(b).Work()
	payload := make([]byte, 2000)
	now := time.Now()
	for i := 0; b.Loop(); i++ {
		_, err := s.Accept(b.Context(), work.Item{Key: fmt.Sprint("key", i), Lane: "slack", Payload: payload, Accepted: now, Until: now})
		if err != nil {
			b.Fatal(err)
		}
	}
}
