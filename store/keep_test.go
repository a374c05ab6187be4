package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
	"onrecord/chat"
	"onrecord/store"
	"onrecord/work"
	"onrecord/work/worktest"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSettings(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		s := opened(t, where(t), store.Options{}).Settings()
		ctx := t.Context()
		load := func(platform, workspace, want string) {
			t.Helper()
			if got, err := s.Load(ctx, platform, workspace); string(got) != want || err != nil {
				t.Errorf("Load(%q, %q) = %q, %v, want %q", platform, workspace, got, err, want)
			}
		}
		if got, err := s.Load(ctx, "slack", "T1"); got != nil || err != nil {
			t.Errorf("nothing was set, and Load = %q, %v", got, err)
		}
		ok(t, s.Save(ctx, "slack", "T1", []byte("one")))
		ok(t, s.Save(ctx, "slack", "T1", []byte("two\x00\xff")))
		ok(t, s.Save(ctx, "slack", "T2", nil))
		load("slack", "T1", "two\x00\xff")
		load("slack", "T2", "")
		load("discord", "T1", "")
		for _, v := range worktest.Hostile() {
			ok(t, s.Save(ctx, v, v, []byte(v)))
			load(v, v, v)
		}
	})
}

func TestNotes(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		n := opened(t, where(t), store.Options{}).Notes()
		ctx := t.Context()
		get := func(key, want string) {
			t.Helper()
			if got, found, err := n.Get(ctx, key); got != want || found != (want != "") || err != nil {
				t.Errorf("Get(%q) = %q, %v, %v, want %q", key, got, found, err, want)
			}
		}
		get("k", "")
		for _, v := range append(worktest.Hostile(), "") {
			ok(t, n.Set(ctx, "k", v))
			get("k", v)
			ok(t, n.Set(ctx, v, v))
			get(v, v)
		}
	})
}

func TestFeedback(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		f := opened(t, where(t), store.Options{}).Feedback()
		ctx := t.Context()
		at := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
		var want []chat.Feedback
		for i, v := range worktest.Hostile() {
			one := chat.Feedback{At: at.Add(time.Duration(i) * time.Hour), Platform: v, Workspace: v, Channel: v, User: v, Article: v, Item: v, Words: v, Reason: v, Engine: v}
			ok(t, f.Add(ctx, one))
			want = append([]chat.Feedback{one}, want...)
		}
		got, err := f.List(ctx, time.Time{}, 100)
		ok(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if got, err = f.List(ctx, at.Add(2*time.Hour), 3); err != nil || len(got) != 3 || !got[0].At.Equal(want[0].At) {
			t.Errorf("%d, %v", len(got), err)
		}
		ok(t, f.Add(ctx, chat.Feedback{Reason: "no time"}))
		if got, err = f.List(ctx, time.Now().Add(-time.Minute), 9); err != nil || len(got) != 1 {
			t.Errorf("%d of now, %v", len(got), err)
		}
	})
}

// fill puts one of everything into a workspace.
func fill(t testing.TB, db *store.DB, workspace, user string) {
	t.Helper()
	ctx := t.Context()
	key := workspace + user
	_, err := db.Work().Accept(ctx, work.Item{Key: key, Lane: "slack", Workspace: workspace, Payload: []byte("secret of " + key), Accepted: time.Now()})
	ok(t, err)
	scope := chat.Scope{Platform: "slack", Workspace: workspace, Channel: "C", Thread: "1", User: user}
	ok(t, db.Recent(store.RecentOptions{}).Remember(ctx, scope, chat.Seen{
		Handle: "#" + key, Name: "secret of " + key, Private: true, At: time.Now(), Source: article.FromText("secret of " + key),
	}))
	ok(t, db.Settings().Save(ctx, "slack", workspace, []byte("settings of "+workspace)))
	ok(t, db.Feedback().Add(ctx, chat.Feedback{Platform: "slack", Workspace: workspace, User: user, Words: "words of " + key}))
}

// left names what is there of a person in a workspace.
func left(t testing.TB, db *store.DB, workspace, user string) string {
	t.Helper()
	ctx := t.Context()
	var all []string
	add := func(name string, there bool, err error) {
		t.Helper()
		ok(t, err)
		if there {
			all = append(all, name)
		}
	}
	key := workspace + user
	fresh, err := db.Work().Accept(ctx, work.Item{Key: key, Lane: "test"})
	add("work", !fresh, err)
	_, found, err := db.Recent(store.RecentOptions{}).Last(ctx, chat.Scope{Platform: "slack", Workspace: workspace, Channel: "C", Thread: "1", User: user})
	add("recent", found, err)
	data, err := db.Settings().Load(ctx, "slack", workspace)
	add("settings", data != nil, err)
	list, err := db.Feedback().List(ctx, time.Time{}, 99)
	has := false
	for _, f := range list {
		has = has || f.Workspace == workspace && f.User == user
	}
	add("feedback", has, err)
	return strings.Join(all, " ")
}

