package chat

import (
	"context"
	"slices"
	"sync"
	"time"
)

// MemoryRecent is a [Recent] in memory. The zero value works.
type MemoryRecent struct {
	Each  int           // articles remembered for each person or thread; 10 if 0
	Bytes int           // of texts and files kept in all; 64 MiB if 0
	Keep  time.Duration // how long articles that are not private are kept; 7 days if 0

	mu    sync.Mutex
	lists map[place][]Seen // oldest first
	order []remembered     // all that lists holds, oldest first
	bytes int
}

// place is whom or what a list is for: one person in a channel, or a thread.
type place struct {
	platform, workspace, channel, thread, user string
}

type remembered struct {
	place  place
	handle string
	at     time.Time
	bytes  int
}

func ofUser(s Scope) place {
	return place{platform: s.Platform, workspace: s.Workspace, channel: s.Channel, user: s.User}
}

func ofThread(s Scope) place {
	return place{platform: s.Platform, workspace: s.Workspace, channel: s.Channel, thread: s.Thread}
}

// Remember implements [Recent]. What was answered to the asker alone is not
// the thread's.
func (m *MemoryRecent) Remember(_ context.Context, scope Scope, seen Seen) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lists == nil {
		m.lists = map[place][]Seen{}
	}
	m.put(ofUser(scope), seen)
	if scope.Thread != "" && !scope.Quiet {
		m.put(ofThread(scope), seen)
	}
	return nil
}

func (m *MemoryRecent) put(p place, seen Seen) {
	m.drop(p, seen.Handle)
	m.lists[p] = append(m.lists[p], seen)
	size := len(seen.Source.Data) + len(seen.Source.Link) + len(seen.Name) + 200
	m.order = append(m.order, remembered{place: p, handle: seen.Handle, at: seen.At, bytes: size})
	m.bytes += size
	if list := m.lists[p]; len(list) > orDefault(m.Each, 10) {
		m.drop(p, list[0].Handle)
	}
	for m.bytes > orDefault(m.Bytes, 64<<20) && len(m.order) > 0 {
		m.drop(m.order[0].place, m.order[0].handle)
	}
}

func (m *MemoryRecent) drop(p place, handle string) {
	list := slices.DeleteFunc(m.lists[p], func(s Seen) bool { return s.Handle == handle })
	if len(list) == 0 {
		delete(m.lists, p)
	} else {
		m.lists[p] = list
	}
	m.order = slices.DeleteFunc(m.order, func(r remembered) bool {
		if r.place != p || r.handle != handle {
			return false
		}
		m.bytes -= r.bytes
		return true
	})
}

// Last implements [Recent].
func (m *MemoryRecent) Last(_ context.Context, scope Scope) (Seen, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(time.Now())
	for _, p := range placesOf(scope) {
		if list := m.lists[p]; len(list) > 0 {
			return list[len(list)-1], true, nil
		}
	}
	return Seen{}, false, nil
}

// Find implements [Recent].
func (m *MemoryRecent) Find(_ context.Context, scope Scope, handle string) (Seen, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire(time.Now())
	for _, p := range placesOf(scope) {
		for _, s := range m.lists[p] {
			if s.Handle == handle {
				return s, true, nil
			}
		}
	}
	return Seen{}, false, nil
}

func placesOf(s Scope) []place {
	if s.Thread == "" {
		return []place{ofUser(s)}
	}
	return []place{ofThread(s), ofUser(s)}
}

func (m *MemoryRecent) expire(now time.Time) {
	var old []remembered
	for _, r := range m.order {
		for _, s := range m.lists[r.place] {
			keep := orDefault(m.Keep, 7*24*time.Hour)
			if s.Private {
				keep = min(keep, privateFor)
			}
			if s.Handle == r.handle && now.Sub(s.At) >= keep {
				old = append(old, r)
			}
		}
	}
	for _, r := range old {
		m.drop(r.place, r.handle)
	}
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
