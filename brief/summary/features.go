package summary

import (
	"math"
	"strings"

	"onrecord/nlp"
)

// Widths of the features that the models see: what the article shows, and what
// the table and the other models add.
const (
	wordWidth = 18 + 2
	pairWidth = 29 + 4
	lineWidth = 47 + 9
)

// worthAt is where the features of a line have the score of its best claim.
const worthAt = 26

// titledAt is where they have the share of the headline's words that stand in the
// line, -1 where there is no headline.
const titledAt = 15

func bit(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

func share(a, b int) float32 { return float32(a) / float32(max(b, 1)) }

// lineFeatures are what the ranking of sentences looks at.
func (r *reading) lineFeatures(i int) []float32 {
	sent := r.Sentences[i]
	l := &r.lines[i]
	n := len(r.lines)
	x := make([]float32, 0, lineWidth)
	add := func(v ...float32) { x = append(x, v...) }

	// where it stands
	first, last := r.ParagraphSentences(sent.Paragraph)
	add(float32(i), share(i, n), float32(n), float32(sent.Paragraph), float32(i-first), float32(last-first))
	// its length
	add(float32(l.fields), float32(len(l.content)))
	// how much of the article it holds
	add(float32(l.rank), float32(l.mean))
	tf, lead, fresh, title, top := 0.0, 0, 0, 0, 0.0
	for _, w := range l.content {
		tf += math.Log(float64(r.words[w].lines))
		top = max(top, float64(r.words[w].lines))
		if r.words[w].early > 0 {
			lead++
		}
		if r.words[w].first == i {
			fresh++
		}
		if r.words[w].title {
			title++
		}
	}
	size := max(len(l.content), 1)
	add(float32(tf)/float32(size), float32(top)/float32(max(n, 1)), share(lead, size), share(fresh, size), float32(fresh))
	titled := float32(-1)
	if r.titled {
		titled = share(title, len(r.title))
	}
	add(titled, share(title, size))
	// names and figures
	from, to := r.MentionsIn(sent.Span)
	most, newNames, people := 0, 0, 0
	for _, m := range r.Mentions[from:to] {
		e := m.Entity
		most = max(most, r.mentions[e])
		if r.Mentions[r.Entities[e].Mentions[0]].Start == m.Start {
			newNames++
		}
		if r.Entities[e].Kind == nlp.Person {
			people++
		}
	}
	add(float32(to-from), float32(most), float32(newNames), float32(people))
	from, to = r.NumbersIn(sent.Span)
	add(float32(to - from))
	from, to = r.TimesIn(sent.Span)
	add(float32(to - from))
	// whose words
	add(r.inside(sent, r.said), r.inside(sent, r.told), bit(r.cued[i]))
	// claims
	add(float32(r.worth[i]))
	before := 0.0
	for j := range i {
		before = max(before, r.worth[j])
	}
	add(float32(before))
	// how it is told
	tokens := r.SentenceTokens(i)
	var past, present, modal, pronoun, we, negated, adjectives int
	for k, t := range tokens {
		switch {
		case t.Tag == "VBD":
			past++
		case t.Tag == "VBZ" || t.Tag == "VBP":
			present++
		case t.Tag == "MD":
			modal++
		case strings.HasPrefix(t.Tag, "JJ"):
			adjectives++
		}
		if strings.HasPrefix(t.Tag, "PRP") {
			pronoun++
			switch strings.ToLower(t.Text) {
			case "i", "we", "you", "my", "our", "your", "us", "me":
				if !r.said[sent.First+k] {
					we++
				}
			}
		}
		if t.Text == "not" || t.Text == "n't" || t.Text == "n’t" {
			negated++
		}
	}
	add(float32(past), float32(present), float32(modal), float32(pronoun), float32(we), float32(negated), share(adjectives, len(tokens)))
	add(bit(r.anecdote(i)), float32(r.opening(i)), float32(r.use(i)))
	root := r.Root(i)
	speech, subject, passive := false, float32(0), false
	if root >= 0 {
		speech = r.Tokens[root].Lemma == "say" || r.Tokens[root].Lemma == "tell"
		if s := r.Child(root, "nsubj", "nsubj:pass"); s >= 0 {
			subject = 1
			passive = r.Tokens[s].Rel == "nsubj:pass"
			switch {
			case r.Tokens[s].Entity >= 0:
				subject = 3
			case r.Tokens[s].Tag == "PRP":
				subject = 2
			}
		}
	}
	add(bit(speech), subject, bit(passive))
	text := sent.Text(r.Text)
	add(bit(strings.ContainsAny(text, "?!")), bit(strings.ContainsAny(text, "(—–") || strings.Contains(text, "--")), bit(strings.Contains(text, ":")))
	// what stands around it
	near := float32(0)
	if i > 0 {
		near = r.alike(i, i-1)
	}
	next := float32(0)
	if i+1 < n {
		next = r.alike(i, i+1)
	}
	add(near, next)
	opens := float32(0)
	for j := range min(i, 3) {
		opens = max(opens, r.alike(i, j))
	}
	add(opens)
	return x
}

// inside is the share of a sentence's tokens that are marked.
func (r *reading) inside(sent nlp.Sentence, marked []bool) float32 {
	n := 0
	for i := sent.First; i < sent.Last; i++ {
		if marked[i] {
			n++
		}
	}
	return share(n, sent.Last-sent.First)
}

// alike is how much of sentence i's content sentence j has too.
func (r *reading) alike(i, j int) float32 {
	both := 0
	a, b := r.lines[i].content, r.lines[j].content
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x] == b[y]:
			both++
			x++
			y++
		case a[x] < b[y]:
			x++
		default:
			y++
		}
	}
	return share(both, min(len(a), len(b)))
}

