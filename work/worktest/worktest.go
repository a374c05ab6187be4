// Package worktest is the test that every [work.Store] passes.
package worktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/work"
)

// Store runs the conformance test. Open makes an empty store and gives two ways
// into it, as two processes have them; they may be the same.
func Store(t *testing.T, open func(t *testing.T) (a, b work.Store)) {
	s := suite{open}
	t.Run("AcceptKnowsRepeats", s.repeats)
	t.Run("LeaseGivesWhatWasAccepted", s.roundTrip)
	t.Run("LeaseOldestFirst", s.oldestFirst)
	t.Run("LeaseOfOneLane", s.lanes)
	t.Run("LeaseRunsOut", s.expiry)
	t.Run("RenewPutsOff", s.renew)
	t.Run("LostLease", s.lost)
	t.Run("SaveIsFoundByTheNext", s.save)
	t.Run("FinishIsForGood", s.finish)
	t.Run("RetryWaits", s.retry)
	t.Run("AdoptIsALease", s.adopt)
	t.Run("CountsAndDead", s.counts)
	t.Run("SweepFreesKeys", s.sweep)
	t.Run("ForgetOneWorkspace", s.forget)
	t.Run("HostileValues", s.hostile)
	t.Run("NeverTwoAtOnce", s.concurrent)
	t.Run("AnyOrder", s.model)
}

type suite struct {
	open func(t *testing.T) (a, b work.Store)
}

// start is an arbitrary moment; stores are told the time.
var start = time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)

const minute = time.Minute

func item(key string, n int) work.Item {
	return work.Item{
		Key: key, Lane: "slack", Workspace: "T1", Payload: []byte("payload of " + key),
		Accepted: start.Add(time.Duration(n) * time.Second), Until: start.Add(time.Hour),
	}
}

func accept(t testing.TB, s work.Store, it work.Item, want bool) {
	t.Helper()
	if fresh, err := s.Accept(t.Context(), it); err != nil || fresh != want {
		t.Fatalf("Accept(%q) = %v, %v, want %v", it.Key, fresh, err, want)
	}
}

func lease(t testing.TB, s work.Store, owner string, n int, now time.Time) []work.Item {
	t.Helper()
	items, err := s.Lease(t.Context(), "slack", owner, n, now, now.Add(minute))
	if err != nil {
		t.Fatalf("Lease: %v", err)
	}
	return items
}

func keys(items []work.Item) string {
	var k []string
	for _, it := range items {
		k = append(k, it.Key)
	}
	return strings.Join(k, " ")
}

