package work_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/work"
)

// moody is a store that can be told to fail or to hang.
type moody struct {
	work.Store
	mu     sync.Mutex
	fails  bool
	hangs  chan struct{} // until it is closed; the context is not heeded
	late   bool          // what hangs succeeds in the end, or before
	calls  int
	leases int
}

func (m *moody) set(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

var errDisk = errors.New("disk full")

func (m *moody) mood() error {
	m.mu.Lock()
	m.calls++
	fails, hangs := m.fails, m.hangs
	m.mu.Unlock()
	if hangs != nil {
		<-hangs
		return errDisk
	}
	if fails {
		return errDisk
	}
	return nil
}

func (m *moody) Accept(ctx context.Context, it work.Item) (bool, error) {
	m.mu.Lock()
	late, hangs := m.late, m.hangs
	m.mu.Unlock()
	if late && hangs != nil {
		fresh, err := m.Store.Accept(ctx, it)
		<-hangs
		return fresh, err
	}
	if err := m.mood(); err != nil {
		return false, err
	}
	return m.Store.Accept(ctx, it)
}

func (m *moody) Lease(ctx context.Context, lane, owner string, n int, now, until time.Time) ([]work.Item, error) {
	m.set(func() { m.leases++ })
	if err := m.mood(); err != nil {
		return nil, err
	}
	return m.Store.Lease(ctx, lane, owner, n, now, until)
}

func (m *moody) Renew(ctx context.Context, owner string, keys []string, until time.Time) error {
	if err := m.mood(); err != nil {
		return err
	}
	return m.Store.Renew(ctx, owner, keys, until)
}

func (m *moody) Save(ctx context.Context, owner, key string, progress []byte) error {
	if err := m.mood(); err != nil {
		return err
	}
	return m.Store.Save(ctx, owner, key, progress)
}

func (m *moody) Finish(ctx context.Context, owner, key string, how work.Outcome, note string, at time.Time) error {
	if err := m.mood(); err != nil {
		return err
	}
	return m.Store.Finish(ctx, owner, key, how, note, at)
}

func (m *moody) Adopt(ctx context.Context, it work.Item, owner string, until time.Time) (bool, error) {
	if err := m.mood(); err != nil {
		return false, err
	}
	return m.Store.Adopt(ctx, it, owner, until)
}

func (m *moody) Sweep(ctx context.Context, before time.Time) error {
	if err := m.mood(); err != nil {
		return err
	}
	return m.Store.Sweep(ctx, before)
}

func (m *moody) Retry(ctx context.Context, owner, key, note string, from time.Time) error {
	if err := m.mood(); err != nil {
		return err
	}
	return m.Store.Retry(ctx, owner, key, note, from)
}

// diary notes which jobs were started when.
type diary struct {
	mu    sync.Mutex
	began time.Time
	lines []string
}

func newDiary() *diary { return &diary{began: time.Now()} }

func (d *diary) note(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, fmt.Sprintf("%v ", time.Since(d.began).Truncate(time.Second))+fmt.Sprintf(format, args...))
}

func (d *diary) is(t *testing.T, want ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	// What happens in the same second has no order.
	lines := slices.Clone(d.lines)
	bySecond := func(a, b string) int {
		at, bt := strings.Fields(a)[0], strings.Fields(b)[0]
		if at == bt {
			return strings.Compare(a, b)
		}
		return 0
	}
	slices.SortStableFunc(lines, bySecond)
	slices.SortStableFunc(want, bySecond)
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// did is for what any process may begin with, in any order, once the time has
// come: what happens at the same moment has no order.
func (d *diary) did(t *testing.T, from time.Duration, want ...string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	var got []string
	for _, line := range d.lines {
		at, what, _ := strings.Cut(line, " ")
		if since, err := time.ParseDuration(at); err != nil || since < from {
			t.Errorf("%s, want nothing before %v", line, from)
		}
		_, key, _ := strings.Cut(what, ": ")
		got = append(got, key)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("done: %q, want each of %q once", got, want)
	}
}

// working runs a lane until the test ends, or stop is called.
func working(t *testing.T, q *work.Queue, do func(ctx context.Context, job *work.Job) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- q.Work(ctx, "slack", do) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Work: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func accepted(t *testing.T, q *work.Queue, key string, want bool) {
	t.Helper()
	fresh, err := q.Accept(t.Context(), work.Item{Key: key, Lane: "slack", Workspace: "T1", Payload: []byte(key)})
	if err != nil || fresh != want {
		t.Errorf("Accept(%s) = %v, %v, want %v", key, fresh, err, want)
	}
}

func counted(t *testing.T, q *work.Queue, want work.Counts) {
	t.Helper()
	got, err := q.Counts(t.Context())
	if err != nil || got != want {
		t.Errorf("counts %+v, %v, want %+v", got, err, want)
	}
}

// both runs a test with a queue in memory and with one on a store.
func both(t *testing.T, test func(t *testing.T, s work.Store)) {
	t.Run("memory", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { test(t, nil) }) })
	t.Run("store", func(t *testing.T) { synctest.Test(t, func(t *testing.T) { test(t, &moody{Store: work.NewMemory()}) }) })
}