// opening says with what kind of word sentence i begins.
func (r *reading) opening(i int) int {
	for _, t := range r.SentenceTokens(i) {
		if isPunct(t.Text) {
			continue
		}
		switch {
		case pointsBack(t) && strings.HasPrefix(t.Tag, "PRP"):
			return 1
		case pointsBack(t):
			return 2
		case t.Entity >= 0:
			return 3
		case t.Tag == "DT":
			return 4
		case t.Tag == "IN":
			return 5
		case t.Tag == "RB":
			return 6
		case t.Tag == "CD":
			return 7
		case strings.HasPrefix(t.Tag, "NN"):
			return 8
		}
		break
	}
	return 0
}

// grams gives the words and pairs with their features.
func (r *reading) grams() (words, pairs []Gram) {
	n := len(r.lines)
	words = make([]Gram, len(r.words))
	for i, w := range r.words {
		kind, named := r.naming(w)
		words[i] = Gram{Text: w.text, Features: []float32{
			float32(w.count), float32(w.lines), float32(w.first), share(w.first, n), float32(n),
			bit(w.title), bit(r.titled), float32(w.class), kind, named,
			share(w.quoted, w.count), float32(w.early), float32(w.worth), float32(len(w.text)),
			bit(w.figure), bit(w.capital), float32(w.idf), float32(r.lines[w.first].fields),
		}}
	}
	pairs = make([]Gram, len(r.pairs))
	for i, p := range r.pairs {
		a, b := &r.words[p.a], &r.words[p.b]
		kind, named := r.naming(*a)
		kindB, namedB := r.naming(*b)
		pairs[i] = Gram{Text: a.text + " " + b.text, Features: []float32{
			float32(p.count), float32(p.lines), float32(p.first), share(p.first, n), float32(n),
			bit(p.title), bit(a.title) + bit(b.title), bit(r.titled),
			float32(a.class), float32(b.class), float32(a.lines), float32(b.lines),
			float32(max(a.lines, b.lines)), float32(min(a.lines, b.lines)),
			kind, kindB, named, namedB, bit(p.same),
			share(p.quoted, p.count), float32(p.early), float32(p.worth), float32(p.at), bit(p.verb), bit(p.comma),
			float32(len(a.text)), float32(len(b.text)), float32(r.lines[p.first].fields),
			float32(a.early + b.early),
		}, Of: [2]int{p.a, p.b}}
	}
	return words, pairs
}

// naming says of what kind of name a word is part of, and how often that is
// named.
func (r *reading) naming(w word) (kind, times float32) {
	if w.entity < 0 {
		return 0, 0
	}
	times = float32(r.mentions[w.entity])
	switch r.Entities[w.entity].Kind {
	case nlp.Person:
		return 1, times
	case nlp.Place:
		return 2, times
	}
	return 3, times
}
