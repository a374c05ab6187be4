package brief

import (
	"cmp"
	"slices"
	"strings"

	"onrecord/nlp"
)

// Thresholds of what counts as the same, set on pairs of invented stories
// (testdata/compare) and checked on unrelated articles of the development
// corpora (docs/models.md).
const (
	surelyThere   = 0.55 // share of a sentence's weight that a passage has
	surelyMissing = 0.35 // the same of its words that are no names
	nowhere       = 0.6  // share of those words that stand anywhere in the article
	strongPair    = 0.5  // Dice of two sentences that say the same
	weakPair      = 0.35
	fewestShared  = 3 // terms of a sentence that others have
	fewestMissed  = 3 // words that are no names, of a sentence that others have not
)

// relate finds the articles that tell one story; those that do not are
// returned, and left out of the rest of the comparison.
//
// Two articles tell one story when they share a quotation or a tenth of their
// five-word runs, or when sentences of them say the same: three, or fewer when
// they share names as well.
func (w *world) relate() (apart []int) {
	n := len(w.sides)
	group := make([]int, n)
	for i := range group {
		group[i] = i
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			if group[i] != group[j] && w.related(w.sides[i], w.sides[j]) {
				from, to := group[j], group[i]
				for k := range group {
					if group[k] == from {
						group[k] = to
					}
				}
			}
		}
	}
	size := map[int]int{}
	best := 0
	for i := range n {
		size[group[i]]++
	}
	for i := range n {
		if size[group[i]] > size[group[best]] {
			best = i
		}
	}
	w.together = nil
	for i := range n {
		if group[i] == group[best] && size[group[best]] > 1 {
			w.together = append(w.together, i)
		} else {
			apart = append(apart, i)
		}
	}
	return apart
}

func (w *world) related(a, b *side) bool {
	if w.runs[[2]int{a.index, b.index}] >= 0.1 || w.shareQuotation(a, b) && len(sharedNames(a, b)) >= 2 {
		return true
	}
	names := sharedNames(a, b)
	strong, weak := 0, 0
	for _, p := range w.pairs(a, b, weakPair) {
		s, t := a.sentences[p.i], b.sentences[p.j]
		both, rare := common(s, t), 0
		for _, term := range s.terms {
			if slices.Contains(t.terms, term) && len(a.postings[term])+len(b.postings[term]) <= 6 {
				rare++
			}
		}
		if both < 3 || rare == 0 {
			continue
		}
		weak++
		if p.alike >= strongPair && both >= 4 {
			strong++
		}
	}
	fewer := min(len(a.names()), len(b.names()))
	kin := fewer > 0 && float64(len(names)) >= 0.4*float64(fewer) && len(names) >= 2
	share := float64(strong) / float64(max(min(a.telling(), b.telling()), 1))
	switch {
	case share < 0.06: // long articles have sentences in common by chance
		return share >= 0.03 && len(names) >= 5 && kin
	case strong >= 3, strong >= 2 && len(names) >= 2, strong >= 1 && kin && weak >= 2:
		return true
	}
	return strong >= 1 && weak >= 2 && len(names) >= 1 && share >= 0.15
}

// telling counts the sentences that could be found in another article.
func (s *side) telling() int {
	n := 0
	for _, t := range s.sentences {
		if !t.spoken && len(t.terms) >= fewestShared {
			n++
		}
	}
	return n
}

// names are the people, bodies and places of the article, each under the name
// that tells most.
func (s *side) names() []string {
	var out []string
	for _, e := range s.doc.Entities {
		if key := nameKey(e); key != "" && !slices.Contains(out, key) && len(out) < 300 {
			out = append(out, key)
		}
	}
	return out
}

