// Package checktest is the test that every checklist.Store passes.
package checktest

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/checklist"
)

var (
	desk  = checklist.Place{Platform: "slack", Workspace: "T1"}
	story = checklist.Article{Key: "https://a.example/story", Alias: "https://a.example/story?id=1", URL: "https://a.example/story?id=1", Title: "A story"}
	noon  = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
)

func mark(state checklist.State, claim, member string, minutes int) checklist.Mark {
	return checklist.Mark{
		State: state, Claim: claim, Words: "words of " + claim, Member: member, Name: "name of " + member,
		At: noon.Add(time.Duration(minutes) * time.Minute),
	}
}

// Store runs the test on empty stores that open makes.
func Store(t *testing.T, open func(*testing.T) checklist.Store) {
	set := func(t *testing.T, s checklist.Store, place checklist.Place, m checklist.Mark, until time.Time) bool {
		t.Helper()
		ok, err := s.Set(t.Context(), place, story, m, until)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	has := func(t *testing.T, s checklist.Store, place checklist.Place, want ...checklist.Mark) {
		t.Helper()
		got, err := s.Marks(t.Context(), place, story.Key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("want - got +:\n%s", diff)
		}
	}
	ever := time.Time{}

	t.Run("one mark of each state on a claim, in order of time", func(t *testing.T) {
		s := open(t)
		has(t, s, desk)
		taken, checked := mark(checklist.Taken, "c1", "ann", 0), mark(checklist.Checked, "c1", "ben", 2)
		checked.Rating, checked.Note, checked.Link = checklist.HalfRight, "see the\x00 report", "https://b.example"
		other := mark(checklist.Fix, "c2", "ann", 1)
		for _, m := range []checklist.Mark{checked, taken, other} {
			if !set(t, s, desk, m, ever) {
				t.Errorf("%v is not kept", m)
			}
		}
		has(t, s, desk, taken, other, checked)
		again := mark(checklist.Checked, "c1", "ann", 3)
		set(t, s, desk, again, ever)
		has(t, s, desk, taken, other, again)
	})

	t.Run("what is taken stays with whoever took it", func(t *testing.T) {
		s := open(t)
		first := mark(checklist.Taken, "c1", "ann", 0)
		set(t, s, desk, first, ever)
		if set(t, s, desk, mark(checklist.Taken, "c1", "ben", 1), ever) {
			t.Error("ben took what is ann's")
		}
		has(t, s, desk, first)
		if err := s.Clear(t.Context(), desk, story.Key, "c1"); err != nil {
			t.Fatal(err)
		}
		second := mark(checklist.Taken, "c1", "ben", 2)
		if !set(t, s, desk, second, ever) {
			t.Error("ben cannot take what is open again")
		}
		has(t, s, desk, second)
	})

	t.Run("many take at once, one has it", func(t *testing.T) {
		s := open(t)
		var wait sync.WaitGroup
		var mu sync.Mutex
		took := 0
		for n := range 8 {
			wait.Go(func() {
				ok, err := s.Set(t.Context(), desk, story, mark(checklist.Taken, "c1", fmt.Sprint("member ", n), n), ever)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if ok {
					took++
				}
			})
		}
		wait.Wait()
		if took != 1 {
			t.Errorf("%d have it", took)
		}
	})

	t.Run("one word about a fact-check, and clearing leaves it", func(t *testing.T) {
		s := open(t)
		yes, no := mark(checklist.Confirmed, "c1", "ann", 0), mark(checklist.Rejected, "c1", "ben", 1)
		yes.Review, no.Review = "https://check.example/1", "https://check.example/1"
		another := mark(checklist.Confirmed, "c1", "ann", 2)
		another.Review = "https://check.example/2"
		for _, m := range []checklist.Mark{yes, no, another, mark(checklist.Taken, "c1", "ann", 3)} {
			set(t, s, desk, m, ever)
		}
		if err := s.Clear(t.Context(), desk, story.Key, "c1"); err != nil {
			t.Fatal(err)
		}
		has(t, s, desk, no, another)
	})

	t.Run("places, articles and times are apart", func(t *testing.T) {
		s := open(t)
		m := mark(checklist.Taken, "c1", "ann", 0)
		set(t, s, desk, m, ever)
		for _, place := range []checklist.Place{
			{Platform: "slack", Workspace: "T2"},
			{Platform: "discord", Workspace: "T1"},
			{Platform: "slack", Workspace: "T1", Channel: "C1"},
			{Platform: "slack", Workspace: "T%"},
			{Platform: "slack", Workspace: "t1"},
		} {
			has(t, s, place)
		}
		if got, err := s.Marks(t.Context(), desk, story.Alias); err != nil || len(got) > 0 {
			t.Errorf("under another key: %v, %v", got, err)
		}
		private := checklist.Place{Platform: "slack", Workspace: "T1", Channel: "D1"}
		set(t, s, private, m, time.Now().Add(-time.Minute))
		has(t, s, private)
		taken := mark(checklist.Taken, "c1", "ben", 1)
		taken.At = time.Now().Round(0).UTC()
		if !set(t, s, private, taken, time.Now().Add(time.Hour)) {
			t.Error("what is over its time is still taken")
		}
		has(t, s, private, taken)
	})

	t.Run("forgetting", func(t *testing.T) {
		s := open(t)
		for _, key := range []string{story.Key, story.Alias} {
			set(t, s, desk, mark(checklist.Taken, "c1", "ann", 0), ever)
			if err := s.Forget(t.Context(), checklist.Place{Platform: "slack", Workspace: "T2"}, key); err != nil {
				t.Fatal(err)
			}
			has(t, s, desk, mark(checklist.Taken, "c1", "ann", 0))
			if err := s.Forget(t.Context(), desk, key); err != nil {
				t.Fatal(err)
			}
			has(t, s, desk)
		}
	})

	t.Run("strangers' words", func(t *testing.T) {
		s := open(t)
		for i, words := range []string{"'; DROP TABLE checklist; --", "%_*", strings.Repeat("ü", 5000), "<b>\"\\", "\u202eevil"} {
			m := mark(checklist.Checked, fmt.Sprint("c", i), words, i)
			m.Note, m.Words, m.Link, m.Name = words, words, words, words
			place := desk
			place.Workspace = words
			set(t, s, place, m, ever)
			has(t, s, place, m)
		}
	})
}
