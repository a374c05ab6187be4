package book

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
)

// Repeat is a claim that articles make, with all articles that make it.
type Repeat struct {
	Item         // as the newest article has it
	Same  []Item // in other articles, newest first
	Asked int    // how many people asked about any of the articles
}

// Outlets are the outlets that have the claim, each once, in the order of the
// items.
func (r *Repeat) Outlets() []string {
	var all []string
	for _, it := range slices.Concat([]Item{r.Item}, r.Same) {
		if o := it.Article.Outlet; o != "" && !slices.Contains(all, o) {
			all = append(all, o)
		}
	}
	return all
}

// looked is how many claims Top compares: the newest.
const looked = 3000

// Top lists the claims of a time that most people asked about; of those with
// as many the ones that most articles make, then the most check-worthy.
func (b *Book) Top(ctx context.Context, shelves []Shelf, about string, since, until time.Time, most int) ([]Repeat, error) {
	items, err := b.Store.Find(ctx, shelves, Search{Kinds: []Kind{Claim}, Terms: wantedTerms("", bounded(about)), Since: since, Until: until, Most: looked})
	if err != nil {
		return nil, err
	}
	all := Repeats(items)
	slices.SortStableFunc(all, func(x, y Repeat) int {
		return cmp.Or(cmp.Compare(y.Asked, x.Asked), cmp.Compare(len(y.Same), len(x.Same)), cmp.Compare(y.Score, x.Score))
	})
	return all[:min(len(all), most)], nil
}

// Repeats puts claims together that say the same: nearly the same words, the
// same numbers, both or neither turned around. It never compares whether they
// are true.
func Repeats(items []Item) []Repeat {
	var out []Repeat
	read := make([]statement, 0, len(items))
	stems := map[string]string{}
	by := map[string][]int{} // repeats by the stems of their first item
	for i := range items {
		s := claimOf(&items[i], stems)
		best := -1
		seen := map[int]bool{}
		for st := range s.stems {
			for _, k := range by[st] {
				if !seen[k] && alike(read[k], s) && (best < 0 || k < best) {
					best = k
				}
				seen[k] = true
			}
		}
		if best >= 0 {
			r := &out[best]
			known := r.Article.Key == items[i].Article.Key || slices.ContainsFunc(r.Same, func(o Item) bool { return o.Article.Key == items[i].Article.Key })
			if !known {
				r.Same = append(r.Same, items[i])
				r.Asked += items[i].Article.Asked
			}
			continue
		}
		out = append(out, Repeat{Item: items[i], Asked: items[i].Article.Asked})
		read = append(read, s)
		for st := range s.stems {
			if len(by[st]) < 50 {
				by[st] = append(by[st], len(out)-1)
			}
		}
	}
	return out
}

func claimOf(it *Item, stems map[string]string) statement {
	c := *it
	c.Text = strings.NewReplacer("[", "", "]", "").Replace(cmp.Or(it.Standalone, it.Text))
	s := statementOf(&c, stems)
	s.item = it
	return s
}

// alike reports whether two claims say the same: three quarters of all words,
// and exactly the same numbers.
func alike(a, b statement) bool {
	n := shared(a, b)
	if n < 3 || 4*n < 3*max(len(a.stems), len(b.stems)) || a.denies != b.denies {
		return false
	}
	return slices.Equal(figures(a.item.Text), figures(b.item.Text))
}

// figures are the words of a text with digits in them, sorted.
func figures(text string) []string {
	var all []string
	for w := range strings.FieldsSeq(text) {
		if strings.ContainsAny(w, "0123456789") {
			all = append(all, strings.Trim(w, "“”\"'‘’.,;:!?()[]…—–"))
		}
	}
	slices.Sort(all)
	return all
}

// Again lists the same claim in other articles, newest first.
func (b *Book) Again(ctx context.Context, shelves []Shelf, claim *Item, key string) ([]Item, error) {
	stems := map[string]string{}
	asked := claimOf(claim, stems)
	// The longest words are the rarest; with all, a word less would hide it.
	terms := make([]string, 0, len(asked.stems))
	for s := range asked.stems {
		terms = append(terms, term(s))
	}
	slices.SortFunc(terms, func(x, y string) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x, y)) })
	if len(terms) < 3 {
		return nil, nil
	}
	items, err := b.Store.Find(ctx, shelves, Search{Kinds: []Kind{Claim}, Terms: terms[:min(len(terms), 4)], Most: 100})
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{key: true}
	return slices.DeleteFunc(items, func(it Item) bool {
		if seen[it.Article.Key] || !alike(asked, claimOf(&it, stems)) {
			return true
		}
		seen[it.Article.Key] = true
		return false
	}), nil
}