// nameKey is what two articles must share to mean the same: of a person the
// last name, of anything else the whole name. Countries and their like, which
// many stories name, have none.
func nameKey(e nlp.Entity) string {
	words := foldedWords(e.Name)
	switch {
	case len(words) == 0, e.Kind == nlp.Place && isCountry(e.Name):
		return ""
	case e.Kind == nlp.Person:
		return "p " + words[len(words)-1]
	}
	return strings.TrimPrefix(strings.Join(words, " "), "the ")
}

func sharedNames(a, b *side) []string {
	theirs := b.names()
	return kept(a.names(), func(n string) bool { return slices.Contains(theirs, n) })
}

// commonNames are the names that at least two of the articles have.
func (w *world) commonNames() []string {
	var out []string
	for i, a := range w.sides {
		for _, b := range w.sides[i+1:] {
			theirs := b.names()
			for _, e := range a.doc.Entities {
				if key := nameKey(e); key != "" && slices.Contains(theirs, key) && !slices.Contains(out, e.Name) && len(out) < mostShown {
					out = append(out, e.Name)
				}
			}
		}
	}
	return out
}

// having says whether an article has a fact.
type having int

const (
	missingFact having = iota
	maybeFact
	hasFact
)

// has looks for what clause p of sentence i of a says in b, and where: in one
// sentence or in two that follow each other. It is surely missing when hardly
// any of its words that are no names stand together in b, and not many of them
// anywhere.
func (w *world) has(a, b *side, i int, p clause) (having, []int) {
	if len(p.terms) < fewestShared {
		return maybeFact, nil
	}
	best, plain, at := 0.0, 0.0, []int(nil)
	plainWeight := w.weight(p.plain)
	look := func(terms []string, where ...int) {
		if got := w.shared(p.terms, terms) / p.weight; got > best && (len(where) == 1 || best < surelyThere) {
			best, at = got, where
		}
		if plainWeight > 0 {
			plain = max(plain, w.shared(p.plain, terms)/plainWeight)
		}
	}
	near := w.near(a, b, i)
	for _, j := range near {
		look(b.sentences[j].terms, j)
	}
	for _, j := range near {
		if j > 0 {
			look(slices.Concat(b.sentences[j-1].terms, b.sentences[j].terms), j-1, j)
		}
		if j+1 < len(b.sentences) {
			look(slices.Concat(b.sentences[j].terms, b.sentences[j+1].terms), j, j+1)
		}
	}
	if best >= surelyThere {
		if !w.sameFigures(a, p.span, b, at) {
			return maybeFact, at
		}
		return hasFact, at
	}
	anywhere := 0.0
	for _, term := range p.plain {
		if len(b.postings[term]) > 0 {
			anywhere += w.weights[term]
		}
	}
	if len(p.plain) < fewestMissed || plain >= surelyMissing || anywhere >= nowhere*plainWeight || b.hasFigureOf(a, p.span) {
		return maybeFact, at
	}
	return missingFact, nil
}

// sameFigures reports whether sentences of b have every figure of a passage of
// a, or one that agrees with it.
func (w *world) sameFigures(a *side, span nlp.Span, b *side, sentences []int) bool {
	for _, x := range a.figures {
		if span.Contains(x.span) && !slices.ContainsFunc(b.figures, func(y figure) bool {
			return slices.Contains(sentences, y.at) && comparable(x, y) && agree(a, x, b, y)
		}) {
			return false
		}
	}
	return true
}

// hasFigureOf reports whether s has one of the telling figures of a passage of
// o: ten or more of the same thing.
func (s *side) hasFigureOf(o *side, span nlp.Span) bool {
	for _, x := range o.figures {
		if !span.Contains(x.span) || o.value(x) < 10 {
			continue
		}
		if slices.ContainsFunc(s.figures, func(y figure) bool { return comparable(x, y) && s.value(y) == o.value(x) }) {
			return true
		}
	}
	return false
}

