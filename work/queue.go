package work

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options are the settings of a Queue. The zero value works, in memory only.
type Options struct {
	Store    Store         // memory if nil
	Workers  int           // jobs of a lane at the same time in this process; 8 if 0
	Lease    time.Duration // how long a job stays with a process that says nothing; 10 s if 0, 5 minutes at most
	Poll     time.Duration // how often to look for jobs that other processes left, and for a store in trouble; 1 s if 0
	Attempts int           // how often a failing job is tried; 3 if 0
	Wait     time.Duration // the longest that Accept, or anything else, waits for the store; 1 s if 0
	Grace    time.Duration // how long jobs in hand may take after the end was asked for; 20 s if 0
	Keep     time.Duration // how long finished keys are remembered; 24 hours if 0
	Log      *slog.Logger  // nothing is logged if nil

	// Hold says that other processes use the store too, and how long this one
	// waits for it when it is in trouble. Until then nothing is worked that the
	// store does not know, and nothing sent of which it does not know how far it
	// is. 0 is for a store that is this process's alone: then there is no wait.
	Hold time.Duration
	// Claim settles among processes that do without the store who works on a
	// key: the first to ask, for that long. Everybody who starts on a key asks. With
	// an error nobody knows, and then the store alone decides. May be nil.
	Claim func(ctx context.Context, key string, long time.Duration) (mine bool, err error)
	// Spool keeps what the store cannot take, across the end of this process. May
	// be nil: then that is lost with the process.
	Spool Spool
}

// Queue accepts items and hands them to workers. Make one with New.
type Queue struct {
	o      Options
	owner  string
	store  Store   // what was configured
	memory *Memory // stands in for it; the same when nothing was configured
	log    *slog.Logger

	mu     sync.Mutex
	wake   map[string]chan struct{} // by lane
	down   bool                     // the store is in trouble, and that was said
	since  time.Time                // when that began
	failed time.Time                // when it failed last
	back   time.Time                // when it was well again
	again  map[kind]time.Time       // while down: when to ask it next
	hands  map[string]*hand         // by key
	debts  map[string]*debt         // by key: what dead processes owed the store
	turn   turn                     // see alone
	recent recent                   // what the store is known to have
}

// hand holds a leased item: while it is worked on, and then until its end is
// written down.
type hand struct {
	key, lane, workspace string
	began                time.Time

	moving turn  // held while its end is written, or it moves into the store
	in     Store // where it is leased; changes with moving, saving and Queue.mu held

	// Guarded by Queue.mu.
	cancel context.CancelCauseFunc
	twin   bool // it came from memory, and turned out to be leased in the store too
	lost   bool
	owed   bool // the job is over, its end could not be written yet
	noted  bool // the spool has what is owed

	end     ending
	written bool // in its own store, a twin's may be missing

	saving  turn
	unsaved []byte // progress that could not be written yet
}

func newHand(it Item, in Store) *hand {
	return &hand{
		key: it.Key, lane: it.Lane, workspace: it.Workspace, in: in, began: time.Now(),
		cancel: func(error) {}, moving: make(turn, 1), saving: make(turn, 1),
	}
}

// turn is a lock that may be held while a store is asked. A channel and not a
// mutex: tests with a clock of their own wait for a mutex for ever.
type turn chan struct{}

func (t turn) Lock()   { t <- struct{}{} }
func (t turn) Unlock() { <-t }

func (t turn) TryLock() bool {
	select {
	case t <- struct{}{}:
		return true
	default:
		return false
	}
}

// ending is what becomes of an item whose job is over.
type ending struct {
	How  Outcome // empty: it is to be leased again
	Note string
	At   time.Time // when it ended, or may be leased again
}

