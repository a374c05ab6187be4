// Package cache keeps results for a while, in memory ([Memory]) or in Redis
// ([Redis]). It may forget anything at any time: nothing that must not be lost
// belongs here.
//
// Callers rarely use Get and Set. They call [Do], which looks the key up,
// computes the value once however many ask for it at the same time (also in
// other processes, when the cache is shared), and keeps the result:
//
//	analysis, err := cache.Do(ctx, c, "analysis:"+version+":"+hash, cache.Work[*Analysis]{
//		TTL:     24 * time.Hour,
//		Encode:  encode,
//		Decode:  decode,
//		Compute: func(ctx context.Context) (*Analysis, error) { ... },
//	})
//
// A cache that is slow or down costs time, never an answer: Do then computes.
//
// What a cache can do beyond keeping bytes is a second, optional interface:
// [Counter] for limits, [Locker] for work that one process at a time should do.
// Both caches of this package have both. Package cache/cachetest is the test
// that every implementation passes.
package cache

import (
	"context"
	"errors"
	"time"
)

// Cache is a bounded store of bytes that may forget.
//
// Get's second result is false when the key is unknown, forgotten or the
// cache cannot be reached; the error then says which of these when it is not a
// plain miss. The slice is the caller's to keep and change.
//
// Set keeps a copy of value for at most ttl; a ttl of zero or less keeps
// nothing. A value that can never fit is refused with [ErrTooLarge].
type Cache interface {
	Get(ctx context.Context, key string) ([]byte, bool, error)
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
}

// Counter counts events in fixed windows, for limits.
type Counter interface {
	// Count adds one to the key's counter and returns the new count and how
	// long the window still lasts. The first call opens a window of the given
	// length; when it ends the count starts again.
	Count(ctx context.Context, key string, window time.Duration) (n int64, left time.Duration, err error)
}

// Locker hands out locks that end by themselves, so that the work of a process
// that died is taken over.
type Locker interface {
	// TryLock takes the key's lock for the length of the lease. It returns
	// [ErrLocked] at once when somebody else holds it.
	TryLock(ctx context.Context, key string, lease time.Duration) (Lock, error)
}

// Lock is a lock that was taken. It ends with Unlock or with its lease.
type Lock interface {
	// Extend renews the lease from now on, or returns [ErrLocked] when the lock
	// was lost.
	Extend(ctx context.Context, lease time.Duration) error
	// Unlock gives the lock back. A lock that was lost in the meantime is
	// left to its new holder.
	Unlock(ctx context.Context) error
}

// What callers may have to tell apart.
var (
	ErrTooLarge    = errors.New("value is larger than the cache takes")
	ErrLocked      = errors.New("somebody else holds the lock")
	ErrUnavailable = errors.New("cache cannot be reached")
)
