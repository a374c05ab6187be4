package work

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in this process. Make one with NewMemory.
type Memory struct {
	mu    sync.Mutex
	items map[string]*row
}

type row struct {
	Item
	state    state
	owner    string
	from     time.Time // waiting: not to be leased before
	until    time.Time // leased: the end of it
	outcome  Outcome
	note     string
	finished time.Time
}

type state int

const (
	waiting state = iota
	leased
	finished
)

var _ Store = (*Memory)(nil)

// maxRemembered is the number of finished items that are kept to know repeats
// by.
const maxRemembered = 50_000

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{items: map[string]*row{}} }

// Accept implements [Store].
func (m *Memory) Accept(_ context.Context, it Item) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.items[it.Key]; known {
		return false, nil
	}
	if len(m.items) >= maxRemembered {
		m.sweep(it.Accepted)
	}
	m.items[it.Key] = &row{Item: it}
	return true, nil
}

// Lease implements [Store].
func (m *Memory) Lease(_ context.Context, lane, owner string, n int, now, until time.Time) ([]Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var free []*row
	for _, r := range m.items {
		if r.Lane != lane {
			continue
		}
		if r.state == waiting && !r.from.After(now) || r.state == leased && r.until.Before(now) {
			free = append(free, r)
		}
	}
	slices.SortFunc(free, func(a, b *row) int {
		return cmp.Or(a.Accepted.Compare(b.Accepted), cmp.Compare(a.Key, b.Key))
	})
	var out []Item
	for _, r := range free[:min(n, len(free))] {
		r.state, r.owner, r.until = leased, owner, until
		r.Attempt++
		out = append(out, r.Item)
	}
	return out, nil
}

// Renew implements [Store].
func (m *Memory) Renew(_ context.Context, owner string, keys []string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, k := range keys {
		if r, err := m.mine(owner, k); err == nil {
			r.until = until
		}
	}
	return nil
}

func (m *Memory) mine(owner, key string) (*row, error) {
	r := m.items[key]
	if r == nil || r.state != leased || r.owner != owner {
		return nil, ErrLost
	}
	return r, nil
}

// Save implements [Store].
func (m *Memory) Save(_ context.Context, owner, key string, progress []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.mine(owner, key)
	if err != nil {
		return err
	}
	r.Progress = slices.Clone(progress)
	return nil
}

// Finish implements [Store].
func (m *Memory) Finish(_ context.Context, owner, key string, how Outcome, note string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.mine(owner, key)
	if err != nil {
		return err
	}
	r.state, r.outcome, r.note, r.finished = finished, how, note, at
	r.Payload, r.Progress = nil, nil
	return nil
}

// Retry implements [Store].
func (m *Memory) Retry(_ context.Context, owner, key, note string, from time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.mine(owner, key)
	if err != nil {
		return err
	}
	r.state, r.note, r.from = waiting, note, from
	return nil
}

// Counts implements [Store].
func (m *Memory) Counts(context.Context) (Counts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var c Counts
	for _, r := range m.items {
		switch {
		case r.state == waiting:
			c.Waiting++
		case r.state == leased:
			c.Working++
		default:
			c.add(r.outcome, 1)
		}
	}
	return c, nil
}

// add counts finished items.
func (c *Counts) add(how Outcome, n int64) {
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

// Dead implements [Store].
func (m *Memory) Dead(_ context.Context, n int) ([]DeadItem, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var dead []DeadItem
	for _, r := range m.items {
		if r.state == finished && r.outcome != Done {
			dead = append(dead, DeadItem{Key: r.Key, Lane: r.Lane, Outcome: r.outcome, Note: r.note, At: r.finished, Attempts: r.Attempt})
		}
	}
	slices.SortFunc(dead, func(a, b DeadItem) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Key, b.Key)) })
	return dead[:min(n, len(dead))], nil
}

// Sweep implements [Store].
func (m *Memory) Sweep(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sweep(before)
	return nil
}

func (m *Memory) sweep(before time.Time) {
	for k, r := range m.items {
		if r.state == finished && r.finished.Before(before) {
			delete(m.items, k)
		}
	}
}

// Forget implements [Store].
func (m *Memory) Forget(_ context.Context, lane, workspace string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, r := range m.items {
		if r.Lane == lane && r.Workspace == workspace {
			delete(m.items, k)
		}
	}
	return nil
}