// New makes a queue.
func New(o Options) *Queue {
	q := &Queue{
		o: Options{
			Workers:  orDefault(o.Workers, 8),
			Lease:    min(orDefault(o.Lease, 10*time.Second), 5*time.Minute),
			Poll:     orDefault(o.Poll, time.Second),
			Attempts: orDefault(o.Attempts, 3),
			Wait:     orDefault(o.Wait, time.Second),
			Grace:    orDefault(o.Grace, 20*time.Second),
			Keep:     orDefault(o.Keep, 24*time.Hour),
			Hold:     o.Hold, Claim: o.Claim, Spool: o.Spool,
		},
		owner:  rand.Text()[:16],
		store:  o.Store,
		memory: NewMemory(),
		log:    o.Log,
		wake:   map[string]chan struct{}{},
		hands:  map[string]*hand{},
		debts:  map[string]*debt{},
		turn:   make(turn, 1),
		again:  map[kind]time.Time{},
	}
	if q.log == nil {
		q.log = slog.New(slog.DiscardHandler)
	}
	if q.store == nil {
		q.store = q.memory
	}
	if o.Spool != nil {
		q.memory.spool = &spooled{o.Spool, q.log}
		q.inherit(context.Background())
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

// maxKey is the length of the longest key, in bytes.
const maxKey = 1000

// Accept writes an item down. fresh is false when its key is known: a repeated
// delivery, to be acknowledged and left alone. When the store is in trouble
// the item is kept in memory; the only errors are those of malformed items, and
// [ErrFull].
//
// That ctx ends does not stop Accept: a request that was verified is worked,
// whether or not the platform still listens. It takes Options.Wait at most.
func (q *Queue) Accept(ctx context.Context, it Item) (fresh bool, err error) {
	switch {
	case it.Key == "" || it.Lane == "":
		return false, errors.New("an item needs a key and a lane")
	case len(it.Key) > maxKey:
		return false, fmt.Errorf("a key of %d bytes, more than %d", len(it.Key), maxKey)
	case len(it.Payload) > MaxPayload:
		return false, fmt.Errorf("a payload of %d bytes, more than %d", len(it.Payload), MaxPayload)
	}
	it.Accepted = time.Now()
	if it.Until.IsZero() {
		it.Until = it.Accepted.Add(time.Hour)
	}
	it.Attempt, it.Progress = 0, nil
	if fresh, err = q.accept(ctx, it); fresh {
		q.nudge(it.Lane)
	}
	return fresh, err
}

func (q *Queue) accept(ctx context.Context, it Item) (bool, error) {
	if _, _, _, known := q.memory.known(it.Key); known {
		return false, nil
	}
	fresh, err := use(ctx, q, q.store, write, func(ctx context.Context, s Store) (bool, error) { return s.Accept(ctx, it) })
	switch {
	case err == nil:
		q.recent.add(it.Key)
		return fresh, nil
	case q.store == Store(q.memory):
		return false, err
	case q.recent.has(it.Key):
		return false, nil
	}
	return q.memory.Accept(ctx, it)
}

// errDown says that the store was not asked, because it failed just now.
var errDown = errors.New("the store is down")

// kind is what is asked of a store in trouble: each kind has its own turn. A
// full disk still answers questions, so that only writes tell that it is well.
type kind int

const (
	question kind = iota
	write
	renewal
)

// use asks a store for something, for Options.Wait at most, even if the store
// hangs and heeds no context. While the store is in trouble it is asked once in
// Options.Poll. That ctx ends does not count: what was begun with a store is
// brought to an end, so that its outcome is known.
func use[T any](ctx context.Context, q *Queue, s Store, k kind, f func(context.Context, Store) (T, error)) (T, error) {
	ctx = context.WithoutCancel(ctx)
	if s == Store(q.memory) {
		return f(ctx, s)
	}
	var zero T
	if !q.mayAsk(k) {
		return zero, errDown
	}
	type answer struct {
		v   T
		err error
	}
	limited, cancel := context.WithTimeout(ctx, q.o.Wait)
	defer cancel()
	c := make(chan answer, 1)
	go func() {
		v, err := f(limited, s)
		c <- answer{v, err}
	}()
	var a answer
	select {
	case a = <-c:
	case <-limited.Done():
		a.err = fmt.Errorf("the store does not answer: %w", limited.Err())
	}
	if a.err == nil || errors.Is(a.err, ErrLost) {
		q.well(ctx, k)
	} else {
		q.trouble(ctx, a.err)
	}
	return a.v, a.err
}

// do is use for what has no result but an error.
func (q *Queue) do(ctx context.Context, s Store, k kind, f func(context.Context, Store) error) error {
	_, err := use(ctx, q, s, k, func(ctx context.Context, s Store) (struct{}, error) { return struct{}{}, f(ctx, s) })
	return err
}

// mayAsk reports whether to ask the store now.
func (q *Queue) mayAsk(k kind) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.down {
		return true
	}
	now := time.Now()
	if now.Before(q.again[k]) {
		return false
	}
	q.again[k] = now.Add(q.o.Poll)
	return true
}

// trouble says once that the store fails.
func (q *Queue) trouble(ctx context.Context, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.failed = time.Now()
	if !q.down {
		q.down, q.since = true, q.failed
		next := q.failed.Add(q.o.Poll)
		q.again = map[kind]time.Time{question: next, write: next, renewal: next}
		if q.o.Spool != nil {
			q.log.ErrorContext(ctx, "the store fails: requests are kept beside it until it works again", "error", err)
		} else {
			q.log.ErrorContext(ctx, "the store fails: requests are kept in memory and are lost if this process dies", "error", err)
		}
	}
}

// calm is how long a store must have failed at nothing until an answer alone
// makes it well.
const calm = 30 * time.Second

func (q *Queue) well(ctx context.Context, k kind) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.down && (k != question || time.Since(q.failed) >= calm) {
		q.down, q.back = false, time.Now()
		q.log.InfoContext(ctx, "the store works again")
	}
}

