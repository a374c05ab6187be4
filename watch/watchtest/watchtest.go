// Package watchtest is the conformance test of a watch.Store ([Store]).
package watchtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/brief"
	"onrecord/watch"
)

// Store runs the conformance test. Open gives two ways into one empty store, as
// two processes have them.
func Store(t *testing.T, open func(t *testing.T) (a, b watch.Store)) {
	s := suite{open}
	t.Run("Watches", s.watches)
	t.Run("Feeds", s.feeds)
	t.Run("Items", s.items)
	t.Run("OneTakesIt", s.taken)
	t.Run("WrongClock", s.wrongClock)
	t.Run("ChannelsTakeTurns", s.turns)
	t.Run("HostsTakeTurns", s.hosts)
	t.Run("HostOfMany", s.hostOfMany)
	t.Run("Articles", s.articles)
	t.Run("Consent", s.consent)
	t.Run("Sweep", s.sweep)
	t.Run("HostileValues", s.hostile)
}

type suite struct {
	open func(t *testing.T) (a, b watch.Store)
}

// now is the moment of the test.
var now = time.Date(2026, 3, 4, 9, 0, 0, 5, time.UTC)

var here = watch.Place{Platform: "slack", Workspace: "T1", Channel: "C1"}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func one(id, feed string) watch.Watch {
	return watch.Watch{ID: id, Place: here, Kind: watch.Feed, Of: feed, Made: now, Filter: watch.Filter{Words: []string{"a"}}, Schedule: watch.Schedule{Zone: "UTC"}}
}

func item(id, key string, due time.Time) watch.Item {
	return watch.Item{Watch: id, Key: key, Place: here, Sort: watch.Story, State: watch.Waiting, Title: "T " + key, Seen: now, At: now, Due: due, Sketch: brief.Sketch{1, 2, 1 << 63}}
}

func ids(all []watch.Watch) string {
	var s []string
	for _, w := range all {
		s = append(s, w.ID)
	}
	return strings.Join(s, " ")
}

func keys(all []watch.Item) string {
	var s []string
	for _, it := range all {
		s = append(s, it.Key)
	}
	return strings.Join(s, " ")
}

func (s suite) watches(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	w := one("w1", "https://a.example/feed")
	w.Place.Thread, w.Place.Tags = "7", []string{"politics"}
	ok(t, a.Add(ctx, w, []watch.Item{item("w1", "k", time.Time{})}))
	got, found, err := b.Watch(ctx, "w1")
	ok(t, err)
	if !found || got.Of != w.Of || !got.Made.Equal(w.Made) || got.Place.Thread != "7" || got.Place.Tags[0] != "politics" || got.Filter.Words[0] != "a" || got.Paused || !got.Next.IsZero() {
		t.Errorf("%+v", got)
	}
	later := one("w2", "https://b.example/feed")
	later.Made, later.Next, later.Place.Channel = now.Add(time.Hour), now.Add(time.Minute), "C2"
	ok(t, b.Add(ctx, later, nil))
	topic := one("w3", "words")
	topic.Kind, topic.Made = watch.Topic, now.Add(2*time.Hour)
	ok(t, b.Add(ctx, topic, nil))
	for want, q := range map[string]watch.Query{
		"w1 w2 w3": {}, "w1 w3": {Place: here}, "w2": {Feed: "https://b.example/feed"}, "w3": {Kinds: []watch.Kind{watch.Topic, watch.Claim}}, "w1": {Place: watch.Place{Thread: "7"}},
	} {
		all, err := a.List(ctx, q)
		ok(t, err)
		if ids(all) != want {
			t.Errorf("%+v: %s, want %s", q, ids(all), want)
		}
	}
	ok(t, a.Pause(ctx, "w1", true))
	if got, _, _ := b.Watch(ctx, "w1"); !got.Paused {
		t.Error("it is not paused")
	}
	ok(t, a.Remove(ctx, "w1"))
	if _, found, err := b.Watch(ctx, "w1"); found || err != nil {
		t.Errorf("it is still there: %v", err)
	}
	if _, found, err := b.Item(ctx, "w1", "k"); found || err != nil {
		t.Errorf("its items are: %v", err)
	}
	if _, found, err := b.Feed(ctx, w.Of); found || err != nil {
		t.Errorf("its feed is: %v", err)
	}
	var many error
	for i := 0; many == nil && i < 2*watch.MostWatches; i++ {
		many = a.Add(ctx, one(fmt.Sprint("m", i), "https://c.example/feed"), nil)
	}
	if all, _ := a.List(ctx, watch.Query{Place: here}); !errors.Is(many, watch.ErrMany) || len(all) != watch.MostWatches {
		t.Errorf("%v, %d", many, len(all))
	}
}

