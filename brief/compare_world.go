package brief

import (
	"cmp"
	_ "embed"
	"math"
	"slices"
	"strings"
	"sync"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Bounds of a comparison, so that it stays fast whatever comes in.
const (
	mostBytes    = 120_000 // of an article's text: some 20,000 words
	mostPostings = 60      // sentences that a word may stand in to lead to others
	mostShown    = 200     // findings of one kind
	mostEdits    = 30      // of two nearly equal texts
)

// world is all articles of a comparison as its steps look at them.
type world struct {
	sides    []*side
	together []int // of sides: those that tell one story
	weights  map[string]float64
	runs     map[[2]int]float64 // share of five-word runs that two articles share
	used     map[place]bool     // sentences that stand in a finding of a difference
}

// place is a sentence of an article.
type place struct{ article, sentence int }

// side is one article of a comparison.
type side struct {
	*Briefing
	index     int
	doc       *nlp.Document
	cut       bool // the end of the article was left out
	sentences []sentence
	postings  map[string][]int // sentences by term
	times     []nlp.Dates      // of doc.Times
	inMarks   []bool           // of tokens: inside of a direct quotation
	passages  []passage
	voices    []voice
	figures   []figure
}

// sentence is one sentence as a bag of what it is about.
type sentence struct {
	terms  []string // each once, in text order: lemmas of names and content words, no figures, no days
	plain  []string // those that are no words of names
	claim  float64  // score of the best claim in it that evidence can settle, now or later; -1 for none
	weight float64  // of its terms
	spoken bool     // somebody's words in quotation marks are what it is there for
	parts  []clause
}

// clause is a sentence or, where "and" joins two that could stand alone, one of
// them.
type clause struct {
	sentence
	span nlp.Span
}

func newWorld(all []*Briefing) *world {
	w := &world{weights: map[string]float64{}, used: map[place]bool{}}
	total := 0
	for i, b := range all {
		s := newSide(i, b)
		w.sides = append(w.sides, s)
		total += len(s.sentences)
		for _, t := range s.sentences {
			for _, term := range t.terms {
				w.weights[term]++
			}
		}
		w.together = append(w.together, i)
	}
	n := float64(total)
	for term, df := range w.weights {
		w.weights[term] = math.Log(1+n/df) / math.Log(1+n)
	}
	for _, s := range w.sides {
		for i := range s.sentences {
			s.sentences[i].weight = w.weight(s.sentences[i].terms)
			for k := range s.sentences[i].parts {
				s.sentences[i].parts[k].weight = w.weight(s.sentences[i].parts[k].terms)
			}
		}
	}
	return w
}

func newSide(index int, b *Briefing) *side {
	text, body := b.Article.Text, b.Article.Body
	s := &side{Briefing: b, index: index, postings: map[string][]int{}}
	if len(text) > mostBytes {
		text, s.cut = text[:mostBytes], true
		if at := strings.LastIndexByte(text, '\n'); at > mostBytes/2 {
			text = text[:at]
		}
		text = strings.ToValidUTF8(text, "")
	}
	s.doc = nlp.ParseFrom(text, min(body, len(text)))
	s.times = s.doc.Resolve(b.Article.Published)
	s.findPassages()
	s.findVoices()
	claims := make([]float64, len(s.doc.Sentences))
	for i := range claims {
		claims[i] = -1
	}
	for _, c := range b.Analysis.Claims {
		if (c.Checkable || slices.Contains(c.Kinds, factcheck.Prediction) || slices.Contains(c.Kinds, factcheck.Commitment)) && c.Sentence >= 0 && c.Sentence < len(claims) {
			claims[c.Sentence] = max(claims[c.Sentence], c.Score)
		}
	}
	for i := range s.doc.Sentences {
		t := s.readSentence(i)
		t.claim = claims[i]
		for _, term := range t.terms {
			s.postings[term] = append(s.postings[term], i)
		}
		s.sentences = append(s.sentences, t)
	}
	s.findFigures()
	return s
}

// readSentence collects the terms of sentence i and of its parts.
func (s *side) readSentence(i int) sentence {
	sent := s.doc.Sentences[i]
	out := s.readTokens(sent.First, sent.Last)
	at := sent.First
	for _, end := range append(s.joints(i), sent.Last) {
		first, last := at, end
		for first < last && !isContent(s.doc.Tokens[first]) && (isPunct(s.doc.Tokens[first].Text) || s.doc.Tokens[first].Tag == "CC") {
			first++
		}
		if first < last {
			out.parts = append(out.parts, clause{s.readTokens(first, last), s.doc.SpanOf(first, last)})
		}
		at = end
	}
	if len(out.parts) == 1 {
		out.parts[0].span = sent.Span
	}
	return out
}

// joints are the tokens of sentence i at which "and" or "but" joins a clause
// with a subject of its own.
func (s *side) joints(i int) []int {
	d := s.doc
	sent := d.Sentences[i]
	root := d.Root(i)
	if root < 0 {
		return nil
	}
	if _, reports := d.ReportingVerb(root); reports {
		return nil // what is said goes on behind the "and"
	}
	var out []int
	for _, c := range d.Children(root) {
		if d.Tokens[c].Rel != "conj" || d.Child(c, "nsubj", "nsubj:pass") < 0 {
			continue
		}
		for k := c - 1; k > root && k > sent.First; k-- {
			if d.Tokens[k].Tag == "CC" && d.Tokens[k].Head == c {
				out = append(out, k)
				break
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// readTokens collects the terms of the tokens [from, to).
func (s *side) readTokens(from, to int) sentence {
	d := s.doc
	var out sentence
	skip := map[int]bool{}
	first, last := d.TimesIn(d.SpanOf(from, to))
	for _, t := range d.Times[first:last] {
		for k := t.First; k < t.Last; k++ {
			skip[k] = true
		}
	}
	inMarks := 0
	for k := from; k < to; k++ {
		t := d.Tokens[k]
		if s.inMarks[k] && !isPunct(t.Text) {
			inMarks++
		}
		if skip[k] || s.inMarks[k] || !isContent(t) {
			continue
		}
		term := termOf(t)
		if term == "" || slices.Contains(out.terms, term) {
			continue
		}
		out.terms = append(out.terms, term)
		if t.Entity < 0 {
			out.plain = append(out.plain, term)
		}
	}
	out.spoken = inMarks >= fewestQuoted
	return out
}

func isContent(t nlp.Token) bool {
	switch t.Tag {
	case "NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "FW":
		return true
	}
	return false
}

// empty are lemmas that say too little to tell one sentence from another.
var empty = map[string]bool{
	"be": true, "have": true, "do": true, "say": true, "tell": true, "state": true, "add": true, "go": true, "get": true, "make": true, "take": true, "come": true,
	"give": true, "put": true, "other": true, "many": true, "more": true, "such": true, "same": true, "own": true, "new": true, "last": true, "first": true, "thing": true,
	"people": true, "person": true, "mr": true, "mrs": true, "ms": true, "dr": true, "time": true, "day": true, "’s": true, "'s": true, "report": true, "accord": true,
}

// termOf is what a token counts as, empty for what says too little.
func termOf(t nlp.Token) string {
	low := strings.ToLower(t.Lemma)
	if empty[low] || len(low) < 2 {
		return ""
	}
	words := foldedWords(low)
	if len(words) == 0 {
		return ""
	}
	low = words[0]
	if t.Entity >= 0 {
		return low
	}
	if group, ok := alikeWords()[low]; ok {
		return group
	}
	return rootOf(low).letters
}

//go:embed lexicon/alike.txt
var alikeFile string

// alikeWords maps a lemma to the first word of its group. A word of two groups
// belongs to the first.
var alikeWords = sync.OnceValue(func() map[string]string {
	groups := map[string]string{}
	for line := range strings.Lines(alikeFile) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		for _, w := range words {
			if _, had := groups[w]; !had {
				groups[w] = words[0]
			}
		}
	}
	return groups
})

// weight is how much of a sentence a list of terms makes.
func (w *world) weight(terms []string) float64 {
	sum := 0.0
	for _, t := range terms {
		sum += w.weights[t]
	}
	return sum
}

// shared is the weight of the terms of a that b has.
func (w *world) shared(a, b []string) float64 {
	sum := 0.0
	for _, t := range a {
		if slices.Contains(b, t) {
			sum += w.weights[t]
		}
	}
	return sum
}

// alikeness is how much of two sentences is the same: Dice's coefficient of
// their weighted terms, 0 to 1.
func (w *world) alikeness(a, b sentence) float64 {
	all := a.weight + b.weight
	if all == 0 {
		return 0
	}
	return 2 * w.shared(a.terms, b.terms) / all
}

// near are the sentences of b that share most with sentence i of a, the
// nearest first, six at most.
func (w *world) near(a, b *side, i int) []int {
	score := map[int]float64{}
	for _, term := range a.sentences[i].terms {
		in := b.postings[term]
		if len(in) > mostPostings {
			continue
		}
		for _, j := range in {
			score[j] += w.weights[term]
		}
	}
	found := make([]int, 0, len(score))
	for j := range score {
		score[j] *= 2 / (a.sentences[i].weight + b.sentences[j].weight)
		found = append(found, j)
	}
	slices.SortFunc(found, func(x, y int) int { return cmp.Or(cmp.Compare(score[y], score[x]), cmp.Compare(x, y)) })
	return found[:min(len(found), 6)]
}

// pair is two sentences of different articles that say the same thing.
type pair struct {
	i, j  int
	alike float64
}

// pairs are the sentences of a and b that are nearest to each other both ways
// and alike enough.
func (w *world) pairs(a, b *side, least float64) []pair {
	back := map[int]int{}
	nearest := func(x, y *side, i int) (int, bool) {
		n := w.near(x, y, i)
		if len(n) == 0 {
			return 0, false
		}
		return n[0], true
	}
	var out []pair
	for i := range a.sentences {
		if a.sentences[i].spoken || len(a.sentences[i].terms) < 2 {
			continue
		}
		j, ok := nearest(a, b, i)
		if !ok {
			continue
		}
		alike := w.alikeness(a.sentences[i], b.sentences[j])
		if alike < least {
			continue
		}
		k, known := back[j]
		if !known {
			k, _ = nearest(b, a, j)
			back[j] = k
		}
		if k == i || w.alikeness(a.sentences[k], b.sentences[j]) <= alike {
			out = append(out, pair{i, j, alike})
		}
	}
	return out
}

// couples are the pairs of articles that tell one story.
func (w *world) couples() [][2]*side {
	var out [][2]*side
	for x, i := range w.together {
		for _, j := range w.together[x+1:] {
			out = append(out, [2]*side{w.sides[i], w.sides[j]})
		}
	}
	return out
}

// words is a span as one line.
func (s *side) words(span nlp.Span) string { return oneLine(span.Text(s.doc.Text)) }

// quoteOf is the quotation that says when something was said: the days of
// saying are no days of events.
func (s *side) saying() map[int]bool {
	said := map[int]bool{}
	for _, q := range s.Analysis.Quotes {
		if q.SaidOn >= 0 {
			said[q.SaidOn] = true
		}
	}
	return said
}

// speech reports whether a quotation was said.
func speech(q quote.Quote) bool { return q.Kind != quote.Other }

// counted is what number k of the article counts.
func (s *side) counted(k int) factcheck.Counted { return factcheck.Count(s.doc, s.doc.Numbers[k]) }
