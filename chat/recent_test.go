package chat_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/chat"
)

func seen(handle string, private bool, data string) chat.Seen {
	return chat.Seen{Handle: handle, Name: handle, Private: private, Source: article.Source{Data: []byte(data)}, At: time.Now()}
}

func TestMemoryRecentForgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		var m chat.MemoryRecent
		scope := in("", "ada")
		knows := func(handle string, want bool) {
			t.Helper()
			if _, ok, err := m.Find(ctx, scope, handle); ok != want || err != nil {
				t.Errorf("Find(%s) = %v, %v, want %v", handle, ok, err, want)
			}
		}
		_ = m.Remember(ctx, scope, seen("private", true, ""))
		_ = m.Remember(ctx, scope, seen("public", false, ""))
		time.Sleep(24*time.Hour - time.Second)
		knows("private", true)
		time.Sleep(time.Second)
		knows("private", false)
		knows("public", true)
		time.Sleep(6 * 24 * time.Hour)
		knows("public", false)

		// Asking again makes young again.
		_ = m.Remember(ctx, scope, seen("private", true, ""))
		time.Sleep(20 * time.Hour)
		_ = m.Remember(ctx, scope, seen("private", true, ""))
		time.Sleep(20 * time.Hour)
		knows("private", true)
	})
}

func TestMemoryRecentIsBounded(t *testing.T) {
	ctx := t.Context()
	m := chat.MemoryRecent{Each: 3, Bytes: 10_000}
	scope := in("", "ada")
	for i := range 5 {
		_ = m.Remember(ctx, scope, seen(fmt.Sprint(i), false, ""))
	}
	for i, want := range []bool{false, false, true, true, true} {
		if _, ok, _ := m.Find(ctx, scope, fmt.Sprint(i)); ok != want {
			t.Errorf("article %d: %v, want %v", i, ok, want)
		}
	}
	if last, ok, _ := m.Last(ctx, scope); !ok || last.Handle != "4" {
		t.Errorf("Last = %v, %v", last.Handle, ok)
	}
	// Others' articles push out the oldest.
	for i := range 3 {
		_ = m.Remember(ctx, in("", fmt.Sprint("user", i)), seen("big", true, string(make([]byte, 3000))))
	}
	if _, ok, _ := m.Last(ctx, scope); ok {
		t.Error("more is kept than may be")
	}
	if _, ok, _ := m.Last(ctx, in("", "user2")); !ok {
		t.Error("the newest was forgotten")
	}
	// What is larger than everything is not kept, and pushes nothing else... but itself.
	_ = m.Remember(ctx, in("", "giant"), seen("giant", false, string(make([]byte, 20_000))))
	if _, ok, _ := m.Last(ctx, in("", "giant")); ok {
		t.Error("an article larger than the memory is kept")
	}
}

// Nothing is found from elsewhere, whatever was asked where by whom.
func TestRecentIsolation(t *testing.T) {
	names := rapid.SampledFrom([]string{"", "a", "b"})
	scopes := rapid.Custom(func(t *rapid.T) chat.Scope {
		return chat.Scope{
			Platform: names.Draw(t, "platform"), Workspace: names.Draw(t, "workspace"), Channel: names.Draw(t, "channel"),
			Thread: names.Draw(t, "thread"), User: rapid.SampledFrom([]string{"ada", "bob"}).Draw(t, "user"), Quiet: rapid.Bool().Draw(t, "quiet"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		m := chat.MemoryRecent{Each: rapid.IntRange(1, 3).Draw(t, "each")}
		from := map[string]chat.Scope{}
		for i := range rapid.IntRange(1, 30).Draw(t, "n") {
			scope := scopes.Draw(t, "scope")
			handle := fmt.Sprint(i)
			from[handle] = scope
			_ = m.Remember(t.Context(), scope, seen(handle, rapid.Bool().Draw(t, "private"), ""))
		}
		asker := scopes.Draw(t, "asker")
		for handle, scope := range from {
			_, ok, _ := m.Find(t.Context(), asker, handle)
			here := asker.Platform == scope.Platform && asker.Workspace == scope.Workspace && asker.Channel == scope.Channel
			may := here && (asker.User == scope.User || !scope.Quiet && scope.Thread != "" && asker.Thread == scope.Thread)
			if ok && !may {
				t.Fatalf("%+v sees what was asked in %+v", asker, scope)
			}
		}
	})
}