func (s suite) feeds(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	const url = "https://a.example:8080/feed"
	ok(t, a.Add(ctx, one("w1", url), nil))
	due, err := b.DueFeeds(ctx, now, 9)
	ok(t, err)
	if len(due) != 1 || due[0].URL != url || due[0].Host != "a.example" || !due[0].Full.IsZero() {
		t.Fatalf("%+v", due)
	}
	f := due[0]
	f.Title, f.Next, f.Every, f.Read, f.Full, f.Validators.ETag = "T", now.Add(time.Hour), time.Hour, now, now, `"x"`
	ok(t, a.Reading(ctx, f, map[string]string{"k:1": "One", "g:1": "One"}, []string{"k:1"}, []watch.Item{item("w1", "1", now)}, now))
	got, found, err := b.Feed(ctx, url)
	ok(t, err)
	if !found || got.Title != "T" || !got.Next.Equal(f.Next) || got.Every != time.Hour || !got.Full.Equal(now) || got.Validators.ETag != `"x"` || got.Told {
		t.Errorf("%+v", got)
	}
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprint("k:", i))
	}
	known, err := b.Known(ctx, url, append(names, "g:1"))
	ok(t, err)
	if len(known) != 2 || known["k:1"] != "One" {
		t.Errorf("%v", known)
	}
	// What is there stays as it is.
	changed := item("w1", "1", now.Add(time.Minute))
	changed.Title = "other"
	f.Failures, f.Since, f.Problem, f.Told = 3, now, "down", true
	ok(t, b.Reading(ctx, f, map[string]string{"k:1": "Other"}, nil, []watch.Item{changed}, now))
	if it, _, err := a.Item(ctx, "w1", "1"); err != nil || it.Title != "T 1" || !it.Due.Equal(now) {
		t.Errorf("%+v, %v", it, err)
	}
	if known, _ := a.Known(ctx, url, []string{"k:1"}); known["k:1"] != "One" {
		t.Errorf("%v", known)
	}
	if got, _, _ := a.Feed(ctx, url); got.Failures != 3 || got.Problem != "down" || !got.Told || !got.Since.Equal(now) {
		t.Errorf("%+v", got)
	}
	ok(t, a.Pause(ctx, "w1", true))
	if due, err := b.DueFeeds(ctx, now.Add(time.Hour), 9); len(due) != 0 || err != nil {
		t.Errorf("a feed of paused watches is due: %v", err)
	}
}

func (s suite) items(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	held := item("w1", "3", time.Time{})
	held.State = watch.Held
	elsewhere := item("w2", "4", now.Add(-time.Minute))
	elsewhere.Place.Channel, elsewhere.Place.Tags, elsewhere.Text = "C2", []string{"x"}, "text"
	ok(t, a.Put(ctx, []watch.Item{item("w1", "1", now), item("w1", "2", now.Add(time.Minute)), held, elsewhere}))
	due, err := b.DueItems(ctx, now, 9)
	ok(t, err)
	if keys(due) != "4 1" || due[0].Text != "text" || due[0].Place.Tags[0] != "x" || !slices.Equal(due[0].Sketch, brief.Sketch{1, 2, 1 << 63}) {
		t.Errorf("%+v", due)
	}
	waiting, err := b.Held(ctx, "w1", 9)
	ok(t, err)
	if keys(waiting) != "3" {
		t.Errorf("%s", keys(waiting))
	}
	it := due[1]
	it.State, it.Why, it.Due, it.At, it.Message, it.URL = watch.Posted, "because", time.Time{}, now.Add(time.Hour), "m", "u"
	ok(t, a.Save(ctx, it))
	got, found, err := b.Item(ctx, "w1", "1")
	ok(t, err)
	if !found || got.State != watch.Posted || got.Why != "because" || !got.Due.IsZero() || !got.At.Equal(it.At) || got.Message != "m" || got.URL != "u" || !got.Seen.Equal(now) {
		t.Errorf("%+v", got)
	}
	recent, err := b.Recent(ctx, here, "", 2)
	ok(t, err)
	if keys(recent) != "1 2" {
		t.Errorf("%s", keys(recent))
	}
	if recent, err = b.Recent(ctx, here, "w2", 9); keys(recent) != "4" || err != nil {
		t.Errorf("%s, %v", keys(recent), err)
	}
}