func TestOutcomes(t *testing.T) {
	both(t, func(t *testing.T, s work.Store) {
		q := work.New(work.Options{Store: s})
		d := newDiary()
		working(t, q, func(_ context.Context, job *work.Job) error {
			d.note("%s attempt %d last %v", job.Key, job.Attempt, job.Last())
			switch job.Key {
			case "uncertain":
				return fmt.Errorf("sending: %w", work.ErrUncertain)
			case "late":
				return work.ErrLate
			case "panics":
				panic("oh")
			case "gone":
				runtime.Goexit()
			case "second":
				if job.Attempt < 2 {
					return errors.New("no luck")
				}
			}
			return nil
		})
		for _, key := range []string{"fine", "uncertain", "late", "panics", "gone", "second"} {
			accepted(t, q, key, true)
			accepted(t, q, key, false)
			synctest.Wait()
		}
		if fresh, err := q.Accept(t.Context(), work.Item{Key: "old", Lane: "slack", Until: time.Now().Add(-time.Second)}); !fresh || err != nil {
			t.Error(fresh, err)
		}
		time.Sleep(time.Minute)
		counted(t, q, work.Counts{Done: 2, Late: 2, Failed: 2, Uncertain: 1})
		d.is(t,
			"0s fine attempt 1 last false", "0s uncertain attempt 1 last false", "0s late attempt 1 last false",
			"0s panics attempt 1 last false", "0s gone attempt 1 last false", "0s second attempt 1 last false",
			"1s panics attempt 2 last false", "1s gone attempt 2 last false", "1s second attempt 2 last false",
			"3s panics attempt 3 last true", "3s gone attempt 3 last true")
		dead, err := q.Dead(t.Context(), 10)
		if err != nil || len(dead) != 5 {
			t.Fatalf("%d dead, %v", len(dead), err)
		}
		for _, one := range dead {
			if one.Note == "" {
				t.Errorf("%s has no note", one.Key)
			}
		}
		accepted(t, q, "panics", false)
	})
}

func TestMalformedItems(t *testing.T) {
	q := work.New(work.Options{})
	for _, it := range []work.Item{
		{},
		{Key: "k"},
		{Lane: "slack"},
		{Key: strings.Repeat("k", 2000), Lane: "slack"},
		{Key: "k", Lane: "slack", Payload: make([]byte, work.MaxPayload+1)},
	} {
		if fresh, err := q.Accept(t.Context(), it); fresh || err == nil {
			t.Errorf("%.20q was accepted", it.Key)
		}
	}
	counted(t, q, work.Counts{})
}

// Each accepted item starts at once, also when many come together, and a queue
// with nothing to do does next to nothing.
func TestWakingUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory()}
		q := work.New(work.Options{Store: s, Workers: 3, Poll: time.Hour, Lease: 24 * time.Hour})
		var mu sync.Mutex
		started := 0
		working(t, q, func(context.Context, *work.Job) error {
			mu.Lock()
			defer mu.Unlock()
			started++
			return nil
		})
		synctest.Wait()
		for i := range 100 {
			go accepted(t, q, fmt.Sprint(i), true)
		}
		synctest.Wait()
		mu.Lock()
		if started != 100 {
			t.Errorf("%d of 100 were started", started)
		}
		mu.Unlock()
		s.set(func() { s.leases = 0 })
		time.Sleep(10*time.Hour + time.Second)
		synctest.Wait()
		s.set(func() {
			if s.leases > 10 {
				t.Errorf("%d looks in ten hours without work", s.leases)
			}
		})
	})
}

