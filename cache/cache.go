// Package cache keeps results for a while, in memory ([Memory]) or in Redis
// ([Redis]). It may forget anything at any time: nothing that must not be lost
// belongs here.
package cache

import (
	"context"
	"time"
)

// Cache is a bounded store of bytes that may forget.
//
// Get's second result is false when the key is unknown, forgotten or the
// cache cannot be reached; the error then says which of these when it is not a
// plain miss.
type Cache interface {
	Get(ctx context.Context, key string) ([]byte, bool, error)
	Set(ctx context.Context, key string, value []byte, ttl time.Duration) error
}
