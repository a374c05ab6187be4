package brief

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// dates finds sentences that say the same of different days.
func (w *world) dates(c *Comparison) {
	for _, ab := range w.couples() {
		a, b := ab[0], ab[1]
		for _, p := range w.pairs(a, b, strongPair) {
			x, okA := a.eventTime(p.i)
			y, okB := b.eventTime(p.j)
			if !okA || !okB || common(a.sentences[p.i], b.sentences[p.j]) < 3 {
				continue
			}
			m, n := a.times[x], b.times[y]
			if m.Start.IsZero() || n.Start.IsZero() || !m.Start.After(n.End) && !n.Start.After(m.End) || (span(m) > 2) != (span(n) > 2) {
				continue
			}
			if a.dated(n, p.i) || b.dated(m, p.j) || otherFigures(a, p.i, b, p.j) {
				continue
			}
			w.used[place{a.index, p.i}], w.used[place{b.index, p.j}] = true, true
			c.Findings = append(c.Findings, Finding{
				Kind: OtherDate, Text: "Another date", score: p.alike,
				Sides: []Side{a.timeSide(p.i, x), b.timeSide(p.j, y)},
			})
		}
	}
}

// otherFigures reports whether two sentences give different figures of one
// thing: the figures of two years, say.
func otherFigures(a *side, i int, b *side, j int) bool {
	for _, x := range a.figuresIn(i) {
		for _, y := range b.figuresIn(j) {
			if comparable(x, y) && !agree(a, x, b, y) {
				return true
			}
		}
	}
	return false
}

// common is how many terms two sentences share.
func common(s, t sentence) int {
	n := 0
	for _, term := range s.terms {
		if slices.Contains(t.terms, term) {
			n++
		}
	}
	return n
}

// eventTime is the one time expression of a sentence, unless it is the time of
// saying or begins or ends a span ("since 2010", "by Friday").
func (s *side) eventTime(sentence int) (int, bool) {
	said := s.saying()
	first, last := s.doc.TimesIn(s.doc.Sentences[sentence].Span)
	found, n := 0, 0
	for k := first; k < last; k++ {
		if said[k] {
			continue
		}
		found = k
		n++
	}
	if n != 1 {
		return 0, false
	}
	t := s.doc.Times[found]
	for i := max(t.First-2, 0); i <= t.First && i < len(s.doc.Tokens); i++ {
		switch strings.ToLower(s.doc.Tokens[i].Text) {
		case "since", "until", "by", "from", "before", "after", "as", "between":
			return 0, false
		}
	}
	return found, true
}

// dated reports whether the sentence, or the one before or after it, names
// one of the days.
func (s *side) dated(days nlp.Dates, sentence int) bool {
	for k, t := range s.doc.Times {
		if t.Sentence < sentence-1 || t.Sentence > sentence+1 || s.times[k].Start.IsZero() || span(s.times[k]) > 8 && span(days) < 8 {
			continue
		}
		if !s.times[k].Start.After(days.End) && !days.Start.After(s.times[k].End) {
			return true
		}
	}
	return false
}

func (s *side) timeSide(sentence, k int) Side {
	f := s.factSide(sentence, sentence)
	f.Marked = []nlp.Span{s.doc.Times[k].Span}
	f.Date = period(day(s.times[k].Start), day(s.times[k].End))
	return f
}

// denials finds sentences that say the same but that one of them says that it
// is not so: the same predicate, negated in one of them only.
func (w *world) denials(c *Comparison) {
	for _, ab := range w.couples() {
		a, b := ab[0], ab[1]
		for _, p := range w.pairs(a, b, 0.6) {
			if common(a.sentences[p.i], b.sentences[p.j]) < 3 || w.used[place{a.index, p.i}] || w.used[place{b.index, p.j}] {
				continue
			}
			x, y := a.doc.Root(p.i), b.doc.Root(p.j)
			if x < 0 || y < 0 || a.negations(p.i) == b.negations(p.j) || min(a.negations(p.i), b.negations(p.j)) > 0 {
				continue
			}
			not, ok := a.negatedVerb(p.i)
			verbs := b
			other := p.j
			if !ok {
				not, ok = b.negatedVerb(p.j)
				verbs, other = a, p.i
			}
			if !ok || !verbs.hasVerb(other, not) {
				continue
			}
			w.used[place{a.index, p.i}], w.used[place{b.index, p.j}] = true, true
			c.Findings = append(c.Findings, Finding{
				Kind: Denial, Text: "So in one, not so in the other", score: p.alike,
				Sides: []Side{a.factSide(p.i, p.i), b.factSide(p.j, p.j)},
			})
		}
	}
}

// negations counts the words of a sentence that deny, outside of quotation
// marks.
func (s *side) negations(sentence int) int {
	n := 0
	sent := s.doc.Sentences[sentence]
	for i := sent.First; i < sent.Last; i++ {
		if isNegation(s.doc.Tokens[i]) && !s.inMarks[i] {
			n++
		}
	}
	return n
}

func isNegation(t nlp.Token) bool {
	switch strings.ToLower(t.Lemma) {
	case "not", "n't", "n’t", "never", "no", "nobody", "none", "neither", "without", "deny", "refuse", "fail", "nor", "nothing":
		return true
	}
	return false
}

// negatedVerb is the term of the first verb that "not" or "never" hangs on.
func (s *side) negatedVerb(sentence int) (string, bool) {
	sent := s.doc.Sentences[sentence]
	for i := sent.First; i < sent.Last; i++ {
		switch strings.ToLower(s.doc.Tokens[i].Lemma) {
		case "not", "n't", "n’t", "never":
			if s.inMarks[i] {
				continue
			}
			// The verb itself, or what stands behind an auxiliary.
			for _, h := range []int{s.doc.Tokens[i].Head, i + 1} {
				if h >= 0 && h < sent.Last && isContent(s.doc.Tokens[h]) && termOf(s.doc.Tokens[h]) != "" {
					return termOf(s.doc.Tokens[h]), true
				}
			}
		}
	}
	return "", false
}

func (s *side) hasVerb(sentence int, term string) bool {
	sent := s.doc.Sentences[sentence]
	for i := sent.First; i < sent.Last; i++ {
		if t := s.doc.Tokens[i]; (strings.HasPrefix(t.Tag, "VB") || strings.HasPrefix(t.Tag, "JJ")) && !s.inMarks[i] && termOf(t) == term {
			return true
		}
	}
	return false
}
