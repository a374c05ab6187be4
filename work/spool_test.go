package work_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/work"
)

// disk is what processes share: a folder of the spool for each, and a Redis for
// claims.
type disk struct {
	mu     sync.Mutex
	files  map[string]map[string][]byte // by process
	dead   map[string]bool
	claims map[string]string // who has claimed a key
	away   bool              // nobody can be asked about claims
}

func newDisk() *disk {
	return &disk{files: map[string]map[string][]byte{}, dead: map[string]bool{}, claims: map[string]string{}}
}

// part is what one process has of it.
type part struct {
	*disk
	name string
}

func (p part) Put(name string, data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead[p.name] {
		return errors.New("dead")
	}
	if p.files[p.name] == nil {
		p.files[p.name] = map[string][]byte{}
	}
	p.files[p.name][name] = data
	return nil
}

func (p part) Drop(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.dead[p.name] {
		delete(p.files[p.name], name)
	}
	return nil
}

func (p part) Inherit() (map[string][]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := map[string][]byte{}
	for name, files := range p.files {
		if p.dead[name] {
			maps.Copy(left, files)
			delete(p.files, name)
		}
	}
	if p.files[p.name] == nil {
		p.files[p.name] = map[string][]byte{}
	}
	maps.Copy(p.files[p.name], left)
	return left, nil
}

func (p part) claim(_ context.Context, key string, _ time.Duration) (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.away || p.dead[p.name] {
		return false, errors.New("away")
	}
	if p.claims[key] == "" {
		p.claims[key] = p.name
		return true, nil
	}
	return false, nil
}

func (d *disk) set(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
}

// left is how much lies in the spool.
func (d *disk) left() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, files := range d.files {
		n += len(files)
	}
	return n
}

// village is a store that several processes share, each of which may lose it.
type village struct {
	*disk
	t     *testing.T
	store *work.Memory
	d     *diary
}

func newVillage(t *testing.T) *village {
	return &village{newDisk(), t, work.NewMemory(), newDiary()}
}

// process is one of them. What it does is written in the diary.
func (v *village) process(name string, do func(ctx context.Context, job *work.Job) error) (*work.Queue, *moody) {
	p := part{v.disk, name}
	return v.with(name, work.Options{Hold: 30 * time.Second, Claim: p.claim, Spool: p}, do)
}

// with is a process with other options.
func (v *village) with(name string, o work.Options, do func(ctx context.Context, job *work.Job) error) (*work.Queue, *moody) {
	s := &moody{Store: v.store}
	o.Store = s
	q := work.New(o)
	if do == nil {
		do = func(context.Context, *work.Job) error { return nil }
	}
	working(v.t, q, func(ctx context.Context, job *work.Job) error {
		v.d.note("%s: %s%s", name, job.Key, job.Progress)
		return do(ctx, job)
	})
	return q, s
}

// kill ends a process: it reaches nothing any more.
func (v *village) kill(name string, s *moody) {
	v.set(func() { v.dead[name] = true })
	s.set(func() { s.fails = true })
}

// A short trouble is waited for: two processes that were given the same request
// answer it once, without asking anybody.
func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(t)
		a, as := v.process("a", nil)
		b, bs := v.process("b", nil)
		as.set(func() { as.fails = true })
		bs.set(func() { bs.fails = true })
		v.set(func() { v.away = true })
		accepted(t, a, "k", true)
		accepted(t, b, "k", true) // it cannot know
		accepted(t, b, "other", true)
		accepted(t, b, "other", false)
		if v.left() != 3 {
			t.Errorf("%d things in the spool", v.left())
		}
		time.Sleep(20500 * time.Millisecond)
		v.d.is(t)
		as.set(func() { as.fails = false })
		time.Sleep(5 * time.Second)
		bs.set(func() { bs.fails = false })
		time.Sleep(time.Minute)
		v.d.mu.Lock()
		for i, line := range v.d.lines {
			v.d.lines[i] = strings.NewReplacer("a: ", "", "b: ", "").Replace(line) // whoever is first
		}
		v.d.mu.Unlock()
		v.d.is(t, "21s k", "26s other")
		counted(t, a, work.Counts{Done: 2})
		if v.left() != 0 {
			t.Errorf("%d things are left in the spool", v.left())
		}
	})
}

// A long trouble is gone through: one process answers, the others know by its
// claim, and the store is told when it is back.
func TestHoldIsOver(t *testing.T) {
	for _, c := range []struct {
		name string
		away bool          // nobody can be asked about claims, for five minutes
		from time.Duration // nothing is begun before
	}{
		{"claims", false, 30 * time.Second},
		{"no claims at first", true, 5 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVillage(t)
				a, as := v.process("a", nil)
				as.set(func() { as.fails = true })
				v.set(func() { v.away = c.away })
				accepted(t, a, "k", true)
				time.Sleep(1500 * time.Millisecond)
				b, bs := v.process("b", nil)
				bs.set(func() { bs.fails = true })
				accepted(t, b, "k", true)
				accepted(t, b, "other", true)
				time.Sleep(5 * time.Minute)
				v.set(func() { v.away = false })
				time.Sleep(20 * time.Second)
				bs.set(func() { bs.fails = false }) // first whoever did not do it
				time.Sleep(10 * time.Second)
				as.set(func() { as.fails = false })
				time.Sleep(2 * time.Minute)
				v.d.did(t, c.from, "k", "other")
				counted(t, a, work.Counts{Done: 2})
				if v.left() != 0 {
					t.Errorf("%d things are left in the spool", v.left())
				}
			})
		})
	}
}

