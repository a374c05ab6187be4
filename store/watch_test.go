package store_test

import (
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
