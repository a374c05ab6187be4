package chat

import (
	"cmp"
	"container/list"
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

	mu     sync.Mutex
	places map[place][]*list.Element // oldest first
	public list.List                 // of kept, oldest first, as it expires
	hidden list.List                 // the same of what is private
	bytes  int
}

// place is whom or what an article is remembered for: one person in a
// channel, or a thread.
type place struct {
	platform, workspace, channel, thread, user string
}

type kept struct {
	place place
	seen  Seen
	until time.Time
}

// size is what remembering it costs, about.
func (k kept) size() int {
	return len(k.seen.Source.Data) + len(k.seen.Source.Link) + len(k.seen.Name) + 300
}

// placesOf are the places that a scope may see, the nearest first.
func placesOf(s Scope) []place {
	user := place{platform: s.Platform, workspace: s.Workspace, channel: s.Channel, user: s.User}
	if s.Thread == "" {
		return []place{user}
	}
	return []place{{platform: s.Platform, workspace: s.Workspace, channel: s.Channel, thread: s.Thread}, user}
}

// Remember implements [Recent]. What was answered to the asker alone is not
// the thread's.
func (m *MemoryRecent) Remember(_ context.Context, scope Scope, seen Seen) error {
	if scope.Quiet {
		scope.Thread = ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	for _, p := range placesOf(scope) {
		m.put(p, seen)
	}
	for m.bytes > orDefault(m.Bytes, 64<<20) {
		m.drop(m.oldest())
	}
	return nil
}

func (m *MemoryRecent) put(p place, seen Seen) {
	for _, e := range m.places[p] {
		if e.Value.(kept).seen.Handle == seen.Handle {
			m.drop(e)
			break
		}
	}
	if here := m.places[p]; len(here) >= orDefault(m.Each, 10) {
		m.drop(here[0])
	}
	keep := orDefault(m.Keep, 7*24*time.Hour)
	in := &m.public
	if seen.Private {
		in, keep = &m.hidden, min(keep, privateFor)
	}
	k := kept{place: p, seen: seen, until: time.Now().Add(keep)}
	m.bytes += k.size()
	if m.places == nil {
		m.places = map[place][]*list.Element{}
	}
	m.places[p] = append(m.places[p], in.PushBack(k))
}

func (m *MemoryRecent) drop(e *list.Element) {
	k := e.Value.(kept)
	m.bytes -= k.size()
	in := &m.public
	if k.seen.Private {
		in = &m.hidden
	}
	in.Remove(e)
	here := slices.DeleteFunc(m.places[k.place], func(o *list.Element) bool { return o == e })
	if len(here) == 0 {
		delete(m.places, k.place)
		return
	}
	m.places[k.place] = here
}

// oldest is what was remembered first. Something must be remembered.
func (m *MemoryRecent) oldest() *list.Element {
	a, b := m.public.Front(), m.hidden.Front()
	if a == nil || b != nil && b.Value.(kept).seen.At.Before(a.Value.(kept).seen.At) {
		return b
	}
	return a
}

// expire forgets what is over its time.
func (m *MemoryRecent) expire() {
	now := time.Now()
	for _, in := range []*list.List{&m.public, &m.hidden} {
		for e := in.Front(); e != nil && !now.Before(e.Value.(kept).until); e = in.Front() {
			m.drop(e)
		}
	}
}

// Last implements [Recent].
func (m *MemoryRecent) Last(_ context.Context, scope Scope) (Seen, bool, error) {
	return m.find(placesOf(scope), func(Seen) bool { return true })
}

// Find implements [Recent].
func (m *MemoryRecent) Find(_ context.Context, scope Scope, handle string) (Seen, bool, error) {
	// What was shared in the channel is remembered for nobody in particular.
	shared := place{platform: scope.Platform, workspace: scope.Workspace, channel: scope.Channel}
	return m.find(append(placesOf(scope), shared), func(s Seen) bool { return s.Handle == handle })
}

// List implements [Lister].
func (m *MemoryRecent) List(_ context.Context, scope Scope, n int) ([]Seen, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	var all []Seen
	gather := func(p place) {
		for _, e := range m.places[p] {
			all = append(all, e.Value.(kept).seen)
		}
	}
	if scope.Channel != "" {
		for _, p := range placesOf(scope) {
			gather(p)
		}
	} else {
		for p := range m.places {
			if p.platform == scope.Platform && p.workspace == scope.Workspace && p.user == scope.User && p.thread == "" {
				gather(p)
			}
		}
	}
	return newest(all, n), nil
}

// newest orders articles from new to old, each once, and keeps n.
func newest(all []Seen, n int) []Seen {
	slices.SortFunc(all, func(a, b Seen) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Handle, b.Handle)) })
	had := map[string]bool{}
	all = slices.DeleteFunc(all, func(s Seen) bool {
		twice := had[s.Handle]
		had[s.Handle] = true
		return twice
	})
	return all[:min(n, len(all))]
}

func (m *MemoryRecent) find(places []place, want func(Seen) bool) (Seen, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	for _, p := range places {
		for _, e := range slices.Backward(m.places[p]) {
			if s := e.Value.(kept).seen; want(s) {
				return s, true, nil
			}
		}
	}
	return Seen{}, false, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