// askAgain lets the store be asked at once, although it may be in trouble.
func (q *Queue) askAgain() {
	q.mu.Lock()
	defer q.mu.Unlock()
	clear(q.again)
}

// Well reports whether the store worked when it was last needed.
func (q *Queue) Well() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.down
}

// waits reports whether to wait for the store rather than do without it.
func (q *Queue) waits() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.o.Hold > 0 && (!q.down || time.Since(q.since) < q.o.Hold)
}

// bell is rung when a lane may have work. It keeps one ring, so that none is
// lost while nobody listens.
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
	hand  *hand
}

// Last reports whether an error now is the end of the job, so that whoever asked
// has to be told now. With a store that others use it is not before Options.Hold
// is over: earlier attempts may have died with their processes.
func (j *Job) Last() bool {
	return j.Attempt >= j.queue.o.Attempts && (j.queue.o.Hold == 0 || time.Since(j.Accepted) > j.queue.o.Hold)
}

// Save keeps how far the worker got, for whoever has to start again. When it
// fails with ErrLost the worker must stop: another one has the job. A store in
// trouble is no error: Save waits for it for Options.Hold, so that nothing goes out
// of which another process would not know; then the progress is kept in this
// process and written as soon as possible.
func (j *Job) Save(ctx context.Context, progress []byte) error {
	if len(progress) > MaxPayload {
		return fmt.Errorf("progress of %d bytes, more than %d", len(progress), MaxPayload)
	}
	h := j.hand
	h.saving.Lock()
	defer h.saving.Unlock()
	if j.queue.isLost(h) {
		return fmt.Errorf("saving the progress of a job: %w", ErrLost)
	}
	progress = slices.Clone(progress)
	err := j.queue.save(ctx, h, progress)
	for err != nil && !errors.Is(err, ErrLost) && j.queue.waits() {
		if err := wait(ctx, j.queue.o.Poll/10); err != nil {
			return fmt.Errorf("saving the progress of a job: %w", err)
		}
		if j.queue.isLost(h) {
			return fmt.Errorf("saving the progress of a job: %w", ErrLost)
		}
		err = j.queue.save(ctx, h, progress)
	}
	switch {
	case errors.Is(err, ErrLost):
		return fmt.Errorf("saving the progress of a job: %w", err)
	case err != nil:
		h.unsaved = progress
		j.queue.owing(h)
	default:
		h.unsaved = nil
	}
	j.Progress = progress
	return nil
}

// wait waits for a while, or for the end of ctx, whose cause it gives.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (q *Queue) save(ctx context.Context, h *hand, progress []byte) error {
	return q.do(ctx, h.in, write, func(ctx context.Context, s Store) error { return s.Save(ctx, q.owner, h.key, progress) })
}

