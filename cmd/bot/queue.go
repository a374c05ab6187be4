package main

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"onrecord/cache"
	"onrecord/store"
	"onrecord/work"
)

// hold is how long a database that other processes use, too, is waited for
// before this one answers without it. A restart takes less.
const hold = 30 * time.Second

// queue keeps accepted requests, in the store if there is one.
func (a *app) queue(ctx context.Context) *work.Queue {
	a.once.queue.Do(func() {
		o := work.Options{Log: a.log()}
		if db := a.store(ctx); db != nil {
			o.Store = db.Work()
			serves := a.command == "serve"
			if serves && a.DatabaseURL != "" {
				o.Hold, o.Claim = hold, a.claim(ctx)
			}
			if serves {
				// One process's file can be in trouble too: the disk is slow, or full.
				if spool := a.spool(ctx); spool != nil {
					o.Spool = spool
				}
			}
		}
		a.accepted = work.New(o)
		a.closers = append(a.closers, a.accepted.Close)
	})
	return a.accepted
}

// spool is where requests are kept that the database does not take, beside where
// the file of a store would be; nil for nowhere.
func (a *app) spool(ctx context.Context) *store.Spool {
	file, err := a.stateFile()
	if err == nil && file == "" {
		return nil
	}
	var s *store.Spool
	if err == nil {
		s, err = store.OpenSpool(filepath.Join(filepath.Dir(file), "spool"))
	}
	if err != nil {
		a.log().WarnContext(ctx, "no folder for requests that the database does not take: they are kept in memory then, and are lost if this process dies", "error", err)
		return nil
	}
	a.closers = append(a.closers, s.Close)
	return s
}

// claim settles by Redis who answers while the database is away; nil without
// Redis.
func (a *app) claim(ctx context.Context) func(context.Context, string, time.Duration) (bool, error) {
	if a.RedisURL == "" {
		return nil
	}
	// Without a fallback: that another process has claimed something is known by
	// Redis or by nobody.
	redis, err := cache.NewRedis(a.RedisURL, cache.RedisOptions{Prefix: "onrecord:claim:"})
	if err != nil {
		a.log().WarnContext(ctx, "requests are not claimed in Redis", "error", err)
		return nil
	}
	a.closers = append(a.closers, redis.Close)
	return func(ctx context.Context, key string, long time.Duration) (bool, error) {
		_, err := redis.TryLock(ctx, key, long)
		if errors.Is(err, cache.ErrLocked) {
			return false, nil
		}
		return err == nil, err
	}
}
