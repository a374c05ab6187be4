package book

import (
	"context"
	"slices"
	"strings"
	"time"

	"onrecord/quote"
)

// Query is what somebody wants to know of the book. Its zero value asks for the
// newest of everything.
type Query struct {
	Speaker string // words of a name, or of a role where no name fits
	About   string // words that must all be in what was said, in any form
	Outlet  string // words of an outlet's name or address
	Stance  string // one of quote's stances
	Since   time.Time
	Until   time.Time // days, both inclusive
	Most    int       // articles' items looked at, the newest; 200 if 0
}

// Answer is what the book has.
type Answer struct {
	People  []Person // whom Query.Speaker was taken for; nil when it was taken for a role
	Sayings []Saying // newest first
	Clashes []Clash
	More    bool // there are older ones
}

// Person is somebody with all names that articles use.
type Person struct {
	Name  string // the longest
	Role  string
	Names []string // all of them, Name among them

	named bool // not a description, as "the mayor" is
}

// Stances are those that can be asked for.
var Stances = []string{
	string(quote.Said), string(quote.Claimed), string(quote.Denied), string(quote.Warned), string(quote.Promised), string(quote.Asked),
	string(quote.Demanded), string(quote.Admitted), string(quote.Accused), string(quote.Praised), string(quote.Hoped), string(quote.Feared), string(quote.Believed),
}

// Bounds of a query's words.
const (
	maxQuery   = 400 // bytes of each field
	maxNames   = 200
	maxSpoken  = 60 // names of those that are asked for
	defaultTop = 200
)

// Said looks for quotations on any of the shelves.
func (b *Book) Said(ctx context.Context, shelves []Shelf, q Query) (*Answer, error) {
	s := Search{Kinds: []Kind{Quote}, Since: q.Since, Until: q.Until, Most: q.Most}
	if s.Most <= 0 {
		s.Most = defaultTop
	}
	s.Terms = slices.Concat(wantedTerms("", bounded(q.About)), wantedTerms("_o", bounded(q.Outlet)))
	if stance := strings.ToLower(bounded(q.Stance)); stance != "" {
		s.Terms = append(s.Terms, "_t"+term(stance))
		if slices.Contains([]string{string(quote.Hoped), string(quote.Feared), string(quote.Believed)}, stance) {
			s.Kinds = append(s.Kinds, Thought)
		}
	}
	if about := strings.TrimSpace(q.About); about != "" && len(wantedTerms("", bounded(about))) == 0 {
		return &Answer{}, nil // nothing but marks
	}
	a := &Answer{}
	s.Most++
	var items []Item
	var err error
	if words := strings.TrimSpace(q.Speaker); words != "" {
		items, err = b.spoken(ctx, shelves, s, words, a)
	} else {
		items, err = b.Store.Find(ctx, shelves, s)
	}
	if err != nil {
		return nil, err
	}
	if a.More = len(items) == s.Most; a.More {
		items = items[:s.Most-1]
	}
	a.Sayings = Sayings(items)
	a.Clashes = Clashes(items, a.person)
	return a, nil
}

// spoken finds what somebody said: who is called so, and where nobody with a
// name is, who has such a role too.
func (b *Book) spoken(ctx context.Context, shelves []Shelf, s Search, words string, a *Answer) ([]Item, error) {
	people, keys, err := b.speakers(ctx, shelves, words)
	if err != nil {
		return nil, err
	}
	var items []Item
	if len(keys) > 0 {
		of := s
		of.Speakers = keys
		if items, err = b.Store.Find(ctx, shelves, of); err != nil {
			return nil, err
		}
	}
	if slices.ContainsFunc(people, func(p Person) bool { return p.named }) {
		a.People = people
		return items, nil
	}
	role := wantedTerms("_r", bounded(words))
	if len(role) == 0 {
		return items, nil
	}
	s.Terms = append(s.Terms[:len(s.Terms):len(s.Terms)], role...)
	more, err := b.Store.Find(ctx, shelves, s)
	if err != nil {
		return nil, err
	}
	for _, it := range more {
		if !slices.Contains(keys, SpeakerKey(it.Speaker, it.Sort)) {
			items = append(items, it)
		}
	}
	slices.SortStableFunc(items, func(x, y Item) int { return y.Article.Date().Compare(x.Article.Date()) })
	return items[:min(len(items), s.Most)], nil
}

func bounded(s string) string { return s[:min(len(s), maxQuery)] }

