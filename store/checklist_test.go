package store_test

import (
	"testing"
	"time"

	"onrecord/checklist"
	"onrecord/checklist/checktest"
	"onrecord/store"
)

func TestChecklist(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		checktest.Store(t, func(t *testing.T) checklist.Store {
			return opened(t, where(t), store.Options{}).Checklist()
		})
	})
}

// Marks go with the person who made them, with the workspace, and with their
// time.
func TestChecklistIsForgotten(t *testing.T) {
	each(t, checklistIsForgotten)
}

func checklistIsForgotten(t *testing.T, where func(testing.TB) string) {
	db := opened(t, where(t), store.Options{})
	story := checklist.Article{Key: "k", Alias: "k"}
	place := checklist.Place{Platform: "slack", Workspace: "T1"}
	alone := checklist.Place{Platform: "slack", Workspace: "T1", Channel: "D1"}
	now := time.Now().UTC()
	for claim, member := range map[string]string{"c1": "ann", "c2": "ben"} {
		m := checklist.Mark{State: checklist.Taken, Claim: claim, Member: member, At: now}
		if _, err := db.Checklist().Set(t.Context(), place, story, m, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Checklist().Set(t.Context(), alone, story, m, now.Add(24*time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	has := func(when string, p checklist.Place, want int) {
		t.Helper()
		if got, err := db.Checklist().Marks(t.Context(), p, "k"); err != nil || len(got) != want {
			t.Errorf("%s: %d marks, want %d (%v)", when, len(got), want, err)
		}
	}
	if err := db.ForgetUser(t.Context(), "slack", "T1", "ann"); err != nil {
		t.Fatal(err)
	}
	has("without ann", place, 1)
	has("without ann", alone, 1)
	if err := db.Expire(t.Context(), now.Add(25*time.Hour)); err != nil {
		t.Fatal(err)
	}
	has("after a day", place, 1)
	has("after a day", alone, 0)
	if err := db.Forget(t.Context(), "slack", "T1"); err != nil {
		t.Fatal(err)
	}
	has("without the workspace", place, 0)
}
