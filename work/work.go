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
// With the store in trouble the queue goes on from memory and says so once.
package work

import (
	"context"
	"errors"
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
	// Accept writes an item down. It reports false, and changes nothing, when
	// an item with that key is there already, whatever became of it.
	Accept(ctx context.Context, it Item) (fresh bool, err error)
	// Lease takes up to n items of a lane that nobody works on, oldest first,
	// and those whose lease has run out, and leases them to owner until then.
	Lease(ctx context.Context, lane, owner string, n int, now, until time.Time) ([]Item, error)
	// Renew puts the end of an owner's leases off.
	Renew(ctx context.Context, owner string, keys []string, until time.Time) error
	// Save keeps the progress of an item that owner has leased. It fails with
	// ErrLost when the lease went to another.
	Save(ctx context.Context, owner, key string, progress []byte) error
	// Finish ends an item that owner has leased.
	Finish(ctx context.Context, owner, key string, how Outcome, note string, at time.Time) error
	// Retry gives a leased item back, to be leased again from then on.
	Retry(ctx context.Context, owner, key, note string, from time.Time) error
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
)