// person tells who speaks: the number of the person who was asked for, else one
// for each name.
func (a *Answer) person(it *Item) int {
	if it.Sort != string(quote.Named) && it.Sort != string(quote.Body) {
		return -1
	}
	for i, p := range a.People {
		if slices.Contains(p.Names, it.Speaker) {
			return i
		}
	}
	// Nobody was asked for: a name is one person as long as it is full.
	words := nameOf(it.Speaker).words
	if len(words) < 2 && it.Sort == string(quote.Named) {
		return -1
	}
	h := len(a.People) + 1
	for _, r := range strings.Join(words, " ") {
		h = (h*31 + int(r)) & (1<<30 - 1)
	}
	return h + maxNames
}

// speakers finds whom somebody means by words of a name: the people, and the
// keys of their names.
func (b *Book) speakers(ctx context.Context, shelves []Shelf, asked string) ([]Person, []string, error) {
	n := nameOf(bounded(asked))
	words := make([]string, 0, len(n.words))
	for _, w := range n.words {
		words = append(words, term(w))
	}
	words = words[:min(len(words), 8)]
	if len(words) == 0 {
		return nil, nil, nil
	}
	found, err := b.Store.Names(ctx, shelves, NameSearch{Words: words, Most: maxNames})
	if err == nil && len(found) == 0 && !slices.ContainsFunc(words, func(w string) bool { return len(w) < 4 }) {
		found, err = b.Store.Names(ctx, shelves, NameSearch{Words: words, Prefix: true, Most: maxNames})
	}
	if err != nil || len(found) == 0 {
		return nil, nil, err
	}
	hit := map[string]bool{}
	for _, f := range found {
		hit[f.Key] = true
	}
	all, err := b.relatives(ctx, shelves, found)
	if err != nil {
		return nil, nil, err
	}
	var people []Person
	var keys []string
	at := map[int]int{}
	groups := People(all)
	wanted := map[int]bool{}
	for i, f := range all {
		if hit[f.Key] {
			wanted[groups[i]] = true
		}
	}
	for i, f := range all {
		if !wanted[groups[i]] || len(keys) == maxSpoken {
			continue
		}
		keys = append(keys, f.Key)
		k, ok := at[groups[i]]
		if !ok {
			k = len(people)
			at[groups[i]] = k
			people = append(people, Person{Name: f.Name, named: named(f)})
		}
		p := &people[k]
		if len(f.Name) > len(p.Name) {
			p.Name = f.Name
		}
		if p.Role == "" {
			p.Role = f.Role
		}
		if !slices.Contains(p.Names, f.Name) {
			p.Names = append(p.Names, f.Name)
		}
	}
	return people, keys, nil
}

// relatives adds to names those that may be of the same people: with the same
// surname, or with these initials.
func (b *Book) relatives(ctx context.Context, shelves []Shelf, names []Name) ([]Name, error) {
	all := slices.Clone(names)
	have := map[string]bool{}
	for _, n := range names {
		have[n.Key] = true
	}
	var looked []string
	for _, n := range names {
		words := nameOf(n.Name).words
		if len(words) == 0 || len(looked) == 8 {
			continue
		}
		w := term(words[len(words)-1])
		if n.Sort == string(quote.Body) {
			if w = initials(n.Name); w == "" || isAcronym(n.Name) {
				w = term(strings.Join(words, ""))
			}
		} else if n.Sort != string(quote.Named) {
			continue
		}
		if slices.Contains(looked, w) {
			continue
		}
		looked = append(looked, w)
		more, err := b.Store.Names(ctx, shelves, NameSearch{Words: []string{w}, Named: true, Most: maxNames, Whole: true}) // of more one cannot be sure of any
		if err != nil {
			return nil, err
		}
		for _, m := range more {
			if !have[m.Key] {
				have[m.Key] = true
				all = append(all, m)
			}
		}
	}
	return all, nil
}

// Suggest lists speakers with a name that begins as typed, whoever spoke last
// first.
func (b *Book) Suggest(ctx context.Context, shelf Shelf, typed string, most int) ([]Name, error) {
	s := NameSearch{Prefix: true, Named: true, Most: most}
	for _, w := range foldedWords(bounded(typed)) {
		s.Words = append(s.Words, term(w))
	}
	s.Words = s.Words[:min(len(s.Words), 8)]
	return b.Store.Names(ctx, []Shelf{shelf.Public()}, s)
}
