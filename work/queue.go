package work

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Options are the settings of a Queue. The zero value works, in memory only.
type Options struct {
	Store    Store         // memory if nil
	Workers  int           // jobs of a lane at the same time in this process; 8 if 0
	Lease    time.Duration // how long a job stays with a process that says nothing; 30 s if 0
	Poll     time.Duration // how often to look for jobs that other processes left; 1 s if 0
	Attempts int           // how often a failing job is tried; 3 if 0
	Wait     time.Duration // the longest that Accept waits for the store; 1 s if 0
	Grace    time.Duration // how long jobs in hand may take after the end was asked for; 20 s if 0
	Keep     time.Duration // how long finished keys are remembered; 24 hours if 0
	Log      *slog.Logger  // nothing is logged if nil
}

// Queue accepts items and hands them to workers. Make one with New.
type Queue struct {
	o      Options
	owner  string
	store  Store   // what was configured
	memory *Memory // what is used while the store is in trouble
	log    *slog.Logger

	mu      sync.Mutex
	wake    map[string]chan struct{} // by lane
	down    bool                     // the store is in trouble, and that was said
	renewed map[string]bool          // keys of the store in hand
}

// New makes a queue.
func New(o Options) *Queue {
	q := &Queue{
		o: Options{
			Store:    o.Store,
			Workers:  orDefault(o.Workers, 8),
			Lease:    orDefault(o.Lease, 30*time.Second),
			Poll:     orDefault(o.Poll, time.Second),
			Attempts: orDefault(o.Attempts, 3),
			Wait:     orDefault(o.Wait, time.Second),
			Grace:    orDefault(o.Grace, 20*time.Second),
			Keep:     orDefault(o.Keep, 24*time.Hour),
		},
		owner:   rand.Text()[:16],
		memory:  NewMemory(),
		log:     o.Log,
		wake:    map[string]chan struct{}{},
		renewed: map[string]bool{},
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	q.store = o.Store
	if q.store == nil {
		q.store = q.memory
	}
	return q
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Accept writes an item down. fresh is false when its key is known: a repeated
// delivery, to be acknowledged and left alone. When the store is in trouble
// the item is kept in memory; the only errors are those of malformed items.
func (q *Queue) Accept(ctx context.Context, it Item) (fresh bool, err error) {
	switch {
	case it.Key == "" || it.Lane == "":
		return false, errors.New("an item needs a key and a lane")
	case len(it.Payload) > MaxPayload:
		return false, fmt.Errorf("a payload of %d bytes, more than %d", len(it.Payload), MaxPayload)
	}
	it.Accepted = time.Now()
	if it.Until.IsZero() {
		it.Until = it.Accepted.Add(time.Hour)
	}
	it.Attempt, it.Progress = 0, nil
	limited, cancel := context.WithTimeout(ctx, q.o.Wait)
	defer cancel()
	fresh, err = q.store.Accept(limited, it)
	if err != nil {
		q.trouble(ctx, err)
		// A repeat may have been accepted by either.
		if fresh, err = q.memory.Accept(ctx, it); err != nil {
			return false, err
		}
	} else {
		q.well(ctx)
	}
	if fresh {
		q.nudge(it.Lane)
	}
	return fresh, nil
}

// trouble says once that the store fails.
func (q *Queue) trouble(ctx context.Context, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.down {
		q.down = true
		q.log.ErrorContext(ctx, "the store fails: requests are kept in memory and are lost if this process ends", "error", err)
	}
}

func (q *Queue) well(ctx context.Context) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.down {
		q.down = false
		q.log.InfoContext(ctx, "the store works again")
	}
}

// Well reports whether the store worked when it was last needed.
func (q *Queue) Well() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.down
}

func (q *Queue) bell(lane string) chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	c, ok := q.wake[lane]
	if !ok {
		c = make(chan struct{}, 1)
		q.wake[lane] = c
	}
	return c
}

func (q *Queue) nudge(lane string) {
	select {
	case q.bell(lane) <- struct{}{}:
	default:
	}
}

// Job is an item in the hands of a worker.
type Job struct {
	Item
	queue *Queue
	store Store
}

// Save keeps how far the worker got, for whoever has to start again. When it
// fails with ErrLost the worker must stop: another one has the job.
func (j *Job) Save(ctx context.Context, progress []byte) error {
	if err := j.store.Save(ctx, j.queue.owner, j.Key, progress); err != nil {
		return fmt.Errorf("saving the progress of a job: %w", err)
	}
	j.Progress = progress
	return nil
}

