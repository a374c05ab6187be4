package factcheck

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// Claims finds the claims of doc that are worth checking, best first. Quotes
// are what [quote.Find] found in doc; published is the day of publication, zero
// when unknown, on which dates like "Sunday" hang.
//
// Claims that evidence could settle come first, by their score. Predictions
// follow in text order with Checkable unset: they are shown, never ranked.
// Opinions, wishes, vows and questions are left out.
//
// The stages are one file each: candidates, judge (could evidence settle it),
// features, score, reasons, standalone (the wording, with dates), howto. Each
// takes what the one before gives, so any of them can be replaced alone.
func Claims(doc *nlp.Document, quotes []quote.Quote, published time.Time) []Claim {
	return Finder{}.Claims(doc, quotes, published)
}

func claims(r *reading) []Claim {
	var ranked, shown []Claim
	for s := range r.Sentences {
		for _, c := range r.candidates(s) {
			v := r.judge(c)
			switch {
			case v.checkable:
				if claim := r.claim(c, v); claim.Score >= worthALine {
					ranked = append(ranked, claim)
				}
			case v.prediction:
				shown = append(shown, r.claim(c, v))
			}
		}
	}
	ranked = r.merge(ranked)
	slices.SortStableFunc(ranked, func(a, b Claim) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Span.Start, b.Span.Start))
	})
	return append(ranked, shown...)
}

// rateSentences rates every sentence, in text order. One without a claim has
// the whole sentence as its Span, Checkable unset and a low Score; one with
// several has the best.
func (r *reading) rateSentences() []Claim {
	out := make([]Claim, 0, len(r.Sentences))
	for s := range r.Sentences {
		best := Claim{
			Span: r.Sentences[s].Span, Sentence: s, Quote: -1,
			Standalone: strings.Join(strings.Fields(r.Sentences[s].Span.Text(r.Text)), " "),
			Score:      score(r.features(r.whole(s))) * Unranked,
		}
		for _, c := range r.candidates(s) {
			v := r.judge(c)
			if !v.checkable {
				continue
			}
			if claim := r.claim(c, v); !best.Checkable || claim.Score > best.Score {
				best = claim
			}
		}
		out = append(out, best)
	}
	return out
}

// worthALine is the score below which nobody needs to see a claim: a detail
// on one person's word, without figure, harm or rule.
const worthALine = 0.15

// Unranked scales the score of sentences that evidence could not settle, so
// that they stay in order among themselves, below the others.
const Unranked = 0.3

// claim puts together what the stages say of c.
func (r *reading) claim(c candidate, v verdict) Claim {
	f := r.features(c)
	claim := Claim{
		Span: r.closed(c.span(r), c.sentence), Sentence: c.sentence, Quote: c.quote,
		Score: r.worth(f, c.sentence), Checkable: v.checkable,
		Kinds:   kinds(f, v, c.quote >= 0),
		Reasons: r.reasons(c, f),
	}
	if v.prediction {
		claim.Score *= Unranked
		claim.Reasons = []string{v.why + ": it cannot be checked yet"}
	} else {
		claim.HowToCheck = r.howTo(c, f)
	}
	if r.inFrame(c) {
		c.frame = true
		claim.Span = r.closed(r.framed(c), c.sentence)
	}
	claim.Standalone, claim.Inserted, claim.Unclear = r.standalone(c, f)
	if c.clauses = r.clauses(c); len(c.clauses) > 1 {
		var inserted []Insertion
		claim.Parts, inserted = r.compound(c)
		for _, in := range inserted {
			if !slices.Contains(claim.Inserted, in) {
				claim.Inserted = append(claim.Inserted, in)
			}
		}
	}
	if c.quote >= 0 {
		claim.Speaker, claim.Via = r.quotes[c.quote].Speaker.Name, r.quotes[c.quote].Via
	}
	claim.Dates = r.datesOf(claim)
	return claim
}

// inFrame reports whether c is shown with the clause around it: without it, it would
// say nothing ("his death") or the opposite ("he had taken the money", denied). What
// somebody calls a thing says enough.
func (r *reading) inFrame(c candidate) bool {
	if c.quote < 0 {
		return false
	}
	switch r.quotes[c.quote].Stance {
	case quote.Denied:
		return c.frame || len(c.clauses) == 0 && r.cueIn(c.quote, c.sentence)
	case quote.Accused:
		return c.frame
	}
	return c.frame && !r.describes(c.quote) && !r.opensClause(c.first, c.last) && slices.ContainsFunc(r.quotes[c.quote].Cue, func(cue nlp.Span) bool {
		return cue.End <= r.Tokens[c.first].Start && r.Sentences[c.sentence].Overlaps(cue)
	})
}