func TestWorkersAreBounded(t *testing.T) {
	both(t, func(t *testing.T, s work.Store) {
		q := work.New(work.Options{Store: s, Workers: 2})
		d := newDiary()
		working(t, q, func(_ context.Context, job *work.Job) error {
			d.note("%s", job.Key)
			time.Sleep(25 * time.Second) // longer than a lease
			return nil
		})
		for _, key := range []string{"a", "b", "c"} {
			accepted(t, q, key, true)
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		d.is(t, "0s a", "0s b", "25s c")
		counted(t, q, work.Counts{Done: 3})
	})
}

// Two processes: one goes silent with a job in hand, the other takes it over,
// and the first one is told.
func TestLostLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared := work.NewMemory()
		gate := &moody{Store: shared} // the first one's way to the store
		one := work.New(work.Options{Store: gate})
		two := work.New(work.Options{Store: shared})
		d := newDiary()
		stop := working(t, one, func(ctx context.Context, job *work.Job) error {
			d.note("one has %s", job.Key)
			if err := job.Save(ctx, []byte("half")); err != nil {
				t.Error(err)
			}
			gate.set(func() { gate.fails = true })
			<-ctx.Done()
			if took := time.Since(d.began); !errors.Is(context.Cause(ctx), work.ErrLost) || took < 10*time.Second || took > 14*time.Second {
				t.Errorf("after %v: %v", took, context.Cause(ctx))
			}
			if err := job.Save(context.WithoutCancel(ctx), []byte("more")); !errors.Is(err, work.ErrLost) {
				t.Errorf("Save = %v, want ErrLost", err)
			}
			return nil
		})
		accepted(t, one, "k", true)
		synctest.Wait()
		working(t, two, func(_ context.Context, job *work.Job) error {
			d.note("two has %s, attempt %d, %s", job.Key, job.Attempt, job.Progress)
			gate.set(func() { gate.fails = false })
			time.Sleep(10 * time.Second)
			return nil
		})
		time.Sleep(time.Minute)
		stop()
		d.is(t, "0s one has k", "10s two has k, attempt 2, half")
		counted(t, two, work.Counts{Done: 1})
	})
}

// A lease that ran out while the store was away, and that nobody took, is no
// reason to start the job a second time.
func TestOwnLeaseRanOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory()}
		q := work.New(work.Options{Store: s})
		d := newDiary()
		working(t, q, func(ctx context.Context, job *work.Job) error {
			d.note("%s", job.Key)
			s.set(func() { s.fails = true })
			time.Sleep(30 * time.Second)
			s.set(func() { s.fails = false })
			time.Sleep(30 * time.Second)
			return ctx.Err()
		})
		accepted(t, q, "k", true)
		time.Sleep(2 * time.Minute)
		d.is(t, "0s k")
		counted(t, q, work.Counts{Done: 1})
	})
}

func TestStoreFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory()}
		var log lockedBuilder
		q := work.New(work.Options{Store: s, Log: slog.New(slog.NewTextHandler(&log, nil))})
		d := newDiary()
		working(t, q, func(ctx context.Context, job *work.Job) error {
			d.note("%s", job.Key)
			if err := job.Save(ctx, []byte("answering")); err != nil {
				t.Errorf("Save while the store is down: %v", err)
			}
			return nil
		})
		accepted(t, q, "before", true)
		synctest.Wait()
		s.set(func() { s.fails = true })
		accepted(t, q, "before", false) // known from memory
		accepted(t, q, "meanwhile", true)
		accepted(t, q, "meanwhile", false)
		synctest.Wait()
		if q.Well() {
			t.Error("nobody noticed")
		}
		time.Sleep(10 * time.Second)
		s.set(func() { s.fails = false })
		time.Sleep(2 * time.Second)
		accepted(t, q, "meanwhile", false)
		accepted(t, q, "after", true)
		time.Sleep(time.Minute)
		d.is(t, "0s before", "0s meanwhile", "12s after")
		counted(t, q, work.Counts{Done: 3})
		if !q.Well() {
			t.Error("the store works, and nobody noticed")
		}
		if n := strings.Count(log.String(), "\n"); n != 2 {
			t.Errorf("%d lines in the log:\n%s", n, log.String())
		}
	})
}

type lockedBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuilder) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuilder) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The store fails with jobs in hand: their ends are written when it is back,
// and none is started again.
func TestEndsAreOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory()}
		q := work.New(work.Options{Store: s})
		d := newDiary()
		working(t, q, func(ctx context.Context, job *work.Job) error {
			d.note("%s %s", job.Key, job.Progress)
			if job.Attempt == 1 {
				s.set(func() { s.fails = true })
				_ = job.Save(ctx, []byte("half"))
			}
			if job.Key == "again" && job.Attempt == 1 {
				return errors.New("no luck")
			}
			return nil
		})
		accepted(t, q, "done", true)
		synctest.Wait()
		time.Sleep(time.Minute)
		s.set(func() { s.fails = false })
		time.Sleep(time.Minute)
		counted(t, q, work.Counts{Done: 1})
		accepted(t, q, "again", true)
		synctest.Wait()
		time.Sleep(time.Minute)
		s.set(func() { s.fails = false })
		time.Sleep(time.Minute)
		d.mu.Lock()
		defer d.mu.Unlock()
		if len(d.lines) != 3 || !strings.HasSuffix(d.lines[2], "again half") {
			t.Errorf("got: %q", d.lines)
		}
		counted(t, q, work.Counts{Done: 2})
	})
}

