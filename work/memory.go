package work

import (
	"cmp"
	"container/list"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in this process. Make one with NewMemory.
//
// It is bounded: what is more is not taken ([ErrFull]), or forgotten.
type Memory struct {
	Bytes int // of open items; 256 MiB if 0
	Keys  int // of finished items, to know repeats by; 50,000 if 0

	mu    sync.Mutex
	items map[string]*row
	open  map[string]*list.List // of *row, by lane: waiting and leased, oldest first
	over  list.List             // of *row: finished, in that order
	bytes int                   // of open items
	spool *spooled              // where all of it is kept, too; nil for nowhere
}

type row struct {
	Item
	place    *list.Element // in open or over
	state    state
	owner    string
	held     bool      // waiting, but not to be leased
	claimed  bool      // no other process works on it
	due      time.Time // waiting: not to be leased before; leased: the end of the lease
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

// size is what an open item costs, about.
func (r *row) size() int { return len(r.Payload) + len(r.Progress) + len(r.Key) + 500 }

var _ Store = (*Memory)(nil)

// maxKeys is how many keys are remembered.
const maxKeys = 50_000

// NewMemory makes an empty store.
func NewMemory() *Memory { return &Memory{items: map[string]*row{}, open: map[string]*list.List{}} }

// Accept implements [Store].
func (m *Memory) Accept(_ context.Context, it Item) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.items[it.Key]; known {
		return false, nil
	}
	r := &row{Item: it}
	r.Payload, r.Progress = slices.Clone(it.Payload), slices.Clone(it.Progress)
	if m.bytes+r.size() > orDefault(m.Bytes, 256<<20) {
		return false, ErrFull
	}
	m.insert(r)
	m.spool.put(r)
	return true, nil
}

// Adopt implements [Store].
func (m *Memory) Adopt(_ context.Context, it Item, owner string, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, known := m.items[it.Key]
	if known && (r.state == finished || r.state == leased && r.owner != owner) {
		return false, nil
	}
	if known {
		m.bytes -= r.size()
		r.Attempt, r.Progress = it.Attempt, slices.Clone(it.Progress)
		m.bytes += r.size()
	} else {
		r = &row{Item: it}
		r.Payload, r.Progress = slices.Clone(it.Payload), slices.Clone(it.Progress)
		m.insert(r)
	}
	r.state, r.owner, r.due = leased, owner, until
	m.spool.put(r)
	return true, nil
}

// insert puts an item among the open ones.
func (m *Memory) insert(r *row) {
	lane, ok := m.open[r.Lane]
	if !ok {
		lane = list.New()
		m.open[r.Lane] = lane
	}
	// Nearly always the youngest, so look from the end.
	before := lane.Back()
	for before != nil && byAge(r, before.Value.(*row)) < 0 {
		before = before.Prev()
	}
	if before == nil {
		r.place = lane.PushFront(r)
	} else {
		r.place = lane.InsertAfter(r, before)
	}
	m.items[r.Key] = r
	m.bytes += r.size()
}

func byAge(a, b *row) int {
	return cmp.Or(a.Accepted.Compare(b.Accepted), cmp.Compare(a.Key, b.Key))
}

// Lease implements [Store].
func (m *Memory) Lease(_ context.Context, lane, owner string, n int, now, until time.Time) ([]Item, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Item
	if m.open[lane] == nil {
		return nil, nil
	}
	for e := m.open[lane].Front(); e != nil && len(out) < n; e = e.Next() {
		r := e.Value.(*row)
		if r.held || r.due.After(now) {
			continue
		}
		r.state, r.owner, r.due = leased, owner, until
		r.Attempt++
		m.spool.put(r)
		out = append(out, r.copy())
	}
	return out, nil
}

// copy is the item for a worker, who may do with it as he likes.
func (r *row) copy() Item {
	it := r.Item
	it.Payload, it.Progress = slices.Clone(it.Payload), slices.Clone(it.Progress)
	return it
}

// Renew implements [Store].
func (m *Memory) Renew(_ context.Context, owner string, keys []string, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var lost []string
	for _, k := range keys {
		r, err := m.mine(owner, k)
		if err != nil {
			lost = append(lost, k)
			continue
		}
		r.due = until
	}
	return Lost(lost)
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
	m.bytes -= r.size()
	r.Progress = slices.Clone(progress)
	m.bytes += r.size()
	m.spool.put(r)
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
	m.close(r)
	r.state, r.outcome, r.note, r.finished = finished, how, note, at
	r.Payload, r.Progress = nil, nil
	r.place = m.over.PushBack(r)
	m.spool.put(r)
	if m.over.Len() > orDefault(m.Keys, maxKeys) {
		m.drop(m.over.Front().Value.(*row))
	}
	return nil
}

// close takes an item out of the open ones.
func (m *Memory) close(r *row) {
	m.bytes -= r.size()
	lane := m.open[r.Lane]
	if lane.Remove(r.place); lane.Len() == 0 {
		delete(m.open, r.Lane)
	}
}

func (m *Memory) drop(r *row) {
	if r.state == finished {
		m.over.Remove(r.place)
	} else {
		m.close(r)
	}
	delete(m.items, r.Key)
	m.spool.drop(r.Key)
}

// Retry implements [Store].
func (m *Memory) Retry(_ context.Context, owner, key, note string, from time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, err := m.mine(owner, key)
	if err != nil {
		return err
	}
	r.state, r.owner, r.note, r.due = waiting, "", note, from
	m.spool.put(r)
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
			c.Add(r.outcome, 1)
		}
	}
	return c, nil
}