func (q *Queue) isLost(h *hand) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return h.lost
}

// mostStarts is how often an item is started at most. Processes die for other
// reasons than what they work on, too: six starts were used up on a bad day by
// some of two thousand innocent items.
const mostStarts = 20

// last is how long jobs may take to notice that the grace is over.
const last = 5 * time.Second

// errGrace is why the context of a job ends at shutdown.
var errGrace = errors.New("the process ends")

// Work hands the items of a lane to do, several at a time, until ctx ends, and
// returns when the jobs in hand are finished. It is called once for a lane.
//
// The context of a job is not ended by ctx, only when the grace is over and
// when the lease is lost. A job that the grace ends is given back at once, for
// another process or the next; if it does not heed its context either, Work
// returns an error without it.
//
// What do returns decides about the item: nil ends it as Done, ErrUncertain and
// ErrLate as what they say; after any other error, a panic too, it is tried
// again later, until its attempts are used up. An item that was started very
// often without coming to an end, since the process died each time, is given up
// unseen. An attempt during which the store was in trouble is not the
// last one.
func (q *Queue) Work(ctx context.Context, lane string, do func(ctx context.Context, job *Job) error) error {
	base, stop := context.WithCancelCause(context.WithoutCancel(ctx))
	defer stop(nil)
	var working, minding sync.WaitGroup
	over := make(chan struct{})
	minding.Go(func() { q.mind(base, lane, over) })
	slots := make(chan struct{}, q.o.Workers)
	tick := time.NewTicker(q.o.Poll)
	defer tick.Stop()
	q.pay(base, lane) // before anybody begins without knowing it
	for ctx.Err() == nil {
		for _, s := range q.sources() {
			free := cap(slots) - len(slots)
			if free == 0 {
				break // the end of a job rings the bell
			}
			for _, j := range q.lease(ctx, s, lane, free) {
				slots <- struct{}{}
				working.Go(func() {
					defer func() {
						<-slots
						q.nudge(lane) // there is room for another
					}()
					q.one(base, j, do)
				})
			}
		}
		select {
		case <-ctx.Done():
		case <-q.bell(lane):
		case <-tick.C:
		}
	}
	err := q.finish(&working, lane, stop)
	close(over)
	minding.Wait()
	q.askAgain()
	q.tend(base, lane)
	return err
}

// finish waits for the jobs in hand.
func (q *Queue) finish(working *sync.WaitGroup, lane string, stop context.CancelCauseFunc) error {
	ended := make(chan struct{})
	go func() { working.Wait(); close(ended) }()
	timer := time.NewTimer(q.o.Grace)
	defer timer.Stop()
	select {
	case <-ended:
		return nil
	case <-timer.C:
	}
	stop(errGrace)
	timer.Reset(last)
	select {
	case <-ended:
		return nil
	case <-timer.C:
		return fmt.Errorf("jobs of %s do not end", lane)
	}
}

// stores are where items may be, memory first: it never takes long.
func (q *Queue) stores() []Store {
	if q.store == Store(q.memory) {
		return []Store{q.memory}
	}
	return []Store{q.memory, q.store}
}

// sources are where items are to be taken from: not from memory while what is
// there waits for the store.
func (q *Queue) sources() []Store {
	if q.waits() {
		return []Store{q.store}
	}
	return q.stores()
}

// lease takes items of a lane in hand.
func (q *Queue) lease(ctx context.Context, s Store, lane string, n int) []*Job {
	now := time.Now()
	until := now.Add(q.o.Lease)
	if s == Store(q.memory) {
		until = now.AddDate(100, 0, 0) // nobody else can take it
	}
	if s == q.store {
		defer q.alone()()
	}
	if s == q.store && q.justBack() {
		// Others could not renew their leases meanwhile, nor say how far they
		// are: what ran out is left to them for the time of a lease.
		now = now.Add(-q.o.Lease)
	}
	items, err := use(ctx, q, s, question, func(ctx context.Context, s Store) ([]Item, error) {
		return s.Lease(ctx, lane, q.owner, n, now, until)
	})
	if err != nil {
		return nil
	}
	var jobs []*Job
	for _, it := range items {
		if j := q.grasp(ctx, s, it); j != nil {
			jobs = append(jobs, j)
		}
	}
	return jobs
}

