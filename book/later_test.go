package book_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/book"
	"onrecord/book/booktest"
)

var errAway = errors.New("away")

func isAway(err error) bool {
	return errors.Is(err, errAway) || errors.Is(err, context.DeadlineExceeded)
}

// library is a store that may be away, or say nothing, and lists what it was
// given.
type library struct {
	book.Store
	mu     sync.Mutex
	state  string // "away", "silent", "broken"
	got    []string
	forgot []string
}

func (l *library) set(state string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state = state
}

func (l *library) Put(ctx context.Context, shelf book.Shelf, e book.Entry) error {
	l.mu.Lock()
	state := l.state
	l.mu.Unlock()
	switch state {
	case "away":
		return errAway
	case "broken":
		return errors.New("broken")
	case "silent":
		<-ctx.Done()
		return ctx.Err()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.got = append(l.got, strings.TrimSpace(fmt.Sprintf("%s %s %s %d %v", shelf.Workspace, e.Article.Key, e.Member, len(e.Items), e.Keep)))
	return nil
}

func (l *library) Forget(_ context.Context, _ book.Shelf, key string) error {
	l.forgot = append(l.forgot, key)
	return nil
}

func (l *library) ForgetMember(_ context.Context, _ book.Shelf, member string) error {
	l.forgot = append(l.forgot, member)
	return nil
}

func (l *library) has(t *testing.T, want ...string) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if !slices.Equal(l.got, want) {
		t.Errorf("the store has %q, want %q", l.got, want)
	}
	l.got = nil
}

// drawer is a spool that several processes share; what is in it is a dead
// process's.
type drawer struct {
	mu         sync.Mutex
	mine, left map[string][]byte
}

func (d *drawer) Put(name string, data []byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mine[name] = data
	return nil
}

func (d *drawer) Drop(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.mine, name)
	return nil
}

func (d *drawer) Inherit() (map[string][]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := d.left
	d.left = nil
	maps.Copy(d.mine, left)
	return left, nil
}

func (d *drawer) waiting() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.mine)
}

func entry(key, member string, keep time.Duration) book.Entry {
	e := booktest.Entry(key, 1, booktest.Said("Bo Day", "mayor", "The harbour burns."))
	e.Member, e.Keep = member, keep
	return e
}

// What is briefed while the store is away, says nothing, or while the process
// dies, is in the book when the store is back, once, and no longer than it may be
// kept.
func TestLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, spool := &library{}, &drawer{mine: map[string][]byte{}}
		shelf := book.Shelf{Platform: "slack", Workspace: "T1"}
		process := func() (*book.Later, func()) {
			l := &book.Later{Store: store, Spool: spool, Away: isAway}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() { l.Run(ctx); close(done) }()
			return l, func() { stop(); <-done }
		}
		put := func(l *book.Later, e book.Entry) {
			t.Helper()
			if err := l.Put(t.Context(), shelf, e); err != nil {
				t.Errorf("%s: %v", e.Article.Key, err)
			}
		}
		a, kill := process()
		put(a, entry("before", "U1", 0))
		store.has(t, "T1 before U1 1 0s")

		store.set("away")
		put(a, entry("one", "U1", 0))
		put(a, entry("one", "U1", 0))
		put(a, entry("one", "U2", 0))
		store.set("silent")
		began := time.Now()
		put(a, entry("two", "U1", 24*time.Hour))
		if waited := time.Since(began); waited > 2*time.Second {
			t.Errorf("somebody waited for %v", waited)
		}
		put(a, entry("short", "U1", time.Hour))
		put(a, entry("gone", "U1", 0))
		put(a, entry("hers", "U3", 0))
		if spool.waiting() != 6 {
			t.Errorf("%d articles wait", spool.waiting())
		}
		_ = a.Forget(t.Context(), shelf, "gone")
		_ = a.ForgetMember(t.Context(), shelf, "U3")
		if !slices.Equal(store.forgot, []string{"gone", "U3"}) {
			t.Errorf("forgot %q", store.forgot)
		}
		store.set("away")
		time.Sleep(2 * time.Hour)
		store.has(t)
		kill()

		spool.mu.Lock()
		spool.left, spool.mine = spool.mine, map[string][]byte{}
		spool.mu.Unlock()
		b, kill := process()
		defer kill()
		time.Sleep(10 * time.Second)
		put(b, entry("three", "U1", 0))
		store.set("")
		time.Sleep(10 * time.Second)
		store.mu.Lock()
		for i, line := range store.got { // two hours of 24 are over
			if strings.HasPrefix(line, "T1 two U1 1 21h59m") {
				store.got[i] = "T1 two"
			}
		}
		store.mu.Unlock()
		store.has(t, "T1 one U1 1 0s", "T1 one U2 1 0s", "T1 two", "T1 three U1 1 0s")
		if spool.waiting() != 0 {
			t.Errorf("%d articles still wait", spool.waiting())
		}

		// What the store refuses is no use later.
		store.set("broken")
		if err := b.Put(t.Context(), shelf, entry("four", "U1", 0)); err == nil {
			t.Error("nobody was told that the store is broken")
		}
		store.set("")
		time.Sleep(time.Minute)
		store.has(t)
	})
}

// There is room for so much; what does not fit is told, and what was there stays.
func TestLaterIsBounded(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		most int
	}{
		"articles": {"short", 1000},
		"bytes":    {strings.Repeat("long ", 1<<20), 6},
	} {
		t.Run(name, func(t *testing.T) {
			store, spool := &library{state: "away"}, &drawer{mine: map[string][]byte{}}
			l := &book.Later{Store: store, Spool: spool, Away: isAway}
			var refused int
			for n := range c.most + 3 {
				e := entry(fmt.Sprint(n), "U1", 0)
				e.Text = c.text
				if err := l.Put(t.Context(), booktest.Gazette, e); errors.Is(err, errAway) {
					refused++
				} else if err != nil {
					t.Fatal(err)
				}
			}
			if refused != 3 || spool.waiting() != c.most {
				t.Errorf("%d wait and %d were refused", spool.waiting(), refused)
			}
		})
	}
}
