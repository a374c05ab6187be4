// Package work keeps what was accepted until it is done. An adapter that has
// verified a request writes it down here with the address that the answer goes
// to, tells the platform that it has it, and only then works on it: what was
// accepted survives a crash, and a repeated delivery finds its key and ends.
//
//	fresh, err := queue.Accept(ctx, work.Item{Key: "slack:Ev0123", Lane: "slack", Payload: payload, Until: in30Minutes})
//	…
//	err := queue.Work(ctx, "slack", func(ctx context.Context, job *work.Job) error { … })
//
// A job is leased to the process that works on it and given to another one
// when that process no longer renews the lease. So a job may be started more
// than once; before a step that must not be taken twice its worker saves how
// far it got ([Job.Save]) and finds that in [Item.Progress] the next time.
//
// # What is guaranteed
//
// An item that the store took is worked until it has an end, whatever dies in
// between. Its worker is called by one process at a time: when the lease is
// lost all the same (a process that slept, a store that was away), the job's
// context is cancelled, and Save says ErrLost. A key that the store has is
// never worked again for as long as it is kept (Options.Keep).
//
// # A store in trouble
//
// A store that fails, or hangs, is not waited for longer than Options.Wait by
// Accept: what it does not take is kept in memory and, with Options.Spool, in
// files that outlive the process, and moves into the store when that is back.
// The log says once when it begins and ends. What happens meanwhile depends on whose
// the store is.
//
// A store that other processes use too (Options.Hold) is waited for: nothing
// that it does not know is worked, and before an answer goes out Job.Save waits
// until it is known how far it is. So its keys tell every repeat, whichever
// process got it, and a killed process leaves nothing half said. When that has taken
// longer than Options.Hold, the process goes on without it. It then claims each
// key first (Options.Claim, in Redis), and does not begin what another has
// claimed; when nobody can be asked, it waits on. Once the store is back it adopts what was
// worked meanwhile. Without Options.Claim, two processes that were given the same
// request in such a time both answer.
//
// A store of one process's own is not waited for: what it cannot take is worked
// from memory at once. Then:
//
//   - A write that timed out may have succeeded. Then the item is in the store
//     and in memory. This process notices and works it once.
//   - A repeat is known if this process took the first delivery, lately. If
//     an earlier process did, the repeat is worked again unless
//     the store is back before a worker is free.
//   - Progress and ends that cannot be written are kept here and written later.
//     If the process dies before that, the next one starts the job again from
//     the progress that the store or the spool knows.
package work

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Item is something that was accepted and has to be done.
type Item struct {
	Key       string // of the delivery, the same for a repeat; unique among all lanes
	Lane      string // who works on it: a platform's name
	Workspace string // whose it is, for Forget
	Payload   []byte // what is needed to do it, in the worker's own form; at most MaxPayload bytes

	Accepted time.Time // set by Accept
	Until    time.Time // when it can no longer be answered; the job is then given up as Late. An hour from now if zero

	Attempt  int    // of the worker: 1 the first time
	Progress []byte // what an earlier attempt saved, nil if nothing
}

// MaxPayload is the size of the largest payload, in bytes.
const MaxPayload = 256 << 10

// Store is where the queue keeps its items. Its methods are safe for use by
// many processes at once.
type Store interface {
	// Accept writes an item down as it is. It reports false, and changes nothing,
	// when an item with that key is there already, whatever became of it.
	Accept(ctx context.Context, it Item) (fresh bool, err error)
	// Lease takes up to n items of a lane that nobody works on, oldest first,
	// among them those whose lease has run out, and leases them to owner until
	// then. It counts their attempts up. What processes share also gives leases
	// that end too far from now to have been written by a clock that was right.
	Lease(ctx context.Context, lane, owner string, n int, now, until time.Time) ([]Item, error)
	// Renew puts the end of an owner's leases off, also of those that have run
	// out and were not taken by another. The keys that are no longer the owner's
	// are named by a *[LostError]; the others are renewed all the same.
	Renew(ctx context.Context, owner string, keys []string, until time.Time) error
	// Save keeps the progress of an item that owner has leased. It fails with
	// ErrLost when the lease went to another.
	Save(ctx context.Context, owner, key string, progress []byte) error
	// Finish ends an item that owner has leased: its payload and progress are
	// dropped, its key is kept. It fails like Save.
	Finish(ctx context.Context, owner, key string, how Outcome, note string, at time.Time) error
	// Retry gives a leased item back, to be leased again from then on. It fails
	// like Save.
	Retry(ctx context.Context, owner, key, note string, from time.Time) error
	// Adopt makes an item the owner's that he worked on while the store was away:
	// it is written down, or what waits here under its key is, as leased to him
	// until then, with these attempts and this progress. It reports false, and
	// changes nothing, when another has it or it is finished.
	Adopt(ctx context.Context, it Item, owner string, until time.Time) (ours bool, err error)
	// Counts tells how many items there are in each state.
	Counts(ctx context.Context) (Counts, error)
	// Dead lists the items that were given up, newest first.
	Dead(ctx context.Context, n int) ([]DeadItem, error)
	// Sweep drops what was finished before a time: its key may then be used again.
	Sweep(ctx context.Context, before time.Time) error
	// Forget drops all that belongs to a workspace.
	Forget(ctx context.Context, lane, workspace string) error
}

// Outcome is how an item ended.
type Outcome string

// The outcomes.
const (
	Done      Outcome = "done"
	Late      Outcome = "late"      // the platform no longer takes an answer
	Failed    Outcome = "failed"    // tried as often as allowed
	Uncertain Outcome = "uncertain" // a crash came between sending and knowing: not sent again
)

// Counts is the number of items in each state.
type Counts struct {
	Waiting, Working, Done, Late, Failed, Uncertain int64
}

// Add counts n finished items.
func (c *Counts) Add(how Outcome, n int64) {
	switch how {
	case Done:
		c.Done += n
	case Late:
		c.Late += n
	case Failed:
		c.Failed += n
	case Uncertain:
		c.Uncertain += n
	}
}

// DeadItem is an item that was given up.
type DeadItem struct {
	Key, Lane string
	Outcome   Outcome
	Note      string // why
	At        time.Time
	Attempts  int
}

var (
	// ErrLost says that an item is no longer this worker's.
	ErrLost = errors.New("the lease went to another process")
	// ErrUncertain is returned by a worker that found out that an earlier
	// attempt may or may not have answered: the item ends as Uncertain.
	ErrUncertain = errors.New("it is not known whether it was answered")
	// ErrLate is returned by a worker when the platform takes no answer any
	// more: the item ends as Late.
	ErrLate = errors.New("too late to answer")
	// ErrFull says that so much waits in memory that nothing more can be taken.
	ErrFull = errors.New("too much is waiting")
)

// LostError names the items whose leases went to others. It is an [ErrLost].
type LostError struct{ Keys []string }

// Lost makes the error of lost keys: nil when there are none.
func Lost(keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	return &LostError{Keys: keys}
}

// Error says how many were lost.
func (e *LostError) Error() string { return fmt.Sprintf("%v: %d", ErrLost, len(e.Keys)) }

// Is makes it an ErrLost.
func (e *LostError) Is(target error) bool { return target == ErrLost }