// justBack reports whether the store was in trouble until a moment ago.
func (q *Queue) justBack() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.back.IsZero() && time.Since(q.back) < 2*q.o.Lease
}

// alone waits for its turn: items are leased from the store and become jobs, or
// the end of a job is written and its hand let go, but not both at once. The
// store leases an item again whose lease ran out while its end was owed; were the
// end written between the lease and the look at the hands, the job would be
// started a second time. Every turn is bounded by Options.Wait. It returns what
// ends the turn.
func (q *Queue) alone() func() {
	q.turn.Lock()
	return q.turn.Unlock
}

// grasp makes a leased item a job, if it is one: the same key may be in the
// store and in memory when the store took it without managing to say so.
func (q *Queue) grasp(ctx context.Context, s Store, it Item) *Job {
	q.mu.Lock()
	defer q.mu.Unlock()
	held := q.hands[it.Key]
	if q.store != Store(q.memory) {
		switch {
		case s == Store(q.memory) && (held != nil || q.recent.has(it.Key)):
			q.memory.forget(it.Key) // the store has it
			return nil
		case s == q.store && held != nil:
			// Either it is worked on from memory, or this very lease had run
			// out and nobody else took it.
			held.twin = held.in == Store(q.memory)
			return nil
		case s == q.store:
			was, how, note, known := q.memory.known(it.Key)
			if known && was == finished {
				h := newHand(it, s)
				h.owed, h.end = true, ending{how, note, time.Now()}
				q.hands[it.Key] = h // written by tend
				return nil
			}
			if here, ok := q.memory.take(it.Key); ok && len(here.Progress) > 0 {
				it.Progress = here.Progress
			}
		}
	}
	if s == q.store {
		q.recent.add(it.Key)
	}
	if held != nil {
		return nil
	}
	h := newHand(it, s)
	q.hands[it.Key] = h
	return &Job{Item: it, queue: q, hand: h}
}

// one works on an item and ends it.
func (q *Queue) one(base context.Context, job *Job, do func(context.Context, *Job) error) {
	ctx, cancel := context.WithCancelCause(base)
	q.mu.Lock()
	if job.hand.cancel = cancel; job.hand.lost {
		cancel(ErrLost)
	}
	q.mu.Unlock()
	if !q.claimed(ctx, job) {
		cancel(nil)
		return
	}
	err := errors.New("the worker ended its goroutine")
	defer func() {
		cancel(nil)
		q.end(base, job, err)
	}()
	err = q.try(ctx, job, do)
}

// end decides what becomes of a job that is over, and writes it down.
func (q *Queue) end(base context.Context, job *Job, err error) {
	h := job.hand
	if errors.Is(err, ErrLost) {
		q.drop(h) // it is another's
		return
	}
	if err != nil && job.Last() && q.o.Hold > 0 {
		// Was it the store? It is asked, so that it is known.
		_ = q.do(base, h.in, renewal, func(ctx context.Context, s Store) error {
			return s.Renew(ctx, q.owner, []string{h.key}, time.Now().Add(q.o.Lease))
		})
	}
	now := time.Now()
	note := ""
	if err != nil {
		note = clip(err.Error())
	}
	how := Done
	switch {
	case err == nil:
	case errors.Is(err, ErrUncertain):
		how = Uncertain
	case errors.Is(err, ErrLate):
		how = Late
	case base.Err() != nil:
		how = ""
	case job.Last() && !(q.o.Hold > 0 && q.troubled(h.began) && job.Attempt <= mostStarts):
		how = Failed
	default:
		how = ""
		now = now.Add(backoff(job.Attempt))
	}
	h.end = ending{how, note, now}
	if how != "" && how != Done {
		q.log.WarnContext(base, "a request was given up", "lane", h.lane, "key", h.key, "outcome", string(how), "attempts", job.Attempt, "error", note)
	}
	q.conclude(base, h)
}

// troubled reports whether the store was in trouble since a moment.
func (q *Queue) troubled(since time.Time) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.down || q.failed.After(since)
}

