package store_test

import (
	"path/filepath"
	"testing"

	"onrecord/store"
	"onrecord/watch"
	"onrecord/watch/watchtest"
)

func TestWatches(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		watchtest.Store(t, func(t *testing.T) (a, b watch.Store) {
			path := where(t)
			return opened(t, path, store.Options{}).Watches(), opened(t, path, store.Options{}).Watches()
		})
	})
}

// When a workspace takes the bot out, what programs were told of it goes too.
func TestForgetDropsWebhooks(t *testing.T) {
	db := opened(t, filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	for id, team := range map[string]string{"w1": "T1", "w2": "T2"} {
		one := watch.Watch{ID: id, Kind: watch.Topic, Of: "asylum", Place: watch.HookPlace("slack", team), Hook: "https://a.example/hook"}
		ok(t, db.Watches().Add(t.Context(), one, nil))
	}
	ok(t, db.Forget(t.Context(), "slack", "T1"))
	left, err := db.Watches().List(t.Context(), watch.Query{})
	ok(t, err)
	if len(left) != 1 || left[0].ID != "w2" {
		t.Errorf("%+v", left)
	}
}
