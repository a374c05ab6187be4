package factcheck

import (
	"math"
	"strings"

	"onrecord/nlp"
)

// Counted is what a number of a document counts.
type Counted struct {
	Noun string // lemma of the noun, empty when the text does not say
	Lot  string // "dead", "hurt" or "arrested" for people who are counted so, else empty
	// Person says that the noun is one for people, as "workers" is.
	Person bool
}

// Count tells what number n of d counts. Ordinals and fractions are of no lot.
func Count(d *nlp.Document, n nlp.Number) Counted {
	c := Counted{Noun: noun(d, n)}
	c.Person = c.Noun == "people" || c.Noun == "person" || c.Noun == "child" || referenceLists().people[c.Noun]
	figure := n.Figure.Text(d.Text)
	if n.Unit == "" && (c.Noun == "" || c.Person) && !isOrdinal(figure) && !isFraction(figure) {
		c.Lot = lotOf(d, n)
	}
	return c
}

// approximate is how far a figure with "about" may lie from another one.
const approximate = 0.2

// Agree reports whether number n of a and number m of b, which count the same
// thing, can both hold: figures with "more than", "up to" or "about" agree with
// much, orders of magnitude ("dozens") with all of their order and of the next,
// and rounded figures are intervals.
func Agree(a *nlp.Document, n nlp.Number, b *nlp.Document, m nlp.Number) bool {
	nLo, nHi := possible(a.Text, n)
	mLo, mHi := possible(b.Text, m)
	return nLo < mHi && mLo < nHi || nLo == mLo || nHi == mHi
}

// possible is the least and the most that a number may stand for.
func possible(text string, n nlp.Number) (lo, hi float64) {
	lo, hi = interval(text, n)
	if isCount(text, n) && !strings.ContainsAny(n.Figure.Text(text), "0123456789") {
		lo, hi = n.Value, n.Value // "twenty" is no rounded figure
	}
	if n.To != 0 {
		lo, hi = n.Value, n.To
	}
	switch {
	case n.Vague:
		lo, hi = n.Value*0.9, n.Value*100
	case n.Bound == ">":
		lo, hi = n.Value, math.Inf(1)
	case n.Bound == "<":
		lo, hi = 0, max(n.Value, n.To)
	case n.Bound == "~":
		lo, hi = lo*(1-approximate), hi*(1+approximate)
	}
	return lo, hi
}

// Lot is the lot of people that a verb or an adjective puts them into, as in
// [Counted]: "hurt" for "injure". It takes the lemma, and is empty for others.
func Lot(lemma string) string { return harms[lemma] }