// write writes the end of a job into a store.
func (q *Queue) write(ctx context.Context, s Store, h *hand) error {
	if h.end.How != "" {
		return s.Finish(ctx, q.owner, h.key, h.end.How, h.end.Note, h.end.At)
	}
	h.saving.Lock()
	defer h.saving.Unlock()
	if h.unsaved != nil {
		if err := s.Save(ctx, q.owner, h.key, h.unsaved); err != nil {
			return err
		}
		h.unsaved = nil
	}
	return s.Retry(ctx, q.owner, h.key, h.end.Note, h.end.At)
}

// conclude writes the end of a job down. What cannot be written now is owed.
func (q *Queue) conclude(ctx context.Context, h *hand) {
	h.moving.Lock()
	defer h.moving.Unlock()
	if q.isLost(h) {
		return
	}
	if h.in == q.store {
		defer q.alone()()
	}
	end := func(ctx context.Context, s Store) error { return q.write(ctx, s, h) }
	if !h.written {
		if err := q.do(ctx, h.in, write, end); err != nil && !errors.Is(err, ErrLost) {
			q.owe(h)
			return
		}
		h.written = true
	}
	q.mu.Lock()
	twin := h.twin
	if !twin {
		q.dropLocked(h)
	}
	q.mu.Unlock()
	if !twin {
		return
	}
	defer q.alone()()
	if err := q.do(ctx, q.store, write, end); err != nil && !errors.Is(err, ErrLost) {
		q.owe(h)
		return
	}
	q.drop(h)
}

func (q *Queue) owe(h *hand) {
	q.mu.Lock()
	h.owed = true
	q.mu.Unlock()
	h.saving.Lock()
	defer h.saving.Unlock()
	q.owing(h)
}

func (q *Queue) drop(h *hand) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.dropLocked(h)
}

func (q *Queue) dropLocked(h *hand) {
	if q.hands[h.key] == h {
		delete(q.hands, h.key)
		if h.noted {
			q.forgive(h.key)
		}
	}
}