// bytesOf is everything that stands on the disk.
func bytesOf(t testing.TB, path string) string {
	t.Helper()
	var all strings.Builder
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

func TestForget(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{})
	for _, who := range [][2]string{{"T1", "ada"}, {"T1", "bob"}, {"T2", "ada"}} {
		fill(t, db, who[0], who[1])
	}
	if !strings.Contains(bytesOf(t, path), "secret of T1ada") {
		t.Fatal("the test looks in the wrong place")
	}
	ok(t, db.Forget(t.Context(), "slack", "T1"))
	for who, want := range map[[2]string]string{
		{"T1", "ada"}: "",
		{"T1", "bob"}: "",
		{"T2", "ada"}: "work recent settings feedback",
	} {
		if got := left(t, db, who[0], who[1]); got != want {
			t.Errorf("left of %v: %q, want %q", who, got, want)
		}
	}
	for _, gone := range []string{"secret of T1", "settings of T1", "words of T1"} {
		if strings.Contains(bytesOf(t, path), gone) {
			t.Errorf("%q still stands on the disk", gone)
		}
	}
}

func TestForgetUser(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		db := opened(t, where(t), store.Options{})
		for _, who := range [][2]string{{"T1", "ada"}, {"T1", "bob"}, {"T2", "ada"}} {
			fill(t, db, who[0], who[1])
		}
		ok(t, db.ForgetUser(t.Context(), "slack", "T1", "ada"))
		const all = "work recent settings feedback"
		for who, want := range map[[2]string]string{
			{"T1", "ada"}: "work recent settings", // bob's article in the thread
			{"T1", "bob"}: all,
			{"T2", "ada"}: all,
		} {
			if got := left(t, db, who[0], who[1]); got != want {
				t.Errorf("left of %v: %q, want %q", who, got, want)
			}
		}
	})
}

func TestExpire(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{KeepFeedback: 48 * time.Hour})
	fill(t, db, "T1", "ada")
	ctx := t.Context()
	ok(t, db.Expire(ctx, time.Now().Add(23*time.Hour)))
	if got := left(t, db, "T1", "ada"); got != "work recent settings feedback" {
		t.Errorf("after 23 hours: %q", got)
	}
	items, err := db.Work().Lease(ctx, "slack", "x", 1, time.Now(), time.Now().Add(time.Minute))
	if err != nil || len(items) != 1 {
		t.Fatal(len(items), err)
	}
	ok(t, db.Work().Finish(ctx, "x", "T1ada", work.Done, "", time.Now()))
	ok(t, db.Expire(ctx, time.Now().Add(24*time.Hour)))
	if got := left(t, db, "T1", "ada"); got != "work settings feedback" {
		t.Errorf("after 24 hours: %q", got)
	}
	if strings.Contains(bytesOf(t, path), "secret of") {
		t.Error("what is private still stands on the disk")
	}
	ok(t, db.Expire(ctx, time.Now().Add(49*time.Hour)))
	if got := left(t, db, "T1", "ada"); got != "work settings" {
		t.Errorf("after 49 hours: %q", got)
	}
}

// The file gives its room back.
func TestSize(t *testing.T) {
	db := fresh(t)
	ctx := t.Context()
	r := db.Recent(store.RecentOptions{})
	for range 5 {
		ok(t, r.Remember(ctx, chat.Scope{User: time.Now().String()}, chat.Seen{Private: true, Source: article.FromText(strings.Repeat("x", 1<<20))}))
	}
	large, err := db.Size(ctx)
	ok(t, err)
	ok(t, db.Expire(ctx, time.Now().Add(24*time.Hour)))
	small, err := db.Size(ctx)
	ok(t, err)
	if large < 5<<20 || small > 1<<20 {
		t.Errorf("%d bytes, then %d", large, small)
	}
}

func TestBackup(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	db := fresh(t)
	ctx := t.Context()
	fill(t, db, "T1", "ada")
	scope := chat.Scope{Platform: "slack", Workspace: "T1", Channel: "C", User: "ada"}
	ok(t, db.Recent(store.RecentOptions{}).Remember(ctx, scope, chat.Seen{Handle: "#public", At: time.Now(), Source: article.Source{Link: "https://a.example/"}}))
	path := filepath.Join(t.TempDir(), "a 'copy'?.db")
	ok(t, db.Backup(ctx, path))
	info, err := os.Stat(path)
	ok(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the backup's mode is %v", info.Mode())
	}
	if strings.Contains(bytesOf(t, path), "secret of") {
		t.Error("what is private is in the backup")
	}
	if err := db.Backup(ctx, path); err == nil {
		t.Error("a backup was overwritten")
	}
	if err := db.Backup(ctx, filepath.Join(t.TempDir(), "no", "folder")); err == nil {
		t.Error("a backup went into a folder that does not exist")
	}
	restored := opened(t, path, store.Options{})
	ok(t, restored.Check(ctx))
	if got := left(t, restored, "T1", "ada"); got != "recent settings feedback" {
		t.Errorf("in the backup: %q", got)
	}
	if _, found, err := restored.Recent(store.RecentOptions{}).Find(ctx, scope, "#public"); !found || err != nil {
		t.Error("the public article is missing", err)
	}
}
