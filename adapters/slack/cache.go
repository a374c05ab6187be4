package slack

import (
	"sync"
	"time"
)

// cache remembers answers of Slack for a while.
type cache[T any] struct {
	keep time.Duration

	mu    sync.Mutex
	items map[string]cached[T]
}

type cached[T any] struct {
	value T
	until time.Time
}

// maxCached bounds a cache: when it is full, it starts again.
const maxCached = 10_000

func newCache[T any](keep time.Duration) cache[T] { return cache[T]{keep: keep} }

func (c *cache[T]) get(key string) (T, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, ok := c.items[key]
	if !ok || time.Now().After(item.until) {
		var none T
		return none, false
	}
	return item.value, true
}

func (c *cache[T]) put(key string, value T) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.items == nil || len(c.items) >= maxCached {
		c.items = map[string]cached[T]{}
	}
	c.items[key] = cached[T]{value, time.Now().Add(c.keep)}
}

// clear forgets everything.
func (c *cache[T]) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.items = nil
}