// try runs do, and makes a panic an error.
func (q *Queue) try(ctx context.Context, job *Job, do func(context.Context, *Job) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			q.log.ErrorContext(ctx, "a worker panicked", "lane", job.Lane, "key", job.Key, "panic", clip(fmt.Sprint(v)), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	switch {
	case !job.Until.IsZero() && time.Now().After(job.Until):
		return ErrLate
	case job.Attempt > mostStarts:
		return fmt.Errorf("started %d times and never ended", job.Attempt-1)
	}
	return do(ctx, job)
}

// clip bounds what is kept of an error.
func clip(s string) string {
	const most = 500
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}

// backoff is the pause after an attempt: 1, 2, 4 … seconds.
func backoff(attempt int) time.Duration {
	return time.Second << min(max(attempt-1, 0), 6)
}

// mind tends to a lane until it is over.
func (q *Queue) mind(ctx context.Context, lane string, over <-chan struct{}) {
	often := min(q.o.Lease/3, q.o.Poll)
	tick := time.NewTicker(often)
	defer tick.Stop()
	var renewed, swept, inherited time.Time
	for {
		select {
		case <-over:
			return
		case <-tick.C:
		}
		now := time.Now()
		if now.Sub(renewed) >= q.o.Lease/3-often/2 {
			renewed = now
			q.renew(ctx, lane)
		}
		if now.Sub(inherited) > q.o.Lease {
			inherited = now
			q.inherit(ctx)
		}
		q.tend(ctx, lane)
		if now.Sub(swept) > time.Hour {
			swept = now
			for _, s := range q.stores() {
				_ = q.do(ctx, s, question, func(ctx context.Context, s Store) error { return s.Sweep(ctx, now.Add(-q.o.Keep)) })
			}
		}
	}
}

// renew renews the leases in hand, and ends the jobs whose leases are lost.
func (q *Queue) renew(ctx context.Context, lane string) {
	held := map[string]*hand{}
	var keys []string
	q.mu.Lock()
	for key, h := range q.hands {
		if h.lane == lane && (h.in == q.store || h.twin) {
			held[key] = h
			keys = append(keys, key)
		}
	}
	q.mu.Unlock()
	if len(keys) == 0 || q.store == Store(q.memory) {
		return
	}
	slices.Sort(keys)
	until := time.Now().Add(q.o.Lease)
	err := q.do(ctx, q.store, renewal, func(ctx context.Context, s Store) error { return s.Renew(ctx, q.owner, keys, until) })
	var lost *LostError
	if !errors.As(err, &lost) {
		return
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, key := range lost.Keys {
		h := held[key]
		if h == nil || q.hands[key] != h {
			continue // it ended meanwhile
		}
		if h.in != q.store {
			h.twin = false
			continue
		}
		q.lose(h)
	}
}

// lose ends a job whose item is no longer ours. Queue.mu is held.
func (q *Queue) lose(h *hand) {
	h.lost = true
	h.cancel(ErrLost)
	q.dropLocked(h)
}

// tend writes what is owed to the store, and moves into it what memory took.
func (q *Queue) tend(ctx context.Context, lane string) {
	var owed, held []*hand
	q.mu.Lock()
	for _, h := range q.hands {
		if h.lane != lane {
			continue
		}
		held = append(held, h)
		if h.owed {
			owed = append(owed, h)
		}
	}
	q.mu.Unlock()
	for _, h := range held {
		q.saveAgain(ctx, h)
	}
	for _, h := range owed {
		q.conclude(ctx, h)
	}
	if q.shares() {
		lane = "" // what was inherited may be of lanes that are not worked here
	}
	q.pay(ctx, lane)
	q.move(ctx, lane)
}

func (q *Queue) saveAgain(ctx context.Context, h *hand) {
	if !h.saving.TryLock() {
		return // the worker is at it
	}
	defer h.saving.Unlock()
	if h.unsaved != nil && q.save(ctx, h, h.unsaved) == nil {
		h.unsaved = nil
	}
}

// Close gives the store what memory took for it while it was in trouble, once
// more: call it when Work has returned. Its error says how much is lost.
func (q *Queue) Close() error {
	q.askAgain()
	if left := q.move(context.Background(), ""); left > 0 && q.o.Spool == nil {
		return fmt.Errorf("the store does not take %d accepted requests: they are lost", left)
	}
	return nil
}

// Counts tells how many items there are in each state.
func (q *Queue) Counts(ctx context.Context) (Counts, error) {
	var all Counts
	for _, s := range q.stores() {
		c, err := use(ctx, q, s, question, func(ctx context.Context, s Store) (Counts, error) { return s.Counts(ctx) })
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
	var all []DeadItem
	for _, s := range q.stores() {
		dead, err := use(ctx, q, s, question, func(ctx context.Context, s Store) ([]DeadItem, error) { return s.Dead(ctx, n) })
		if err != nil {
			return nil, fmt.Errorf("listing dead jobs: %w", err)
		}
		all = append(all, dead...)
	}
	slices.SortStableFunc(all, func(a, b DeadItem) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Key, b.Key)) })
	return all[:min(max(n, 0), len(all))], nil
}

// Forget drops all items of a workspace, and ends the contexts of its jobs.
func (q *Queue) Forget(ctx context.Context, lane, workspace string) error {
	for _, s := range q.stores() {
		if err := q.do(ctx, s, question, func(ctx context.Context, s Store) error { return s.Forget(ctx, lane, workspace) }); err != nil {
			return fmt.Errorf("forgetting jobs: %w", err)
		}
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, h := range q.hands {
		if h.lane == lane && h.workspace == workspace {
			q.lose(h)
		}
	}
	return nil
}

// recent is a bounded set of keys. The zero value works.
type recent struct {
	mu   sync.Mutex
	set  map[string]bool
	ring []string
	next int
}

func (r *recent) add(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.set[key] {
		return
	}
	if r.set == nil {
		r.set = map[string]bool{}
	}
	r.set[key] = true
	if len(r.ring) < maxKeys {
		r.ring = append(r.ring, key)
		return
	}
	delete(r.set, r.ring[r.next])
	r.ring[r.next] = key
	r.next = (r.next + 1) % len(r.ring)
}

func (r *recent) has(key string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.set[key]
}
