package worktest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"onrecord/work"
)

// Leases tries leases. open gives two ways to new ones, as two processes have.
func Leases(t *testing.T, open func(t *testing.T) (a, b work.Leases)) {
	ctx := context.Background()
	now := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	in := func(s int) time.Time { return now.Add(time.Duration(s) * time.Second) }
	hold := func(t *testing.T, l work.Leases, name, owner string, from, until int, want bool) {
		t.Helper()
		if got, err := l.Hold(ctx, name, owner, in(from), in(until)); err != nil || got != want {
			t.Errorf("%s holds %s: %v, %v, want %v", owner, name, got, err, want)
		}
	}
	t.Run("one at a time", func(t *testing.T) {
		a, b := open(t)
		hold(t, a, "x", "ann", 0, 10, true)
		hold(t, b, "x", "ben", 5, 15, false)
		hold(t, a, "x", "ann", 6, 16, true) // renewed
		hold(t, b, "x", "ben", 12, 22, false)
		hold(t, b, "y", "ben", 12, 22, true)
		hold(t, b, "x", "ben", 17, 27, true) // run out
		hold(t, a, "x", "ann", 18, 28, false)
	})
	t.Run("given back", func(t *testing.T) {
		a, b := open(t)
		hold(t, a, "x", "ann", 0, 10, true)
		if err := b.Drop(ctx, "x", "ben"); err != nil {
			t.Error(err)
		}
		hold(t, b, "x", "ben", 1, 11, false)
		if err := a.Drop(ctx, "x", "ann"); err != nil {
			t.Error(err)
		}
		hold(t, b, "x", "ben", 1, 11, true)
	})
	t.Run("listed by the beginning of their names", func(t *testing.T) {
		a, b := open(t)
		for name, until := range map[string]int{"p/1": 10, "p/2": 3, "p%": 10, "p/é": 10, "q/1": 10, "p": 10} {
			hold(t, a, name, "ann", 0, until, true)
		}
		all, err := b.Held(ctx, "p/", in(5))
		if got := fmt.Sprint(all); err != nil || got != "[{p/1 ann} {p/é ann}]" {
			t.Errorf("Held: %s, %v", got, err)
		}
	})
}
