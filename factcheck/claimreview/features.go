package claimreview

import (
	"math"
	"slices"
	"time"
)

// The features of a candidate. Each is 0 where it cannot be known.
const (
	fBM25    = iota // log(1 + BM25F)
	fTitle          // share of the title that the query has
	fQuery          // share of the query that the review has
	fGrams          // cosine of the letter n-grams of query and claim
	fChecked        // the check is of the query's weeks
	fBefore         // the check is older than the query
	fYear           // the claim is of the query's year
	fAfter          // the claim was made after the query
	NumFeatures
)

// Names are the names of the features and of the evidence behind them.
var Names = [NumEvidence]string{
	fBM25: "bm25", fTitle: "title", fQuery: "query", fGrams: "grams",
	fChecked: "checked then", fBefore: "checked before", fYear: "claimed that year", fAfter: "claimed after",
	eField: "field", eMargin: "margin", eUndated: "undated",
}

// features are the values of a candidate.
type features = [NumFeatures]float32

// query is a text to look for, prepared.
type query struct {
	terms  []int32 // in text order, -1 for words that no review has
	terms1 []int32 // each once
	has    map[int32]bool
	author map[int32]bool
	mass   float32
	grams  map[uint16]bool
	norm   float32
	date   time.Time
}

// unknownMass is what a word that no review has counts in a query's mass.
const unknownMass = 3

func (x *Index) prepare(q Query) *query {
	p := readPost(q.Text)
	if p.date.IsZero() {
		p.date = q.Date
	}
	if q.Undated {
		p.date = time.Time{}
	}
	if q.Speaker != "" {
		p.author += " " + q.Speaker
	}
	out := &query{
		has: map[int32]bool{}, author: map[int32]bool{}, grams: map[uint16]bool{}, date: p.date,
	}
	for _, w := range words(p.text) {
		if stopwords[w.text] {
			continue
		}
		t := x.lookup(w.text)
		out.terms = append(out.terms, t)
		if t < 0 {
			out.mass += unknownMass
			continue
		}
		if !out.has[t] {
			out.has[t] = true
			out.terms1 = append(out.terms1, t)
			out.mass += x.terms[t].idf
		}
	}
	for grams := range x.distinct(out.terms1) {
		for _, g := range grams {
			out.grams[g] = true
		}
	}
	out.norm = x.grams.norm(x.distinct(out.terms1))
	for _, w := range words(p.author) {
		if t := x.lookup(w.text); t >= 0 && !stopwords[w.text] {
			out.author[t] = true
			if !out.has[t] {
				out.terms1 = append(out.terms1, t)
			}
		}
	}
	return out
}

// lookup gives the term of a word, -1 if no review has it.
func (x *Index) lookup(word string) int32 {
	if t, ok := x.vocab[stem(word)]; ok {
		return t
	}
	return -1
}

// features compares a review with a query.
func (x *Index) features(q *query, doc int32, bm25 float32) (f features) {
	d, r := &x.docs[doc], &x.reviews[doc]
	f[fBM25] = log1p(bm25)
	have := func(terms []int32) (share float32) {
		for i, t := range terms {
			if (q.has[t] || q.author[t]) && !slices.Contains(terms[:i], t) {
				share += x.terms[t].idf
			}
		}
		return share
	}
	f[fTitle] = have(d.terms[inTitle]) / (d.mass[inTitle] + 1)
	var inBoth float32
	for _, t := range q.terms1 {
		if !slices.Contains(d.terms[inClaim], t) && !slices.Contains(d.terms[inTitle], t) && !slices.Contains(d.terms[inSubtitle], t) {
			continue
		}
		if q.has[t] {
			inBoth += x.terms[t].idf
		}
	}
	f[fQuery] = inBoth / (q.mass + 1)
	var both float32
	for grams := range x.distinct(d.terms[inClaim]) {
		for _, g := range grams {
			if q.grams[g] {
				both += x.grams[g] * x.grams[g]
			}
		}
	}
	if both > 0 {
		f[fGrams] = min(1, both/(q.norm*d.norm))
	}
	dateFeatures(&f, q.date, r.Claimed, r.Date)
	return f
}

// dateFeatures compares the date of a query with that of a claim or, where
// that is not known, of its check.
func dateFeatures(f *features, asked, claimed, checked time.Time) {
	days := func(t time.Time) (days, far float64) {
		days = t.Sub(asked).Hours() / 24
		return days, math.Abs(days)
	}
	switch {
	case asked.IsZero():
	case !claimed.IsZero():
		after, far := days(claimed)
		f[fYear] = float32(math.Exp(-far / 365))
		if after > 15 {
			f[fAfter] = 1
		}
	case !checked.IsZero():
		after, far := days(checked)
		f[fChecked] = float32(math.Exp(-far / 30))
		if after < -3 {
			f[fBefore] = 1
		}
	}
}

func log1p(v float32) float32 { return float32(math.Log1p(float64(v))) }
