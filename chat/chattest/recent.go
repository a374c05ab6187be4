package chattest

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/chat"
)

// Recents is what RecentSuite tests: a chat.Recent that can list.
type Recents interface {
	chat.Recent
	chat.Lister
}

// RecentSuite is the conformance test of a chat.Recent. Open makes an empty one
// that remembers each articles for each person or thread, and so many bytes in
// all; where they are 0, its own defaults of 10 articles and 7 days.
func RecentSuite(t *testing.T, open func(t *testing.T, each, bytes int) Recents) {
	s := recentSuite{open}
	t.Run("WholeSources", s.whole)
	t.Run("NearestFirst", s.nearest)
	t.Run("Forgets", s.forgets)
	t.Run("IsBounded", s.bounded)
	t.Run("Lists", s.lists)
	t.Run("HostileValues", s.hostile)
	t.Run("AnyOrder", s.model)
}

type recentSuite struct {
	open func(t *testing.T, each, bytes int) Recents
}

func scopeIn(channel, thread, user string) chat.Scope {
	return chat.Scope{Platform: "fake", Workspace: "w", Channel: channel, Thread: thread, User: user}
}

func saw(handle string, private bool, data string) chat.Seen {
	return chat.Seen{Handle: handle, Name: "name of " + handle, Private: private, Source: article.Source{Data: []byte(data)}, At: time.Now()}
}

func remember(t testing.TB, r chat.Recent, scope chat.Scope, seen ...chat.Seen) {
	t.Helper()
	for _, s := range seen {
		if err := r.Remember(t.Context(), scope, s); err != nil {
			t.Fatalf("Remember: %v", err)
		}
	}
}

func knows(t testing.TB, r chat.Recent, scope chat.Scope, handle string, want bool) {
	t.Helper()
	if _, ok, err := r.Find(t.Context(), scope, handle); ok != want || err != nil {
		t.Errorf("Find(%s) = %v, %v, want %v", handle, ok, err, want)
	}
}

func lastIs(t testing.TB, r chat.Recent, scope chat.Scope, want string) {
	t.Helper()
	if s, _, err := r.Last(t.Context(), scope); s.Handle != want || err != nil {
		t.Errorf("Last = %q, %v, want %q", s.Handle, err, want)
	}
}

func handles(all []chat.Seen) string {
	var h []string
	for _, s := range all {
		h = append(h, s.Handle)
	}
	return strings.Join(h, " ")
}

// whole finds out whether a field of a source gets lost, also one that is added
// some day.
func (s recentSuite) whole(t *testing.T) {
	r := s.open(t, 0, 0)
	scope := scopeIn("c", "", "ada")
	var src article.Source
	v := reflect.ValueOf(&src).Elem()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch f := v.Field(i).Addr().Interface().(type) {
		case *string:
			*f = "the " + name
		case *bool:
			*f = true
		case *[]byte:
			*f = []byte("\x00\xff data")
		case *time.Time:
			*f = time.Date(2020, 1, 21, 23, 30, 0, 5, time.FixedZone("", -3*3600))
		default:
			t.Fatalf("the test does not know how to fill in %s", name)
		}
	}
	want := chat.Seen{Handle: "#01234567", Name: "a title", Source: src, Private: true, At: time.Now()}
	remember(t, r, scope, want)
	got, ok, err := r.Find(t.Context(), scope, want.Handle)
	if !ok || err != nil {
		t.Fatalf("Find = %v, %v", ok, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-remembered +found)\n%s", diff)
	}
	if _, had := got.Source.Date.Zone(); had != -3*3600 {
		t.Error("the date lost its zone")
	}
	plain := chat.Seen{Handle: "#plain", At: time.Now()}
	remember(t, r, scope, plain)
	if got, _, _ = r.Last(t.Context(), scope); got.Handle != "#plain" || len(got.Source.Data) > 0 || !got.Source.Date.IsZero() || got.Source.Verbatim || got.Private {
		t.Errorf("nothing came back as %+v", got)
	}
}

func (s recentSuite) nearest(t *testing.T) {
	r := s.open(t, 0, 0)
	ada, bob := scopeIn("c", "", "ada"), scopeIn("c", "", "bob")
	inThread := func(u chat.Scope) chat.Scope { u.Thread = "1"; return u }
	remember(t, r, ada, saw("a", false, ""), saw("b", false, ""))
	lastIs(t, r, ada, "b")
	lastIs(t, r, inThread(ada), "b") // nothing in the thread: her last one here
	lastIs(t, r, bob, "")

	remember(t, r, inThread(bob), saw("threads", false, ""))
	lastIs(t, r, inThread(ada), "threads")
	lastIs(t, r, ada, "b")
	lastIs(t, r, bob, "threads")
	knows(t, r, inThread(ada), "threads", true)
	knows(t, r, ada, "threads", false)

	// What was answered to the asker alone is not the thread's.
	quiet := inThread(bob)
	quiet.Quiet = true
	remember(t, r, quiet, saw("quiet", false, ""))
	lastIs(t, r, inThread(ada), "threads")
	lastIs(t, r, bob, "quiet")
	knows(t, r, inThread(ada), "quiet", false)

	// What was shared in a channel is found there by everybody, by its handle,
	// and is nobody's last.
	remember(t, r, scopeIn("c", "", ""), saw("shared", false, ""))
	knows(t, r, ada, "shared", true)
	knows(t, r, inThread(scopeIn("c", "", "eve")), "shared", true)
	knows(t, r, scopeIn("other", "", "ada"), "shared", false)
	lastIs(t, r, bob, "quiet")

	// Asked again is asked last.
	remember(t, r, ada, saw("a", false, ""))
	lastIs(t, r, ada, "a")
}

