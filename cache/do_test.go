package cache_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"

	"onrecord/cache"
)

func TestDoKeeps(t *testing.T) {
	ctx := t.Context()
	m := newMemory(t, 1<<20)
	runs := 0
	work := text("v")
	work.Compute = func(context.Context) (string, error) { runs++; return fmt.Sprint("v", runs), nil }
	for range 3 {
		if v, err := cache.Do(ctx, m, "k", work); v != "v1" || err != nil {
			t.Fatalf("Do = %q, %v", v, err)
		}
	}

	// Bytes that do not decode are a miss.
	if err := m.Set(ctx, "k", []byte("corrupt"), time.Hour); err != nil {
		t.Fatal(err)
	}
	decode := work.Decode
	work.Decode = func(b []byte) (string, error) {
		if string(b) == "corrupt" {
			return "", errors.New("corrupt")
		}
		return decode(b)
	}
	if v, err := cache.Do(ctx, m, "k", work); v != "v2" || err != nil {
		t.Errorf("Do over corrupt bytes = %q, %v", v, err)
	}
	if v, _ := cache.Do(ctx, m, "k", work); v != "v2" {
		t.Errorf("Do after corrupt bytes = %q, want what was computed then", v)
	}

	// Degraded values are not kept.
	work.Keep = func(string) bool { return false }
	a, _ := cache.Do(ctx, m, "degraded", work)
	b, _ := cache.Do(ctx, m, "degraded", work)
	if a == b {
		t.Errorf("a value that must not be kept was: %q", a)
	}

	// Neither are values without a life, nor those that cannot be encoded.
	work.Keep, work.TTL = nil, 0
	a, _ = cache.Do(ctx, m, "no life", work)
	b, _ = cache.Do(ctx, m, "no life", work)
	if a == b {
		t.Errorf("a value without a life was kept: %q", a)
	}
	work.TTL = time.Hour
	work.Encode = func(string) ([]byte, error) { return nil, errors.New("cannot") }
	if v, err := cache.Do(ctx, m, "unencodable", work); v == "" || err != nil {
		t.Errorf("Do of what cannot be encoded = %q, %v", v, err)
	}

	// No cache at all computes.
	if v, err := cache.Do(ctx, nil, "k", text("v")); v != "v" || err != nil {
		t.Errorf("Do without a cache = %q, %v", v, err)
	}
}

func TestDoNeverKeepsErrors(t *testing.T) {
	m := newMemory(t, 1<<20)
	boom := errors.New("boom")
	work := text("v")
	work.Compute = func(context.Context) (string, error) { return "half", boom }
	if v, err := cache.Do(t.Context(), m, "k", work); v != "" || !errors.Is(err, boom) {
		t.Errorf("Do = %q, %v", v, err)
	}
	if v, err := cache.Do(t.Context(), m, "k", text("v")); v != "v" || err != nil {
		t.Errorf("Do after an error = %q, %v", v, err)
	}
}

func TestDoOneFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t, 1<<20)
		var runs atomic.Int32
		work := text("")
		work.Compute = func(context.Context) (string, error) {
			runs.Add(1)
			time.Sleep(time.Second)
			return "v", nil
		}
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() {
				if v, err := cache.Do(t.Context(), m, "k", work); v != "v" || err != nil {
					t.Errorf("Do = %q, %v", v, err)
				}
			})
		}
		// The same key as another type is another thing.
		wg.Go(func() {
			n, err := cache.Do(t.Context(), m, "k2", cache.Work[int]{Compute: func(context.Context) (int, error) { return 7, nil }})
			if n != 7 || err != nil {
				t.Errorf("Do = %d, %v", n, err)
			}
		})
		wg.Wait()
		if n := runs.Load(); n != 1 {
			t.Errorf("computed %d times", n)
		}
	})
}

func TestDoCallersComeAndGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t, 1<<20)
		stopped := make(chan struct{})
		work := text("")
		work.Compute = func(ctx context.Context) (string, error) {
			select {
			case <-ctx.Done():
				close(stopped)
				return "", ctx.Err()
			case <-time.After(10 * time.Second):
				return "v", nil
			}
		}
		type result struct {
			v   string
			err error
		}
		ask := func(patience time.Duration) <-chan result {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			ch := make(chan result, 1)
			go func() {
				defer cancel()
				v, err := cache.Do(ctx, m, "k", work)
				ch <- result{v, err}
			}()
			synctest.Wait()
			return ch
		}

		// The first caller leaves; the others get the value.
		first, second := ask(time.Second), ask(time.Minute)
		if r := <-first; !errors.Is(r.err, context.DeadlineExceeded) {
			t.Errorf("who left got %q, %v", r.v, r.err)
		}
		if r := <-second; r.v != "v" || r.err != nil {
			t.Errorf("who stayed got %q, %v", r.v, r.err)
		}

		// All leave: the work is told to stop, and the next one starts anew.
		m.Set(t.Context(), "k", nil, 0)
		first, second = ask(time.Second), ask(2*time.Second)
		<-first
		<-second
		<-stopped
		third := ask(time.Minute)
		if r := <-third; r.v != "v" || r.err != nil {
			t.Errorf("who came after all had left got %q, %v", r.v, r.err)
		}
	})
}

func TestDoPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t, 1<<20)
		boom := errors.New("boom")
		work := text("")
		work.Compute = func(context.Context) (string, error) {
			time.Sleep(time.Second)
			panic(boom)
		}
		var caught atomic.Int32
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				defer func() {
					p, ok := recover().(*cache.Panic)
					if !ok || !errors.Is(p, boom) || !strings.Contains(p.Error(), "do_test.go") {
						t.Errorf("panicked with %v", p)
						return
					}
					caught.Add(1)
				}()
				cache.Do(t.Context(), m, "k", work)
			})
		}
		wg.Wait()
		if n := caught.Load(); n != 5 {
			t.Errorf("the panic reached %d of 5", n)
		}
		// The key is free again.
		if v, err := cache.Do(t.Context(), m, "k", text("v")); v != "v" || err != nil {
			t.Errorf("Do after a panic = %q, %v", v, err)
		}
	})
}

// The leader of another process dies without giving its lock back: its lease
// ends, somebody else takes over.
func TestDoTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t, 1<<20)
		if _, err := m.TryLock(t.Context(), "k", cache.Lease); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		v, err := cache.Do(t.Context(), m, "k", text("v"))
		if v != "v" || err != nil {
			t.Errorf("Do = %q, %v", v, err)
		}
		if took := time.Since(start); took < cache.Lease || took > cache.Lease+time.Second {
			t.Errorf("took over after %v, want just after the lease of %v", took, cache.Lease)
		}
	})
}

// Work that takes longer than the lease keeps its lock.
func TestDoRenewsItsLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(t, 1<<20)
		work := text("")
		work.Compute = func(ctx context.Context) (string, error) {
			time.Sleep(5 * cache.Lease)
			if _, err := m.TryLock(ctx, "k", time.Second); !errors.Is(err, cache.ErrLocked) {
				t.Errorf("the lock was lost: %v", err)
			}
			return "v", nil
		}
		if v, err := cache.Do(t.Context(), m, "k", work); v != "v" || err != nil {
			t.Errorf("Do = %q, %v", v, err)
		}
		if _, err := m.TryLock(t.Context(), "k", time.Second); err != nil {
			t.Errorf("the lock was not given back: %v", err)
		}
	})
}

// Two clients are two processes as far as flights go.
func TestDoAcrossClients(t *testing.T) {
	fake := miniredis.RunT(t)
	var runs atomic.Int32
	var wg sync.WaitGroup
	for range 4 {
		r := newRedis(t, "redis://"+fake.Addr(), generous)
		for range 8 {
			wg.Go(func() {
				work := text("")
				work.Compute = func(context.Context) (string, error) {
					runs.Add(1)
					time.Sleep(100 * time.Millisecond)
					return "v", nil
				}
				if v, err := cache.Do(t.Context(), r, "k", work); v != "v" || err != nil {
					t.Errorf("Do = %q, %v", v, err)
				}
			})
		}
	}
	wg.Wait()
	if n := runs.Load(); n != 1 {
		t.Errorf("computed %d times, want once", n)
	}
}

// Processes that share a server: this test runs itself several times.
func TestDoAcrossProcesses(t *testing.T) {
	if address := os.Getenv("CACHE_TEST_REDIS"); address != "" {
		r := newRedis(t, address, generous)
		work := text("")
		work.Compute = func(context.Context) (string, error) {
			f, err := os.OpenFile(os.Getenv("CACHE_TEST_FILE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
			if err != nil {
				return "", err
			}
			defer f.Close()
			fmt.Fprintln(f, os.Getpid())
			time.Sleep(300 * time.Millisecond)
			return "v", nil
		}
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if v, err := cache.Do(t.Context(), r, "k", work); v != "v" || err != nil {
					t.Errorf("Do = %q, %v", v, err)
				}
			})
		}
		wg.Wait()
		return
	}
	address := server(t)
	file := filepath.Join(t.TempDir(), "runs")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			cmd := exec.Command(self, "-test.run=^TestDoAcrossProcesses$")
			cmd.Env = append(os.Environ(), "CACHE_TEST_REDIS="+address, "CACHE_TEST_FILE="+file)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	runs, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(runs), "\n"); n != 1 {
		t.Errorf("computed %d times in 3 processes, want once", n)
	}
}

func BenchmarkDoHit(b *testing.B) {
	m := cache.NewMemory(1 << 20)
	defer m.Close()
	ctx := b.Context()
	work := text(strings.Repeat("x", 10_000))
	for b.Loop() {
		if _, err := cache.Do(ctx, m, "k", work); err != nil {
			b.Fatal(err)
		}
	}
}
