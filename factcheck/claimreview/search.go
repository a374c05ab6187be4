package claimreview

import (
	"cmp"
	"slices"
	"time"

	"onrecord/factcheck"
)

// Query is what to look for.
type Query struct {
	Text      string    // the claim, best in a wording that stands alone
	Date      time.Time // when it was made or printed; zero if unknown
	Speaker   string    // who makes it; empty if unknown
	Publisher string    // only checks of this publisher; of all if empty
	Undated   bool      // leave dates out of account, that of a post's signature too
}

// candidates is how many of the best by BM25F are looked at closely.
const candidates = 100

// Candidate is a review that may be about a query.
type Candidate struct {
	Review   *factcheck.Review // belongs to the index: do not change it
	Rank     float64           // what it is ranked by; differences count, not values
	Features [NumFeatures]float32

	doc int32
}

// hit is a review that shares words with a query.
type hit struct {
	doc  int32
	bm25 float32
}

// scratch is memory that searches use again.
type scratch struct {
	score   []float32 // by document; all 0 between searches
	touched []int32
}

// Rank gives the n reviews that are most likely about the query, best first,
// however unlikely that is.
func (x *Index) Rank(q Query, n int) []Candidate {
	p := x.prepare(q)
	hits := x.bm25(p, q.Publisher)
	all := make([]Candidate, len(hits))
	for i, h := range hits {
		c := &all[i]
		c.doc, c.Review = h.doc, &x.reviews[h.doc]
		c.Features = x.features(p, h.doc, h.bm25)
		c.Rank = ranking.features(&c.Features)
	}
	slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(b.Rank, a.Rank) })
	return all[:min(max(n, 0), len(all))]
}

// bm25 gives the best candidates by BM25F.
func (x *Index) bm25(q *query, publisher string) []hit {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.touched = s.touched[:0]
	for _, t := range q.terms1 {
		idf := x.terms[t].idf
		for _, p := range x.terms[t].postings {
			if s.score[p.doc] == 0 {
				s.touched = append(s.touched, p.doc)
			}
			s.score[p.doc] += idf * p.tf / (saturation + p.tf)
		}
	}
	best := make([]hit, 0, candidates+1)
	floor := float32(0)
	for _, d := range s.touched {
		score := s.score[d]
		s.score[d] = 0
		if score <= floor || publisher != "" && x.reviews[d].Publisher != publisher {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, hit{d, score}, byBM25)
		if at < candidates {
			best = slices.Insert(best, at, hit{d, score})
			if len(best) > candidates {
				best = best[:candidates]
				floor = best[candidates-1].bm25
			}
		}
	}
	return best
}

func byBM25(a, b hit) int {
	return cmp.Or(cmp.Compare(b.bm25, a.bm25), cmp.Compare(a.doc, b.doc))
}
