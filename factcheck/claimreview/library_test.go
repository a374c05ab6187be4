package claimreview

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/factcheck"
)

// memory is a Store in memory.
type memory struct {
	reviews map[string]factcheck.Review
	version int
	loads   int
	err     error
	sources map[string]Source
}

func (m *memory) Put(_ context.Context, s Source, entries []Entry) (added, changed int, err error) {
	for _, e := range entries {
		if old, ok := m.reviews[e.Key]; !ok {
			added++
		} else if Newer(&e.Review, &old) {
			changed++
		}
		if m.reviews == nil {
			m.reviews = map[string]factcheck.Review{}
		}
		m.reviews[e.Key] = e.Review
	}
	m.version++
	return added, changed, m.Note(context.Background(), s)
}

func (m *memory) Note(_ context.Context, s Source) error {
	if m.sources == nil {
		m.sources = map[string]Source{}
	}
	m.sources[s.Name] = s
	return nil
}

func (m *memory) Remove(context.Context, string) (int, error) {
	n := len(m.reviews)
	m.reviews = nil
	m.version++
	return n, nil
}

func (m *memory) Load(context.Context) (all []factcheck.Review, err error) {
	m.loads++
	for _, k := range slices.Sorted(maps.Keys(m.reviews)) {
		all = append(all, m.reviews[k])
	}
	return all, m.err
}

func (m *memory) Version(context.Context) (string, error) {
	if m.version == 0 {
		return "", m.err
	}
	return strconv.Itoa(m.version), m.err
}

func (m *memory) Sources(context.Context) ([]Source, error) {
	return slices.Collect(maps.Values(m.sources)), nil
}

var asksHarbour = factcheck.Question{Text: "Dora Pell sold Vellmar's harbour to a foreign bank in 2019", Private: true}

// The library follows its store, and serves on with what it has when that
// cannot be read.
func TestLibrary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := &memory{}
		l := &Library{Store: m}
		ask := func() (string, error) {
			found, err := l.Find(t.Context(), asksHarbour)
			if len(found) == 0 {
				return "", err
			}
			return found[0].ID, err
		}
		if _, err := ask(); !errors.Is(err, ErrEmpty) || l.Label(t.Context()) != "" {
			t.Errorf("empty: %v", err)
		}
		read := func(yield func(factcheck.Review) error) (Kind, error) {
			for _, r := range append(invented, invented[0]) {
				if err := yield(r); err != nil {
					return JSON, err
				}
			}
			return JSON, nil
		}
		if added, changed, err := Import(t.Context(), m, Source{Name: "x"}, read); added != len(invented) || changed > 1 || err != nil {
			t.Errorf("imported %d, %d, %v", added, changed, err)
		}
		time.Sleep(time.Minute)
		if id, err := ask(); id != "harbour" || err != nil {
			t.Errorf("found %q, %v", id, err)
		}
		if id, err := ask(); id != "harbour" || err != nil || m.loads != 1 {
			t.Errorf("found %q, %v after %d loads", id, err, m.loads)
		}
		if label := l.Label(t.Context()); label != "4 reviews, version 1" {
			t.Errorf("label %q", label)
		}
		m.err = errors.New("broken")
		time.Sleep(time.Minute)
		if id, err := ask(); id != "harbour" || err != nil {
			t.Errorf("with a broken store: %q, %v", id, err)
		}
		if _, err := (&Library{Store: m}).Find(t.Context(), asksHarbour); !errors.Is(err, m.err) {
			t.Errorf("with a store that was always broken: %v", err)
		}
		m.err = nil
		_, _ = m.Remove(t.Context(), "x")
		time.Sleep(time.Minute)
		if _, err := ask(); !errors.Is(err, ErrEmpty) {
			t.Errorf("emptied: %v", err)
		}
	})
}

// What was read before a source failed is kept, and the failure is noted.
func TestImportFails(t *testing.T) {
	m := &memory{}
	broken := errors.New("cut\noff")
	added, _, err := Import(t.Context(), m, Source{Name: "x"}, func(yield func(factcheck.Review) error) (Kind, error) {
		return CSV, errors.Join(yield(invented[0]), broken)
	})
	if added != 1 || !errors.Is(err, broken) {
		t.Errorf("added %d, %v", added, err)
	}
	if len(m.reviews) != 1 || m.sources["x"].Problem != "cut off" {
		t.Errorf("kept %d, noted %+v", len(m.reviews), m.sources["x"])
	}
}