// Of two who take the same, one gets it.
func (s suite) taken(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	w := one("w1", "https://a.example/feed")
	w.Next = now
	ok(t, a.Add(ctx, w, []watch.Item{item("w1", "k", now)}))
	f := watch.Followed{Place: here, Key: "k", Link: "l", Next: now, Article: []byte("{}")}
	ok(t, a.Follow(ctx, f))
	to := now.Add(time.Hour)
	digest := item("w1", "digest:1", now)
	for name, take := range map[string]func(watch.Store) (bool, error){
		"feed":    func(s watch.Store) (bool, error) { return s.TakeFeed(ctx, "https://a.example/feed", now, to) },
		"digest":  func(s watch.Store) (bool, error) { return s.TakeDigest(ctx, "w1", now, to, &digest) },
		"item":    func(s watch.Store) (bool, error) { return s.TakeItem(ctx, "w1", "k", now, to) },
		"article": func(s watch.Store) (bool, error) { return s.TakeArticle(ctx, f, to) },
	} {
		var mu sync.Mutex
		n := 0
		var taking sync.WaitGroup
		for i := range 8 {
			taking.Go(func() {
				taken, err := take([]watch.Store{a, b}[i%2])
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if taken {
					n++
				}
			})
		}
		taking.Wait()
		if n != 1 {
			t.Errorf("%s: %d have it", name, n)
		}
	}
	if it, found, err := b.Item(ctx, "w1", "digest:1"); !found || err != nil || it.Sort != watch.Story {
		t.Errorf("the digest's item: %+v, %v", it, err)
	}
	if it, _, _ := b.Item(ctx, "w1", "k"); it.Tries != 1 {
		t.Errorf("tries: %d", it.Tries)
	}
	due, err := b.DueDigests(ctx, to, 9)
	ok(t, err)
	if ids(due) != "w1" || !due[0].Next.Equal(to) {
		t.Errorf("%+v", due)
	}
}

// A process whose clock is years ahead took everything: it is due all the same.
func (s suite) wrongClock(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	const url = "https://a.example/feed"
	w := one("w1", url)
	w.Next = now
	f := watch.Followed{Place: here, Key: "k", Link: "l", Next: now, Article: []byte("{}")}
	ok(t, a.Add(ctx, w, []watch.Item{item("w1", "k", now)}))
	ok(t, a.Follow(ctx, f))
	for _, c := range []struct {
		ahead time.Duration
		due   int
	}{{20 * time.Hour, 0}, {3 * 365 * 24 * time.Hour, 1}} {
		from, to := now, now.Add(c.ahead)
		if c.due == 1 {
			from = now.Add(20 * time.Hour)
		}
		f.Next = from
		for name, take := range map[string]func() (bool, error){
			"feed":    func() (bool, error) { return a.TakeFeed(ctx, url, from, to) },
			"digest":  func() (bool, error) { return a.TakeDigest(ctx, "w1", from, to, nil) },
			"item":    func() (bool, error) { return a.TakeItem(ctx, "w1", "k", from, to) },
			"article": func() (bool, error) { return a.TakeArticle(ctx, f, to) },
		} {
			if taken, err := take(); !taken || err != nil {
				t.Errorf("%s is not taken: %v", name, err)
			}
		}
		feeds, err := b.DueFeeds(ctx, now, 9)
		ok(t, err)
		digests, err := b.DueDigests(ctx, now, 9)
		ok(t, err)
		items, err := b.DueItems(ctx, now, 9)
		ok(t, err)
		articles, err := b.DueArticles(ctx, now, 9)
		ok(t, err)
		for what, n := range map[string]int{"feeds": len(feeds), "digests": len(digests), "items": len(items), "articles": len(articles)} {
			if n != c.due {
				t.Errorf("%v ahead: %d %s are due, want %d", c.ahead, n, what, c.due)
			}
		}
	}
	if _, err := a.HostTurn(ctx, "a.example", now.Add(3*365*24*time.Hour), time.Second, time.Hour); err != nil {
		t.Error(err)
	}
	if at, err := b.HostTurn(ctx, "a.example", now, time.Second, time.Hour); err != nil || !at.Equal(now) {
		t.Errorf("a site's turn is at %v, %v", at, err)
	}
}

