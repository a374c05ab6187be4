// Package cachetest is the test that every cache passes.
package cachetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/cache"
)

// Suite is one kind of cache to test.
type Suite struct {
	// Open makes a fresh and empty cache that lives as long as the test.
	Open func(t *testing.T) cache.Cache
	// Wait lets at least d pass for the cache: time.Sleep, or a call that moves
	// the clock of a fake server. It is asked for some hundred milliseconds at
	// a time. time.Sleep if nil.
	Wait func(d time.Duration)
	// Within runs a part of the test, for caches that are tested in a bubble of
	// testing/synctest. Parts run directly if nil.
	Within func(t *testing.T, part func(t *testing.T))
}

// Test runs the conformance test. What the cache does not offer (it is no
// Counter, no Locker) is skipped.
func Test(t *testing.T, s Suite) {
	wait := s.Wait
	if wait == nil {
		wait = time.Sleep //nolint:forbidigo // real caches keep real time: only they can be waited for
	}
	part := func(name string, test func(t *testing.T, c cache.Cache)) {
		t.Run(name, func(t *testing.T) {
			run := func(t *testing.T) { test(t, s.Open(t)) }
			if s.Within != nil {
				s.Within(t, run)
				return
			}
			run(t)
		})
	}
	part("Values", func(t *testing.T, c cache.Cache) { testValues(t, c, wait) })
	part("Copies", testCopies)
	part("Parallel", testParallel)
	part("Counter", func(t *testing.T, c cache.Cache) {
		counter, ok := c.(cache.Counter)
		if !ok {
			t.Skip("the cache is no Counter")
		}
		testCounter(t, counter, wait)
	})
	part("Locker", func(t *testing.T, c cache.Cache) {
		locker, ok := c.(cache.Locker)
		if !ok {
			t.Skip("the cache is no Locker")
		}
		testLocker(t, locker, wait)
	})
}

const life = 300 * time.Millisecond

func testValues(t *testing.T, c cache.Cache, wait func(time.Duration)) {
	ctx := t.Context()
	want := func(key, value string) {
		t.Helper()
		got, ok, err := c.Get(ctx, key)
		if err != nil || !ok || string(got) != value {
			t.Errorf("Get(%.20q) = %.20q, %v, %v, want %.20q", key, got, ok, err, value)
		}
	}
	wantMiss := func(key string) {
		t.Helper()
		if got, ok, err := c.Get(ctx, key); ok || err != nil {
			t.Errorf("Get(%.20q) = %.20q, %v, %v, want a plain miss", key, got, ok, err)
		}
	}
	set := func(key, value string, ttl time.Duration) {
		t.Helper()
		if err := c.Set(ctx, key, []byte(value), ttl); err != nil {
			t.Errorf("Set(%.20q): %v", key, err)
		}
	}

	wantMiss("unknown")
	keys := []string{"", "a", "A", "a b", "{a}", "a:b", "ключ", "\x00\xff", strings.Repeat("long ", 1000)}
	for _, k := range keys {
		set(k, "value of "+k, time.Hour)
	}
	for _, k := range keys {
		want(k, "value of "+k)
	}
	set("a", "new", time.Hour)
	want("a", "new")
	set("empty", "", time.Hour)
	want("empty", "")
	set("bytes", "\x00\r\n\xff", time.Hour)
	want("bytes", "\x00\r\n\xff")
	big := strings.Repeat("x", 200_000)
	set("big", big, time.Hour)
	want("big", big)

	set("a", "gone", 0)
	wantMiss("a")
	set("b", "gone", -time.Second)
	wantMiss("b")

	set("short", "1", life)
	set("prolonged", "1", life)
	set("prolonged", "2", time.Hour)
	set("shortened", "1", time.Hour)
	set("shortened", "2", life)
	want("short", "1")
	wait(2 * life)
	wantMiss("short")
	wantMiss("shortened")
	want("prolonged", "2")
}