func (s recentSuite) forgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := s.open(t, 0, 0)
		scope := scopeIn("c", "7", "ada")
		remember(t, r, scope, saw("private", true, ""), saw("public", false, ""))
		time.Sleep(24*time.Hour - time.Second) //nolint:forbidigo // the time of a synctest bubble
		knows(t, r, scope, "private", true)
		time.Sleep(time.Second) //nolint:forbidigo // the time of a synctest bubble
		knows(t, r, scope, "private", false)
		knows(t, r, scope, "public", true)
		lastIs(t, r, scope, "public")
		if all, err := r.List(t.Context(), scope, 9); err != nil || handles(all) != "public" {
			t.Errorf("List = %q, %v", handles(all), err)
		}
		time.Sleep(6 * 24 * time.Hour) //nolint:forbidigo // the time of a synctest bubble
		knows(t, r, scope, "public", false)

		// Asking again makes young again.
		remember(t, r, scope, saw("private", true, ""))
		time.Sleep(20 * time.Hour) //nolint:forbidigo // the time of a synctest bubble
		remember(t, r, scope, saw("private", true, ""))
		time.Sleep(20 * time.Hour) //nolint:forbidigo // the time of a synctest bubble
		knows(t, r, scope, "private", true)
		time.Sleep(4 * time.Hour) //nolint:forbidigo // the time of a synctest bubble
		knows(t, r, scope, "private", false)
	})
}

func (s recentSuite) bounded(t *testing.T) {
	r := s.open(t, 3, 10_000)
	scope := scopeIn("c", "", "ada")
	for i := range 5 {
		remember(t, r, scope, saw(fmt.Sprint(i), false, ""))
	}
	for i, want := range []bool{false, false, true, true, true} {
		knows(t, r, scope, fmt.Sprint(i), want)
	}
	lastIs(t, r, scope, "4")
	// Others' articles push out the oldest.
	for i := range 3 {
		remember(t, r, scopeIn("c", "", fmt.Sprint("user", i)), saw("big", true, strings.Repeat("x", 3000)))
	}
	lastIs(t, r, scope, "")
	lastIs(t, r, scopeIn("c", "", "user2"), "big")
	// What is larger than everything is not kept.
	remember(t, r, scopeIn("c", "", "giant"), saw("giant", false, strings.Repeat("x", 20_000)))
	lastIs(t, r, scopeIn("c", "", "giant"), "")
	// The thread forgets by its own count, its people by theirs.
	thread := scopeIn("c", "1", "ada")
	remember(t, r, thread, saw("first", false, ""))
	for i := range 3 {
		remember(t, r, scopeIn("c", "1", "bob"), saw(fmt.Sprint("bobs", i), false, ""))
	}
	lastIs(t, r, thread, "bobs2")
	knows(t, r, scope, "first", true)
	knows(t, r, scopeIn("c", "1", "eve"), "first", false)
}

func (s recentSuite) lists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := s.open(t, 0, 0)
		put := func(scope chat.Scope, handle string, private bool) {
			t.Helper()
			remember(t, r, scope, saw(handle, private, ""))
			time.Sleep(time.Second) //nolint:forbidigo // the time of a synctest bubble
		}
		put(scopeIn("c", "", "ada"), "a1", false)
		put(scopeIn("d", "", "ada"), "a2", true)
		put(scopeIn("c", "9", "bob"), "b1", false)
		put(scopeIn("c", "9", "ada"), "a3", false)
		put(scopeIn("c", "", "ada"), "a1", false)
		elsewhere := scopeIn("c", "", "ada")
		elsewhere.Workspace = "other"
		put(elsewhere, "other", false)
		for _, c := range []struct {
			scope chat.Scope
			n     int
			want  string
		}{
			{scopeIn("c", "", "ada"), 9, "a1 a3"},
			{scopeIn("c", "9", "ada"), 9, "a1 a3 b1"},
			{scopeIn("c", "9", "ada"), 2, "a1 a3"},
			{scopeIn("c", "9", "eve"), 9, "a3 b1"},
			{scopeIn("", "", "ada"), 9, "a1 a3 a2"},
			{scopeIn("d", "", "bob"), 9, ""},
			{scopeIn("", "", "eve"), 9, ""},
			{scopeIn("", "", "bob"), 9, "b1"},
			{scopeIn("c", "", "ada"), 0, ""},
		} {
			all, err := r.List(t.Context(), c.scope, c.n)
			if err != nil || handles(all) != c.want {
				t.Errorf("List(%+v, %d) = %q, %v, want %q", c.scope, c.n, handles(all), err, c.want)
			}
		}
	})
}

