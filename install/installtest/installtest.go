// Package installtest is what every install.Store must pass.
package installtest

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"onrecord/install"
)

// Store tries a store. open gives a new and empty one.
func Store(t *testing.T, open func(t *testing.T) install.Store) {
	ctx := context.Background()
	at := time.Date(2026, 3, 4, 10, 2, 3, 4, time.UTC)
	whole := install.Record{
		Installation: install.Installation{
			Platform: "slack", Workspace: "T1", Enterprise: "E1", Name: "The <News>", Bot: "U1", Scopes: []string{"chat:write", "commands"},
			Installer: "U2", At: at, Expires: at.Add(12 * time.Hour), Problem: "token_revoked",
		},
		Sealed: []byte{0, 1, 2, 255},
	}
	bare := install.Record{Installation: install.Installation{Platform: "discord", Workspace: "T1", At: at}}
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	get := func(t *testing.T, s install.Store, want install.Record) {
		t.Helper()
		got, ok, err := s.Get(ctx, want.Platform, want.Workspace)
		if err != nil || !ok || !same(got, want) {
			t.Errorf("Get: %+v, %v, %v, want %+v", got, ok, err, want)
		}
	}
	t.Run("what is put is there", func(t *testing.T) {
		s := open(t)
		must(t, s.Put(ctx, whole))
		must(t, s.Put(ctx, bare))
		get(t, s, whole)
		get(t, s, bare)
		if _, ok, err := s.Get(ctx, "slack", "T2"); ok || err != nil {
			t.Errorf("Get of nothing: %v, %v", ok, err)
		}
	})
	t.Run("another one takes its place", func(t *testing.T) {
		s := open(t)
		must(t, s.Put(ctx, whole))
		next := install.Record{Installation: install.Installation{Platform: "slack", Workspace: "T1", Bot: "U9", At: at.Add(time.Hour)}, Sealed: []byte("x")}
		must(t, s.Put(ctx, next))
		get(t, s, next)
	})
	t.Run("they are listed by platform", func(t *testing.T) {
		s := open(t)
		for _, team := range []string{"T3", "T1", "T2"} {
			r := whole
			r.Workspace = team
			must(t, s.Put(ctx, r))
		}
		must(t, s.Put(ctx, bare))
		all, err := s.List(ctx, "slack")
		must(t, err)
		var teams []string
		for _, r := range all {
			teams = append(teams, r.Workspace)
		}
		if !slices.Equal(teams, []string{"T1", "T2", "T3"}) {
			t.Errorf("List: %q", teams)
		}
	})
	t.Run("only the secret that was read is replaced", func(t *testing.T) {
		s := open(t)
		must(t, s.Put(ctx, whole))
		must(t, s.Reseal(ctx, whole, []byte("second")))
		want := whole
		want.Sealed = []byte("second")
		get(t, s, want)
		must(t, s.Reseal(ctx, whole, []byte("third"))) // it was read before the second came
		get(t, s, want)
	})
	t.Run("notes and ends", func(t *testing.T) {
		s := open(t)
		must(t, s.Put(ctx, whole))
		must(t, s.Put(ctx, bare))
		must(t, s.Note(ctx, "slack", "T1", "account_inactive"))
		must(t, s.Note(ctx, "slack", "T2", "nobody"))
		want := whole
		want.Problem = "account_inactive"
		get(t, s, want)
		must(t, s.Delete(ctx, "slack", "T1"))
		must(t, s.Delete(ctx, "slack", "T1"))
		if _, ok, err := s.Get(ctx, "slack", "T1"); ok || err != nil {
			t.Errorf("it is still there: %v, %v", ok, err)
		}
		if all, err := s.List(ctx, "slack"); len(all) > 0 || err != nil {
			t.Errorf("List: %+v, %v", all, err)
		}
		get(t, s, bare)
	})
}

// same compares records, none of something being as good as an empty one.
func same(a, b install.Record) bool {
	for _, r := range []*install.Record{&a, &b} {
		if len(r.Sealed) == 0 {
			r.Sealed = nil
		}
		if len(r.Scopes) == 0 {
			r.Scopes = nil
		}
	}
	return reflect.DeepEqual(a, b)
}