func testCopies(t *testing.T, c cache.Cache) {
	ctx := t.Context()
	value := []byte("value")
	if err := c.Set(ctx, "k", value, time.Hour); err != nil {
		t.Fatal(err)
	}
	value[0] = 'X'
	got, _, _ := c.Get(ctx, "k")
	if string(got) != "value" {
		t.Fatalf("the cache shares what was set: %q", got)
	}
	got[0] = 'Y'
	if got, _, _ := c.Get(ctx, "k"); string(got) != "value" {
		t.Fatalf("the cache shares what it gave: %q", got)
	}
}

func testParallel(t *testing.T, c cache.Cache) {
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 40 {
				key := fmt.Sprint("key", j%5)
				value := bytes.Repeat([]byte{byte('a' + j%5)}, 500)
				if i%2 == 0 {
					if err := c.Set(ctx, key, value, time.Hour); err != nil {
						t.Error(err)
					}
				} else if got, ok, err := c.Get(ctx, key); err != nil || ok && !bytes.Equal(got, value) {
					t.Errorf("Get(%q) = %.10q, %v", key, got, err)
				}
			}
		})
	}
	wg.Wait()
}

func testCounter(t *testing.T, c cache.Counter, wait func(time.Duration)) {
	ctx := t.Context()
	count := func(key string, window time.Duration, want int64) {
		t.Helper()
		n, left, err := c.Count(ctx, key, window)
		if err != nil || n != want || left <= 0 || left > window {
			t.Errorf("Count(%q, %v) = %d, %v, %v, want %d within the window", key, window, n, left, err, want)
		}
	}
	count("a", life, 1)
	count("a", life, 2)
	count("b", time.Hour, 1)
	wait(life / 2)
	count("a", life, 3) // must not open a new window
	wait(life * 3 / 4)
	count("a", life, 1)
	count("b", time.Hour, 2)

	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, _, err := c.Count(ctx, "many", time.Hour); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	count("many", time.Hour, 51)
}

func testLocker(t *testing.T, l cache.Locker, wait func(time.Duration)) {
	ctx := t.Context()
	lock := func(key string, lease time.Duration) cache.Lock {
		t.Helper()
		got, err := l.TryLock(ctx, key, lease)
		if err != nil {
			t.Fatalf("TryLock(%q): %v", key, err)
		}
		return got
	}
	wantLocked := func(key string) {
		t.Helper()
		if _, err := l.TryLock(ctx, key, life); !errors.Is(err, cache.ErrLocked) {
			t.Fatalf("TryLock(%q) = %v, want ErrLocked", key, err)
		}
	}

	a := lock("a", time.Hour)
	wantLocked("a")
	b := lock("b", time.Hour)
	if err := a.Unlock(ctx); err != nil {
		t.Fatal(err)
	}
	a = lock("a", life)
	wantLocked("b")
	if err := b.Unlock(ctx); err != nil {
		t.Fatal(err)
	}

	if err := a.Extend(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	wait(2 * life)
	wantLocked("a") // extended
	if err := a.Extend(ctx, life); err != nil {
		t.Fatal(err)
	}
	wait(2 * life)
	second := lock("a", time.Hour) // the lease ended
	if err := a.Extend(ctx, time.Hour); !errors.Is(err, cache.ErrLocked) {
		t.Errorf("Extend of a lost lock = %v, want ErrLocked", err)
	}
	if err := a.Unlock(ctx); err != nil {
		t.Errorf("Unlock of a lost lock: %v", err)
	}
	wantLocked("a") // the loser left it to its new holder
	if err := second.Unlock(ctx); err != nil {
		t.Fatal(err)
	}

	var wg sync.WaitGroup
	won := make(chan cache.Lock, 20)
	for range 20 {
		wg.Go(func() {
			if lock, err := l.TryLock(ctx, "one", time.Hour); err == nil {
				won <- lock
			} else if !errors.Is(err, cache.ErrLocked) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(won) != 1 {
		t.Errorf("%d callers hold one lock", len(won))
	}
}
