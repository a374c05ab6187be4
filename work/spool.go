package work

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Spool keeps small things across the end of a process. Its methods are safe for
// use by many goroutines.
type Spool interface {
	// Put keeps something by its name, in place of what was there.
	Put(name string, data []byte) error
	// Drop forgets it. That there is none is no error.
	Drop(name string) error
	// Inherit gives, once, what processes that are dead have left here. It is this
	// process's from then on, under the same names.
	Inherit() (map[string][]byte, error)
}

// spooled writes what memory has into a spool. A nil one does nothing.
type spooled struct {
	Spool
	log *slog.Logger
}

// record is an item, or what is owed of one, as it lies in the spool.
type record struct {
	Item
	Finished bool      `json:",omitempty"`
	Outcome  Outcome   `json:",omitempty"`
	Note     string    `json:",omitempty"`
	At       time.Time `json:",omitzero"`
	Claimed  bool      `json:",omitempty"`
	// Owner is who has leased it from the store, which is owed the progress and,
	// if Over, the end.
	Owner string `json:",omitempty"`
	Over  bool   `json:",omitempty"`
}

func (s *spooled) put(r *row) {
	if s == nil {
		return
	}
	s.write("item:"+r.Key, record{
		Item: r.Item, Finished: r.state == finished, Outcome: r.outcome, Note: r.note, At: r.finished, Claimed: r.claimed,
	})
}

func (s *spooled) write(name string, r record) {
	data, err := json.Marshal(r)
	if err == nil {
		err = s.Put(name, data)
	}
	if err != nil {
		s.log.Error("a request that the store does not take is in memory only, and is lost if this process dies", "error", err)
	}
}

func (s *spooled) drop(key string) {
	if s == nil {
		return
	}
	if err := s.Drop("item:" + key); err != nil {
		s.log.Warn("a request that is done could not be dropped from the spool", "error", err)
	}
}

// debt is what a dead process did with an item of the store and could not tell
// it.
type debt struct {
	record
	paying sync.Mutex
}

// inherit takes over what dead processes left in the spool.
func (q *Queue) inherit(ctx context.Context) {
	if q.o.Spool == nil {
		return
	}
	left, err := q.o.Spool.Inherit()
	if err != nil {
		q.log.WarnContext(ctx, "what other processes left in the spool cannot be read", "error", err)
	}
	for _, name := range slices.Sorted(maps.Keys(left)) {
		var r record
		if err := json.Unmarshal(left[name], &r); err != nil || r.Key == "" {
			q.log.WarnContext(ctx, "something in the spool cannot be read and is dropped", "error", err)
			_ = q.o.Spool.Drop(name)
			continue
		}
		if r.Owner != "" {
			q.mu.Lock()
			q.debts[r.Key] = &debt{record: r}
			q.mu.Unlock()
			continue
		}
		one := &row{Item: r.Item, outcome: r.Outcome, note: r.Note, finished: r.At, claimed: r.Claimed}
		if r.Finished {
			one.state = finished
		}
		q.memory.restore(one)
	}
	if len(left) > 0 {
		q.log.InfoContext(ctx, "requests of processes that ended while the store was in trouble are taken over", "requests", len(left))
	}
}

// owing notes in the spool what the store is owed about a job that it leased.
func (q *Queue) owing(h *hand) {
	if q.o.Spool == nil {
		return
	}
	q.mu.Lock()
	if h.lost || h.in != q.store {
		q.mu.Unlock()
		return
	}
	h.noted = true
	r := record{Item: Item{Key: h.key, Lane: h.lane, Workspace: h.workspace, Progress: h.unsaved}, Owner: q.owner}
	if h.owed {
		r.Over, r.Outcome, r.Note, r.At = true, h.end.How, h.end.Note, h.end.At
	}
	q.mu.Unlock()
	q.memory.spool.write("debt:"+h.key, r)
}

// forgive drops what was owed.
func (q *Queue) forgive(key string) { _ = q.o.Spool.Drop("debt:" + key) }

// pay tells the store what dead processes could not, in their name: of one lane or
// of all.
func (q *Queue) pay(ctx context.Context, lane string) {
	var due []*debt
	q.mu.Lock()
	for _, d := range q.debts {
		if (lane == "" || d.Lane == lane) && d.paying.TryLock() {
			due = append(due, d)
		}
	}
	q.mu.Unlock()
	for _, d := range due {
		err := q.do(ctx, q.store, write, func(ctx context.Context, s Store) error {
			if d.Progress != nil {
				if err := s.Save(ctx, d.Owner, d.Key, d.Progress); err != nil {
					return err
				}
			}
			if d.Over && d.Outcome != "" {
				return s.Finish(ctx, d.Owner, d.Key, d.Outcome, d.Note, d.At)
			}
			return s.Retry(ctx, d.Owner, d.Key, d.Note, d.At)
		})
		if err == nil || errors.Is(err, ErrLost) {
			q.mu.Lock()
			delete(q.debts, d.Key)
			q.mu.Unlock()
			q.forgive(d.Key)
			q.nudge(d.Lane)
		}
		d.paying.Unlock()
	}
}

