package claimreview

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/factcheck"
)

// Entry is a review with the key by which it is known again.
type Entry struct {
	Key    string
	Review factcheck.Review
}

// Source is where reviews come from.
type Source struct {
	Name    string // address or path
	Kind    Kind
	Added   time.Time
	Updated time.Time // when it was read last
	Reviews int       // that are kept of it
	Problem string    // why the last reading failed; empty when it did not
}

// Store keeps reviews across restarts; package store has one.
type Store interface {
	// Put keeps the entries of a source, in one step. One whose key is there
	// already takes the old one's place unless it is older ([Newer]).
	Put(ctx context.Context, source Source, entries []Entry) (added, changed int, err error)
	// Note keeps what is known of a source.
	Note(ctx context.Context, source Source) error
	// Remove drops a source and its reviews.
	Remove(ctx context.Context, name string) (reviews int, err error)
	// Load gives all reviews, in the order of their keys.
	Load(ctx context.Context) ([]factcheck.Review, error)
	// Version is another one after every Put and Remove, empty when there never
	// was one.
	Version(ctx context.Context) (string, error)
	Sources(ctx context.Context) ([]Source, error)
}

// MaxMatches is how many published fact-checks are shown for a claim.
const MaxMatches = 3

// Library finds published fact-checks: in the index that it makes of what the
// store holds, and, if there is one, with Google's service. Its methods may be
// called from any number of goroutines.
type Library struct {
	Store  Store         // nil for none
	Google *Google       // nil for none
	Log    *slog.Logger  // nil is silence
	Look   time.Duration // how often to look whether the store has changed; 10 s if 0

	mu      sync.Mutex
	index   *Index
	version string
	looked  time.Time
}

// ErrEmpty says that no fact-checks are loaded.
var ErrEmpty = &emptyError{}

type emptyError struct{}

func (*emptyError) Error() string { return "no published fact-checks are loaded" }

// Sentence says to people what is missing and what can be done.
func (*emptyError) Sentence() string {
	return "No published fact-checks are loaded here yet: whoever runs the bot loads some with 'bot reviews add FILE-OR-LINK'."
}

// Find gives the published fact-checks of a claim, best first and [MaxMatches]
// at most; none when nothing was found that surely checks it. Its error is
// [ErrEmpty] when there is nothing to search, or the store's.
func (l *Library) Find(ctx context.Context, q factcheck.Question) ([]factcheck.Match, error) {
	x, err := l.Index(ctx)
	if err != nil {
		return nil, err
	}
	if x.Len() == 0 && l.Google == nil {
		return nil, ErrEmpty
	}
	found := x.Find(Query{Text: q.Text, Speaker: q.Speaker, Date: q.Date}, MaxMatches)
	if l.Google != nil && !q.Private && len(found) < MaxMatches {
		asked, err := l.Google.Search(ctx, q.Text)
		if err != nil {
			l.log().WarnContext(ctx, "the fact-check service did not answer", "error", err)
		}
		found = append(found, x.among(q, asked)...)
	}
	slices.SortStableFunc(found, func(a, b factcheck.Match) int { return cmp.Compare(b.Score, a.Score) })
	return once(found), nil
}

// once drops repeats of the same page and what is too much.
func once(found []factcheck.Match) []factcheck.Match {
	seen := map[string]bool{}
	found = slices.DeleteFunc(found, func(m factcheck.Match) bool {
		key := canonical(m.URL)
		again := m.URL != "" && seen[key]
		seen[key] = true
		return again
	})
	return found[:min(len(found), MaxMatches)]
}

