package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"onrecord/chat/chattest"
	"onrecord/store"
	"onrecord/store/storetest"
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

// each runs a test on both engines. where gives the place of a new and empty
// store.
func each(t *testing.T, test func(t *testing.T, where func(testing.TB) string)) {
	t.Run("SQLite", func(t *testing.T) {
		test(t, func(t testing.TB) string { return filepath.Join(t.TempDir(), "onrecord.db") })
	})
	t.Run("PostgreSQL", func(t *testing.T) { test(t, storetest.Database) })
}

func TestWork(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		worktest.Store(t, func(t *testing.T) (a, b work.Store) {
			path := where(t)
			return opened(t, path, store.Options{}).Work(), opened(t, path, store.Options{}).Work()
		})
	})
}

// Clocks of processes differ, and jump. A lease of one whose clock is years ahead
// is not for years, and nobody's work is taken while its clock is a bit behind;
// what another one took all the same, its owner cannot go on with.
func TestWrongClocks(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		s := opened(t, where(t), store.Options{}).Work()
		ctx := t.Context()
		now := time.Date(2026, 3, 29, 0, 59, 0, 0, time.UTC) // summer time begins in Europe
		const lease = 10 * time.Second
		if fresh, err := s.Accept(ctx, work.Item{Key: "k", Lane: "l", Accepted: now}); err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		for _, c := range []struct {
			owner string
			at    time.Time // what its clock says
			gets  int
		}{
			{"ahead by years", now.AddDate(3, 0, 0), 1},
			{"right", now.Add(time.Second), 1},
			{"behind", now.Add(-8 * time.Minute), 0},
			{"in another zone", now.Add(2 * time.Second).In(time.FixedZone("", 2*3600)), 0},
			{"ahead a little", now.Add(5 * time.Second), 0},
			{"later", now.Add(time.Minute), 1},
		} {
			items, err := s.Lease(ctx, "l", c.owner, 9, c.at, c.at.Add(lease))
			if err != nil || len(items) != c.gets {
				t.Errorf("%s gets %d items, %v, want %d", c.owner, len(items), err, c.gets)
			}
		}
		for _, owner := range []string{"ahead by years", "right"} {
			if err := s.Save(ctx, owner, "k", nil); !errors.Is(err, work.ErrLost) {
				t.Errorf("%s goes on: %v", owner, err)
			}
		}
	})
}

func TestRecent(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	each(t, func(t *testing.T, where func(testing.TB) string) {
		chattest.RecentSuite(t, func(t *testing.T, each, bytes int) chattest.Recents {
			return opened(t, where(t), store.Options{}).Recent(store.RecentOptions{Each: each, Bytes: int64(bytes)})
		})
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

func BenchmarkLeaseFinish(b *testing.B) {
	s := fresh(b).Work()
	payload := make([]byte, 2000)
	now := time.Now()
	ctx := b.Context()
	for i := range 20_000 {
		if _, err := s.Accept(ctx, work.Item{Key: fmt.Sprint("key", i), Lane: "slack", Payload: payload, Accepted: now, Until: now}); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		items, err := s.Lease(ctx, "slack", "x", 1, now, now.Add(time.Hour))
		if err != nil || len(items) == 0 {
			b.Fatal(len(items), err)
		}
		if err := s.Finish(ctx, "x", items[0].Key, work.Done, "", now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLeaseOfNothing(b *testing.B) {
	s := fresh(b).Work()
	now := time.Now()
	for b.Loop() {
		if _, err := s.Lease(b.Context(), "slack", "x", 8, now, now); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkQueue is the whole way of a request at 200 a second.
func BenchmarkQueue(b *testing.B) {
	q := work.New(work.Options{Store: fresh(b).Work()})
	ctx, cancel := context.WithCancel(b.Context())
	var mu sync.Mutex
	var accepts, starts []time.Duration
	var working sync.WaitGroup
	began := make(chan struct{}, 1_000_000)
	working.Go(func() {
		_ = q.Work(ctx, "slack", func(_ context.Context, job *work.Job) error {
			mu.Lock()
			defer mu.Unlock()
			starts = append(starts, time.Since(job.Accepted))
			began <- struct{}{}
			return nil
		})
	})
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	payload := make([]byte, 2000)
	var accepting sync.WaitGroup
	n := 0
	for b.Loop() {
		<-tick.C
		n++
		key := fmt.Sprint("key", n)
		accepting.Go(func() {
			t := time.Now()
			if fresh, err := q.Accept(ctx, work.Item{Key: key, Lane: "slack", Payload: payload}); !fresh || err != nil {
				b.Error(fresh, err)
			}
			took := time.Since(t)
			mu.Lock()
			defer mu.Unlock()
			accepts = append(accepts, took)
		})
	}
	for range n {
		<-began
	}
	accepting.Wait()
	cancel()
	working.Wait()
	report(b, "accept", accepts)
	report(b, "start", starts)
}

func report(b *testing.B, name string, all []time.Duration) {
	slices.Sort(all)
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, name+"-p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, name+"-p99-ms")
	b.ReportMetric(float64(all[len(all)-1].Microseconds())/1000, name+"-max-ms")
}

// BenchmarkIdleQueue is how soon a request starts that comes alone.
func BenchmarkIdleQueue(b *testing.B) {
	q := work.New(work.Options{Store: fresh(b).Work()})
	ctx, cancel := context.WithCancel(b.Context())
	began := make(chan time.Duration)
	var working sync.WaitGroup
	working.Go(func() {
		_ = q.Work(ctx, "slack", func(_ context.Context, job *work.Job) error { began <- time.Since(job.Accepted); return nil })
	})
	var starts []time.Duration
	for i := 0; b.Loop(); i++ {
		if fresh, err := q.Accept(ctx, work.Item{Key: fmt.Sprint("key", i), Lane: "slack", Payload: make([]byte, 2000)}); !fresh || err != nil {
			b.Fatal(fresh, err)
		}
		starts = append(starts, <-began)
	}
	cancel()
	working.Wait()
	report(b, "start", starts)
}
