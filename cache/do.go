package cache

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime/debug"
	"sync"
	"time"
)

// Work is what [Do] needs to know to make a value and to keep it.
type Work[T any] struct {
	// TTL is how long the value may be kept; zero keeps nothing.
	TTL time.Duration
	// Encode and Decode turn a value into bytes and back. Bytes that do not
	// decode are a miss, so a new version of T needs no more than a Decode
	// that refuses the old bytes.
	Encode func(T) ([]byte, error)
	Decode func([]byte) (T, error)
	// Compute makes the value. Its context ends when nobody waits for the
	// value any more.
	Compute func(ctx context.Context) (T, error)
	// Keep reports whether a value may be kept. Degraded ones (a model was
	// down, an index missing) should not be. Nil keeps every value.
	Keep func(T) bool
}

// Lease is how long a process holds the lock of a key without renewing it,
// and so the longest that others wait for a process that died.
const Lease = 10 * time.Second

// How often a process looks whether another one is done: first after pollMin,
// then less and less often, up to pollMax.
const (
	pollMin = 20 * time.Millisecond
	pollMax = 400 * time.Millisecond
)

// Do returns the value under key, from the cache when it is there and decodes,
// else by work.Compute. A nil cache keeps nothing.
//
// One computation runs for a key and type however many ask: in this process
// when the cache has [Flights], in all processes when it is also a [Locker]
// that they share. All who wait get the same value, so nobody may change it.
// A caller whose context ends leaves without stopping the others; when the last
// one has left, the computation is told to stop.
//
// An error of Compute goes to all who wait and is never kept; a panic too
// reaches every one of them, as a [Panic]. Trouble with the cache itself is no
// error: Do then computes.
func Do[T any](ctx context.Context, c Cache, key string, work Work[T]) (T, error) {
	var zero T
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	if c == nil {
		return work.Compute(ctx)
	}
	if v, ok := lookUp(ctx, c, key, work); ok {
		return v, nil
	}
	shared, ok := c.(interface{ flights() *Flights })
	if !ok {
		return compute(ctx, c, key, work)
	}
	v, err := shared.flights().do(ctx, flightKey{key, reflect.TypeFor[T]()}, func(ctx context.Context) (any, error) {
		return compute(ctx, c, key, work)
	})
	if err != nil {
		return zero, err
	}
	return v.(T), nil
}

func lookUp[T any](ctx context.Context, c Cache, key string, work Work[T]) (T, bool) {
	var zero T
	data, ok, err := c.Get(ctx, key)
	if err != nil || !ok {
		return zero, false
	}
	v, err := work.Decode(data)
	if err != nil {
		return zero, false
	}
	return v, true
}

// compute runs in the one flight of this process. It makes sure that other
// processes do not do the same work at the same time, if the cache can.
func compute[T any](ctx context.Context, c Cache, key string, work Work[T]) (T, error) {
	var zero T
	locker, _ := c.(Locker)
	for wait := pollMin; locker != nil; wait = min(wait*3/2, pollMax) {
		lock, err := locker.TryLock(ctx, key, Lease)
		if err == nil {
			defer hold(ctx, lock)()
			break
		}
		if !errors.Is(err, ErrLocked) {
			break // the cache is in trouble: go without
		}
		select {
		case <-ctx.Done():
			return zero, ctx.Err()
		case <-time.After(wait):
		}
		if v, ok := lookUp(ctx, c, key, work); ok {
			return v, nil
		}
	}
	// Somebody may have finished between the first look and now.
	if v, ok := lookUp(ctx, c, key, work); ok {
		return v, nil
	}
	v, err := work.Compute(ctx)
	if err != nil {
		return zero, err
	}
	if work.TTL > 0 && (work.Keep == nil || work.Keep(v)) {
		if data, err := work.Encode(v); err == nil {
			// Kept even when the last caller has just left: the work is done.
			_ = c.Set(context.WithoutCancel(ctx), key, data, work.TTL)
		}
	}
	return v, nil
}

// hold renews a lock until the function that it returns is called, which gives
// the lock back.
func hold(ctx context.Context, lock Lock) (release func()) {
	ctx = context.WithoutCancel(ctx)
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				// A lock that was lost means that others may compute too. That
				// costs time only, so there is nothing to do about it.
				_ = lock.Extend(ctx, Lease)
			}
		}
	}()
	return func() {
		close(stop)
		<-done
		_ = lock.Unlock(ctx)
	}
}

// Flights are the computations of one process that are under way. A cache
// that embeds it lets [Do] run one computation for each key. The zero value is
// ready to use.
type Flights struct {
	mu  sync.Mutex
	air map[flightKey]*flight
	wg  sync.WaitGroup
}

type flightKey struct {
	key string
	typ reflect.Type
}

type flight struct {
	waiting int // guarded by Flights.mu
	cancel  context.CancelFunc
	done    chan struct{}
	value   any
	err     error
	panic   *Panic
}

// Panic is what [Do] panics with when a computation panicked: Value is what
// it panicked with, Stack is where.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string {
	return fmt.Sprintf("computation panicked: %v\n\n%s", p.Value, p.Stack)
}

// Unwrap returns the error that the computation panicked with, if it was one.
func (p *Panic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

var errGoexit = errors.New("computation ended its goroutine")

func (f *Flights) flights() *Flights { return f }

// Wait returns when no computation is under way.
func (f *Flights) Wait() { f.wg.Wait() }

func (f *Flights) do(ctx context.Context, key flightKey, fn func(context.Context) (any, error)) (any, error) {
	f.mu.Lock()
	fl, ok := f.air[key]
	if !ok {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		fl = &flight{cancel: cancel, done: make(chan struct{})}
		if f.air == nil {
			f.air = map[flightKey]*flight{}
		}
		f.air[key] = fl
		f.wg.Go(func() { f.fly(own, key, fl, fn) })
	}
	fl.waiting++
	f.mu.Unlock()

	select {
	case <-fl.done:
	case <-ctx.Done():
		f.leave(key, fl)
		return nil, ctx.Err()
	}
	if fl.panic != nil {
		panic(fl.panic)
	}
	return fl.value, fl.err
}

func (f *Flights) fly(ctx context.Context, key flightKey, fl *flight, fn func(context.Context) (any, error)) {
	fl.err = errGoexit
	defer func() {
		if v := recover(); v != nil {
			fl.panic = &Panic{Value: v, Stack: debug.Stack()}
			if nested, ok := v.(*Panic); ok {
				fl.panic = nested
			}
		}
		f.forget(key, fl)
		fl.cancel()
		close(fl.done)
	}()
	fl.value, fl.err = fn(ctx)
}

func (f *Flights) forget(key flightKey, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.air[key] == fl {
		delete(f.air, key)
	}
}

// leave takes one caller out. The last one stops the flight, and takes it
// off the board so that whoever comes next starts anew instead of joining a
// flight that is about to fail.
func (f *Flights) leave(key flightKey, fl *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fl.waiting--
	if fl.waiting > 0 {
		return
	}
	fl.cancel()
	if f.air[key] == fl {
		delete(f.air, key)
	}
}