func leased(t testing.TB, s work.Store, owner string, now time.Time, want string) []work.Item {
	t.Helper()
	items := lease(t, s, owner, 10, now)
	if got := keys(items); got != want {
		t.Fatalf("leased %q, want %q", got, want)
	}
	return items
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func isLost(t testing.TB, what string, err error) {
	t.Helper()
	if !errors.Is(err, work.ErrLost) {
		t.Errorf("%s = %v, want ErrLost", what, err)
	}
}

func (s suite) repeats(t *testing.T) {
	a, b := s.open(t)
	accept(t, a, item("k", 0), true)
	other := item("k", 1)
	other.Lane, other.Payload = "discord", []byte("another")
	accept(t, b, other, false)
	items := leased(t, a, "x", start, "k")
	if string(items[0].Payload) != "payload of k" {
		t.Error("a repeat changed the item")
	}
	accept(t, b, item("k", 2), false)
	ok(t, a.Finish(t.Context(), "x", "k", work.Done, "", start))
	accept(t, b, item("k", 3), false)
	leased(t, a, "x", start.Add(time.Hour), "")
}

func (s suite) roundTrip(t *testing.T) {
	a, b := s.open(t)
	it := item("k", 0)
	it.Attempt, it.Progress = 2, []byte("so far")
	accept(t, a, it, true)
	got := leased(t, b, "x", start, "k")[0]
	it.Attempt = 3
	if diff := cmp.Diff(it, got); diff != "" {
		t.Errorf("(-accepted +leased)\n%s", diff)
	}
	plain := work.Item{Key: "plain", Lane: "slack", Accepted: start}
	accept(t, a, plain, true)
	got = leased(t, b, "x", start, "plain")[0]
	if len(got.Payload) != 0 || got.Progress != nil || !got.Until.IsZero() || got.Attempt != 1 {
		t.Errorf("an item with nothing in it came back as %+v", got)
	}
	large := item("large", 1)
	large.Payload = bytes.Repeat([]byte{0, 255}, work.MaxPayload/2)
	accept(t, a, large, true)
	if got = leased(t, b, "x", start, "large")[0]; !bytes.Equal(got.Payload, large.Payload) {
		t.Error("a large payload came back changed")
	}
}

func (s suite) oldestFirst(t *testing.T) {
	a, b := s.open(t)
	for _, n := range []int{3, 1, 4, 2, 0} {
		accept(t, a, item(fmt.Sprint("k", n), n), true)
	}
	accept(t, a, item("also3", 3), true)
	if got := keys(lease(t, b, "x", 2, start)); got != "k0 k1" {
		t.Errorf("first %q", got)
	}
	if got := keys(lease(t, a, "y", 9, start)); got != "k2 also3 k3 k4" {
		t.Errorf("then %q", got)
	}
	leased(t, b, "x", start, "")
	if got := lease(t, b, "x", 0, start); len(got) > 0 {
		t.Errorf("asked for none, got %q", keys(got))
	}
}

func (s suite) lanes(t *testing.T) {
	a, _ := s.open(t)
	it := item("d", 0)
	it.Lane = "discord"
	accept(t, a, it, true)
	leased(t, a, "x", start, "")
	items, err := a.Lease(t.Context(), "discord", "x", 5, start, start.Add(minute))
	if ok(t, err); keys(items) != "d" {
		t.Errorf("leased %q", keys(items))
	}
}

func (s suite) expiry(t *testing.T) {
	a, b := s.open(t)
	accept(t, a, item("k", 0), true)
	leased(t, a, "x", start, "k")
	leased(t, b, "y", start.Add(minute-time.Millisecond), "")
	if got := leased(t, b, "y", start.Add(minute), "k")[0]; got.Attempt != 2 {
		t.Errorf("attempt %d, want 2", got.Attempt)
	}
}

func (s suite) renew(t *testing.T) {
	a, b := s.open(t)
	for i := range 3 {
		accept(t, a, item(fmt.Sprint("k", i), i), true)
	}
	leased(t, a, "x", start, "k0 k1 k2")
	ok(t, a.Renew(t.Context(), "x", []string{"k0", "k1"}, start.Add(2*minute)))
	ok(t, a.Renew(t.Context(), "x", nil, start.Add(2*minute)))
	leased(t, b, "y", start.Add(minute), "k2")

	err := a.Renew(t.Context(), "x", []string{"k0", "k1", "k2", "never"}, start.Add(3*minute))
	isLost(t, "Renew of what went to another", err)
	var lost *work.LostError
	if !errors.As(err, &lost) {
		t.Fatalf("Renew = %v, want a *LostError", err)
	}
	slices.Sort(lost.Keys)
	if diff := cmp.Diff([]string{"k2", "never"}, lost.Keys); diff != "" {
		t.Error(diff)
	}
	// The others were renewed, what is another's was not.
	leased(t, b, "z", start.Add(2*minute), "k2")
	// A lease that ran out is renewed if nobody else took it.
	ok(t, a.Renew(t.Context(), "x", []string{"k0"}, start.Add(9*minute)))
	leased(t, b, "z", start.Add(4*minute), "k1 k2")
}

func (s suite) lost(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	accept(t, a, item("k", 0), true)
	isLost(t, "Save of what nobody leased", a.Save(ctx, "x", "k", nil))
	leased(t, a, "x", start, "k")
	leased(t, b, "y", start.Add(minute), "k")
	for _, key := range []string{"k", "never"} {
		isLost(t, "Save", a.Save(ctx, "x", key, []byte("mine")))
		isLost(t, "Retry", a.Retry(ctx, "x", key, "", start))
		isLost(t, "Finish", a.Finish(ctx, "x", key, work.Done, "", start))
	}
	ok(t, b.Finish(ctx, "y", "k", work.Done, "", start))
	isLost(t, "Finish twice", b.Finish(ctx, "y", "k", work.Failed, "", start))
	isLost(t, "Save after Finish", b.Save(ctx, "y", "k", []byte("mine")))
}

func (s suite) save(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	accept(t, a, item("k", 0), true)
	leased(t, a, "x", start, "k")
	ok(t, a.Save(ctx, "x", "k", []byte("one")))
	ok(t, a.Save(ctx, "x", "k", []byte("two")))
	got := leased(t, b, "y", start.Add(minute), "k")[0]
	if string(got.Progress) != "two" || string(got.Payload) != "payload of k" {
		t.Errorf("progress %q, payload %q", got.Progress, got.Payload)
	}
	ok(t, b.Save(ctx, "y", "k", nil))
	ok(t, b.Retry(ctx, "y", "k", "", start))
	if got = leased(t, a, "x", start.Add(minute), "k")[0]; len(got.Progress) > 0 {
		t.Errorf("progress %q was taken back", got.Progress)
	}
}

func (s suite) finish(t *testing.T) {
	a, b := s.open(t)
	accept(t, a, item("k", 0), true)
	leased(t, a, "x", start, "k")
	ok(t, a.Finish(t.Context(), "x", "k", work.Done, "", start))
	leased(t, b, "y", start.Add(1000*time.Hour), "")
}

func (s suite) retry(t *testing.T) {
	a, b := s.open(t)
	accept(t, a, item("k", 0), true)
	accept(t, a, item("young", 5), true)
	if got := keys(lease(t, a, "x", 1, start)); got != "k" {
		t.Fatalf("leased %q", got)
	}
	ok(t, a.Retry(t.Context(), "x", "k", "no luck", start.Add(10*time.Second)))
	if got := keys(lease(t, b, "y", 1, start.Add(9*time.Second))); got != "young" {
		t.Errorf("while it waits: leased %q", got)
	}
	if got := leased(t, b, "y", start.Add(10*time.Second), "k")[0]; got.Attempt != 2 {
		t.Errorf("attempt %d, want 2", got.Attempt)
	}
}

func (s suite) adopt(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	adopt := func(s work.Store, key, owner string, want bool) {
		t.Helper()
		it := item(key, 0)
		it.Attempt, it.Progress = 3, []byte("half")
		if got, err := s.Adopt(ctx, it, owner, start.Add(minute)); err != nil || got != want {
			t.Errorf("Adopt of %s by %s = %v, %v, want %v", key, owner, got, err, want)
		}
	}
	adopt(a, "new", "x", true)
	adopt(b, "new", "y", false)
	adopt(b, "new", "x", true) // it was not known that it had worked
	accept(t, b, item("new", 0), false)
	accept(t, a, item("waits", 1), true)
	adopt(b, "waits", "y", true)
	accept(t, a, item("done", 2), true)
	leased(t, a, "z", start, "done")
	ok(t, a.Finish(ctx, "z", "done", work.Done, "", start))
	adopt(b, "done", "z", false)

	leased(t, b, "z", start, "")
	ok(t, a.Save(ctx, "x", "new", []byte("more")))
	ok(t, a.Finish(ctx, "x", "new", work.Done, "", start))
	if got := leased(t, a, "z", start.Add(minute), "waits")[0]; got.Attempt != 4 || string(got.Progress) != "half" {
		t.Errorf("leased again: attempt %d, progress %q", got.Attempt, got.Progress)
	}
	isLost(t, "Finish", b.Finish(ctx, "y", "waits", work.Done, "", start))
}

func (s suite) counts(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	ends := []work.Outcome{work.Done, work.Late, work.Failed, work.Uncertain, work.Done}
	for i := range 8 {
		accept(t, a, item(fmt.Sprint("k", i), i), true)
	}
	lease(t, a, "x", 6, start)
	for i, how := range ends {
		ok(t, a.Finish(ctx, "x", fmt.Sprint("k", i), how, "note "+string(how), start.Add(time.Duration(i)*time.Second)))
	}
	got, err := b.Counts(ctx)
	ok(t, err)
	if diff := cmp.Diff(work.Counts{Waiting: 2, Working: 1, Done: 2, Late: 1, Failed: 1, Uncertain: 1}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	dead, err := b.Dead(ctx, 2)
	ok(t, err)
	want := []work.DeadItem{
		{Key: "k3", Lane: "slack", Outcome: work.Uncertain, Note: "note uncertain", At: start.Add(3 * time.Second), Attempts: 1},
		{Key: "k2", Lane: "slack", Outcome: work.Failed, Note: "note failed", At: start.Add(2 * time.Second), Attempts: 1},
	}
	if diff := cmp.Diff(want, dead); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if dead, err = b.Dead(ctx, 99); err != nil || len(dead) != 3 {
		t.Errorf("%d dead, %v, want 3", len(dead), err)
	}
}

func (s suite) sweep(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	for i := range 4 {
		accept(t, a, item(fmt.Sprint("k", i), i), true)
	}
	lease(t, a, "x", 3, start)
	ok(t, a.Finish(ctx, "x", "k0", work.Done, "", start))
	ok(t, a.Finish(ctx, "x", "k1", work.Failed, "", start.Add(time.Second)))
	ok(t, b.Sweep(ctx, start.Add(time.Second)))
	accept(t, a, item("k0", 9), true)
	accept(t, a, item("k1", 9), false)
	ok(t, b.Sweep(ctx, start.Add(1000*time.Hour)))
	accept(t, a, item("k1", 9), true)
	accept(t, a, item("k2", 9), false) // leased
	accept(t, a, item("k3", 9), false) // waiting
}

func (s suite) forget(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	for i, where := range [][2]string{{"slack", "T1"}, {"slack", "T2"}, {"discord", "T1"}, {"slack", "T1"}, {"slack", "T1"}} {
		it := item(fmt.Sprint("k", i), i)
		it.Lane, it.Workspace = where[0], where[1]
		accept(t, a, it, true)
	}
	lease(t, a, "x", 3, start) // k0, k1, k3
	ok(t, a.Finish(ctx, "x", "k0", work.Done, "", start))
	ok(t, b.Forget(ctx, "slack", "T1"))
	isLost(t, "Save of what was forgotten", a.Save(ctx, "x", "k3", nil))
	ok(t, a.Save(ctx, "x", "k1", nil))
	accept(t, a, item("k0", 9), true)
	accept(t, a, item("k2", 9), false)
	leased(t, b, "y", start, "k0")
}

// Hostile are values that have broken databases before.
func Hostile() []string {
	return []string{
		"'; DROP TABLE work; --", `"`, `\`, "%_", "?", "$1", ":name", "a\x00b", "\x00", "\xff\xfe", "\xed\xa0\x80", "\u202e",
		"\U0001F9A8", "line\nline", "1", "1e3", "NULL", "0x00", " ", "é", "e\u0301", "É",
	}
}

func (s suite) hostile(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	for i, v := range Hostile() {
		it := work.Item{Key: v, Lane: v, Workspace: v, Payload: []byte(v), Progress: []byte(v), Accepted: start, Until: start}
		accept(t, a, it, true)
		accept(t, b, it, false)
		items, err := b.Lease(ctx, v, v, 9, start, start.Add(minute))
		ok(t, err)
		it.Attempt = 1
		if diff := cmp.Diff([]work.Item{it}, items); diff != "" {
			t.Fatalf("value %d: (-accepted +leased)\n%s", i, diff)
		}
		ok(t, b.Save(ctx, v, v, []byte(v)))
		ok(t, b.Renew(ctx, v, []string{v}, start.Add(minute)))
		if i%2 == 0 {
			ok(t, b.Finish(ctx, v, v, work.Failed, v, start.Add(time.Duration(i)*time.Second)))
			dead, err := a.Dead(ctx, 1)
			ok(t, err)
			if len(dead) != 1 || dead[0].Note != v || dead[0].Key != v {
				t.Errorf("value %d: dead %+v", i, dead)
			}
		} else {
			ok(t, b.Forget(ctx, v, v))
			accept(t, a, it, true)
		}
	}
}

// concurrent lets 16 goroutines of two processes fight for items whose leases
// run out all the time.
func (s suite) concurrent(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	const n = 200
	var workers, feeders sync.WaitGroup
	var clock, fresh, finished, started atomic.Int64
	var mu sync.Mutex
	holds := map[string]int64{} // key → when the lease runs out, in ticks
	failed := func(format string, args ...any) {
		t.Helper()
		t.Errorf(format, args...)
		finished.Store(n)
	}
	at := func(tick int64) time.Time { return start.Add(time.Duration(tick) * time.Second) }
	for g := range 4 {
		feeders.Go(func() {
			for i := range n { // each item is delivered four times
				st := []work.Store{a, b}[g%2]
				is, err := st.Accept(ctx, item(fmt.Sprintf("k%03d", i), 0))
				if err != nil {
					failed("Accept: %v", err)
					return
				}
				if is {
					fresh.Add(1)
				}
			}
		})
	}
	for g := range 16 {
		st, owner := []work.Store{a, b}[g%2], fmt.Sprint("owner", g)
		workers.Go(func() {
			for finished.Load() < n && ctx.Err() == nil {
				// The clock moves only here, under the lock: so no lease runs
				// out between being given and being looked at.
				mu.Lock()
				now := clock.Add(1)
				items, err := st.Lease(ctx, "slack", owner, 3, at(now), at(now+40))
				if err != nil {
					mu.Unlock()
					failed("Lease: %v", err)
					return
				}
				for _, it := range items {
					if until := holds[it.Key]; until > now {
						mu.Unlock()
						failed("%s was given to %s at %d although it is leased until %d", it.Key, owner, now, until)
						return
					}
					holds[it.Key] = now + 40
				}
				mu.Unlock()
				for _, it := range items {
					started.Add(1)
					if (it.Attempt+len(owner))%3 == 0 {
						continue // this one "dies"
					}
					err := st.Finish(ctx, owner, it.Key, work.Done, "", at(now))
					switch {
					case err == nil:
						finished.Add(1)
					case !errors.Is(err, work.ErrLost):
						failed("Finish: %v", err)
						return
					}
				}
			}
		})
	}
	feeders.Wait()
	workers.Wait()
	if fresh.Load() != n {
		t.Errorf("%d items were fresh, want %d", fresh.Load(), n)
	}
	counts, err := a.Counts(ctx)
	ok(t, err)
	if counts.Done != n || counts.Waiting+counts.Working != 0 {
		t.Errorf("in the end: %+v", counts)
	}
	t.Logf("%d starts for %d items", started.Load(), n)
}

// model compares a store with a memory, step by step.
func (s suite) model(t *testing.T) {
	a, b := s.open(t)
	ctx := context.Background()
	names := []string{"a", "b", "c", "d", "e"}
	rapid.Check(t, func(r *rapid.T) {
		for _, k := range names { // each item has a workspace of its own
			if err := a.Forget(ctx, "slack", k); err != nil {
				r.Fatal(err)
			}
		}
		ref := work.NewMemory()
		now := start
		same := func(what string, got, want any, err, wantErr error) {
			r.Helper()
			if fmt.Sprint(err) != fmt.Sprint(wantErr) && !(errors.Is(err, work.ErrLost) && errors.Is(wantErr, work.ErrLost)) {
				r.Fatalf("%s: %v, want %v", what, err, wantErr)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				r.Fatalf("%s (-want +got)\n%s", what, diff)
			}
		}
		key := rapid.SampledFrom(names)
		owner := rapid.SampledFrom([]string{"x", "y"})
		for range rapid.IntRange(1, 25).Draw(r, "steps") {
			st := rapid.SampledFrom([]work.Store{a, b}).Draw(r, "store")
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(r, "seconds")) * time.Second)
			k, o := key.Draw(r, "key"), owner.Draw(r, "owner")
			switch rapid.IntRange(0, 8).Draw(r, "step") {
			case 0, 1:
				it := item(k, 0)
				it.Accepted, it.Workspace = now, k
				got, err := st.Accept(ctx, it)
				want, wantErr := ref.Accept(ctx, it)
				same("Accept", got, want, err, wantErr)
			case 2, 3:
				n := rapid.IntRange(1, 3).Draw(r, "n")
				got, err := st.Lease(ctx, "slack", o, n, now, now.Add(minute))
				want, wantErr := ref.Lease(ctx, "slack", o, n, now, now.Add(minute))
				same("Lease", got, want, err, wantErr)
			case 4:
				same("Finish", 0, 0, st.Finish(ctx, o, k, work.Late, k, now), ref.Finish(ctx, o, k, work.Late, k, now))
			case 5:
				same("Retry", 0, 0, st.Retry(ctx, o, k, k, now.Add(minute)), ref.Retry(ctx, o, k, k, now.Add(minute)))
			case 6:
				same("Renew", 0, 0, st.Renew(ctx, o, []string{k}, now.Add(minute)), ref.Renew(ctx, o, []string{k}, now.Add(minute)))
			case 7:
				same("Save", 0, 0, st.Save(ctx, o, k, []byte(k)), ref.Save(ctx, o, k, []byte(k)))
			case 8:
				it := item(k, 0)
				it.Accepted, it.Workspace, it.Progress, it.Attempt = now, k, []byte(o), 1
				got, err := st.Adopt(ctx, it, o, now.Add(minute))
				want, wantErr := ref.Adopt(ctx, it, o, now.Add(minute))
				same("Adopt", got, want, err, wantErr)
			}
			got, err := st.Counts(ctx)
			want, wantErr := ref.Counts(ctx)
			same("Counts", got, want, err, wantErr)
		}
		dead, err := a.Dead(ctx, 9)
		want, wantErr := ref.Dead(ctx, 9)
		if len(dead) == 0 && len(want) == 0 {
			dead, want = nil, nil
		}
		same("Dead", dead, want, err, wantErr)
	})
}