// facts finds which statements of one article the others have and which they
// have not. Only sentences with a claim that evidence could settle count, and
// only in the article's own voice or somebody's indirect speech: what stands in
// quotation marks is compared as a quotation.
func (w *world) facts(c *Comparison) {
	if len(w.together) < 2 {
		return
	}
	f := factFinder{world: w, told: map[part]bool{}}
	for _, i := range w.together {
		for k, s := range w.sides[i].sentences {
			if w.used[place{i, k}] || s.claim < 0 || s.spoken {
				continue
			}
			for n, p := range s.parts {
				if !f.told[part{i, k, n}] {
					f.find(c, i, k, p, s.claim)
				}
			}
		}
	}
	c.Findings = append(c.Findings, append(f.only, f.shared...)...)
}

// part is a clause of an article.
type part struct{ article, sentence, clause int }

type factFinder struct {
	*world
	told         map[part]bool // what others were matched with
	only, shared []Finding
}

func (f *factFinder) find(c *Comparison, i, k int, p clause, score float64) {
	a := f.sides[i]
	found := Finding{Sides: []Side{{Article: i, Text: a.words(p.span), Spans: []nlp.Span{p.span}}}, score: score}
	lacks, sure, used := 0, true, false
	for _, j := range f.together {
		if j == i {
			continue
		}
		b := f.sides[j]
		switch got, at := f.has(a, b, k, p); got {
		case hasFact:
			found.Sides = append(found.Sides, b.factSide(at[0], at[len(at)-1]))
			for _, n := range at {
				for m, q := range b.sentences[n].parts {
					if q.weight > 0 && f.world.shared(q.terms, p.terms)/q.weight >= surelyThere {
						f.told[part{j, n, m}] = true
					}
				}
				used = used || f.used[place{j, n}]
			}
		case missingFact:
			lacks++
			sure = sure && !c.nearlyEqual(i, j) // the edits tell it
		default:
			sure = false
		}
	}
	slices.SortStableFunc(found.Sides, func(x, y Side) int { return cmp.Compare(x.Article, y.Article) })
	switch {
	case !sure:
	case lacks == 0 && !used && len(f.shared) < mostShown && !f.alreadyShared(found):
		found.Kind, found.Text = FactShared, "In all of them"
		f.shared = append(f.shared, found)
	case lacks > 0 && len(f.only) < mostShown:
		found.Kind, found.Text = FactOnly, inOnly(found.Has())
		f.only = append(f.only, found)
	}
}

// alreadyShared reports whether all that a finding shows stands in findings
// before it.
func (f *factFinder) alreadyShared(found Finding) bool {
	for _, s := range found.Sides {
		if !slices.ContainsFunc(f.shared, func(o Finding) bool {
			return slices.ContainsFunc(o.Sides, func(t Side) bool { return t.Article == s.Article && t.Spans[0].Overlaps(s.Spans[0]) })
		}) {
			return false
		}
	}
	return true
}

// nearlyEqual reports whether two of the articles are the same text, or nearly.
func (c *Comparison) nearlyEqual(i, j int) bool {
	return slices.ContainsFunc(c.Alike, func(a Alike) bool { return a.A == min(i, j) && a.B == max(i, j) })
}

// factSide is the passage from sentence first to sentence last.
func (s *side) factSide(first, last int) Side {
	span := nlp.Span{Start: s.doc.Sentences[first].Start, End: s.doc.Sentences[last].End}
	return Side{Article: s.index, Text: s.words(span), Spans: []nlp.Span{span}}
}

// inOnly says in which articles something stands.
func inOnly(in []int) string { return "Only in " + articleList(in) }

// articleList is "1", "1 and 2", "1, 2 and 4": articles by number.
func articleList(in []int) string {
	numbers := make([]string, len(in))
	for i, n := range in {
		numbers[i] = decimal(n + 1)
	}
	if len(numbers) < 2 {
		return strings.Join(numbers, "")
	}
	return strings.Join(numbers[:len(numbers)-1], ", ") + " and " + numbers[len(numbers)-1]
}

func isCountry(name string) bool {
	_, known := nlp.Country(name)
	return known
}