// framed gives the clause that a name, a promise, an accusation or a denial needs
// around it: all of "the centre blamed them on the rebels", for "them on the rebels".
func (r *reading) framed(c candidate) nlp.Span {
	sent := r.Sentences[c.sentence]
	first, last := r.trim(sent.First, sent.Last)
	from, to := c.first, c.last
	q := r.quotes[c.quote]
	for _, s := range slices.Concat(q.Cue, q.Source) {
		if a, b := r.TokensIn(s); a < b && sent.Overlaps(s) {
			from, to = min(from, a), max(to, b)
		}
	}
	bounds := r.coordinated(first, last)
	for i, at := range bounds {
		if at <= from {
			first = at
		}
		if at >= to {
			last = bounds[i]
			break
		}
	}
	first, last = r.trim(first, last)
	if first < last && r.Tokens[first].Tag == "CC" {
		first++
	}
	return r.SpanOf(first, last)
}

// merge drops claims that say nearly the same as another of the same voice
// and keeps the clearest one, at the better rank of the two. Claims that differ
// in a figure or in a "not" say different things.
func (r *reading) merge(claims []Claim) []Claim {
	words := make([]map[string]bool, len(claims))
	for i, c := range claims {
		words[i] = r.contentWords(c.Span)
	}
	drop := make([]bool, len(claims))
	for i := range claims {
		for j := i + 1; j < min(len(claims), i+window); j++ {
			if drop[i] || drop[j] || claims[i].Speaker != claims[j].Speaker || len(words[i]) < 3 || len(words[j]) < 3 {
				continue
			}
			if overlap(words[i], words[j]) < same || !agree(words[i], words[j]) {
				continue
			}
			keep, gone := i, j
			if clearer(claims[j], claims[i]) {
				keep, gone = j, i
			}
			drop[gone] = true
			claims[keep].Score = max(claims[keep].Score, claims[gone].Score)
		}
	}
	kept := claims[:0]
	for i, c := range claims {
		if !drop[i] {
			kept = append(kept, c)
		}
	}
	return kept
}

// clearer reports whether a is a better wording than b of the same claim: one
// that is complete, then one that needs fewer insertions, then the weightier.
func clearer(a, b Claim) bool {
	if (a.Unclear == "") != (b.Unclear == "") {
		return a.Unclear == ""
	}
	if len(a.Inserted) != len(b.Inserted) {
		return len(a.Inserted) < len(b.Inserted)
	}
	return a.Score > b.Score
}

// agree reports whether neither of two sets of words has a figure or a
// negation that the other lacks.
func agree(a, b map[string]bool) bool {
	only := func(a, b map[string]bool) bool {
		for w := range a {
			if !b[w] && (strings.ContainsAny(w, "0123456789") || negations[w] || numerals[w]) {
				return true
			}
		}
		return false
	}
	return !only(a, b) && !only(b, a)
}

var (
	negations = set("not", "n't", "n’t", "never", "no", "nobody", "none", "nothing")
	numerals  = set("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "half", "third", "quarter",
		"dozen", "hundred", "thousand", "million", "billion", "double", "triple")
)

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

// window bounds how far apart near-identical claims are looked for, so that
// the work grows with the length of the text, not with its square.
const window = 200

// same is the share of common words (Jaccard) from which two claims count as
// near-identical.
const same = 0.8

func (r *reading) contentWords(span nlp.Span) map[string]bool {
	first, last := r.TokensIn(span)
	words := map[string]bool{}
	for _, t := range r.Tokens[first:last] {
		switch {
		case strings.HasPrefix(t.Tag, "NN"), strings.HasPrefix(t.Tag, "VB"), strings.HasPrefix(t.Tag, "JJ"), t.Tag == "CD", t.Tag == "RB", t.Lemma == "no":
			words[strings.ToLower(t.Lemma)] = true
		}
	}
	return words
}

// overlap is the Jaccard index of two sets.
func overlap(a, b map[string]bool) float64 {
	both := 0
	for w := range a {
		if b[w] {
			both++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