// What a process had taken when it died is answered by the next one.
func TestSpoolOutlivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(t)
		a, as := v.process("a", nil)
		as.set(func() { as.fails = true })
		accepted(t, a, "k", true)
		if fresh, err := a.Accept(t.Context(), work.Item{Key: "elsewhere", Lane: "discord"}); !fresh || err != nil {
			t.Error(fresh, err)
		}
		v.kill("a", as)
		b, _ := v.process("b", nil)
		time.Sleep(time.Minute)
		v.d.is(t, "1s b: k")
		counted(t, b, work.Counts{Done: 1, Waiting: 1}) // for whoever works that lane
		if c, err := v.store.Counts(t.Context()); err != nil || c.Waiting != 1 {
			t.Errorf("the store has %+v, %v", c, err)
		}
	})
}

// Nothing goes out of which the store does not know how far it is; and a job that
// the store was away from is not given up for that.
func TestSaveWaitsForTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(t)
		var s *moody
		var sent atomic.Int32
		tries := 0
		a, as := v.process("a", func(ctx context.Context, job *work.Job) error {
			if tries++; tries <= 2 {
				s.set(func() { s.fails = true })
				return errors.New("the store is away")
			}
			s.set(func() { s.fails = true })
			if err := job.Save(ctx, []byte(" sending")); err != nil {
				return err
			}
			sent.Add(1)
			return nil
		})
		s = as
		accepted(t, a, "k", true)
		for range 2 {
			time.Sleep(20 * time.Second)
			s.set(func() { s.fails = false })
		}
		time.Sleep(20 * time.Second)
		if sent.Load() > 0 {
			t.Error("it was sent although the store did not know")
		}
		s.set(func() { s.fails = false })
		time.Sleep(20 * time.Second)
		if n := sent.Load(); n != 1 {
			t.Errorf("sent %d times", n)
		}
		counted(t, a, work.Counts{Done: 1})
	})
}

// What a dead process could not tell the store about an item that it had
// leased, the next one tells: how far it was, and that it is done.
func TestDebtsAreInherited(t *testing.T) {
	for _, done := range []bool{false, true} {
		t.Run(fmt.Sprint(done), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newVillage(t)
				var s *moody
				a, as := v.process("a", func(ctx context.Context, job *work.Job) error {
					s.set(func() { s.fails = true })
					if err := job.Save(ctx, []byte(" half")); err != nil {
						t.Error(err)
					}
					if !done {
						<-ctx.Done()
					}
					return nil
				})
				s = as
				accepted(t, a, "k", true)
				time.Sleep(time.Minute)
				v.kill("a", as)
				b, _ := v.process("b", nil)
				time.Sleep(time.Minute)
				if done {
					v.d.is(t, "0s a: k")
				} else {
					v.d.is(t, "0s a: k", "1m0s b: k half")
				}
				counted(t, b, work.Counts{Done: 1})
				if v.left() != 0 {
					t.Errorf("%d things are left in the spool", v.left())
				}
			})
		})
	}
}

// A process with a store of its own does not wait for it, and what it had taken
// and not done when it died is answered by the one that is started in its place:
// once, also when the store had taken it too and could not say so in time.
func TestSpoolOfOneProcess(t *testing.T) {
	for _, late := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			v := newVillage(t)
			a, as := v.with("a", work.Options{Spool: part{v.disk, "a"}}, func(ctx context.Context, _ *work.Job) error {
				<-ctx.Done() // it is in the middle of it when it is killed
				return ctx.Err()
			})
			var hangs chan struct{}
			if late {
				hangs = make(chan struct{})
			}
			as.set(func() { as.fails, as.late, as.hangs = !late, late, hangs })
			accepted(t, a, "k", true)
			accepted(t, a, "other", true)
			if v.left() != 2 {
				t.Errorf("%d things in the spool", v.left())
			}
			v.kill("a", as)
			if late {
				close(hangs)
			}
			b, _ := v.with("b", work.Options{Spool: part{v.disk, "b"}}, nil)
			time.Sleep(2 * time.Minute)
			counted(t, b, work.Counts{Done: 2})
			var keys []string
			v.d.mu.Lock()
			for _, line := range v.d.lines {
				if _, key, ok := strings.Cut(line, " b: "); ok {
					keys = append(keys, key)
				}
			}
			v.d.mu.Unlock()
			if slices.Sort(keys); !slices.Equal(keys, []string{"k", "other"}) {
				t.Errorf("the second process did %q", keys)
			}
			if v.left() != 0 {
				t.Errorf("%d things are left in the spool", v.left())
			}
		})
	}
}

// What is being worked on without the store becomes the store's when that is
// back.
func TestAdoption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newVillage(t)
		end := make(chan struct{})
		a, as := v.process("a", func(ctx context.Context, job *work.Job) error {
			if err := job.Save(ctx, []byte(" half")); err != nil {
				t.Error(err)
			}
			<-end
			return job.Save(ctx, []byte(" whole"))
		})
		as.set(func() { as.fails = true })
		accepted(t, a, "k", true)
		time.Sleep(time.Minute)
		as.set(func() { as.fails = false })
		time.Sleep(3 * time.Second)
		b, _ := v.process("b", nil)
		accepted(t, b, "k", false)
		time.Sleep(time.Minute)
		close(end)
		time.Sleep(time.Second)
		v.d.did(t, 30*time.Second, "k")
		counted(t, b, work.Counts{Done: 1})
	})
}
