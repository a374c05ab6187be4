package checklist

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a Store in memory: for tests, and where nothing is kept. The zero
// value works.
type Memory struct {
	mu  sync.Mutex
	all []kept
}

type kept struct {
	place Place
	of    Article
	mark  Mark
	until time.Time
}

// slot is what there is one of on a claim.
func (m Mark) slot() string {
	if m.Review != "" {
		return "review"
	}
	return string(m.State)
}

// Set implements Store.
func (s *Memory) Set(_ context.Context, place Place, a Article, m Mark, until time.Time) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.all, func(k kept) bool {
		return k.place == place && k.of.Key == a.Key && k.mark.Claim == m.Claim && k.mark.Review == m.Review && k.mark.slot() == m.slot()
	})
	if i >= 0 && m.State == Taken && s.all[i].mark.Member != m.Member && (s.all[i].until.IsZero() || s.all[i].until.After(m.At)) {
		return false, nil
	}
	if i >= 0 {
		s.all = slices.Delete(s.all, i, i+1)
	}
	s.all = append(s.all, kept{place, a, m, until})
	return true, nil
}

// Clear implements Store.
func (s *Memory) Clear(_ context.Context, place Place, article, claim string) error {
	s.drop(func(k kept) bool {
		return k.place == place && k.of.Key == article && k.mark.Claim == claim && k.mark.Review == ""
	})
	return nil
}

// Marks implements Store.
func (s *Memory) Marks(_ context.Context, place Place, article string) ([]Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	var all []Mark
	for _, k := range s.all {
		if k.place == place && k.of.Key == article && (k.until.IsZero() || k.until.After(now)) {
			all = append(all, k.mark)
		}
	}
	slices.SortStableFunc(all, func(a, b Mark) int { return a.At.Compare(b.At) })
	return all, nil
}

// Forget implements Store.
func (s *Memory) Forget(_ context.Context, place Place, key string) error {
	s.drop(func(k kept) bool { return k.place == place && (k.of.Key == key || k.of.Alias == key) })
	return nil
}

func (s *Memory) drop(which func(kept) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = slices.DeleteFunc(s.all, which)
}
