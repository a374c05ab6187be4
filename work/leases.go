package work

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Leases are names that one process at a time has, until it gives them back or
// no longer renews them. Methods are safe for use by many processes at once.
type Leases interface {
	// Hold takes a lease that nobody else has, or renews it. It reports whether
	// owner has it now.
	Hold(ctx context.Context, name, owner string, now, until time.Time) (bool, error)
	// Drop gives a lease back. One of another owner is left alone.
	Drop(ctx context.Context, name, owner string) error
	// Held lists the leases whose names begin with prefix and that somebody has, by
	// name.
	Held(ctx context.Context, prefix string, now time.Time) ([]Lease, error)
}

// Lease is a lease that somebody has.
type Lease struct{ Name, Owner string }

// MemoryLeases are [Leases] among the goroutines of a process. The zero value is
// empty.
type MemoryLeases struct {
	mu   sync.Mutex
	held map[string]memoryLease
}

type memoryLease struct {
	owner string
	until time.Time
}

var _ Leases = (*MemoryLeases)(nil)

// Hold implements [Leases].
func (m *MemoryLeases) Hold(_ context.Context, name, owner string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l, ok := m.held[name]; ok && l.owner != owner && l.until.After(now) {
		return false, nil
	}
	if m.held == nil {
		m.held = map[string]memoryLease{}
	}
	m.held[name] = memoryLease{owner, until}
	return true, nil
}

// Drop implements [Leases].
func (m *MemoryLeases) Drop(_ context.Context, name, owner string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held[name].owner == owner {
		delete(m.held, name)
	}
	return nil
}

// Held implements [Leases].
func (m *MemoryLeases) Held(_ context.Context, prefix string, now time.Time) ([]Lease, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Lease
	for name, l := range m.held {
		if strings.HasPrefix(name, prefix) && l.until.After(now) {
			all = append(all, Lease{name, l.owner})
		}
	}
	slices.SortFunc(all, func(a, b Lease) int { return cmp.Compare(a.Name, b.Name) })
	return all, nil
}