const googleAnswer = `{"claims": [{"text": "Mayor Dora Pell sold the harbour of Vellmar to a foreign bank.", "claimReview": [{"publisher": {"name": "World Desk"},
 "url": "https://desk.example/1", "textualRating": "Misleading", "reviewDate": "2019-12-01T00:00:00Z"}]},
 {"text": "Mayor Tom Varga sold the harbour of Vellmar to a foreign bank.", "claimReview": [{"publisher": {"name": "World Desk"}, "url": "https://desk.example/2", "textualRating": "True"}]}]}`

// service is Google's, on this machine.
type service struct {
	*httptest.Server
	asked  atomic.Int32
	status int
	after  string
	body   string
	last   *http.Request
}

func newService(t *testing.T) *service {
	s := &service{status: http.StatusOK, body: googleAnswer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked.Add(1)
		s.last = r
		if s.after != "" {
			w.Header().Set("Retry-After", s.after)
		}
		w.WriteHeader(s.status)
		_, _ = w.Write([]byte(s.body))
	}))
	t.Cleanup(s.Close)
	return s
}

func TestGoogle(t *testing.T) {
	s := newService(t)
	now := day("2020-01-01")
	g := &Google{Key: "secret", URL: s.URL, Client: s.Client(), Now: func() time.Time { return now }}
	l := &Library{Google: g}
	public := asksHarbour
	public.Private = false

	// Private questions stay here.
	if found, err := l.Find(t.Context(), asksHarbour); len(found) > 0 || err != nil || s.asked.Load() > 0 {
		t.Errorf("private: %v, %v, asked %d times", found, err, s.asked.Load())
	}
	// Answers go through the same guards, and are kept.
	for range 3 {
		found, err := l.Find(t.Context(), public)
		if err != nil || len(found) != 1 || found[0].Verdict != "Misleading" || found[0].Score > 1 {
			t.Fatalf("found %+v, %v", found, err)
		}
	}
	if n := s.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	if q := s.last.URL.Query(); q.Get("query") != public.Text || s.last.Header.Get("X-Goog-Api-Key") != "secret" || strings.Contains(s.last.URL.RawQuery, "secret") {
		t.Errorf("asked %s", s.last.URL)
	}
	now = now.Add(7 * time.Hour)
	if _, err := g.Search(t.Context(), public.Text); err != nil || s.asked.Load() != 2 {
		t.Errorf("after seven hours: %v, asked %d times", err, s.asked.Load())
	}

	// Told to wait, it waits; a second time longer; at most an hour.
	s.status, s.after = http.StatusTooManyRequests, "120"
	_, err := g.Search(t.Context(), "one")
	if err == nil || errors.Is(err, ErrPaused) || strings.Contains(err.Error(), "secret") {
		t.Errorf("429: %v", err)
	}
	asked := s.asked.Load()
	now = now.Add(119 * time.Second)
	if _, err := g.Search(t.Context(), "two"); !errors.Is(err, ErrPaused) || s.asked.Load() != asked {
		t.Errorf("in the pause: %v", err)
	}
	now = now.Add(2 * time.Second)
	s.status, s.after = http.StatusBadGateway, ""
	if _, err := g.Search(t.Context(), "two"); err == nil || errors.Is(err, ErrPaused) {
		t.Errorf("after the pause: %v", err)
	}
	now = now.Add(239 * time.Second)
	if _, err := g.Search(t.Context(), "two"); !errors.Is(err, ErrPaused) {
		t.Errorf("in the longer pause: %v", err)
	}
	now = now.Add(time.Hour)
	s.status, s.after = http.StatusTooManyRequests, "999999999999"
	_, _ = g.Search(t.Context(), "two")
	now = now.Add(time.Hour)
	s.status, s.after = http.StatusOK, ""
	if _, err := g.Search(t.Context(), "two"); err != nil {
		t.Errorf("after an hour: %v", err)
	}

	// Nonsense is no answer, and no reason to stop.
	for _, body := range []string{"<html>", `{"claims": "x"}`, "{}", `{"claims": [{"text": 3, "claimReview": [[], 7]}]}`, strings.Repeat(" ", googleBytes+2)} {
		s.body = body
		if found, _ := g.Search(t.Context(), "q"+body[:1]+strconv.Itoa(len(body))); len(found) > 0 {
			t.Errorf("%.40q: %+v", body, found)
		}
	}
}