// claimed reports whether a job that is about to begin is this process's. One
// that another process has claimed is left to it for a while: it will say in the
// store what became of it, if it can.
func (q *Queue) claimed(ctx context.Context, job *Job) bool {
	h := job.hand
	q.mu.Lock()
	inStore := h.in == q.store
	q.mu.Unlock()
	if q.o.Claim == nil || q.o.Hold == 0 || inStore && job.Attempt > 1 || !inStore && q.memory.isClaimed(h.key) {
		return true
	}
	mine, err := q.o.Claim(ctx, h.key, max(time.Until(job.Until), 0)+time.Hour)
	switch {
	case err == nil && mine:
		if !inStore {
			q.memory.claim(h.key)
		}
		return true
	case err != nil && inStore:
		return true // its key in the store decides
	case !inStore:
		pause := q.o.Poll
		if err == nil {
			pause = max(time.Until(job.Until), pause) // it moves into the store before
		}
		q.memory.putBack(h.key, time.Now().Add(pause))
		q.drop(h)
		return false
	}
	h.end = ending{Note: "another process has begun with it", At: time.Now().Add(claimLasts * q.o.Lease)}
	q.conclude(ctx, h)
	return false
}

// claimLasts is how many leases long what another process has claimed is left
// to it once the store is back.
const claimLasts = 3

// shares reports whether others are to know what was worked without the store:
// processes beside this one, or the next one, which inherits its spool.
func (q *Queue) shares() bool { return q.o.Hold > 0 || q.o.Spool != nil }

// move gives the store what memory took for it, of one lane or of all, and
// tells how much is left.
func (q *Queue) move(ctx context.Context, lane string) int {
	if q.store == Store(q.memory) {
		return 0
	}
	keys := q.memory.keys(lane, q.shares())
	for i, key := range keys {
		if err := q.moveOne(ctx, key); err != nil {
			return len(keys) - i
		}
	}
	return 0
}

func (q *Queue) moveOne(ctx context.Context, key string) error {
	r, ok := q.memory.hold(key)
	if !ok {
		return nil
	}
	if r.state == leased {
		return q.adopt(ctx, key)
	}
	var err error
	if r.state == waiting && !r.claimed {
		_, err = use(ctx, q, q.store, write, func(ctx context.Context, s Store) (bool, error) { return s.Accept(ctx, r.Item) })
	} else {
		err = q.hand(ctx, &r)
	}
	if err != nil {
		q.memory.release(key)
		return err
	}
	q.recent.add(key)
	q.memory.forget(key)
	q.nudge(r.Lane)
	return nil
}

// hand tells the store of an item that was worked on without it.
func (q *Queue) hand(ctx context.Context, r *row) error {
	now := time.Now()
	ours, err := use(ctx, q, q.store, write, func(ctx context.Context, s Store) (bool, error) {
		return s.Adopt(ctx, r.Item, q.owner, now.Add(q.o.Lease))
	})
	if err != nil || !ours {
		return err
	}
	err = q.do(ctx, q.store, write, func(ctx context.Context, s Store) error {
		if r.state == finished {
			return s.Finish(ctx, q.owner, r.Key, r.outcome, r.note, r.finished)
		}
		return s.Retry(ctx, q.owner, r.Key, r.note, now)
	})
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}

// adopt makes the store's what is being worked on without it.
func (q *Queue) adopt(ctx context.Context, key string) error {
	q.mu.Lock()
	h := q.hands[key]
	q.mu.Unlock()
	if h == nil || !h.moving.TryLock() {
		return nil // it is ending
	}
	defer h.moving.Unlock()
	if !h.saving.TryLock() {
		return nil // the worker is at it
	}
	defer h.saving.Unlock()
	r, ok := q.memory.hold(key)
	if !ok || r.state != leased || h.in == q.store {
		q.memory.release(key)
		return nil
	}
	ours, err := use(ctx, q, q.store, write, func(ctx context.Context, s Store) (bool, error) {
		return s.Adopt(ctx, r.Item, q.owner, time.Now().Add(q.o.Lease))
	})
	if err != nil {
		return err
	}
	q.mu.Lock()
	h.in, h.twin = q.store, false
	if !ours {
		q.lose(h)
	}
	q.mu.Unlock()
	q.recent.add(key)
	q.memory.forget(key)
	return nil
}