// Twenty decide at once that only one more may be posted.
func (s suite) turns(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	var all []watch.Item
	for i := range 20 {
		all = append(all, item("w1", fmt.Sprint(i), now))
	}
	ok(t, a.Put(ctx, all))
	var deciding sync.WaitGroup
	for i := range 20 {
		deciding.Go(func() {
			err := []watch.Store{a, b}[i%2].Turn(ctx, here, now.Add(-time.Hour), "w1", []string{fmt.Sprint(i)}, func(past, fresh []watch.Item) []watch.Item {
				if len(fresh) != 1 || fresh[0].State != watch.Waiting {
					t.Errorf("%+v", fresh)
				}
				it := fresh[0]
				it.State = watch.Skipped
				if len(past) < 3 {
					it.State = watch.Posting
				}
				return []watch.Item{it}
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	deciding.Wait()
	recent, err := a.Recent(ctx, here, "", 99)
	ok(t, err)
	posted := 0
	for _, it := range recent {
		if it.State == watch.Posting {
			posted++
		}
	}
	if posted != 3 {
		t.Errorf("%d were decided for, want 3", posted)
	}
}

func (s suite) hosts(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	var mu sync.Mutex
	had := map[int64]int{}
	var asking sync.WaitGroup
	for i := range 10 {
		asking.Go(func() {
			at, err := []watch.Store{a, b}[i%2].HostTurn(ctx, "a.example", now, time.Second, time.Hour)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			had[at.Sub(now).Milliseconds()]++
		})
	}
	asking.Wait()
	for i := range int64(10) {
		if had[1000*i] != 1 {
			t.Errorf("%v", had)
			break
		}
	}
	if at, err := a.HostTurn(ctx, "a.example", now.Add(time.Hour), time.Second, time.Hour); err != nil || !at.Equal(now.Add(time.Hour)) {
		t.Errorf("%v, %v", at, err)
	}
}

// Five hundred feeds of one host ask at once, again and again: those whose turn is
// far away use up none, so that all are read in the time that it takes.
func (s suite) hostOfMany(t *testing.T) {
	a, _ := s.open(t)
	const feeds, gap, most = 500, 3 * time.Second, 40 * time.Second
	var left []int
	for i := range feeds {
		left = append(left, i)
	}
	at, minutes := now, 0
	for ; len(left) > 0 && minutes < 60; minutes++ {
		var wait []int
		for _, f := range left {
			turn, err := a.HostTurn(t.Context(), "a.example", at, gap, most)
			ok(t, err)
			if turn.Sub(at) > most {
				wait = append(wait, f)
			}
		}
		left, at = wait, at.Add(time.Minute)
	}
	if len(left) > 0 || minutes < feeds*int(gap/time.Second)/60 {
		t.Errorf("after %d minutes %d feeds were not read", minutes, len(left))
	}
}

func (s suite) articles(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	f := watch.Followed{Place: here, Key: "k", Link: "l", Next: now, Began: now, Article: []byte("1")}
	f.Place.Thread = "7"
	ok(t, a.Follow(ctx, f))
	again := f
	again.Article = []byte("2")
	ok(t, b.Follow(ctx, again))
	due, err := b.DueArticles(ctx, now, 9)
	ok(t, err)
	if len(due) != 1 || string(due[0].Article) != "1" || due[0].Place.Thread != "7" || !due[0].Began.Equal(now) {
		t.Fatalf("%+v", due)
	}
	f.Step, f.Next, f.Article = 1, now.Add(time.Hour), []byte("3")
	ok(t, b.Reread(ctx, f, []watch.Item{item("article", "x", now)}))
	if due, _ = a.DueArticles(ctx, now.Add(time.Hour), 9); len(due) != 1 || due[0].Step != 1 || string(due[0].Article) != "3" {
		t.Errorf("%+v", due)
	}
	f.Next = time.Time{}
	ok(t, a.Reread(ctx, f, nil))
	ok(t, a.Follow(ctx, again))
	ok(t, a.Unfollow(ctx, here))
	if due, err = b.DueArticles(ctx, now.Add(9*time.Hour), 9); len(due) != 0 || err != nil {
		t.Errorf("%+v, %v", due, err)
	}
}

func (s suite) consent(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	for _, want := range []bool{true, false, true} {
		ok(t, a.Allow(ctx, here, want))
		if got, err := b.Consent(ctx, here); got != want || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
	other := here
	other.Channel = "C2"
	if got, err := b.Consent(ctx, other); got || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// What a feed still has is not forgotten, however old it is.
func (s suite) sweep(t *testing.T) {
	a, b := s.open(t)
	ctx := t.Context()
	const url = "https://a.example/feed"
	ok(t, a.Add(ctx, one("w1", url), nil))
	f := watch.FeedState{URL: url, Next: now, Full: now}
	over := item("w1", "old", time.Time{})
	over.State = watch.Posted
	ok(t, a.Reading(ctx, f, map[string]string{"k:stays": "", "k:gone": ""}, nil, []watch.Item{over, item("w1", "waits", now)}, now))
	f.Full = now.Add(200 * 24 * time.Hour)
	ok(t, a.Reading(ctx, f, nil, []string{"k:stays"}, nil, f.Full))
	ok(t, b.Sweep(ctx, f.Full))
	known, err := b.Known(ctx, url, []string{"k:stays", "k:gone"})
	ok(t, err)
	if _, stays := known["k:stays"]; !stays || len(known) != 1 {
		t.Errorf("%v", known)
	}
	recent, err := b.Recent(ctx, here, "", 9)
	ok(t, err)
	if keys(recent) != "waits" {
		t.Errorf("%s", keys(recent))
	}
}

func (s suite) hostile(t *testing.T) {
	a, b := s.open(t)
	ctx := context.Background()
	for i, evil := range []string{"'; DROP TABLE watches; --", "a\x00b", "\xff\xfe", "%_*?[]", strings.Repeat("x", 100_000), "ünï“”", `"\`} {
		w := one(fmt.Sprint("w", i), "https://a.example/"+strings.ReplaceAll(evil, "\x00", ""))
		w.Place.Channel, w.Place.Thread, w.Title = evil, evil, evil
		it := item(w.ID, evil, now)
		it.Place, it.Title, it.URL, it.Why, it.Text, it.Message = w.Place, evil, evil, evil, evil, evil
		if err := a.Add(ctx, w, []watch.Item{it}); err != nil {
			t.Fatalf("%.20q: %v", evil, err)
		}
		got, found, err := b.Item(ctx, w.ID, evil)
		if err != nil || !found || got.Title != evil || got.Why != evil || got.Place.Channel != evil {
			t.Errorf("%.20q: %.50q, %v, %v", evil, got.Title, found, err)
		}
		all, err := b.List(ctx, watch.Query{Place: watch.Place{Channel: evil}})
		if err != nil || len(all) != 1 {
			t.Errorf("%.20q: %d, %v", evil, len(all), err)
		}
	}
	for _, at := range []time.Time{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)} {
		it := item("times", at.String(), time.Time{})
		it.Seen, it.At = at, at
		if err := a.Put(ctx, []watch.Item{it}); err != nil {
			t.Error(err)
		}
	}
}
