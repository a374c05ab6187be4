package work_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"onrecord/work"
	"onrecord/work/worktest"
)

func TestMemory(t *testing.T) {
	worktest.Store(t, func(*testing.T) (a, b work.Store) {
		m := work.NewMemory()
		return m, m
	})
}

func TestMemoryIsBounded(t *testing.T) {
	m := work.NewMemory()
	m.Bytes, m.Keys = 10<<20, 500
	ctx := t.Context()
	now := time.Now()
	payload := make([]byte, work.MaxPayload)
	var err error
	n := 0
	for ; err == nil && n < 10_000; n++ {
		_, err = m.Accept(ctx, work.Item{Key: fmt.Sprint(n), Lane: "slack", Payload: payload, Accepted: now})
	}
	if !errors.Is(err, work.ErrFull) || n < 30 {
		t.Fatalf("after %d large items: %v, want ErrFull", n, err)
	}
	// What is finished makes room, and the oldest keys go in the end.
	for {
		items, err := m.Lease(ctx, "slack", "x", 100, now, now.Add(time.Minute))
		if err != nil || len(items) == 0 {
			break
		}
		for _, it := range items {
			_ = m.Finish(ctx, "x", it.Key, work.Done, "", now)
		}
	}
	for i := range 600 {
		key := fmt.Sprint("small", i)
		if fresh, err := m.Accept(ctx, work.Item{Key: key, Lane: "slack", Accepted: now}); !fresh || err != nil {
			t.Fatal(fresh, err)
		}
		_, _ = m.Lease(ctx, "slack", "x", 1, now, now.Add(time.Minute))
		_ = m.Finish(ctx, "x", key, work.Done, "", now)
	}
	if c, _ := m.Counts(ctx); c.Done != 500 {
		t.Errorf("%d keys are kept, want 500", c.Done)
	}
}

func BenchmarkMemory(b *testing.B) {
	m := work.NewMemory()
	ctx := b.Context()
	now := time.Now()
	for i := 0; b.Loop(); i++ {
		key := fmt.Sprint(i)
		_, _ = m.Accept(ctx, work.Item{Key: key, Lane: "slack", Accepted: now})
		_, _ = m.Lease(ctx, "slack", "x", 8, now, now.Add(time.Minute))
		_ = m.Finish(ctx, "x", key, work.Done, "", now)
	}
}
