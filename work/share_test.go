package work_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/work"
	"onrecord/work/worktest"
)

func TestMemoryLeases(t *testing.T) {
	worktest.Leases(t, func(*testing.T) (a, b work.Leases) {
		m := &work.MemoryLeases{}
		return m, m
	})
}

// crew is some processes that share places.
type crew struct {
	leases work.Leases
	places func(processes int) int
	blind  []int

	mu  sync.Mutex
	has map[string][]int
	end map[string]func(dies bool)
}

// mortal leases are those of a process that may die: then nothing of it is heard
// any more, not even a goodbye.
type mortal struct {
	work.Leases
	mu   sync.Mutex
	dead bool
}

var errDead = errors.New("dead")

func (m *mortal) gone() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return errDead
	}
	return nil
}

func (m *mortal) Hold(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	if err := m.gone(); err != nil {
		return false, err
	}
	return m.Leases.Hold(ctx, name, owner, now, until)
}

func (m *mortal) Drop(ctx context.Context, name, owner string) error {
	if err := m.gone(); err != nil {
		return err
	}
	return m.Leases.Drop(ctx, name, owner)
}

func (c *crew) join(name string) {
	m := &mortal{Leases: c.leases}
	s := &work.Sharing{Leases: m, Name: "shards", Places: c.places, Blind: c.blind, Changed: func(places []int) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.has[name] = slices.Clone(places)
	}}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Run(ctx); close(done) }()
	if c.end == nil {
		c.end = map[string]func(bool){}
	}
	c.end[name] = func(dies bool) {
		if dies {
			m.mu.Lock()
			m.dead = true
			m.mu.Unlock()
		}
		cancel()
		<-done
		c.mu.Lock()
		delete(c.has, name)
		c.mu.Unlock()
	}
}

// shares are the numbers of places that processes have, largest first, after
// some time; it fails when a place is had twice, or a number is out of range.
func (c *crew) shares(t *testing.T, after time.Duration, total int) string {
	t.Helper()
	time.Sleep(after)
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var counts []int
	seen := map[int]string{}
	for name, places := range c.has {
		counts = append(counts, len(places))
		for _, p := range places {
			if other, twice := seen[p]; twice || p >= total {
				t.Errorf("place %d of %d is had by %s and %s", p, total, name, other)
			}
			seen[p] = name
		}
	}
	slices.Sort(counts)
	slices.Reverse(counts)
	return fmt.Sprint(counts)
}

// Places are shared out evenly, follow whoever comes and goes, and are had by one
// process at a time.
func TestSharing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crew{leases: &work.MemoryLeases{}, places: func(int) int { return 4 }, has: map[string][]int{}}
		expect := func(what string, after time.Duration, want string) {
			t.Helper()
			if got := c.shares(t, after, 4); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		c.join("a")
		expect("one process has all, at once", 0, "[4]")
		c.join("b")
		expect("two have half each", 15*time.Second, "[2 2]")
		c.join("c")
		expect("a third gets one from somebody", 15*time.Second, "[2 1 1]")
		c.end["a"](false)
		expect("what is given back is taken soon", 3*time.Second, "[2 2]")
		c.end["b"](true)
		expect("a dead one's places are not taken before its lease is over", time.Second, "[2]")
		expect("and then by whoever is left", 13*time.Second, "[4]")
		for _, name := range []string{"d", "e", "f", "g"} {
			c.join(name)
		}
		expect("more processes than places", 30*time.Second, "[1 1 1 1 0]")
		for _, name := range []string{"c", "d", "e", "f", "g"} {
			c.end[name](false)
		}
		if all, err := c.leases.Held(t.Context(), "", time.Now()); len(all) > 0 || err != nil {
			t.Errorf("leases are left: %v, %v", all, err)
		}
	})
}

// With more processes than shards there may be places for spares; when one goes,
// the numbers close up.
func TestSharingSpares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crew{leases: &work.MemoryLeases{}, places: func(n int) int { return max(2, min(n, 6)) }, has: map[string][]int{}}
		for _, name := range []string{"a", "b", "c"} {
			c.join(name)
		}
		if got := c.shares(t, 15*time.Second, 3); got != "[1 1 1]" {
			t.Errorf("three processes: %s", got)
		}
		c.end["a"](false)
		if got := c.shares(t, 15*time.Second, 2); got != "[1 1]" {
			t.Errorf("two processes: %s", got)
		}
		c.end["b"](false)
		c.end["c"](false)
	})
}

// While the leases cannot be asked, a process keeps what it has, and one that is
// new has the places that do no harm.
func TestSharingBlind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := &mortal{Leases: &work.MemoryLeases{}}
		c := &crew{leases: away, places: func(int) int { return 2 }, blind: []int{0}, has: map[string][]int{}}
		away.dead = true
		c.join("a")
		if got := c.shares(t, time.Second, 1); got != "[1]" {
			t.Errorf("away from the beginning: %s", got)
		}
		away.mu.Lock()
		away.dead = false
		away.mu.Unlock()
		if got := c.shares(t, 5*time.Second, 2); got != "[2]" {
			t.Errorf("back: %s", got)
		}
		away.mu.Lock()
		away.dead = true
		away.mu.Unlock()
		if got := c.shares(t, time.Minute, 2); got != "[2]" {
			t.Errorf("away again: %s", got)
		}
		c.end["a"](true)
	})
}

// A process that shares with nobody has everything.
func TestSharingAlone(t *testing.T) {
	var got [][]int
	ctx, cancel := context.WithCancel(t.Context())
	s := &work.Sharing{Name: "x", Places: func(n int) int { return 2 * n }, Changed: func(places []int) {
		got = append(got, places)
		cancel()
	}}
	s.Run(ctx)
	if fmt.Sprint(got) != "[[0 1] []]" {
		t.Errorf("places: %v", got)
	}
}