// Dead implements [Store].
func (m *Memory) Dead(_ context.Context, n int) ([]DeadItem, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var dead []DeadItem
	for e := m.over.Front(); e != nil; e = e.Next() {
		if r := e.Value.(*row); r.outcome != Done {
			dead = append(dead, DeadItem{Key: r.Key, Lane: r.Lane, Outcome: r.outcome, Note: r.note, At: r.finished, Attempts: r.Attempt})
		}
	}
	slices.SortFunc(dead, func(a, b DeadItem) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Key, b.Key)) })
	return dead[:min(max(n, 0), len(dead))], nil
}

// Sweep implements [Store].
func (m *Memory) Sweep(_ context.Context, before time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var next *list.Element
	for e := m.over.Front(); e != nil; e = next {
		next = e.Next()
		if r := e.Value.(*row); r.finished.Before(before) {
			m.drop(r)
		}
	}
	return nil
}

// Forget implements [Store].
func (m *Memory) Forget(_ context.Context, lane, workspace string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.items {
		if r.Lane == lane && r.Workspace == workspace {
			m.drop(r)
		}
	}
	return nil
}

// What follows is for the queue, when memory stands in for a store in trouble.

// known tells what became of an item.
func (m *Memory) known(key string) (s state, how Outcome, note string, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.items[key]
	if !ok {
		return 0, "", "", false
	}
	return r.state, r.outcome, r.note, true
}

// take removes an item if it waits.
func (m *Memory) take(key string) (*row, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.items[key]
	if !ok || r.state != waiting {
		return nil, false
	}
	m.drop(r)
	return r, true
}

// hold looks at an item, and keeps one that waits from being leased. It gives
// none that is held already.
func (m *Memory) hold(key string) (row, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.items[key]
	if !ok || r.held {
		return row{}, false
	}
	r.held = r.state == waiting
	found := *r
	found.Item = r.copy()
	return found, true
}

// release undoes hold.
func (m *Memory) release(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.items[key]; ok {
		r.held = false
	}
}

// keys lists the keys of one lane or, without a name, of all: of what waits, or of
// everything.
func (m *Memory) keys(lane string, everything bool) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var keys []string
	for name, l := range m.open {
		if lane != "" && name != lane {
			continue
		}
		for e := l.Front(); e != nil; e = e.Next() {
			if r := e.Value.(*row); everything || r.state == waiting {
				keys = append(keys, r.Key)
			}
		}
	}
	for e := m.over.Front(); everything && e != nil; e = e.Next() {
		if r := e.Value.(*row); lane == "" || r.Lane == lane {
			keys = append(keys, r.Key)
		}
	}
	return keys
}

// claim notes that no other process works on an item; isClaimed asks for that.
func (m *Memory) claim(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.items[key]; ok {
		r.claimed = true
		m.spool.put(r)
	}
}

func (m *Memory) isClaimed(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.items[key]
	return ok && r.claimed
}

// putBack undoes the lease of an item that was not begun, until then.
func (m *Memory) putBack(key string, until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.items[key]; ok && r.state == leased {
		r.state, r.owner, r.due = waiting, "", until
		r.Attempt--
		m.spool.put(r)
	}
}

// restore takes over what a dead process had. What is known stays as it is.
func (m *Memory) restore(r *row) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.items[r.Key]; known {
		return
	}
	if r.state == finished {
		m.items[r.Key] = r
		r.place = m.over.PushBack(r)
	} else {
		m.insert(r)
	}
	m.spool.put(r)
}

// forget drops an item whatever its state.
func (m *Memory) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.items[key]; ok {
		m.drop(r)
	}
}
