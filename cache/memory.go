package cache

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// Memory is a cache in this process. It holds at most a number of bytes and
// forgets what was least useful when it runs full.
type Memory struct {
	Flights

	max      int64
	values   *otter.Cache[string, entry]
	counters *otter.Cache[string, counter]

	mu    sync.Mutex
	locks map[string]held
}

type entry struct {
	value []byte
	ttl   time.Duration
}

type counter struct {
	n      int64
	window time.Duration
}

type held struct {
	token string
	until time.Time
}

const (
	entryOverhead = 128     // bytes that an entry costs beyond its key and value, about
	maxCounters   = 100_000 // counters kept at the same time
)

// NewMemory makes a cache that holds at most maxBytes bytes, keys and
// bookkeeping included. Close it when done.
func NewMemory(maxBytes int64) *Memory {
	maxBytes = max(maxBytes, 0)
	return &Memory{
		max: maxBytes,
		values: otter.Must(&otter.Options[string, entry]{
			MaximumWeight: uint64(max(maxBytes, 1)),
			Weigher:       func(key string, e entry) uint32 { return uint32(min(weight(key, e.value), 1<<32-1)) },
			ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, entry]) time.Duration {
				return e.Value.ttl
			}),
		}),
		counters: otter.Must(&otter.Options[string, counter]{
			MaximumSize: maxCounters,
			ExpiryCalculator: otter.ExpiryCreatingFunc(func(e otter.Entry[string, counter]) time.Duration {
				return e.Value.window
			}),
		}),
		locks: map[string]held{},
	}
}

func weight(key string, value []byte) int64 {
	return int64(len(key)) + int64(len(value)) + entryOverhead
}

// Get returns a copy of what was set. Its error is always nil.
func (m *Memory) Get(_ context.Context, key string) ([]byte, bool, error) {
	e, ok := m.values.GetIfPresent(key)
	return slices.Clone(e.value), ok, nil
}

// Set keeps a copy of value. It returns ErrTooLarge for a value that is larger
// than the whole cache, which would otherwise be dropped without a word; what
// was under the key before is forgotten.
func (m *Memory) Set(_ context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		m.values.Invalidate(key)
		return nil
	}
	if w := weight(key, value); w > m.max {
		m.values.Invalidate(key)
		return fmt.Errorf("%w: %d bytes of %d", ErrTooLarge, w, m.max)
	}
	m.values.Set(key, entry{value: slices.Clone(value), ttl: ttl})
	return nil
}

// Count implements [Counter].
func (m *Memory) Count(_ context.Context, key string, window time.Duration) (int64, time.Duration, error) {
	c, _ := m.counters.Compute(key, func(old counter, found bool) (counter, otter.ComputeOp) {
		if !found {
			return counter{n: 1, window: window}, otter.WriteOp
		}
		return counter{n: old.n + 1, window: old.window}, otter.WriteOp
	})
	left := window
	if e, ok := m.counters.GetEntryQuietly(key); ok {
		left = e.ExpiresAfter()
	}
	return c.n, max(left, 0), nil
}

// TryLock implements [Locker].
func (m *Memory) TryLock(_ context.Context, key string, lease time.Duration) (Lock, error) {
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	if h, ok := m.locks[key]; ok && now.Before(h.until) {
		return nil, ErrLocked
	}
	h := held{token: rand.Text(), until: now.Add(lease)}
	m.locks[key] = h
	return &memoryLock{m: m, key: key, token: h.token}, nil
}

type memoryLock struct {
	m          *Memory
	key, token string
}

func (l *memoryLock) Extend(_ context.Context, lease time.Duration) error {
	now := time.Now()
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if h := l.m.locks[l.key]; h.token != l.token || !now.Before(h.until) {
		return ErrLocked
	}
	l.m.locks[l.key] = held{token: l.token, until: now.Add(lease)}
	return nil
}

func (l *memoryLock) Unlock(context.Context) error {
	l.m.mu.Lock()
	defer l.m.mu.Unlock()
	if l.m.locks[l.key].token == l.token {
		delete(l.m.locks, l.key)
	}
	return nil
}

// Bytes says how much the cache holds, about.
func (m *Memory) Bytes() int64 { return int64(m.values.WeightedSize()) }

// Close waits for the flights that are still in the air and stops the cache's
// own goroutines. Nothing may use the cache afterwards.
func (m *Memory) Close() error {
	m.Flights.Wait()
	m.values.StopAllGoroutines()
	m.counters.StopAllGoroutines()
	return nil
}