func (s recentSuite) hostile(t *testing.T) {
	r := s.open(t, 0, 0)
	values := []string{"", "'; DROP TABLE recent; --", "\x00", "a\x00b", "\xff", "?", "%", "É", "E\u0301"}
	scope := func(i, j int) chat.Scope {
		return chat.Scope{Platform: values[i], Workspace: values[j], Channel: values[i], Thread: values[j], User: values[j]}
	}
	for i := range values {
		for j := range values {
			seen := saw(values[i]+values[j], false, values[i])
			seen.Name, seen.Source.Link, seen.Source.Title = values[i], values[j], values[i]
			remember(t, r, scope(i, j), seen)
		}
	}
	for i := range values {
		for j := range values {
			got, ok, err := r.Last(t.Context(), scope(i, j))
			if !ok || err != nil || got.Handle != values[i]+values[j] || got.Name != values[i] || got.Source.Link != values[j] || string(got.Source.Data) != values[i] {
				t.Errorf("%q, %q: %+v, %v, %v", values[i], values[j], got, ok, err)
			}
			if all, err := r.List(t.Context(), scope(i, j), 9); err != nil || len(all) == 0 {
				t.Errorf("%q, %q: List = %q, %v", values[i], values[j], handles(all), err)
			}
		}
	}
}

// model compares with a chat.MemoryRecent, step by step, and looks whether
// anything is found from where it must not be.
func (s recentSuite) model(t *testing.T) {
	names := rapid.SampledFrom([]string{"", "a", "b"})
	scopes := rapid.Custom(func(t *rapid.T) chat.Scope {
		return chat.Scope{
			Workspace: names.Draw(t, "workspace"), Channel: names.Draw(t, "channel"), Thread: names.Draw(t, "thread"),
			User: rapid.SampledFrom([]string{"ada", "bob"}).Draw(t, "user"), Quiet: rapid.Bool().Draw(t, "quiet"),
		}
	})
	var opened [3]Recents
	for i := range opened {
		opened[i] = s.open(t, i+1, 0)
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		each := rapid.IntRange(1, 3).Draw(rt, "each")
		r := opened[each-1]
		round++
		platform := fmt.Sprint("platform", round) // where nothing is remembered yet
		ref := &chat.MemoryRecent{Each: each}
		ctx := context.Background()
		at := time.Now()
		from := map[string][]chat.Scope{}
		for range rapid.IntRange(1, 20).Draw(rt, "n") {
			at = at.Add(time.Second)
			scope, handle := scopes.Draw(rt, "scope"), fmt.Sprint(rapid.IntRange(0, 6).Draw(rt, "handle"))
			scope.Platform = platform
			from[handle] = append(from[handle], scope)
			seen := chat.Seen{Handle: handle, Private: rapid.Bool().Draw(rt, "private"), At: at}
			if err := r.Remember(ctx, scope, seen); err != nil {
				rt.Fatal(err)
			}
			_ = ref.Remember(ctx, scope, seen)

			asker := scopes.Draw(rt, "asker")
			asker.Platform = platform
			got, ok, err := r.Last(ctx, asker)
			want, wantOK, _ := ref.Last(ctx, asker)
			if ok != wantOK || err != nil || got.Handle != want.Handle {
				rt.Fatalf("Last(%+v) = %q, %v, %v, want %q, %v", asker, got.Handle, ok, err, want.Handle, wantOK)
			}
			list, err := r.List(ctx, asker, 5)
			wanted, _ := ref.List(ctx, asker, 5)
			if err != nil || handles(list) != handles(wanted) {
				rt.Fatalf("List(%+v) = %q, %v, want %q", asker, handles(list), err, handles(wanted))
			}
			for handle, asked := range from {
				_, ok, err := r.Find(ctx, asker, handle)
				if _, wantOK, _ := ref.Find(ctx, asker, handle); ok != wantOK || err != nil {
					rt.Fatalf("Find(%+v, %s) = %v, %v, want %v", asker, handle, ok, err, wantOK)
				}
				may := false
				for _, scope := range asked {
					here := asker.Workspace == scope.Workspace && asker.Channel == scope.Channel
					may = may || here && (asker.User == scope.User || !scope.Quiet && scope.Thread != "" && asker.Thread == scope.Thread)
				}
				if ok && !may {
					rt.Fatalf("%+v sees what was asked in %+v", asker, asked)
				}
			}
		}
	})
}