// Label names what is searched, for the engine's line of an export: it changes
// with every change of the index. Empty when nothing is.
func (l *Library) Label(ctx context.Context) string {
	x, err := l.Index(ctx)
	if err != nil || x.Len() == 0 && l.Google == nil {
		return ""
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	label := strconv.Itoa(x.Len()) + " reviews"
	if l.version != "" {
		label += ", version " + l.version
	}
	if l.Google != nil {
		label += "; Google Fact Check Tools"
	}
	return label
}

// Index is the index of what the store holds now.
func (l *Library) Index(ctx context.Context) (*Index, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Store == nil {
		if l.index == nil {
			l.index = New(nil)
		}
		return l.index, nil
	}
	look := cmp.Or(l.Look, 10*time.Second)
	if l.index != nil && time.Since(l.looked) < look {
		return l.index, nil
	}
	version, err := l.Store.Version(ctx)
	if err == nil && (l.index == nil || version != l.version) {
		began := time.Now()
		var x *Index
		if x, err = l.load(ctx, version); err == nil {
			l.index, l.version = x, version
			l.log().InfoContext(ctx, "published fact-checks are loaded", "reviews", x.Len(), "took", time.Since(began))
		}
	}
	switch {
	case err == nil:
		l.looked = time.Now()
	case l.index == nil || errors.Is(err, context.Canceled):
		return nil, err
	default:
		l.looked = time.Now() // the old index serves on
		l.log().WarnContext(ctx, "the store of fact-checks cannot be read", "error", err)
	}
	return l.index, nil
}

// load reads the index of a version off the shelf, or makes it and puts it
// there.
func (l *Library) load(ctx context.Context, version string) (*Index, error) {
	if version == "" {
		return New(nil), nil
	}
	shelf, _ := l.Store.(Shelf)
	label := form + " " + version
	if shelf != nil {
		data, err := shelf.Shelved(ctx, label)
		if err == nil && data != nil {
			var x *Index
			if x, err = decode(data); err == nil {
				return x, nil
			}
		}
		if err != nil {
			l.log().WarnContext(ctx, "the index of fact-checks cannot be read and is made again", "error", err)
		}
	}
	all, err := l.Store.Load(ctx)
	if err != nil {
		return nil, err
	}
	x := New(all)
	if shelf == nil {
		return x, nil
	}
	if data := x.appendBinary(nil); len(data) <= maxShelf {
		if err := shelf.Shelve(ctx, label, data); err != nil {
			l.log().InfoContext(ctx, "the index of fact-checks cannot be kept", "error", err)
		}
	}
	return x, nil
}

func (l *Library) log() *slog.Logger {
	if l.Log != nil {
		return l.Log
	}
	return slog.New(slog.DiscardHandler)
}

// among keeps of reviews that a service found those that check the claim. The
// service has ranked them by what it knows; here the words decide.
func (x *Index) among(q factcheck.Question, reviews []factcheck.Review) []factcheck.Match {
	asked := x.statement(readPost(q.Text).text)
	asked.saidBy(q.Speaker)
	if !q.Date.IsZero() {
		asked.year = q.Date.Year()
	}
	var found []factcheck.Match
	for i := range reviews {
		r := &reviews[i]
		claim := x.statement(claimOf(r))
		if len(claim.words)+len(claim.names) < 3 || x.guard(asked, claim, r) != "" {
			continue
		}
		// The harmonic mean of what each has of the other.
		a, b := share(claim.words, asked.words), share(asked.words, claim.words)
		if a+b == 0 {
			continue
		}
		if score := 2 * a * b / (a + b); score >= 0.6 {
			found = append(found, factcheck.Match{Review: *r, Score: score})
		}
	}
	return found
}

// Import reads a file of reviews into the store.
func Import(ctx context.Context, s Store, source Source, read func(yield func(factcheck.Review) error) (Kind, error)) (added, changed int, err error) {
	const batch = 2000
	var keys Keyer
	var entries []Entry
	put := func() error {
		if len(entries) == 0 {
			return nil
		}
		a, c, err := s.Put(ctx, source, entries)
		added, changed, entries = added+a, changed+c, entries[:0]
		return err
	}
	kind, err := read(func(r factcheck.Review) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		entries = append(entries, Entry{Key: keys.Key(&r), Review: r})
		if len(entries) < batch {
			return nil
		}
		return put()
	})
	err = cmp.Or(err, put())
	source.Updated, source.Kind = time.Now().UTC(), cmp.Or(kind, source.Kind)
	if err != nil {
		source.Problem = strings.Join(strings.Fields(err.Error()), " ")
	}
	return added, changed, cmp.Or(err, s.Note(ctx, source))
}