// The store takes an item and hangs before it says so. The item is worked once,
// wherever it is found first.
func TestAcceptTimesOut(t *testing.T) {
	for _, busy := range []time.Duration{0, 5 * time.Second, 30 * time.Second} {
		t.Run(busy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &moody{Store: work.NewMemory()}
				q := work.New(work.Options{Store: s})
				d := newDiary()
				working(t, q, func(_ context.Context, job *work.Job) error {
					d.note("%s", job.Key)
					time.Sleep(busy)
					return nil
				})
				synctest.Wait()
				wait := make(chan struct{})
				s.set(func() { s.hangs, s.late = wait, true })
				began := time.Now()
				accepted(t, q, "k", true)
				if took := time.Since(began); took != time.Second {
					t.Errorf("Accept took %v", took)
				}
				accepted(t, q, "k", false)
				for i := range 20 { // those that follow do not wait
					accepted(t, q, fmt.Sprint(i), true)
				}
				if took := time.Since(began); took > 3*time.Second {
					t.Errorf("21 items took %v", took)
				}
				time.Sleep(10 * time.Second)
				s.set(func() { s.hangs = nil })
				close(wait)
				time.Sleep(5 * time.Minute)
				accepted(t, q, "k", false)
				d.mu.Lock()
				seen := map[string]int{}
				for _, line := range d.lines {
					_, key, _ := strings.Cut(line, " ")
					seen[key]++
				}
				d.mu.Unlock()
				if len(seen) != 21 {
					t.Errorf("%d items were worked, want 21", len(seen))
				}
				for key, n := range seen {
					if n != 1 {
						t.Errorf("%s was worked %d times: %v", key, n, d.lines)
					}
				}
				if c, _ := q.Counts(t.Context()); c.Waiting+c.Working != 0 {
					t.Errorf("in the end: %+v", c)
				}
			})
		})
	}
}

// Accept takes a verified request although nobody listens any more.
func TestAcceptWhenCtxIsDone(t *testing.T) {
	both(t, func(t *testing.T, s work.Store) {
		q := work.New(work.Options{Store: s})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if fresh, err := q.Accept(ctx, work.Item{Key: "k", Lane: "slack"}); !fresh || err != nil {
			t.Errorf("Accept = %v, %v", fresh, err)
		}
		counted(t, q, work.Counts{Waiting: 1})
	})
}

// At the end of a process: jobs in hand are finished, what takes longer than
// the grace is given back, what waits stays for the next one.
func TestStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := work.NewMemory()
		q := work.New(work.Options{Store: s, Workers: 2})
		d := newDiary()
		stop := working(t, q, func(ctx context.Context, job *work.Job) error {
			d.note("%s", job.Key)
			if job.Key == "short" {
				time.Sleep(10 * time.Second)
				return ctx.Err()
			}
			_ = job.Save(ctx, []byte("half"))
			<-ctx.Done()
			return ctx.Err()
		})
		for _, key := range []string{"short", "endless", "waiting"} {
			accepted(t, q, key, true)
			synctest.Wait()
		}
		stop()
		d.note("stopped")
		counted(t, q, work.Counts{Waiting: 2, Done: 1})
		next := work.New(work.Options{Store: s})
		working(t, next, func(_ context.Context, job *work.Job) error {
			d.note("next has %s, attempt %d, %s", job.Key, job.Attempt, job.Progress)
			time.Sleep(time.Second)
			return nil
		})
		time.Sleep(time.Minute)
		d.is(t, "0s short", "0s endless", "20s stopped", "20s next has endless, attempt 2, half", "20s next has waiting, attempt 1, ")
	})
}

// A worker that heeds nothing does not keep the process from ending.
func TestStopWithAStubbornWorker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := work.New(work.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		release := make(chan struct{})
		done := make(chan error, 1)
		go func() {
			done <- q.Work(ctx, "slack", func(context.Context, *work.Job) error { <-release; return nil })
		}()
		accepted(t, q, "k", true)
		synctest.Wait()
		began := time.Now()
		cancel()
		if err := <-done; err == nil {
			t.Error("Work returns no error")
		}
		if took := time.Since(began); took != 25*time.Second {
			t.Errorf("it took %v", took)
		}
		close(release)
		synctest.Wait()
	})
}