// Work hands the items of a lane to do, several at a time, until ctx ends, and
// returns when the jobs in hand are finished, at the latest after the grace.
// The context of a job is not ended by ctx, only by the grace and when the
// lease is lost.
//
// What do returns decides about the item: nil ends it as Done, ErrUncertain and
// ErrLate as what they say; after any other error it is tried again later,
// until its attempts are used up.
func (q *Queue) Work(ctx context.Context, lane string, do func(ctx context.Context, job *Job) error) error {
	base, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var working, minding sync.WaitGroup
	minding.Go(func() { q.mind(base) })
	slots := make(chan struct{}, q.o.Workers)
	bell := q.bell(lane)
	tick := time.NewTicker(q.o.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		free := cap(slots) - len(slots)
		took := 0
		for _, s := range q.stores() {
			if free-took <= 0 {
				break
			}
			now := time.Now()
			items, err := s.Lease(ctx, lane, q.owner, free-took, now, now.Add(q.o.Lease))
			if err != nil {
				if ctx.Err() == nil {
					q.trouble(ctx, err)
				}
				continue
			}
			for _, it := range items {
				took++
				slots <- struct{}{}
				q.hold(it.Key, true)
				working.Go(func() {
					defer func() {
						q.hold(it.Key, false)
						<-slots
						select {
						case bell <- struct{}{}: // there is room for another
						default:
						}
					}()
					q.one(base, s, it, do)
				})
			}
		}
		select {
		case <-ctx.Done():
		case <-bell:
		case <-tick.C:
		}
	}
	ended := make(chan struct{})
	go func() { working.Wait(); close(ended) }()
	timer := time.NewTimer(q.o.Grace)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
		stop()
		<-ended
	}
	stop()
	minding.Wait()
	return nil
}

// stores are where items may be: the store, and what memory took for it.
func (q *Queue) stores() []Store {
	if q.store == Store(q.memory) {
		return []Store{q.store}
	}
	return []Store{q.store, q.memory}
}

func (q *Queue) hold(key string, held bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if held {
		q.renewed[key] = true
	} else {
		delete(q.renewed, key)
	}
}

// mind renews the leases in hand and drops what was finished long ago.
func (q *Queue) mind(ctx context.Context) {
	tick := time.NewTicker(q.o.Lease / 3)
	defer tick.Stop()
	swept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			q.mu.Lock()
			keys := make([]string, 0, len(q.renewed))
			for k := range q.renewed {
				keys = append(keys, k)
			}
			q.mu.Unlock()
			for _, s := range q.stores() {
				if len(keys) > 0 {
					if err := s.Renew(ctx, q.owner, keys, now.Add(q.o.Lease)); err != nil && ctx.Err() == nil {
						q.trouble(ctx, err)
					}
				}
				if now.Sub(swept) > time.Hour {
					if err := s.Sweep(ctx, now.Add(-q.o.Keep)); err != nil && ctx.Err() == nil {
						q.trouble(ctx, err)
					}
				}
			}
			if now.Sub(swept) > time.Hour {
				swept = now
			}
		}
	}
}

// one works on an item and ends it.
func (q *Queue) one(ctx context.Context, s Store, it Item, do func(context.Context, *Job) error) {
	job := &Job{Item: it, queue: q, store: s}
	err := q.try(ctx, job, do)
	// The end is written down although the job's time may be over.
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	outcome, note := Done, ""
	switch {
	case err == nil:
	case errors.Is(err, ErrLost):
		return // it is another's
	case errors.Is(err, ErrUncertain):
		outcome, note = Uncertain, err.Error()
	case errors.Is(err, ErrLate):
		outcome, note = Late, err.Error()
	case it.Attempt >= q.o.Attempts:
		outcome, note = Failed, err.Error()
	default:
		from := time.Now().Add(backoff(it.Attempt))
		if err := s.Retry(last, q.owner, it.Key, err.Error(), from); err != nil && !errors.Is(err, ErrLost) {
			q.trouble(ctx, err)
		}
		return
	}
	if outcome != Done {
		q.log.WarnContext(ctx, "a request was given up", "lane", it.Lane, "key", it.Key, "outcome", string(outcome), "attempts", it.Attempt, "error", err)
	}
	if err := s.Finish(last, q.owner, it.Key, outcome, note, time.Now()); err != nil && !errors.Is(err, ErrLost) {
		q.trouble(ctx, err)
	}
}

// try runs do, and makes a panic an error.
func (q *Queue) try(ctx context.Context, job *Job, do func(context.Context, *Job) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	if !job.Until.IsZero() && time.Now().After(job.Until) {
		return ErrLate
	}
	return do(ctx, job)
}

// backoff is the pause after an attempt: 1, 2, 4 … seconds.
func backoff(attempt int) time.Duration {
	return time.Second << min(max(attempt-1, 0), 6)
}

// Counts tells how many items there are in each state.
func (q *Queue) Counts(ctx context.Context) (Counts, error) {
	var all Counts
	for _, s := range q.stores() {
		c, err := s.Counts(ctx)
		if err != nil {
			return all, fmt.Errorf("counting jobs: %w", err)
		}
		all.Waiting += c.Waiting
		all.Working += c.Working
		all.Done += c.Done
		all.Late += c.Late
		all.Failed += c.Failed
		all.Uncertain += c.Uncertain
	}
	return all, nil
}

// Dead lists up to n items that were given up, newest first.
func (q *Queue) Dead(ctx context.Context, n int) ([]DeadItem, error) {
	return q.store.Dead(ctx, n)
}

// Forget drops all items of a workspace.
func (q *Queue) Forget(ctx context.Context, lane, workspace string) error {
	for _, s := range q.stores() {
		if err := s.Forget(ctx, lane, workspace); err != nil {
			return fmt.Errorf("forgetting jobs: %w", err)
		}
	}
	return nil
}