// What memory took for a store in trouble is moved into it, at the latest when
// the process ends.
func TestMemoryMovesIntoTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory(), fails: true}
		q := work.New(work.Options{Store: s, Poll: time.Minute})
		for i := range 5 {
			accepted(t, q, fmt.Sprint(i), true)
		}
		if err := q.Close(); err == nil || !strings.Contains(err.Error(), "5 accepted requests") {
			t.Errorf("Close while the store is down = %v", err)
		}
		s.set(func() { s.fails = false })
		if err := q.Close(); err != nil {
			t.Errorf("Close = %v", err)
		}
		if c, _ := s.Counts(t.Context()); c.Waiting != 5 {
			t.Errorf("the store has %+v", c)
		}
		accepted(t, q, "3", false)

		// Without a process for the lane: moved while another lane works.
		again := work.New(work.Options{Store: s})
		d := newDiary()
		s.set(func() { s.fails = true })
		accepted(t, again, "new", true)
		stop := working(t, again, func(context.Context, *work.Job) error { d.note("worked"); return errors.New("no") })
		synctest.Wait()
		s.set(func() { s.fails = false })
		time.Sleep(500 * time.Millisecond)
		stop()
		if c, _ := s.Counts(t.Context()); c.Waiting != 6 {
			t.Errorf("the store has %+v, want what waits for its next attempt too", c)
		}
		d.is(t, "0s worked")
	})
}

// A job that kills the process each time is given up in the end.
func TestPoison(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := work.NewMemory()
		q := work.New(work.Options{Store: s})
		accepted(t, q, "k", true)
		for i := range 20 {
			_, _ = s.Lease(t.Context(), "slack", fmt.Sprint("killed", i), 1, time.Now(), time.Now())
		}
		working(t, q, func(context.Context, *work.Job) error { t.Error("started again"); return nil })
		time.Sleep(time.Second)
		counted(t, q, work.Counts{Failed: 1})
	})
}

func TestForgetEndsJobs(t *testing.T) {
	both(t, func(t *testing.T, s work.Store) {
		q := work.New(work.Options{Store: s})
		working(t, q, func(ctx context.Context, _ *work.Job) error { <-ctx.Done(); return context.Cause(ctx) })
		accepted(t, q, "k", true)
		synctest.Wait()
		if err := q.Forget(t.Context(), "slack", "T1"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		counted(t, q, work.Counts{})
	})
}

func TestKeysAreKept(t *testing.T) {
	both(t, func(t *testing.T, s work.Store) {
		q := work.New(work.Options{Store: s})
		working(t, q, func(context.Context, *work.Job) error { return nil })
		accepted(t, q, "k", true)
		time.Sleep(23 * time.Hour)
		accepted(t, q, "k", false)
		time.Sleep(3 * time.Hour)
		counted(t, q, work.Counts{})
	})
}

// Every accepted item comes to exactly one end, whatever happens to the store.
func TestStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &moody{Store: work.NewMemory()}
		q := work.New(work.Options{Store: s, Workers: 4})
		var mu sync.Mutex
		done := map[string]int{}
		working(t, q, func(ctx context.Context, job *work.Job) error {
			time.Sleep(time.Duration(len(job.Key)%3) * time.Second)
			if err := job.Save(ctx, []byte("x")); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done[job.Key]++
			return nil
		})
		const n = 400
		for i := range n {
			switch i % 40 {
			case 7:
				s.set(func() { s.fails = true })
			case 17:
				s.set(func() { s.fails = false })
			case 23:
				s.set(func() { s.hangs, s.late = make(chan struct{}), i%80 == 23 })
			case 33:
				s.set(func() { close(s.hangs); s.hangs = nil })
			}
			key := strings.Repeat("k", i%5) + fmt.Sprint(i)
			accepted(t, q, key, true)
			accepted(t, q, key, false)
			time.Sleep(time.Duration(i%7) * 100 * time.Millisecond)
		}
		time.Sleep(10 * time.Minute)
		mu.Lock()
		defer mu.Unlock()
		if len(done) != n {
			t.Errorf("%d of %d were done", len(done), n)
		}
		for key, times := range done {
			if times != 1 {
				t.Errorf("%s was done %d times", key, times)
			}
		}
		if c, err := q.Counts(t.Context()); err != nil || c.Waiting+c.Working+c.Failed+c.Uncertain != 0 {
			t.Errorf("in the end: %+v, %v", c, err)
		}
	})
}
